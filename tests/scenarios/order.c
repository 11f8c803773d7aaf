// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * The order of rows: processes by number; of each its own descriptors, then
 * those of its threads by thread number; rows without a process last.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/child.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"
#include "lib/thread.h"
#include "lib/timewait.h"

#define NR_THREADS 20

/* As text these would come in another order. */
static const pid_t wanted[] = { 10007, 9989, 30001, 998, 1003 };

#define NR_CHILDREN ARRAY_SIZE(wanted)

/* Where a row belongs: compared from the first member on. */
struct place {
	long group; /* 0: has a process */
	long pid;
	long tid; /* 0: the process's own table */
	long fd;
};

static struct place place_of(const struct row *row)
{
	if (!strcmp(row->field[PID], "-"))
		return (struct place){ .group = 1 };
	return (struct place){
		.pid = atol(row->field[PID]),
		.tid = strcmp(row->field[HOLDER], "thread") ?
			       0 :
			       atol(row->field[VIA]),
		.fd = atol(row->field[FD]),
	};
}

/* Rows without a process have no order of their own. */
static bool may_follow(const struct place *a, const struct place *b)
{
	if (a->group || b->group)
		return a->group <= b->group;
	if (a->pid != b->pid)
		return a->pid < b->pid;
	if (a->tid != b->tid)
		return a->tid < b->tid;
	return a->fd < b->fd;
}

/* Returns the number of rows that stand before one they should follow. */
static size_t count_misplaced(const struct listing *listing)
{
	struct place before = { 0 };
	size_t misplaced = 0;

	for (size_t i = 0; i < listing->nr_rows; i++) {
		struct place place = place_of(&listing->rows[i]);

		if (i && !may_follow(&before, &place)) {
			misplaced++;
			tap_diag("row %zu: pid %s fd %s via %s out of order",
				 i + 1, listing->rows[i].field[PID],
				 listing->rows[i].field[FD],
				 listing->rows[i].field[VIA]);
		}
		before = place;
	}
	return misplaced;
}

/* A process with that number, or the next one that is free. */
static pid_t start_as(pid_t pid)
{
	for (;; pid++) {
		struct clone_args args = {
			.exit_signal = SIGCHLD,
			.set_tid = (uintptr_t)&pid,
			.set_tid_size = 1,
		};
		long child = syscall(SYS_clone3, &args, sizeof(args));

		if (child == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (;;)
				pause();
		}
		if (child > 0)
			return child;
		if (errno != EEXIST)
			tap_bail_errno("a process with number %d", pid);
	}
}

/* Descriptors that were opened from the highest to the lowest. */
static void open_downwards(void)
{
	static const int numbers[] = { 2000, 1000, 999, 101, 100, 20, 11, 10 };
	int sock;

	sock = sock_open(AF_INET, SOCK_DGRAM, 0);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		if (dup2(sock, numbers[i]) < 0)
			tap_bail_errno("dup2");
}

/* Each starts the next first: the last of them is the first with a table. */
static void have_own(struct thread *thread)
{
	struct thread *last = thread->arg;

	if (thread != last)
		thread_start(thread + 1, have_own, last);
	thread_own_table();
	open_downwards();
}

int main(void)
{
	struct thread threads[NR_THREADS];
	struct expect timewaits = { 0 };
	pid_t children[NR_CHILDREN];
	struct listing listing;
	size_t own = 0, none = 0;
	char pid[16];

	tap_plan(4);
	allow_descriptors(4096);
	net_enter_new();
	timewaits_make(&timewaits, "127.0.0.1", 5);
	open_downwards();
	for (size_t i = 0; i < NR_CHILDREN; i++)
		children[i] = start_as(wanted[i]);
	thread_start(&threads[0], have_own, &threads[NR_THREADS - 1]);

	listing_read(&listing);
	expect_in(&timewaits, &listing, "there are rows without a process");
	snprintf(pid, sizeof(pid), "%d", getpid());
	for (size_t i = 0; i < listing.nr_rows; i++) {
		if (!strcmp(listing.rows[i].field[PID], pid))
			own++;
		for (size_t c = 0; c < NR_CHILDREN; c++)
			if (atoi(listing.rows[i].field[PID]) == children[c])
				none++;
	}
	/* A socket and 8 copies; each thread has them too, and its own one. */
	tap_is_number(own, 9 + NR_THREADS * 10,
		      "there are rows of a process and its threads");
	tap_is_number(none, NR_CHILDREN * 9, "there are rows of %zu children",
		      NR_CHILDREN);
	tap_is_number(count_misplaced(&listing), 0,
		      "rows by process, thread, descriptor; no process last");
	for (size_t i = 0; i < NR_CHILDREN; i++) {
		kill(children[i], SIGKILL);
		waitpid(children[i], NULL, 0);
	}
	return tap_done();
}
