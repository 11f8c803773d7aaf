/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * The set of rows that a situation must give, and the comparison with the
 * rows that the listing has for it: none may be missing, strange or twice.
 */
#ifndef SCENARIOS_EXPECT_H
#define SCENARIOS_EXPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "listing.h"
#include "row.h"

/* An empty one is all zeroes. */
struct expect {
	char **lines; /* fields in the order of enum column */
	size_t nr_lines;
	size_t room;
	/* Rows of the listing that have one of these belong to the situation. */
	unsigned long *pids;
	size_t nr_pids;
	unsigned long *inodes;
	size_t nr_inodes;
	unsigned long *netns; /* of time-wait rows */
	size_t nr_netns;
	unsigned long *whole; /* every row of these namespaces */
	size_t nr_whole;
	bool processes; /* every row that names a process */
};

void expect_row(struct expect *expect, const struct expected_row *row);

/* Descriptor @fd of the calling process. */
void expect_fd(struct expect *expect, int fd);

/* Descriptor @fd of process @pid, which must share the opener's kernel. */
void expect_fd_of(struct expect *expect, pid_t pid, int fd);

/* Descriptor @fd of process @pid is the caller's @sock. */
void expect_shared(struct expect *expect, pid_t pid, int fd, int sock);

/* Descriptor @fd in the private table of thread @tid is the caller's @sock. */
void expect_thread(struct expect *expect, pid_t pid, pid_t tid, int fd,
		   int sock);

/* Process @pid has no rows but those expected, even if none is. */
void expect_process(struct expect *expect, pid_t pid);

/* The namespace of the calling process has no rows but those expected. */
void expect_namespace(struct expect *expect);

/* Nor has network namespace @netns. */
void expect_whole(struct expect *expect, unsigned long netns);

/* Nor has any process at all. */
void expect_processes(struct expect *expect);

/* The socket has no rows but those expected, whoever holds it. */
void expect_socket(struct expect *expect, int sock);

/* Compares with @listing and prints the result for @claim. */
__printf(3, 4) bool expect_in(struct expect *expect,
			      const struct listing *listing, const char *claim,
			      ...);

/* Compares with a listing that is read now. */
__printf(2, 3) bool expect_listed(struct expect *expect, const char *claim,
				  ...);

/* The number of differences, said in diagnostics, without a result. */
size_t expect_differences(struct expect *expect, const struct listing *listing);

/* Has the namespace of the calling process no row any more? For wait_until(). */
bool expect_nothing_left(void *unused);

void expect_clear(struct expect *expect);

#endif
