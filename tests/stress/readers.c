// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "readers.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "array.h"
#include "child.h"
#include "deadline.h"
#include "listing.h"
#include "tap.h"

#define SIZE (128 * 1024)

static char buffer[SIZE];

bool readers_reloading;

static void begin(int control)
{
	srand(getpid());
	tell(control, 0);
}

/* The module may be unloaded at any moment, and comes back. */
static int open_listing(int flags)
{
	for (;;) {
		int fd = open(LISTING_PATH, flags | O_CLOEXEC);

		if (fd >= 0)
			return fd;
		if (errno != ENOENT || !readers_reloading)
			tap_bail_errno("open");
		pause_ms(1);
	}
}

static bool has_gone(void)
{
	return errno == EIO && readers_reloading;
}

/* Returns false at the end, and when the module has gone. */
static bool read_some(int fd, size_t size)
{
	ssize_t got = read(fd, buffer, size);

	if (got < 0 && !has_gone())
		tap_bail_errno("read");
	return got > 0;
}

void reader_whole(int control, void *unused)
{
	(void)unused;
	begin(control);
	for (;;) {
		int fd = open_listing(O_RDONLY);

		while (read_some(fd, SIZE))
			;
		close(fd);
	}
}

void reader_bytes(int control, void *unused)
{
	(void)unused;
	begin(control);
	for (;;) {
		int fd = open_listing(O_RDONLY);

		while (read_some(fd, 1))
			;
		close(fd);
	}
}

void reader_seeking(int control, void *unused)
{
	(void)unused;
	begin(control);
	for (;;) {
		int fd = open_listing(O_RDONLY);

		for (int i = 0; i < 10; i++) {
			for (int n = rand() % 5; n && read_some(fd, 4096); n--)
				;
			lseek(fd, rand() % 3 ? 0 : rand() % 20000, SEEK_SET);
		}
		close(fd);
	}
}

void reader_leaving(int control, void *unused)
{
	(void)unused;
	begin(control);
	for (;;) {
		int fds[16];

		for (size_t i = 0; i < ARRAY_SIZE(fds); i++) {
			fds[i] = open_listing(O_RDONLY);
			read_some(fds[i], rand() % SIZE);
		}
		for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
			close(fds[i]);
	}
}

void reader_killed(int control, void *unused)
{
	(void)unused;
	begin(control);
	for (;;) {
		pid_t pid = fork();

		if (!pid) {
			int fd = open_listing(O_RDONLY);

			while (read_some(fd, SIZE))
				;
			_exit(0);
		}
		if (pid < 0)
			tap_bail_errno("fork");
		usleep(rand() % 20000);
		kill(pid, SIGKILL);
		if (waitpid(pid, NULL, 0) != pid)
			tap_bail_errno("waitpid");
	}
}

static void *read_shared(void *arg)
{
	char own[3000];
	ssize_t got;

	while ((got = read(*(int *)arg, own, sizeof(own))) > 0)
		if (rand() % 100 == 0)
			lseek(*(int *)arg, 0, SEEK_SET);
	if (got < 0 && !has_gone())
		tap_bail_errno("read by a thread");
	return NULL;
}

void reader_threads(int control, void *unused)
{
	(void)unused;
	begin(control);
	for (;;) {
		int fd = open_listing(O_RDONLY);
		pthread_t threads[4];

		for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
			if (pthread_create(&threads[i], NULL, read_shared, &fd))
				tap_bail("no thread");
		for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
			pthread_join(threads[i], NULL);
		close(fd);
	}
}

void reader_asking(int control, void *unused)
{
	static const char *const queries[] = {
		"lport=1-1023,8080\n", "pid=1",	 "columns=all",
		"state=LISTEN",	       "pid!=1", "holder=elsewhere,hidden",
		"proto=udp,udp6",      "",	 "comm=stress addr=127.0.0.0/8",
	};

	(void)unused;
	begin(control);
	for (;;) {
		int fd = open_listing(O_RDWR);

		for (size_t i = 0; i < ARRAY_SIZE(queries); i++) {
			const char *query = queries[i];

			if (write(fd, query, strlen(query)) < 0 && !has_gone())
				tap_bail_errno("query %s", query);
			for (int n = rand() % 20; n && read_some(fd, SIZE); n--)
				;
		}
		close(fd);
	}
}

void reader_ordinary(int control, void *unused)
{
	if (setresgid(1000, 1000, 1000) || setresuid(1000, 1000, 1000))
		tap_bail_errno("another user");
	reader_whole(control, unused);
}
