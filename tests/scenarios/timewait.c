// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Connections whose socket is gone while their tuple is still reserved. Each
 * has a row that names no process, no descriptor and no inode.
 */
#define _GNU_SOURCE
#include <unistd.h>

#include "lib/array.h"
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
} samples[] = {
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

#define NR_SAMPLES ARRAY_SIZE(samples)

static bool is_time_wait(void *arg)
{
	(void)arg;
	return tcp_count(TCP_TIME_WAIT) == 1;
}

/* In FIN_WAIT2 as long as the peer has not closed. */
static void check(size_t i, bool half_closed)
{
	const char *state = half_closed ? "FIN_WAIT2" : "TIME_WAIT";
	struct expect expect = { 0 };
	struct expected_row row;
	struct connection c;
	int first, second;
	int listener;

	/* Nobody else has time-waits in a namespace of its own. */
	net_enter_new();
	listener = tcp_listen(samples[i].bound_to, 1);
	c = tcp_connection(listener, samples[i].connected_to);
	close(listener);
	first = samples[i].server_closes_first ? c.server : c.client;
	second = samples[i].server_closes_first ? c.client : c.server;

	row_of_timewait(&row, state, first);
	row_set(&row, PROTO, "%s", samples[i].proto);
	row_set(&row, LADDR, "%s", samples[i].address);
	row_set(&row, RADDR, "%s", samples[i].address);
	expect_process(&expect, getpid());

	shutdown(first, SHUT_WR);
	tcp_wait_state(first, TCP_FIN_WAIT2);
	close(first);
	if (half_closed) {
		expect_fd(&expect, second);
	} else {
		close(second);
		if (!wait_until(is_time_wait, NULL))
			tap_bail("no TIME_WAIT comes");
	}
	expect_row(&expect, &row);
	expect_listed(&expect, "%s: %s", samples[i].what, state);
	expect_clear(&expect);
	if (half_closed)
		close(second);
}

int main(void)
{
	tap_plan(2 * NR_SAMPLES);
	for (size_t i = 0; i < NR_SAMPLES; i++) {
		check(i, false);
		check(i, true);
	}
	return tap_done();
}
