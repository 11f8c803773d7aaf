// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * reader FILE SWITCH: read FILE to its end, on the last processor alone. Waits for
 * a line on standard input before it does, and prints bytes and seconds. What is
 * written to the file SWITCH makes the kernel trace meanwhile.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static char buffer[128 * 1024];

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void trace(int fd, const char *on)
{
	if (write(fd, on, 1) != 1)
		perror("reader");
}

int main(int argc, char **argv)
{
	size_t bytes = 0;
	cpu_set_t cpus;
	double begun, took;
	int fd, tracing;
	ssize_t got;

	if (argc != 3) {
		fputs("usage: reader FILE SWITCH\n", stderr);
		return 2;
	}
	CPU_ZERO(&cpus);
	CPU_SET(sysconf(_SC_NPROCESSORS_ONLN) - 1, &cpus);
	fd = open(argv[1], O_RDONLY);
	tracing = open(argv[2], O_WRONLY);
	if (fd < 0 || tracing < 0 ||
	    sched_setaffinity(0, sizeof(cpus), &cpus)) {
		perror("reader");
		return 1;
	}
	/* There is memory behind it before it counts. */
	for (size_t i = 0; i < sizeof(buffer); i += 4096)
		buffer[i] = 1;
	if (getchar() == EOF)
		return 1;
	trace(tracing, "1");
	begun = now();
	while ((got = read(fd, buffer, sizeof(buffer))) > 0)
		bytes += got;
	took = now() - begun;
	trace(tracing, "0");
	printf("%zu\t%.6f\n", bytes, took);
	return got < 0;
}
