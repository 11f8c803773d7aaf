// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// Preloaded into the reader, stands for the module: /proc/sockowners is the file
// that LIVE_LISTING names, and what is written to it goes to LIVE_LOG, with a
// line "open MODE" before it. LIVE_REFUSE says what fails: "open" for writing,
// every "write", or those with "conditions", with LIVE_ERROR for an errno. When that
// file is gone the module is unloaded. If LIVE_ANSWER names another file, that is
// the answer to a query for inodes.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int live = -1;

static int refuses(const char *what)
{
	const char *refused = getenv("LIVE_REFUSE");

	return refused && !strcmp(refused, what);
}

static int fail(void)
{
	const char *error = getenv("LIVE_ERROR");

	errno = error ? atoi(error) : EINVAL;
	return -1;
}

static void record(const char *what, const char *text, size_t length)
{
	FILE *log = fopen(getenv("LIVE_LOG"), "ae");

	if (!log)
		abort();
	fprintf(log, "%s%.*s\n", what, (int)length, text);
	fclose(log);
}

/* The descriptor is that of the other file from now on. */
static void answer(int fd, const char *query, size_t length)
{
	const char *path = getenv("LIVE_ANSWER");
	int other;

	if (!path || !memmem(query, length, " inode=", 7))
		return;
	other = open(path, O_RDONLY | O_CLOEXEC);
	if (other < 0 || dup3(other, fd, O_CLOEXEC) < 0)
		abort();
	close(other);
}

#define OPENED "open "

int open(const char *path, int flags, ...)
{
	typeof(open) *next = (typeof(open) *)dlsym(RTLD_NEXT, __func__);
	int writes = (flags & O_ACCMODE) == O_RDWR;
	va_list arguments;
	int mode;

	va_start(arguments, flags);
	mode = va_arg(arguments, int);
	va_end(arguments);
	if (strcmp(path, "/proc/sockowners"))
		return next(path, flags, mode);
	record(OPENED, writes ? "rw" : "r", 2);
	if (writes && refuses("open"))
		return fail();
	live = next(getenv("LIVE_LISTING"), O_RDONLY | O_CLOEXEC);
	return live;
}

ssize_t write(int fd, const void *buffer, size_t count)
{
	typeof(write) *next = (typeof(write) *)dlsym(RTLD_NEXT, __func__);

	if (live < 0 || fd != live)
		return next(fd, buffer, count);
	record("", buffer, count);
	if (refuses("write") ||
	    (refuses("conditions") && memchr(buffer, ' ', count)))
		return fail();
	answer(fd, buffer, count);
	return (ssize_t)count;
}

ssize_t read(int fd, void *buffer, size_t count)
{
	typeof(read) *next = (typeof(read) *)dlsym(RTLD_NEXT, __func__);

	if (live >= 0 && fd == live && access(getenv("LIVE_LISTING"), F_OK)) {
		errno = EIO;
		return -1;
	}
	return next(fd, buffer, count);
}
