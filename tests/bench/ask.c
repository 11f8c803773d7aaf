// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * ask [QUERY]: open /proc/sockowners, write QUERY, read to the end. Prints how many
 * seconds all of that took, and how many bytes came.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char buffer[128 * 1024];

static int fail(const char *what)
{
	fprintf(stderr, "ask: %s: %s\n", what, strerror(errno));
	return 1;
}

int main(int argc, char **argv)
{
	struct timespec begin, end;
	unsigned long bytes = 0;
	ssize_t got;
	int fd;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	fd = open("/proc/sockowners", argc > 1 ? O_RDWR : O_RDONLY);
	if (fd < 0)
		return fail("/proc/sockowners");
	if (argc > 1 && write(fd, argv[1], strlen(argv[1])) < 0)
		return fail(argv[1]);
	while ((got = read(fd, buffer, sizeof(buffer))) > 0)
		bytes += (unsigned long)got;
	if (got < 0)
		return fail("read");
	close(fd);
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%.9f\t%lu\n",
	       (double)(end.tv_sec - begin.tv_sec) +
		       (double)(end.tv_nsec - begin.tv_nsec) / 1e9,
	       bytes);
	return 0;
}
