// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * connect() has taken a port, and then another socket binds to it and does no more, in
 * every way that the kernel allows. No process holds that one: it is listed, also if
 * its port is asked for, and still after the connection is gone. Nor is one lost that
 * connects from there, sees the first connection go, and then loses its own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/ask.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/ring.h"
#include "lib/sock.h"
#include "lib/tap.h"

static const struct {
	int family;
	const char *text;
} addresses[] = {
	{ AF_INET, "0.0.0.0" },	  { AF_INET, "127.0.0.1" },
	{ AF_INET, "127.0.0.2" }, { AF_INET6, "::" },
	{ AF_INET6, "::1" },	  { AF_INET6, "::ffff:127.0.0.1" },
};

/* Bit 0: SO_REUSEADDR, bit 1: SO_REUSEPORT. */
#define WAYS 4

#define NR_PAIRS (ARRAY_SIZE(addresses) * WAYS * WAYS)

static struct expect expect;
static int kept[NR_PAIRS], connected[NR_PAIRS], accepted[NR_PAIRS];
static unsigned int ports[NR_PAIRS];

static void set_way(int sock, int way)
{
	sock_option(sock, SOL_SOCKET, SO_REUSEADDR, way & 1);
	sock_option(sock, SOL_SOCKET, SO_REUSEPORT, way >> 1);
}

/* Return: a connection whose port the kernel has chosen. */
static int connect_in_way(int listener, int way)
{
	int sock = sock_open(AF_INET, SOCK_STREAM, 0);

	set_way(sock, way);
	sock_connect(sock, "127.0.0.1", sock_port(listener));
	return sock;
}

/* Return: a socket that is bound, -1 if the kernel does not allow it. */
static int bind_in_way(size_t at, unsigned int port, int way)
{
	struct address to = address_of(addresses[at].text, port);
	int sock = sock_open(addresses[at].family, SOCK_STREAM, 0);

	set_way(sock, way);
	if (!bind(sock, &to.any, to.length))
		return sock;
	if (errno != EADDRINUSE)
		tap_bail_errno("bind to %s", addresses[at].text);
	close(sock);
	return -1;
}

static void expect_kept(int sock)
{
	struct expected_row row;

	row_of_nobody(&row, "elsewhere", sock);
	expect_row(&expect, &row);
}

static void expect_held(int listener, size_t nr)
{
	expect_fd(&expect, listener);
	for (size_t i = 0; i < nr; i++) {
		expect_fd(&expect, connected[i]);
		expect_fd(&expect, accepted[i]);
	}
	expect_namespace(&expect);
}

/* The kernel may take the port for one of connections alone when the first one goes. */
static void check_connected(int way, bool by_peer)
{
	int listener, second_listener, first, accepted_first, second, other;

	net_enter_new();
	listener = tcp_listen("127.0.0.1", 1);
	second_listener = tcp_listen("127.0.0.1", 1);
	first = connect_in_way(listener, way);
	accepted_first = tcp_accept(listener);
	second = bind_in_way(0, sock_port(first), way);
	if (second < 0)
		tap_bail("way %d: the port is not shared", way);
	sock_connect(second, "127.0.0.1", sock_port(second_listener));
	other = tcp_accept(second_listener);
	tcp_reset_on_close(first);
	tcp_reset_on_close(accepted_first);
	close(first);
	close(accepted_first);
	tcp_reset_on_close(other);
	if (!by_peer)
		sock_disconnect(second);
	close(other);
	close(second_listener);
	tcp_wait_state(second, TCP_CLOSE);

	expect_kept(second);
	kept[0] = second;
	ring_keep(kept, 1);
	close(second);
	expect_namespace(&expect);
	expect_fd(&expect, listener);
	expect_listed(&expect, "way %d, whose connection %s", way,
		      by_peer ? "was reset" : "it gave up");
	expect_clear(&expect);
	close(listener);
}

int main(void)
{
	size_t nr = 0, missing = 0;
	int listener;
	char query[64];

	tap_plan(4 + 2 * 2);
	allow_descriptors(1024);
	for (int way = 1; way < 3; way++) {
		check_connected(way, true);
		check_connected(way, false);
	}
	net_enter_new();
	listener = tcp_listen("127.0.0.1", 1);
	for (size_t i = 0; i < NR_PAIRS; i++) {
		int sock = connect_in_way(listener, i % WAYS), other;

		other = tcp_accept(listener);
		ports[nr] = sock_port(sock);
		kept[nr] = bind_in_way(i / WAYS / WAYS, ports[nr],
				       i / WAYS % WAYS);
		tcp_reset_on_close(sock);
		tcp_reset_on_close(other);
		if (kept[nr] < 0) {
			close(sock);
			close(other);
			continue;
		}
		connected[nr] = sock;
		accepted[nr++] = other;
	}
	tap_diag("%zu of %zu pairs share a port", nr, NR_PAIRS);
	tap_ok(nr > ARRAY_SIZE(addresses), "the kernel allows many");

	for (size_t i = 0; i < nr; i++)
		expect_kept(kept[i]);
	ring_keep(kept, nr);
	for (size_t i = 0; i < nr; i++)
		close(kept[i]);
	expect_held(listener, nr);
	expect_listed(&expect, "who has bound to the port of a connection");
	for (size_t i = 0; i < nr; i++) {
		/* Another namespace may have one with the same port. */
		snprintf(query, sizeof(query),
			 "holder=elsewhere lport=%u netns=%lu", ports[i],
			 netns_of_socket(listener));
		missing += ask_count(query) != 1;
	}
	tap_is_number(missing, 0, "ports that are asked for and not found");

	for (size_t i = 0; i < nr; i++) {
		close(connected[i]);
		close(accepted[i]);
	}
	snprintf(query, sizeof(query), "holder=elsewhere state=BOUND netns=%lu",
		 netns_of_socket(listener));
	tap_is_number(ask_count(query), nr,
		      "the connections are gone, and they are there");
	return tap_done();
}
