// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Several sockets on one address and port, or on one whole tuple. Every one
 * of them is listed.
 */
#define _GNU_SOURCE
#include <unistd.h>

#include "lib/child.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define NR_SOCKS 5
#define PORT	 8080

static int make(int type, int option, const char *address)
{
	int family = address_of(address, 0).any.sa_family;
	int sock = sock_open(family, type, 0);

	sock_option(sock, SOL_SOCKET, option, 1);
	sock_bind(sock, address, PORT);
	return sock;
}

static void check(int type, int option, const char *address, bool listens,
		  const char *claim)
{
	struct expect expect = { 0 };
	int socks[NR_SOCKS];

	for (int i = 0; i < NR_SOCKS; i++) {
		socks[i] = make(type, option, address);
		if (listens && listen(socks[i], 1))
			tap_bail_errno("listen");
		expect_fd(&expect, socks[i]);
	}
	expect_listed(&expect, "%s, %s", claim, address);
	expect_clear(&expect);
	for (int i = 0; i < NR_SOCKS; i++)
		close(socks[i]);
}

static void listen_too(int control, void *arg)
{
	int *inherited = arg;
	int sock = make(SOCK_STREAM, SO_REUSEPORT, "127.0.0.1");

	close(*inherited);
	if (listen(sock, 1))
		tap_bail_errno("listen");
	tell(control, sock);
	stay(control);
}

static void check_two_processes(void)
{
	int sock = make(SOCK_STREAM, SO_REUSEPORT, "127.0.0.1");
	struct expect expect = { 0 };
	struct child child;

	if (listen(sock, 1))
		tap_bail_errno("listen");
	child_start(&child, listen_too, &sock);
	expect_fd_of(&expect, child.pid, hear(child.control));
	expect_fd(&expect, sock);
	expect_listed(&expect, "SO_REUSEPORT listeners of two processes");
	expect_clear(&expect);
	child_stop(&child);
	close(sock);
}

/* UDP lets several sockets have both ends in common. */
static void check_connected(void)
{
	struct expect expect = { 0 };
	int socks[NR_SOCKS];

	for (int i = 0; i < NR_SOCKS; i++) {
		socks[i] = make(SOCK_DGRAM, SO_REUSEPORT, "127.0.0.1");
		sock_connect(socks[i], "127.0.0.1", 4242);
		expect_fd(&expect, socks[i]);
	}
	expect_listed(&expect, "udp, SO_REUSEPORT, all connected to one peer");
	expect_clear(&expect);
	for (int i = 0; i < NR_SOCKS; i++)
		close(socks[i]);
}

/* The same port for a listener, its connections, UDP, and both families. */
static void check_one_number(void)
{
	struct expect expect = { 0 };
	int listener = make(SOCK_STREAM, SO_REUSEADDR, "127.0.0.1");
	int bound = make(SOCK_STREAM, SO_REUSEADDR, "127.0.0.2");
	int six = make(SOCK_STREAM, SO_REUSEADDR, "::1");
	int udp = make(SOCK_DGRAM, SO_REUSEADDR, "127.0.0.1");
	struct connection connection;

	if (listen(listener, 1) || listen(six, 1))
		tap_bail_errno("listen");
	connection = tcp_connection(listener, "127.0.0.1");
	expect_fd(&expect, listener);
	expect_fd(&expect, bound);
	expect_fd(&expect, six);
	expect_fd(&expect, udp);
	expect_fd(&expect, connection.client);
	expect_fd(&expect, connection.server);
	expect_listed(&expect, "one port number for all kinds of sockets");
	expect_clear(&expect);
}

int main(void)
{
	tap_plan(9);
	net_enter_new();
	check(SOCK_STREAM, SO_REUSEPORT, "127.0.0.1", true,
	      "tcp listeners, SO_REUSEPORT");
	check(SOCK_STREAM, SO_REUSEPORT, "::1", true,
	      "tcp listeners, SO_REUSEPORT");
	check(SOCK_STREAM, SO_REUSEADDR, "127.0.0.1", false,
	      "tcp bound, SO_REUSEADDR");
	check(SOCK_DGRAM, SO_REUSEPORT, "0.0.0.0", false, "udp, SO_REUSEPORT");
	check(SOCK_DGRAM, SO_REUSEADDR, "127.0.0.1", false,
	      "udp, SO_REUSEADDR");
	check(SOCK_DGRAM, SO_REUSEADDR, "::", false, "udp, SO_REUSEADDR");
	check_two_processes();
	check_connected();
	check_one_number();
	return tap_done();
}
