// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "parameter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

static int open_parameter(const char *name, int flags)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/sys/module/sockowners/parameters/%s",
		 name);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		tap_bail_errno("%s", path);
	return fd;
}

int parameter_set(const char *name, const char *value)
{
	int fd = open_parameter(name, O_WRONLY);
	ssize_t written = write(fd, value, strlen(value));
	int error = errno;

	close(fd);
	return written < 0 ? error : 0;
}

void parameter_get(const char *name, char *value, size_t size)
{
	int fd = open_parameter(name, O_RDONLY);
	ssize_t length = read(fd, value, size - 1);

	if (length < 0)
		tap_bail_errno("reading the parameter %s", name);
	value[length] = '\0';
	value[strcspn(value, "\n")] = '\0';
	close(fd);
}

bool parameter_is(const char *name, const char *value)
{
	char found[1024];

	parameter_get(name, found, sizeof(found));
	return !strcmp(found, value);
}
