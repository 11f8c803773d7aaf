// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Half-open connections: a SYN has come, and the answer to the SYN-ACK has not.
 * The SYNs are made by hand and come from addresses that lead nowhere.
 */
#define _GNU_SOURCE
#include <unistd.h>

#include "lib/expect.h"
#include "lib/link.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/syn.h"
#include "lib/tap.h"

#define NR_SYNS 5

static struct expect expect;

static void check(const char *to, const char *from)
{
	int listener = tcp_listen(to, 64);
	struct expected_row row[NR_SYNS];

	for (unsigned int i = 0; i < NR_SYNS; i++) {
		send_syn(from, 1000 + i, to, sock_port(listener));
		row_of_synrecv(&row[i], listener, from, 1000 + i);
		expect_row(&expect, &row[i]);
	}
	expect_fd(&expect, listener);
	expect_namespace(&expect);
	expect_listed(&expect, "%d half-open connections of %s", NR_SYNS, to);
	expect_clear(&expect);

	wait_for_answers(NR_SYNS);
	close(listener);
	for (unsigned int i = 0; i < NR_SYNS; i++) {
		row_set(&row[i], VIA, "-");
		expect_row(&expect, &row[i]);
	}
	expect_namespace(&expect);
	expect_listed(&expect, "%s: the listener is closed: via nobody", to);
	expect_clear(&expect);
}

static void enter(void)
{
	net_enter_new();
	if (!link_add("void", "dummy"))
		tap_bail("no dummy device");
	net_bring_up("void");
}

int main(void)
{
	tap_plan(2 * 2);
	enter();
	/* The SYN comes in over lo; the SYN-ACK goes into the void. */
	link_set_address4("void", "10.99.0.1");
	check("10.99.0.1", "10.99.0.7");
	enter();
	link_add_address("void", "fd99::1");
	check("fd99::1", "fd99::7");
	return tap_done();
}
