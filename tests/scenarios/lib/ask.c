// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "ask.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "listing.h"
#include "tap.h"

int ask_open(int flags)
{
	int fd = open(LISTING_PATH, flags | O_CLOEXEC);

	if (fd < 0)
		tap_bail_errno("open %s", LISTING_PATH);
	return fd;
}

int ask_try(int fd, const char *query)
{
	ssize_t length = strlen(query);
	ssize_t written = write(fd, query, length);

	if (written < 0)
		return errno;
	if (written != length)
		tap_bail("%zd of %zd bytes of a query were taken", written,
			 length);
	return 0;
}

void ask_on(int fd, const char *query)
{
	errno = ask_try(fd, query);
	if (errno)
		tap_bail_errno("query '%s'", query);
}

char *ask_rest(int fd)
{
	size_t length;
	char *text = slurp(fd, 131072, &length);

	if (!text)
		tap_bail_errno("read %s", LISTING_PATH);
	return text;
}

char *ask_text(const char *query)
{
	int fd = ask_open(query ? O_RDWR : O_RDONLY);
	char *text;

	if (query)
		ask_on(fd, query);
	text = ask_rest(fd);
	close(fd);
	return text;
}

void ask(struct table *answer, const char *query)
{
	table_parse(answer, ask_text(query));
}

size_t ask_count(const char *query)
{
	struct table answer;
	size_t nr;

	ask(&answer, query);
	nr = answer.nr_rows;
	table_free(&answer);
	return nr;
}
