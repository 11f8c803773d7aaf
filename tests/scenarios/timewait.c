// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Connections whose socket is gone while their tuple is still reserved. Each
 * has a row that names no process, no descriptor and no inode.
 */
#define _GNU_SOURCE
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"
#include "lib/timewait.h"

static const struct {
	const char *bound_to;
	const char *connected_to;
	bool server_closes_first;
	const char *proto;
	const char *address; /* both ends of the row */
	const char *what;
} cases[] = {
	{ "127.0.0.1", "127.0.0.1", false, "tcp", "127.0.0.1", "IPv4" },
	{ "127.0.0.1", "127.0.0.1", true, "tcp", "127.0.0.1",
	  "IPv4, on the listener's port" },
	{ "::1", "::1", false, "tcp6", "::1", "IPv6" },
	{ "::1", "::1", true, "tcp6", "::1", "IPv6, on the listener's port" },
	{ "127.0.0.1", "::ffff:127.0.0.1", false, "tcp6", "::ffff:127.0.0.1",
	  "IPv6 socket connected to IPv4" },
	{ "::", "127.0.0.1", true, "tcp6", "::ffff:127.0.0.1",
	  "accepted from IPv4 by a dual-stack listener" },
};

#define NR_CASES (sizeof(cases) / sizeof(*cases))

static bool is_time_wait(void *arg)
{
	(void)arg;
	return tcp_count(TCP_TIME_WAIT) == 1;
}

static void check(size_t i, bool half_closed)
{
	struct expect expect = { 0 };
	struct expected_row row;
	struct connection c;
	int first, second;
	int listener;

	/* Nobody else has time-waits in a namespace of its own. */
	net_enter_new();
	listener = tcp_listen(cases[i].bound_to, 1);
	c = tcp_connection(listener, cases[i].connected_to);
	close(listener);
	first = cases[i].server_closes_first ? c.server : c.client;
	second = cases[i].server_closes_first ? c.client : c.server;

	row_of_timewait(&row, "TIME_WAIT", first);
	row_set(&row, PROTO, "%s", cases[i].proto);
	row_set(&row, LADDR, "%s", cases[i].address);
	row_set(&row, RADDR, "%s", cases[i].address);
	expect_process(&expect, getpid());

	shutdown(first, SHUT_WR);
	tcp_wait_state(first, TCP_FIN_WAIT2);
	close(first);
	if (half_closed) {
		row_set(&row, STATE, "FIN_WAIT2");
		expect_fd(&expect, second);
	} else {
		close(second);
		if (!wait_until(is_time_wait, NULL))
			tap_bail("no TIME_WAIT comes");
	}
	expect_row(&expect, &row);
	expect_listed(&expect, "%s: %s", cases[i].what,
		      half_closed ? "FIN_WAIT2 while the peer is open" :
				    "TIME_WAIT");
	expect_clear(&expect);
	if (half_closed)
		close(second);
}

int main(void)
{
	tap_plan(2 * NR_CASES);
	for (size_t i = 0; i < NR_CASES; i++) {
		check(i, false);
		check(i, true);
	}
	return tap_done();
}
