// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Protocols that are modules: SCTP with sockets of both styles, and DCCP where the
 * kernel has it.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/ring.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define DCCP_SERVICE   2 /* DCCP_SOCKOPT_SERVICE */
#define SCTP_BINDX_ADD 100 /* SCTP_SOCKOPT_BINDX_ADD */

#define NR_MANY 300 /* more than fit at once */

static struct expect expect;

/* What the other end of @sock's connection shows, as row of nobody. */
static void row_of_peer(struct expected_row *row, const char *holder, int sock,
			int via)
{
	struct expected_row own;

	row_of_nobody(row, holder, sock);
	own = *row;
	strcpy(row->field[LADDR], own.field[RADDR]);
	strcpy(row->field[LPORT], own.field[RPORT]);
	strcpy(row->field[RADDR], own.field[LADDR]);
	strcpy(row->field[RPORT], own.field[LPORT]);
	row_set(row, INODE, "-");
	row_set(row, STATE, "ESTABLISHED");
	row_set(row, VIA, "%lu", sock_inode(via));
}

static int made(int family, int type, int protocol, const char *address)
{
	int sock = socket(family, type, protocol);
	int service = htonl(42);

	if (sock < 0)
		return -1;
	if (protocol == IPPROTO_DCCP &&
	    setsockopt(sock, SOL_DCCP, DCCP_SERVICE, &service, sizeof(service)))
		tap_bail_errno("a DCCP service");
	sock_bind(sock, address, 0);
	return sock;
}

/* A listener, a connection that waits, one that is accepted. */
static void check_streams(int family, int type, int protocol,
			  const char *address)
{
	const char *name = protocol == IPPROTO_SCTP ? "SCTP" : "DCCP";
	int listener = made(family, type, protocol, address);
	struct pollfd waiting = { .fd = listener, .events = POLLIN };
	int clients[2], server, bound, ring;
	struct expected_row row;

	if (listener < 0) {
		for (int i = 0; i < 2; i++)
			tap_skip("this kernel has no such protocol", "%s, %s",
				 name, address);
		return;
	}
	if (listen(listener, 4))
		tap_bail_errno("listen");
	for (int i = 0; i < 2; i++) {
		clients[i] = made(family, type, protocol, address);
		sock_connect(clients[i], address, sock_port(listener));
	}
	server = tcp_accept(listener);
	/* connect() returns before the last packet has come to the listener. */
	if (poll(&waiting, 1, PATIENCE * 1000) != 1)
		tap_bail("%s: the second connection never waits", name);
	bound = made(family, type, protocol, address);

	expect_fd(&expect, listener);
	expect_fd(&expect, clients[0]);
	expect_fd(&expect, clients[1]);
	expect_fd(&expect, server);
	expect_fd(&expect, bound);
	row_of_peer(&row, "accept", clients[1], listener);
	expect_row(&expect, &row);
	expect_namespace(&expect);
	expect_listed(&expect,
		      "%s, %s: listening, connected, accepted, waiting", name,
		      address);
	expect_clear(&expect);

	ring = ring_keep(&listener, 1);
	row_of_nobody(&row, "elsewhere", listener);
	expect_row(&expect, &row);
	row_of_peer(&row, "accept", clients[1], listener);
	expect_row(&expect, &row);
	close(listener);
	expect_fd(&expect, clients[0]);
	expect_fd(&expect, clients[1]);
	expect_fd(&expect, server);
	expect_fd(&expect, bound);
	expect_namespace(&expect);
	expect_listed(&expect, "%s, %s: the listener is held by an io_uring",
		      name, address);
	expect_clear(&expect);
	close(ring);
	close(clients[0]);
	close(clients[1]);
	close(server);
	close(bound);
}

/*
 * Every association of such a socket is a connection. Something in an io_uring makes
 * the listing look twice.
 */
static void check_one_to_many(int family, const char *address, int nr)
{
	int clients[NR_MANY], kept = udp_open("127.0.0.1"), ring;
	int many = made(family, SOCK_SEQPACKET, IPPROTO_SCTP, address);
	struct expected_row row;

	if (many < 0) {
		tap_skip("this kernel has no SCTP", "one-to-many, %s", address);
		return;
	}
	if (listen(many, 4))
		tap_bail_errno("listen");
	for (int i = 0; i < nr; i++) {
		clients[i] = made(family, SOCK_STREAM, IPPROTO_SCTP, address);
		sock_connect(clients[i], address, sock_port(many));
		row_of_peer(&row, "assoc", clients[i], many);
		expect_row(&expect, &row);
		expect_fd(&expect, clients[i]);
	}
	expect_fd(&expect, many);
	ring = ring_keep(&kept, 1);
	row_of_nobody(&row, "elsewhere", kept);
	expect_row(&expect, &row);
	close(kept);
	expect_namespace(&expect);
	expect_listed(&expect, "one-to-many, %s: the socket, %d associations",
		      address, nr);
	expect_clear(&expect);
	close(ring);
	for (int i = 0; i < nr; i++)
		close(clients[i]);
	close(many);
}

/* One association, by whichever of its paths, of an IPv6 socket with IPv4. */
static void check_paths(void)
{
	int many = made(AF_INET6, SOCK_SEQPACKET, IPPROTO_SCTP,
			"::ffff:127.0.0.1");
	struct address other = address_of("::ffff:127.0.0.2", 0);
	struct expected_row row;
	int client;

	if (many < 0) {
		tap_skip("this kernel has no SCTP", "two addresses");
		return;
	}
	other.v6.sin6_port = htons(sock_port(many));
	if (setsockopt(many, IPPROTO_SCTP, SCTP_BINDX_ADD, &other,
		       sizeof(other.v6)))
		tap_bail_errno("a second address");
	if (listen(many, 4))
		tap_bail_errno("listen");
	client = made(AF_INET, SOCK_STREAM, IPPROTO_SCTP, "127.0.0.1");
	sock_connect(client, "127.0.0.1", sock_port(many));
	row_of_peer(&row, "assoc", client, many);
	row_set(&row, PROTO, "sctp6");
	row_set(&row, LADDR, "::ffff:127.0.0.1");
	row_set(&row, RADDR, "::ffff:127.0.0.1");
	expect_row(&expect, &row);
	expect_fd(&expect, client);
	expect_fd(&expect, many);
	expect_namespace(&expect);
	expect_listed(&expect, "one association with two paths, v4-mapped");
	expect_clear(&expect);
	close(client);
	close(many);
}

int main(void)
{
	tap_plan(4 * 2 + 2 + 1);
	allow_descriptors(NR_MANY + 100);
	/* Debian does not let the kernel load it by itself. */
	system("modprobe -q -a dccp_ipv4 dccp_ipv6 2>/dev/null");
	net_enter_new();
	check_streams(AF_INET, SOCK_STREAM, IPPROTO_SCTP, "127.0.0.1");
	net_enter_new();
	check_streams(AF_INET6, SOCK_STREAM, IPPROTO_SCTP, "::1");
	net_enter_new();
	check_streams(AF_INET, SOCK_DCCP, IPPROTO_DCCP, "127.0.0.1");
	net_enter_new();
	check_streams(AF_INET6, SOCK_DCCP, IPPROTO_DCCP, "::1");
	net_enter_new();
	check_one_to_many(AF_INET, "127.0.0.1", NR_MANY);
	net_enter_new();
	check_one_to_many(AF_INET6, "::1", 3);
	net_enter_new();
	check_paths();
	return tap_done();
}
