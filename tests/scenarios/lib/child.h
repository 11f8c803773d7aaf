/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * A child process that sets up its part of a situation, tells its parent, and
 * stays until it is stopped. Both ends talk in numbers over a unix socket.
 */
#ifndef SCENARIOS_CHILD_H
#define SCENARIOS_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct child {
	pid_t pid;
	int control;
};

/* fork(), with flags of clone3(2) that do not share memory. */
pid_t child_clone(int flags);

/*
 * Forks; the child runs @body(@control, @arg) and exits with 0. @flags are
 * those of child_clone().
 */
void child_start_flags(struct child *child, int flags,
		       void (*body)(int control, void *arg), void *arg);
void child_start(struct child *child, void (*body)(int control, void *arg),
		 void *arg);

/*
 * Has the main thread of the struct child that @arg points to exited, while
 * others go on? For wait_until().
 */
bool child_leader_has_exited(void *arg);

/* The only process whose parent is @pid, as this procfs numbers it. */
pid_t child_below(pid_t pid);

/* Kills the child, if it still runs, and reaps it; returns its status. */
int child_stop(struct child *child);

/* Lets the child return from its body and fails if it does not exit with 0. */
void child_finish(struct child *child);

void tell(int control, long number);
/* Ends the test if the other end is gone or silent. */
long hear(int control);
void tell_text(int control, const char *text);
/* False if the other end is gone. */
bool hear_text(int control, char *text, size_t size);
/* Returns false if the other end is gone, which it may be. */
bool hear_if_alive(int control, long *number);
/* Waits until the parent has gone or told something. */
void stay(int control);

/* All that the kernel lets one message have. */
#define DESCRIPTORS_MAX 253

/* Descriptors through SCM_RIGHTS, in one message. */
void send_descriptors(int control, const int *fds, unsigned int number);
void send_descriptor(int control, int fd);
int receive_descriptor(int control);

#endif
