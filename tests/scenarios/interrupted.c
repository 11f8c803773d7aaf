// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Readers that are killed, signalled, or lose their descriptor in the middle of
 * a large listing. They end at once, and nothing else notices.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/deadline.h"
#include "lib/listing.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define NR_COPIES 300000
#define NR_KILLS  12
#define SIZE	  (1024 * 1024)

static int open_listing(void)
{
	int fd = open(LISTING_PATH, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		tap_bail_errno("open %s", LISTING_PATH);
	return fd;
}

/* Rows of this process in a whole reading. */
static size_t count_own(const char *text)
{
	char start[16];
	size_t length = snprintf(start, sizeof(start), "\n%d\t", getpid());
	size_t count = 0;

	while ((text = strstr(text, start))) {
		text += length;
		/* The next line begins with this one's newline. */
		text = strchr(text, '\n');
		if (!text)
			break;
		count++;
	}
	return count;
}

static size_t read_and_count(void)
{
	int fd = open_listing();
	size_t length, count;
	char *text = slurp(fd, SIZE, &length);

	if (!text)
		tap_bail_errno("read");
	count = count_own(text);
	free(text);
	close(fd);
	return count;
}

/* Reads the listing over and over. */
static void read_for_ever(int control, void *arg)
{
	char *buffer = malloc(SIZE);
	bool told = false;

	(void)arg;
	for (;;) {
		int fd = open_listing();

		while (read(fd, buffer, SIZE) > 0) {
			if (!told)
				tell(control, 0);
			told = true;
		}
		close(fd);
	}
}

/* Readers are forked before the table grows: they have none of it. */
static void check_kill(struct child *readers)
{
	double longest = 0;
	bool killed = true;

	for (int i = 0; i < NR_KILLS; i++) {
		double begun;
		int status;

		tell(readers[i].control, 0);
		hear(readers[i].control);
		/* Somewhere in the reading, each time elsewhere. */
		pause_ms(i * 7);
		begun = now();
		status = child_stop(&readers[i]);
		if (now() - begun > longest)
			longest = now() - begun;
		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
			killed = false;
	}
	tap_diag("the slowest took %.3f s to die", longest);
	tap_ok(killed, "SIGKILL in the middle ends a reader");
	tap_ok(longest < 2, "in less than 2 seconds");
}

static void wait_and_read(int control, void *arg)
{
	hear(control);
	read_for_ever(control, arg);
}

static void on_alarm(int signal)
{
	(void)signal;
}

/* Signals with a handler do not cut a listing short. */
static void check_signals(void)
{
	struct sigaction action = { .sa_handler = on_alarm };
	struct itimerval often = { { 0, 1000 }, { 0, 1000 } };
	struct itimerval never = { 0 };
	size_t rows;

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	rows = read_and_count();
	setitimer(ITIMER_REAL, &never, NULL);
	tap_is_number(rows, NR_COPIES + 1,
		      "a signal every millisecond: all rows are read");
}

struct reader {
	int fd;
	atomic_int reads;
	int error;
	size_t length;
};

static void *read_until_closed(void *arg)
{
	struct reader *reader = arg;
	char *buffer = malloc(SIZE);
	ssize_t got;

	while ((got = read(reader->fd, buffer, SIZE)) > 0) {
		reader->length += got;
		reader->reads++;
	}
	reader->error = got < 0 ? errno : 0;
	free(buffer);
	return NULL;
}

static bool has_begun(void *arg)
{
	struct reader *reader = arg;

	return reader->reads > 0;
}

static void check_close(void)
{
	struct reader reader = { .fd = open_listing() };
	pthread_t thread;

	if (pthread_create(&thread, NULL, read_until_closed, &reader))
		tap_bail("pthread_create");
	if (!wait_until(has_begun, &reader))
		tap_bail("the reader does not begin");
	close(reader.fd);
	pthread_join(thread, NULL);
	tap_diag("%zu bytes were read", reader.length);
	tap_is_text(strerror(reader.error), strerror(EBADF),
		    "closed by another thread: reads no further");
}

int main(void)
{
	struct child readers[NR_KILLS];
	int sock;

	tap_plan(6);
	for (int i = 0; i < NR_KILLS; i++)
		child_start(&readers[i], wait_and_read, NULL);
	allow_descriptors(NR_COPIES + 100);
	sock = tcp_listen("127.0.0.1", 1);
	for (int i = 0; i < NR_COPIES; i++)
		if (dup(sock) < 0)
			tap_bail_errno("dup");
	tap_is_number(read_and_count(), NR_COPIES + 1, "a large listing");
	check_kill(readers);
	check_signals();
	check_close();
	tap_is_number(read_and_count(), NR_COPIES + 1,
		      "the same listing afterwards");
	return tap_done();
}
