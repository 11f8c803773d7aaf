/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_AHEAD_H
#define SOCKOWNERS_AHEAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* One that is read into, one that is taken from. */
#define AHEAD_PIECES 2

/**
 * struct ahead - a file that a thread reads while somebody works on what it has read
 * @fd: the file
 * @size: of a piece at most
 * @thread: reads it
 * @lock: for what follows
 * @changed: when something of that has changed
 * @stop: the thread is to end
 * @read: how many pieces it has read, the last of them the end or an error
 * @taken: how many of them were taken
 * @pieces: the place of each, in turn; .got and .error as read() and errno have them
 * @bytes: of all of them
 */
struct ahead {
	int fd;
	size_t size;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stop;
	unsigned long read;
	unsigned long taken;
	struct piece {
		ssize_t got;
		int error;
		char *bytes;
	} pieces[AHEAD_PIECES];
	char bytes[];
};

struct ahead *ahead_start(int fd, size_t size);
ssize_t ahead_read(struct ahead *ahead, char *to);
void ahead_stop(struct ahead *ahead);

#endif
