// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * MPTCP connections: the socket that a process holds, and below it the TCP
 * sockets that do the work and belong to it.
 */
#define _GNU_SOURCE
#include <string.h>
#include <unistd.h>

#include "lib/expect.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

static struct expect expect;

static void expect_both(int sock)
{
	struct expected_row row;

	expect_fd(&expect, sock);
	row_of_subflow(&row, sock);
	expect_row(&expect, &row);
}

static void check(const char *address)
{
	struct address name = address_of(address, 0);
	int family = name.any.sa_family;
	int listener = socket(family, SOCK_STREAM, IPPROTO_MPTCP);
	struct expected_row row, client_row;
	int client, server;

	if (listener < 0) {
		for (int i = 0; i < 3; i++)
			tap_skip("this kernel has no MPTCP", "%s", address);
		return;
	}
	if (bind(listener, &name.any, name.length) || listen(listener, 4))
		tap_bail_errno("listen");
	client = sock_open(family, SOCK_STREAM, IPPROTO_MPTCP);
	sock_connect(client, address, sock_port(listener));
	tcp_wait_waiting(listener, 1);

	expect_both(listener);
	expect_both(client);
	row_of_subflow(&client_row, client);
	row = client_row;
	strcpy(row.field[LPORT], client_row.field[RPORT]);
	strcpy(row.field[RPORT], client_row.field[LPORT]);
	row_set(&row, HOLDER, "accept");
	row_set(&row, VIA, "%lu", sock_inode(listener));
	row_set(&row, INODE, "-");
	expect_row(&expect, &row);
	expect_namespace(&expect);
	expect_listed(&expect, "%s: its subflow waits to be accepted", address);
	expect_clear(&expect);

	server = tcp_accept(listener);
	expect_both(listener);
	expect_both(client);
	expect_both(server);
	expect_namespace(&expect);
	expect_listed(&expect, "%s: each with its subflow", address);
	expect_clear(&expect);
	close(listener);

	/* A process that holds MPTCP sockets holds no TCP socket. */
	expect_both(client);
	expect_both(server);
	expect_namespace(&expect);
	expect_listed(&expect, "%s: after the listener is closed", address);
	expect_clear(&expect);
	close(client);
	close(server);
}

int main(void)
{
	static const char *const addresses[] = { "127.0.0.1", "::1" };

	tap_plan(2 * 3);
	for (int i = 0; i < 2; i++) {
		net_enter_new();
		check(addresses[i]);
	}
	return tap_done();
}
