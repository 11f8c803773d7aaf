// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Sockets that accept() returned. Each is a socket of its own, with the full
 * tuple and the local port of the listener.
 */
#define _GNU_SOURCE
#include <unistd.h>

#include "lib/expect.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define NR_CONNECTIONS 3

static void check(const char *bound_to, const char *connected_to)
{
	struct connection connections[NR_CONNECTIONS];
	struct expect expect = { 0 };
	struct expected_row row;
	int listener = tcp_listen(bound_to, NR_CONNECTIONS);
	bool own_inode = true;
	bool same_port = true;

	expect_fd(&expect, listener);
	for (int i = 0; i < NR_CONNECTIONS; i++) {
		struct connection *c = &connections[i];

		*c = tcp_connection(listener, connected_to);
		expect_fd(&expect, c->client);

		/* The accepted end, from what the other two sockets say. */
		row_of_socket(&row, getpid(), c->server, c->server);
		row_set(&row, STATE, "ESTABLISHED");
		row_set(&row, LPORT, "%u", sock_port(listener));
		row_set(&row, RPORT, "%u", sock_port(c->client));
		expect_row(&expect, &row);
		if (sock_inode(c->server) == sock_inode(listener))
			own_inode = false;
		if (sock_port(c->server) != sock_port(listener))
			same_port = false;
	}
	tap_ok(own_inode && same_port,
	       "accepted through %s: a socket of its own on the listener's port",
	       bound_to);
	expect_listed(&expect,
		      "accepted through %s: both ends of each connection",
		      bound_to);

	close(listener);
	expect_clear(&expect);
	for (int i = 0; i < NR_CONNECTIONS; i++) {
		expect_fd(&expect, connections[i].client);
		expect_fd(&expect, connections[i].server);
	}
	expect_listed(&expect,
		      "accepted through %s: listed when the listener is closed",
		      bound_to);
	expect_clear(&expect);
	for (int i = 0; i < NR_CONNECTIONS; i++) {
		close(connections[i].client);
		close(connections[i].server);
	}
}

int main(void)
{
	tap_plan(9);
	check("127.0.0.1", "127.0.0.1");
	check("0.0.0.0", "127.0.0.1");
	check("::1", "::1");
	return tap_done();
}
