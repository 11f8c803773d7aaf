// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Thousands of sockets that stay as they are, held in every way, while other
 * processes fork, exit, accept, connect, close, pass descriptors and unshare
 * their tables without pause. In each of 20 readings (200 in make check-all) every one has
 * exactly its rows, and nothing that has only just come is called elsewhere, but
 * for what sockowners(4) says may be: in a queue that is busy, and of a process
 * that is closing its files as it exits.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/child.h"
#include "lib/churn.h"
#include "lib/deadline.h"
#include "lib/effort.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/ring.h"
#include "lib/sock.h"
#include "lib/tap.h"
#include "lib/thread.h"

#define NR_EACH 250 /* listeners, connections, UDP sockets, and so on */

static void (*const churns[])(int control, void *unused) = {
	churn_connections,
	churn_tables,
	/* Of these something may be elsewhere. */
	churn_processes,
	churn_passing,
};

#define NR_CHURNS	   ARRAY_SIZE(churns)
#define NR_NEVER_ELSEWHERE 2

static void hold(int control, void *arg)
{
	(void)arg;
	tell(control, 0);
	stay(control);
}

static int socks[8 * NR_EACH], nr_socks;

static int keep(int sock)
{
	socks[nr_socks++] = sock;
	return sock;
}

/* Bound, listening, connected: in both processes. */
static void make_ordinary(void)
{
	int listener = keep(tcp_listen("::1", NR_EACH));
	int sock;

	for (int i = 0; i < NR_EACH; i++) {
		struct connection c = tcp_connection(listener, "::1");

		keep(c.client);
		keep(c.server);
		keep(tcp_listen("127.0.0.1", 1));
		sock = keep(sock_open(AF_INET, SOCK_DGRAM, 0));
		sock_bind(sock, "127.0.0.1", 0);
		sock = keep(sock_open(AF_INET6, SOCK_STREAM, 0));
		sock_bind(sock, "::1", 0);
	}
}

/* In the accept queue of a listener. */
static void make_waiting(struct expect *expect)
{
	int listener = keep(tcp_listen("127.0.0.1", NR_EACH));
	struct expected_row row, client;

	for (int i = 0; i < NR_EACH; i++) {
		int sock = keep(tcp_connect_waiting("127.0.0.1", listener));

		row_of_nobody(&client, "accept", sock);
		row = client;
		strcpy(row.field[LPORT], client.field[RPORT]);
		strcpy(row.field[RPORT], client.field[LPORT]);
		row_set(&row, INODE, "-");
		row_set(&row, VIA, "%lu", sock_inode(listener));
		expect_row(expect, &row);
	}
}

/* In flight: what is received by nobody. */
static void make_passed(struct expect *expect)
{
	int ends[2];

	for (int i = 0; i < NR_EACH; i++) {
		int sock = sock_open(AF_INET, SOCK_DGRAM, 0);
		struct expected_row row;

		if (i % 50 == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
			tap_bail_errno("socketpair");
		sock_bind(sock, "127.0.0.1", 0);
		send_descriptor(ends[0], sock);
		row_of_scm(&row, getpid(), sock_inode(ends[1]), sock);
		expect_row(expect, &row);
		close(sock);
	}
}

/* In an io_uring: looked for twice in every reading. */
static void make_elsewhere(struct expect *expect)
{
	static int fds[NR_EACH];

	for (int i = 0; i < NR_EACH; i++)
		fds[i] = tcp_listen("127.0.0.1", 1);
	ring_keep(fds, NR_EACH);
	for (int i = 0; i < NR_EACH; i++) {
		struct expected_row row;

		row_of_nobody(&row, "elsewhere", fds[i]);
		expect_row(expect, &row);
		close(fds[i]);
	}
}

static size_t count_elsewhere(const struct listing *listing,
			      const unsigned long *netns, size_t nr)
{
	size_t found = 0;

	for (size_t i = 0; i < listing->nr_rows; i++) {
		const char *const *field = listing->rows[i].field;

		if (strcmp(field[HOLDER], "elsewhere"))
			continue;
		for (size_t n = 0; n < nr; n++)
			if (strtoul(field[NETNS], NULL, 10) == netns[n])
				found++;
	}
	return found;
}

int main(void)
{
	const int nr_readings = times(200, 20, 7);
	unsigned int faults = 0, wrong_elsewhere = 0;
	struct child churning[NR_CHURNS], holding;
	unsigned long netns[NR_CHURNS];
	struct expect expect = { 0 };
	struct expected_row row;
	double begun;

	tap_plan(2);
	allow_descriptors(16384);
	/* They inherit nothing of what stays. */
	for (size_t i = 0; i < NR_CHURNS; i++) {
		child_start(&churning[i], churns[i], NULL);
		netns[i] = hear(churning[i].control);
	}
	net_enter_new();
	make_ordinary();
	make_waiting(&expect);
	child_start(&holding, hold, NULL);
	hear(holding.control);
	for (int i = 0; i < nr_socks; i++) {
		row_of_socket(&row, getpid(), socks[i], socks[i]);
		expect_row(&expect, &row);
		row_set(&row, PID, "%d", holding.pid);
		expect_row(&expect, &row);
	}
	make_passed(&expect);
	make_elsewhere(&expect);
	expect_namespace(&expect);

	begun = now();
	for (int i = 0; i < nr_readings; i++) {
		struct listing listing;

		listing_read_at(&listing, LISTING_PATH, i % 2 ? 131072 : 4096);
		faults += expect_differences(&expect, &listing) != 0;
		wrong_elsewhere += count_elsewhere(&listing, netns,
						   NR_NEVER_ELSEWHERE) != 0;
		listing_free(&listing);
	}
	tap_diag("%d readings of %zu rows that stay in %.1f s", nr_readings,
		 expect.nr_lines, now() - begun);
	tap_is_number(faults, 0, "readings in which a socket has not its rows");
	tap_is_number(wrong_elsewhere, 0,
		      "readings that call a new socket elsewhere");
	child_stop(&holding);
	for (size_t i = 0; i < NR_CHURNS; i++)
		child_stop(&churning[i]);
	return tap_done();
}
