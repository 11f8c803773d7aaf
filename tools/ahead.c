// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// While the kernel walks its tables for the next piece of a listing, the rows of the
// last one are printed. On two processors that takes as long as the slower of the two.

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ahead.h"

/* It calls read() and little else; the default is 8 MiB of address space. */
#define STACK_SIZE (128 * 1024)

static struct piece *piece_at(struct ahead *ahead, unsigned long number)
{
	return &ahead->pieces[number % AHEAD_PIECES];
}

/* Nobody looks at a piece that is being read into. */
static void read_piece(const struct ahead *ahead, struct piece *piece)
{
	do {
		piece->got = read(ahead->fd, piece->bytes, ahead->size);
	} while (piece->got < 0 && errno == EINTR);
	piece->error = errno;
}

static void *read_all(void *context)
{
	struct ahead *ahead = context;
	bool more = true;

	pthread_mutex_lock(&ahead->lock);
	while (more && !ahead->stop) {
		struct piece *piece = piece_at(ahead, ahead->read);

		if (ahead->read - ahead->taken == AHEAD_PIECES) {
			pthread_cond_wait(&ahead->changed, &ahead->lock);
			continue;
		}
		pthread_mutex_unlock(&ahead->lock);
		read_piece(ahead, piece);
		more = piece->got > 0;
		pthread_mutex_lock(&ahead->lock);
		ahead->read++;
		pthread_cond_signal(&ahead->changed);
	}
	pthread_mutex_unlock(&ahead->lock);
	return NULL;
}

/* Signals are for the thread that was there before. */
static int start_thread(struct ahead *ahead, const pthread_attr_t *settings)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&ahead->thread, settings, read_all, ahead);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

/**
 * ahead_start() - let a thread read a file from here on
 * @fd: the file; nobody else reads it until ahead_stop()
 * @size: of a piece at most
 *
 * Return: what ahead_read() takes, NULL if there can be none: then read() it.
 */
struct ahead *ahead_start(int fd, size_t size)
{
	struct ahead *ahead = malloc(sizeof(*ahead) + AHEAD_PIECES * size);
	pthread_attr_t settings;
	int error;

	if (!ahead)
		return NULL;
	*ahead = (struct ahead){ .fd = fd, .size = size };
	for (size_t i = 0; i < AHEAD_PIECES; i++)
		ahead->pieces[i].bytes = ahead->bytes + i * size;
	pthread_mutex_init(&ahead->lock, NULL);
	pthread_cond_init(&ahead->changed, NULL);
	error = pthread_attr_init(&settings);
	if (!error) {
		pthread_attr_setstacksize(&settings, STACK_SIZE);
		error = start_thread(ahead, &settings);
		pthread_attr_destroy(&settings);
	}
	if (error) {
		free(ahead);
		return NULL;
	}
	return ahead;
}

/**
 * ahead_read() - what read() would have read next
 * @ahead: started before
 * @to: room for a piece
 *
 * Return: as read() does: how many bytes, 0 at the end, -1 with errno. The last two
 * come again and again.
 */
ssize_t ahead_read(struct ahead *ahead, char *to)
{
	const struct piece *piece;
	ssize_t got;

	pthread_mutex_lock(&ahead->lock);
	while (ahead->read == ahead->taken)
		pthread_cond_wait(&ahead->changed, &ahead->lock);
	pthread_mutex_unlock(&ahead->lock);

	piece = piece_at(ahead, ahead->taken);
	got = piece->got;
	if (got <= 0) {
		errno = piece->error;
		return got;
	}
	memcpy(to, piece->bytes, (size_t)got);
	/* From here on it may be read into. */
	pthread_mutex_lock(&ahead->lock);
	ahead->taken++;
	pthread_cond_signal(&ahead->changed);
	pthread_mutex_unlock(&ahead->lock);
	return got;
}

/**
 * ahead_stop() - be done with it, wherever the thread is
 * @ahead: started before, or NULL. The read() that is under way is waited for
 */
void ahead_stop(struct ahead *ahead)
{
	if (!ahead)
		return;
	pthread_mutex_lock(&ahead->lock);
	ahead->stop = true;
	pthread_cond_signal(&ahead->changed);
	pthread_mutex_unlock(&ahead->lock);
	pthread_join(ahead->thread, NULL);
	free(ahead);
}
