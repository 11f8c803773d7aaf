// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Namespaces with hash tables of their own, beside others that share one. What no
 * descriptor holds is found in each, once.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/ring.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define NR_NETNS 4

/* The size of the tables that child number i asks for; 0: the shared one. */
static const char *const entries[NR_NETNS] = { "0", "16", "0", "1024" };

/* Waiting, half a dozen kinds in an io_uring, and what the caller compares. */
static void populate(int control, void *arg)
{
	struct expect expect = { 0 };
	struct listing listing;
	struct expected_row row;
	int kept[5], listener;

	(void)arg;
	/* The sizes were set for what is created from now on. */
	net_enter_new();
	listener = tcp_listen("127.0.0.1", 4);
	kept[0] = tcp_connect("127.0.0.1", sock_port(listener));
	kept[1] = tcp_accept(listener);
	kept[2] = sock_open(AF_INET, SOCK_DGRAM, 0);
	sock_bind(kept[2], "127.0.0.1", 0);
	kept[3] = sock_open(AF_INET6, SOCK_DGRAM, 0);
	sock_bind(kept[3], "::1", 0);
	kept[4] = listener;
	ring_keep(kept, 5);
	for (int i = 0; i < 5; i++) {
		row_of_nobody(&row, "elsewhere", kept[i]);
		expect_row(&expect, &row);
		close(kept[i]);
	}
	expect_namespace(&expect);
	tell(control, 0);
	hear(control);
	listing_read(&listing);
	tell(control, expect_differences(&expect, &listing));
	stay(control);
}

int main(void)
{
	struct child child[NR_NETNS];
	bool udp = true;

	tap_plan(NR_NETNS);
	net_enter_new();
	for (int i = 0; i < NR_NETNS; i++) {
		sysctl_set("net/ipv4/tcp_child_ehash_entries", entries[i]);
		udp = sysctl_try("net/ipv4/udp_child_hash_entries", entries[i]);
		child_start(&child[i], populate, NULL);
		hear(child[i].control);
	}
	if (!udp)
		tap_diag("this kernel has one UDP table");
	for (int i = 0; i < NR_NETNS; i++) {
		tell(child[i].control, 0);
		tap_is_number(hear(child[i].control), 0,
			      "a namespace that asked for tables of %s",
			      entries[i]);
	}
	for (int i = 0; i < NR_NETNS; i++)
		child_stop(&child[i]);
	return tap_done();
}
