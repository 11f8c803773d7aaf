// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Readings while other processes and threads open, close, fork and exit
 * without pause. A socket whose holders do not change is listed exactly once
 * for each holder, in every reading.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/child.h"
#include "lib/deadline.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"
#include "lib/thread.h"

#define NR_STABLE   500
#define NR_READINGS 30
#define SECONDS	    5.0
#define MAX_FD	    4096

/* A process that holds the sockets all the time, and their rows by number. */
struct holder {
	pid_t pid;
	struct expected_row row[NR_STABLE];
	unsigned int seen[NR_STABLE];
};

static int stable[NR_STABLE];
static int index_of[MAX_FD]; /* of a descriptor in stable[], or -1 */
static atomic_bool done;

/* Sockets in the holes between the stable ones of the same table. */
static void *churn_descriptors(void *arg)
{
	int socks[NR_STABLE / 2];

	(void)arg;
	while (!done) {
		for (size_t i = 0; i < ARRAY_SIZE(socks); i++)
			socks[i] = sock_open(i % 2 ? AF_INET : AF_INET6,
					     i % 3 ? SOCK_DGRAM : SOCK_STREAM,
					     0);
		for (size_t i = 0; i < ARRAY_SIZE(socks); i++)
			close(socks[i]);
	}
	return NULL;
}

/* Threads that copy the whole table and leave. */
static void have_own(struct thread *thread)
{
	(void)thread;
	thread_own_table();
}

static void *churn_tables(void *arg)
{
	(void)arg;
	while (!done) {
		struct thread thread;

		thread_start(&thread, have_own, NULL);
		thread_stop(&thread);
	}
	return NULL;
}

/* Processes that come with the stable sockets, open some, and exit. */
static void churn_processes(int control, void *arg)
{
	(void)control;
	(void)arg;
	for (;;) {
		pid_t pid = fork();

		if (pid < 0)
			tap_bail_errno("fork");
		if (pid == 0) {
			for (int i = 0; i < 10; i++)
				tcp_listen("127.0.0.1", 1);
			_exit(0);
		}
		waitpid(pid, NULL, 0);
	}
}

/* Connections that come, go and leave time-waits. */
static void churn_connections(int control, void *arg)
{
	int listener = tcp_listen("127.0.0.1", 8);

	(void)control;
	(void)arg;
	for (unsigned int i = 0;; i++) {
		struct connection c = tcp_connection(listener, "127.0.0.1");

		if (i % 8)
			tcp_reset_on_close(c.client);
		close(c.client);
		close(c.server);
	}
}

static void hold(int control, void *arg)
{
	(void)arg;
	tell(control, 0);
	stay(control);
}

static void make_stable(void)
{
	int holes[NR_STABLE];

	memset(index_of, -1, sizeof(index_of));
	for (int i = 0; i < NR_STABLE; i++) {
		struct connection c;
		int listener;

		/* There will be a hole before each. */
		holes[i] = sock_open(AF_INET, SOCK_DGRAM, 0);
		switch (i % 3) {
		case 0:
			stable[i] = tcp_listen("::1", 1);
			break;
		case 1:
			stable[i] = sock_open(AF_INET, SOCK_DGRAM, 0);
			sock_bind(stable[i], "127.0.0.1", 0);
			break;
		default:
			listener = tcp_listen("127.0.0.1", 1);
			c = tcp_connection(listener, "127.0.0.1");
			stable[i] = dup(c.client);
			close(c.client);
			close(listener);
			/* The other end must stay open, and is not looked at. */
			if (fcntl(c.server, F_DUPFD, 2 * MAX_FD) < 0)
				tap_bail_errno("F_DUPFD");
			close(c.server);
		}
		if (stable[i] >= MAX_FD)
			tap_bail("descriptor %d is too high", stable[i]);
		index_of[stable[i]] = i;
	}
	for (int i = 0; i < NR_STABLE; i++)
		close(holes[i]);
}

static void look_up_rows(struct holder *holder, pid_t pid)
{
	holder->pid = pid;
	for (int i = 0; i < NR_STABLE; i++)
		row_of_socket(&holder->row[i], pid, stable[i], stable[i]);
}

static bool is_row(const struct row *row, const struct expected_row *expected)
{
	for (size_t column = 0; column < NR_COLUMNS; column++)
		if (strcmp(row->field[column], expected->field[column]))
			return false;
	return true;
}

/* Counts what is wrong with the holder's rows for stable sockets. */
static unsigned int faults_of(struct holder *holder,
			      const struct listing *listing)
{
	unsigned int faults = 0;
	char pid[16];

	memset(holder->seen, 0, sizeof(holder->seen));
	snprintf(pid, sizeof(pid), "%d", holder->pid);
	for (size_t i = 0; i < listing->nr_rows; i++) {
		const struct row *row = &listing->rows[i];
		int fd = atoi(row->field[FD]);

		if (strcmp(row->field[PID], pid) ||
		    strcmp(row->field[HOLDER], "fd") || fd >= MAX_FD ||
		    index_of[fd] < 0)
			continue;
		holder->seen[index_of[fd]]++;
		if (!is_row(row, &holder->row[index_of[fd]]) && !faults++)
			tap_diag("descriptor %d of %s has a wrong row", fd,
				 pid);
	}
	for (int i = 0; i < NR_STABLE; i++) {
		if (holder->seen[i] == 1)
			continue;
		if (!faults++)
			tap_diag("descriptor %d of %s is listed %u times",
				 stable[i], pid, holder->seen[i]);
	}
	return faults;
}

int main(void)
{
	static const size_t sizes[] = { 1024 * 1024, 4096, 131072, 700 };
	static struct holder self, other;
	unsigned int readings = 0, faults[2] = { 0, 0 };
	struct child children[2], holding;
	pthread_t threads[2];
	double begun;

	tap_plan(3);
	allow_descriptors(4 * MAX_FD);
	net_enter_new();
	make_stable();
	/* One process with a lower pid than all that come and go, one between. */
	child_start(&children[0], churn_processes, NULL);
	child_start(&holding, hold, NULL);
	hear(holding.control);
	child_start(&children[1], churn_connections, NULL);
	look_up_rows(&self, getpid());
	look_up_rows(&other, holding.pid);
	if (pthread_create(&threads[0], NULL, churn_descriptors, NULL) ||
	    pthread_create(&threads[1], NULL, churn_tables, NULL))
		tap_bail("pthread_create");

	begun = now();
	while (readings < NR_READINGS || now() - begun < SECONDS) {
		struct listing listing;

		listing_read_at(&listing, LISTING_PATH, sizes[readings % 4]);
		faults[0] += faults_of(&self, &listing);
		faults[1] += faults_of(&other, &listing);
		listing_free(&listing);
		readings++;
	}
	tap_diag("%u readings in %.1f s", readings, now() - begun);
	done = true;
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);

	tap_ok(readings >= NR_READINGS, "at least %d readings", NR_READINGS);
	tap_is_number(faults[0], 0,
		      "%d sockets beside such that churn: each once",
		      NR_STABLE);
	tap_is_number(faults[1], 0,
		      "%d sockets of a process at rest: each once", NR_STABLE);
	child_stop(&children[0]);
	child_stop(&children[1]);
	child_stop(&holding);
	return tap_done();
}
