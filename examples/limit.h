/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
#ifndef EXAMPLES_LIMIT_H
#define EXAMPLES_LIMIT_H

#include <err.h>
#include <stdio.h>
#include <sys/resource.h>

/*
 * What bounds the sockets of a process is not the 65,535 ports but its
 * descriptors. Four limits, from the outermost: fs.file-max (the machine),
 * fs.nr_open (any process), the hard RLIMIT_NOFILE (only root may raise it),
 * the soft one (the process may raise it up to the hard one).
 */

/* The most that fs.nr_open lets any process have. */
static inline rlim_t descriptors_possible(void)
{
	unsigned long most = 1024 * 1024;
	FILE *file = fopen("/proc/sys/fs/nr_open", "r");

	if (file) {
		if (fscanf(file, "%lu", &most) != 1)
			most = 1024 * 1024;
		fclose(file);
	}
	return most;
}

/* Raises this process' limit to @want or as near as it may; returns the limit. */
static inline rlim_t raise_descriptors(rlim_t want)
{
	struct rlimit limit, raised;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		err(1, "getrlimit(RLIMIT_NOFILE)");
	if (limit.rlim_cur >= want)
		return limit.rlim_cur;

	raised.rlim_cur = want;
	raised.rlim_max = limit.rlim_max > want ? limit.rlim_max : want;
	if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
		return raised.rlim_cur;

	/* Not root, or above fs.nr_open: all that the hard limit gives. */
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		err(1, "setrlimit(RLIMIT_NOFILE)");
	return limit.rlim_cur;
}

#endif /* EXAMPLES_LIMIT_H */
