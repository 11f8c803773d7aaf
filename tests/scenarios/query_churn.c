// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Queries while everything is in motion, on the ports that are asked about too.
 * A socket that stays, and matches all the time, is in every answer exactly once
 * for each holder, also if something else about it changes; and what a row shows
 * is what was asked for. What is just being accepted, or of a process that exits,
 * is in no table for a moment, and may be elsewhere in one answer, not in two;
 * what is passed round may be as long as a receiver is in the queue.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/ask.h"
#include "lib/child.h"
#include "lib/churn.h"
#include "lib/deadline.h"
#include "lib/effort.h"
#include "lib/filter.h"
#include "lib/net.h"
#include "lib/ring.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define NR_EACH	   30
#define NR_TOGGLED 40

/* Stays and motion share these ports. */
#define CONNECTIONS 5000
#define OTHERS	    7000
#define TOGGLED	    "127.0.5."

static int listen_at(const char *address, unsigned int port)
{
	int sock = sock_open(AF_INET, SOCK_STREAM, 0);

	sock_option(sock, SOL_SOCKET, SO_REUSEADDR, 1);
	sock_bind(sock, address, port);
	if (listen(sock, NR_EACH))
		tap_bail_errno("listen at %s", address);
	return sock;
}

/* Connections on a port that others have too. */
static void connect_and_close(int control, void *arg)
{
	int listener = listen_at("127.0.3.1", CONNECTIONS);

	(void)arg;
	tell(control, 0);
	hear(control);
	for (;;) {
		int client = tcp_connect("127.0.3.1", CONNECTIONS);
		int server = tcp_accept(listener);

		tcp_reset_on_close(server);
		close(server);
		close(client);
	}
}

/* Sockets that come, are bound, listen, and go. */
static void come_and_go(int control, void *arg)
{
	(void)arg;
	tell(control, 0);
	hear(control);
	for (unsigned int i = 0;; i++) {
		char address[32];
		int sock;

		snprintf(address, sizeof(address), "127.0.4.%u", i % 200 + 1);
		close(listen_at(address, OTHERS));
		sock = sock_open(AF_INET, SOCK_DGRAM, 0);
		sock_bind(sock, address, OTHERS);
		close(sock);
	}
}

/* Always the same, and in another state each time. */
static void toggle(int control, void *arg)
{
	int tcp[NR_TOGGLED / 2], udp[NR_TOGGLED / 2];

	(void)arg;
	for (size_t i = 0; i < ARRAY_SIZE(tcp); i++) {
		char address[32];

		snprintf(address, sizeof(address), TOGGLED "%zu", i + 1);
		tcp[i] = sock_open(AF_INET, SOCK_STREAM, 0);
		sock_bind(tcp[i], address, OTHERS);
		udp[i] = sock_open(AF_INET, SOCK_DGRAM, 0);
		sock_bind(udp[i], address, OTHERS);
	}
	tell(control, 0);
	hear(control);
	for (;;) {
		for (size_t i = 0; i < ARRAY_SIZE(tcp); i++) {
			if (listen(tcp[i], 1))
				tap_bail_errno("listen");
			sock_connect(udp[i], TOGGLED "1", 9);
		}
		for (size_t i = 0; i < ARRAY_SIZE(tcp); i++) {
			sock_disconnect(tcp[i]);
			sock_disconnect(udp[i]);
		}
	}
}

static void (*const moves[])(int control, void *arg) = {
	connect_and_close,
	come_and_go,
	toggle,
};

static void (*const churns[])(int control, void *unused) = {
	churn_processes,
	churn_connections,
	churn_tables,
	churn_passing,
};

#define NR_CHURNS ARRAY_SIZE(churns)
#define NR_MOVES  ARRAY_SIZE(moves)
#define TOGGLER	  2

static void hold(int control, void *arg)
{
	(void)arg;
	tell(control, 0);
	stay(control);
}

/* Held by this process and by a child of it, by a queue, or by nobody. */
static void make_stable(struct child *holding)
{
	int listener = listen_at("127.0.0.1", CONNECTIONS);
	int queue = listen_at("127.0.0.2", CONNECTIONS);
	int kept[NR_EACH], ends[2], sock;
	char address[32];

	for (int i = 0; i < NR_EACH; i++) {
		tcp_connect("127.0.0.1", CONNECTIONS);
		tcp_accept(listener);
		snprintf(address, sizeof(address), "127.0.1.%d", i + 1);
		listen_at(address, OTHERS);
		sock = sock_open(AF_INET, SOCK_DGRAM, 0);
		sock_bind(sock, address, OTHERS);
		sock = sock_open(AF_INET, SOCK_STREAM, 0);
		sock_bind(sock, address, OTHERS + 1);
	}
	child_start(holding, hold, NULL);
	hear(holding->control);
	for (int i = 0; i < NR_EACH; i++)
		tcp_connect_waiting("127.0.0.2", queue);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		tap_bail_errno("socketpair");
	for (int i = 0; i < NR_EACH; i++) {
		snprintf(address, sizeof(address), "127.0.2.%d", i + 1);
		sock = sock_open(AF_INET, SOCK_DGRAM, 0);
		sock_bind(sock, address, OTHERS);
		send_descriptor(ends[0], sock);
		close(sock);
		kept[i] = listen_at(address, OTHERS);
	}
	ring_keep(kept, NR_EACH);
	for (int i = 0; i < NR_EACH; i++)
		close(kept[i]);
	(void)queue;
}

/* Rows that differ have different numbers, nearly always. */
static unsigned long long *number_rows(const struct table *table)
{
	unsigned long long *number =
		calloc(table->nr_rows + 1, sizeof(*number));

	if (!number)
		tap_bail_errno("numbers of rows");
	for (size_t i = 0; i < table->nr_rows * table->nr_columns; i++) {
		unsigned long long *n = &number[i / table->nr_columns];

		for (const char *c = table->cells[i]; *c; c++)
			*n = *n * 1099511628211ULL + *c;
		*n = *n * 1099511628211ULL + '\t';
	}
	return number;
}

static size_t count_number(const unsigned long long *numbers, size_t nr,
			   unsigned long long wanted)
{
	size_t found = 0;

	for (size_t i = 0; i < nr; i++)
		found += numbers[i] == wanted;
	return found;
}

static bool has(const struct table *table, size_t row, const char *column,
		const char *value)
{
	return !strcmp(table_cell(table, row, column), value);
}

struct faults {
	size_t missing; /* or there more than once */
	size_t strange; /* of a process at rest, or called elsewhere */
	size_t transient; /* elsewhere for a moment: no fault */
	size_t mismatched;
	size_t toggled;
};

/* Some rows stand for sockets that stay; which ones is known from the start. */
struct known {
	struct table all; /* of the namespace, before it began to move */
	unsigned long long *number;
	char passing[24]; /* the namespace of what is passed round */
	char toggler[16];
	char holders[2][16];
};

static bool is_elsewhere(const struct table *answer, size_t row)
{
	return has(answer, row, "holder", "elsewhere");
}

static bool was_elsewhere(const struct table *former, const char *inode)
{
	for (size_t row = 0; row < former->nr_rows; row++)
		if (is_elsewhere(former, row) &&
		    has(former, row, "inode", inode))
			return true;
	return false;
}

/* Of a row that is not known: must it not be there? */
static bool is_strange(const struct known *known, const struct table *answer,
		       size_t row, const struct table *former)
{
	const char *laddr = table_cell(answer, row, "laddr");

	if (has(answer, row, "pid", known->holders[0]) ||
	    has(answer, row, "pid", known->holders[1]))
		return true;
	return is_elsewhere(answer, row) &&
	       !has(answer, row, "netns", known->passing) &&
	       (!strncmp(laddr, TOGGLED, strlen(TOGGLED)) ||
		was_elsewhere(former, table_cell(answer, row, "inode")));
}

/* A socket that changes its state has one row, or none if it may not match. */
static size_t count_toggled(const struct known *known,
			    const struct table *answer, bool all)
{
	size_t seen[256] = { 0 }, nr = 0, faults = 0;

	for (size_t row = 0; row < answer->nr_rows; row++) {
		size_t fd = atoi(table_cell(answer, row, "fd"));

		if (!has(answer, row, "pid", known->toggler))
			continue;
		faults += fd >= ARRAY_SIZE(seen) || seen[fd]++;
		nr++;
	}
	return faults + (all && nr != NR_TOGGLED);
}

static bool stays(const struct known *known, size_t i, const char *query)
{
	return !has(&known->all, i, "pid", known->toggler) &&
	       filter_matches(&known->all, i, query);
}

/* The last answer is kept as @former. */
static void judge(struct faults *faults, const struct known *known,
		  const char *query, bool toggled, struct table *former)
{
	unsigned long long *number;
	struct table answer;
	size_t nr;

	ask(&answer, query);
	number = number_rows(&answer);
	for (size_t i = 0; i < known->all.nr_rows; i++) {
		if (!stays(known, i, query))
			continue;
		nr = count_number(number, answer.nr_rows, known->number[i]);
		if (nr != 1 && !faults->missing++)
			tap_diag("fd %s of %s, inode %s: %zu times",
				 table_cell(&known->all, i, "fd"),
				 table_cell(&known->all, i, "pid"),
				 table_cell(&known->all, i, "inode"), nr);
	}
	for (size_t row = 0; row < answer.nr_rows; row++) {
		if (!filter_matches(&answer, row, query))
			faults->mismatched++;
		if (count_number(known->number, known->all.nr_rows,
				 number[row]))
			continue;
		faults->transient += is_elsewhere(&answer, row);
		if (is_strange(known, &answer, row, former) &&
		    !faults->strange++)
			tap_diag("%s: %s of %s",
				 table_cell(&answer, row, "holder"),
				 table_cell(&answer, row, "laddr"),
				 table_cell(&answer, row, "pid"));
	}
	faults->toggled += count_toggled(known, &answer, toggled);
	free(number);
	table_free(former);
	*former = answer;
}

static size_t count_known(const struct known *known, const char *query)
{
	size_t nr = 0;

	for (size_t i = 0; i < known->all.nr_rows; i++)
		nr += stays(known, i, query);
	return nr;
}

/*
 * All that is asked is about rows that stay and about some that do not. At least @made
 * rows were made to stay.
 */
static void check(const struct known *known, const char *query, bool toggled,
		  size_t made)
{
	const size_t nr_known = count_known(known, query);
	const int nr_readings = times(20, 6, 3);
	struct faults faults = { 0 };
	struct table former = { 0 };
	double begun = now();
	bool passed;

	for (int i = 0; i < nr_readings; i++)
		judge(&faults, known, query, toggled, &former);
	table_free(&former);
	tap_diag("%zu missing, %zu strange, %zu wrong, %zu toggled: %.1f s",
		 faults.missing, faults.strange, faults.mismatched,
		 faults.toggled, now() - begun);
	tap_diag("%zu elsewhere for a moment", faults.transient);
	if (nr_known < made)
		tap_diag("%zu rows were made to stay", made);
	passed = nr_known >= made && !faults.missing && !faults.strange &&
		 !faults.mismatched && !faults.toggled;
	tap_ok(passed, "%s: %zu rows that stay, each once in %d readings",
	       query, nr_known, nr_readings);
}

static void learn(struct known *known, pid_t holding, pid_t toggler)
{
	char query[100];

	snprintf(known->toggler, sizeof(known->toggler), "%d", toggler);
	snprintf(known->holders[0], 16, "%d", getpid());
	snprintf(known->holders[1], 16, "%d", holding);
	snprintf(query, sizeof(query), "netns=%lu", net_inode());
	ask(&known->all, query);
	known->number = number_rows(&known->all);
}

int main(void)
{
	struct child churning[NR_CHURNS], moving[NR_MOVES], holding;
	struct known known = { 0 };
	char query[100];
	long number;

	tap_plan(11);
	/* None of these inherits what stays. */
	for (size_t i = 0; i < NR_CHURNS; i++) {
		child_start(&churning[i], churns[i], NULL);
		number = hear(churning[i].control);
		if (churns[i] == churn_passing)
			sprintf(known.passing, "%ld", number);
	}
	net_enter_new();
	for (size_t i = 0; i < NR_MOVES; i++) {
		child_start(&moving[i], moves[i], NULL);
		hear(moving[i].control);
	}
	make_stable(&holding);
	learn(&known, holding.pid, moving[TOGGLER].pid);
	for (size_t i = 0; i < NR_MOVES; i++)
		tell(moving[i].control, 0);

	/* Of make_stable(): what two processes hold counts twice. */
	check(&known, "lport=5000", false, 2 * (2 + NR_EACH) + NR_EACH);
	check(&known, "lport=7000", true, 2 * 2 * NR_EACH + 2 * NR_EACH);
	check(&known, "port=5000-7001", true,
	      2 * (2 + 5 * NR_EACH) + 4 * NR_EACH);
	check(&known, "state=LISTEN", false, 2 * (2 + NR_EACH) + NR_EACH);
	check(&known, "state=ESTABLISHED,UNCONNECTED", false,
	      2 * 3 * NR_EACH + 3 * NR_EACH);
	check(&known, "state!=TIME_WAIT,BOUND,LISTEN", false,
	      2 * 3 * NR_EACH + 3 * NR_EACH);
	check(&known, "holder=elsewhere", false, NR_EACH);
	check(&known, "pid=- laddr=127.0.0.0/22", false, 2 * NR_EACH);
	snprintf(query, sizeof(query), "pid=%s", known.holders[0]);
	check(&known, query, false, 2 + 7 * NR_EACH);
	snprintf(query, sizeof(query), "pid=%s,%s lport=7000", known.holders[1],
		 known.toggler);
	check(&known, query, true, 2 * NR_EACH);
	check(&known, "netns!=1", true, 2 * (2 + 5 * NR_EACH) + 4 * NR_EACH);

	for (size_t i = 0; i < NR_MOVES; i++)
		child_stop(&moving[i]);
	child_stop(&holding);
	for (size_t i = 0; i < NR_CHURNS; i++)
		child_stop(&churning[i]);
	return tap_done();
}
