// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * More connections that nobody has accepted than are looked at in one queue. Each is
 * listed, with its listener those that came first; see sockowners(5).
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/ask.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define NR_FIRST 8192
#define NR_ALL	 8500

static size_t place[65536]; /* by the client's port: 1 came first */

static void connect_all(int listener)
{
	unsigned int port = sock_port(listener);

	for (size_t i = 1; i <= NR_ALL; i++)
		place[sock_port(tcp_connect("127.0.0.1", port))] = i;
	tcp_wait_waiting(listener, NR_ALL);
}

int main(void)
{
	size_t all = 0, once = 0, right = 0;
	char query[64], inode[32];
	struct table answer;
	int listener;

	tap_plan(3);
	allow_descriptors(NR_ALL + 100);
	net_enter_new();
	sysctl_set("net/core/somaxconn", "65535");
	listener = tcp_listen("127.0.0.1", NR_ALL);
	connect_all(listener);

	snprintf(inode, sizeof(inode), "%lu", sock_inode(listener));
	snprintf(query, sizeof(query), "holder=accept lport=%u netns=%lu",
		 sock_port(listener), net_inode());
	ask(&answer, query);
	all = answer.nr_rows;
	for (size_t row = 0; row < all; row++) {
		size_t *at = &place[atoi(table_cell(&answer, row, "rport"))];

		once += *at > 0;
		right += *at && !strcmp(table_cell(&answer, row, "via"),
					*at <= NR_FIRST ? inode : "-");
		*at = 0;
	}
	table_free(&answer);
	tap_is_number(all, NR_ALL, "so many rows as connections wait");
	tap_is_number(once, NR_ALL, "each once");
	tap_is_number(right, NR_ALL, "the first %d with their listener",
		      NR_FIRST);
	return tap_done();
}
