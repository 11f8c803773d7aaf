// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Sockets that called connect(). Each is listed with the full tuple, also
 * while the connection is only being asked for.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "lib/expect.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

/* A row with the remote end that the scenario connected to. */
static void expect_peer(struct expect *expect, int sock, const char *proto,
			const char *state, const char *raddr,
			unsigned int rport)
{
	struct expected_row row;

	row_of_socket(&row, getpid(), sock, sock);
	row_set(&row, PROTO, "%s", proto);
	row_set(&row, STATE, "%s", state);
	row_set(&row, RADDR, "%s", raddr);
	row_set(&row, RPORT, "%u", rport);
	expect_row(expect, &row);
}

static void check_tcp(const char *address, const char *proto)
{
	struct expect expect = { 0 };
	int listener = tcp_listen(address, 8);
	unsigned int port = sock_port(listener);
	struct connection connection = tcp_connection(listener, address);

	expect_fd(&expect, listener);
	expect_peer(&expect, connection.client, proto, "ESTABLISHED", address,
		    port);
	expect_peer(&expect, connection.server, proto, "ESTABLISHED", address,
		    sock_port(connection.client));
	expect_listed(&expect, "%s connected to %s: the full tuple", proto,
		      address);
	expect_clear(&expect);
	close(connection.client);
	close(connection.server);
	close(listener);
}

/* A listener whose queue is full drops what else arrives. */
static void check_syn_sent(const char *address, const char *proto)
{
	struct expect expect = { 0 };
	int listener = tcp_listen(address, 0);
	unsigned int port = sock_port(listener);
	int queued = tcp_connect_waiting(address, listener);
	struct address peer = address_of(address, port);
	int waiting = sock_open(peer.any.sa_family, SOCK_STREAM, 0);

	sock_nonblocking(waiting);
	if (connect(waiting, &peer.any, peer.length) == 0 ||
	    errno != EINPROGRESS)
		tap_bail_errno("connect to a full queue");
	expect_fd(&expect, listener);
	expect_peer(&expect, queued, proto, "ESTABLISHED", address, port);
	expect_peer(&expect, waiting, proto, "SYN_SENT", address, port);
	expect_listed(&expect,
		      "%s that waits for an answer: SYN_SENT and the peer",
		      proto);
	expect_clear(&expect);
	close(waiting);
	close(queued);
	close(listener);
}

/* A socket that is connected to its own port. */
static void check_self(void)
{
	struct expect expect = { 0 };
	int sock = sock_open(AF_INET, SOCK_STREAM, 0);
	unsigned int port;

	sock_bind(sock, "127.0.0.1", 0);
	port = sock_port(sock);
	sock_connect(sock, "127.0.0.1", port);
	expect_peer(&expect, sock, "tcp", "ESTABLISHED", "127.0.0.1", port);
	expect_listed(&expect,
		      "tcp connected to itself: both ends the same, one row");
	expect_clear(&expect);
	close(sock);
}

static void check_udp(const char *address, const char *proto)
{
	struct expect expect = { 0 };
	struct address peer = address_of(address, 4242);
	int bound = sock_open(peer.any.sa_family, SOCK_DGRAM, 0);
	int sock = sock_open(peer.any.sa_family, SOCK_DGRAM, 0);

	sock_bind(bound, address, 0);
	sock_connect(bound, address, 4242);
	sock_connect(sock, address, 4243);
	expect_peer(&expect, bound, proto, "ESTABLISHED", address, 4242);
	expect_peer(&expect, sock, proto, "ESTABLISHED", address, 4243);
	expect_listed(&expect, "%s connected to %s: the full tuple", proto,
		      address);
	expect_clear(&expect);

	sock_disconnect(bound);
	sock_disconnect(sock);
	expect_fd(&expect, bound);
	expect_fd(&expect, sock);
	expect_listed(&expect, "%s disconnected again: without a peer", proto);
	expect_clear(&expect);
	close(bound);
	close(sock);
}

int main(void)
{
	tap_plan(9);
	net_enter_new();
	check_tcp("127.0.0.1", "tcp");
	check_tcp("::1", "tcp6");
	check_syn_sent("127.0.0.1", "tcp");
	check_syn_sent("::1", "tcp6");
	check_self();
	check_udp("127.0.0.1", "udp");
	check_udp("::1", "udp6");
	return tap_done();
}
