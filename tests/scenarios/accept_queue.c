// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Finished connections that nobody has accepted. They belong to no process yet,
 * and to exactly one listener.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/deadline.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"
#include "lib/timewait.h"

#define NR_MANY	       600
#define NR_GROUP       4
#define NR_SHARED      40
#define NR_LARGE_GROUP 100
#define NR_OTHERS      20

static struct expect expect;

static void check_waiting(const char *address)
{
	int listener = tcp_listen(address, 8);
	int client = tcp_connect_waiting(address, listener);
	struct expected_row row;
	int server;

	row_of_accept(&row, client, listener, "ESTABLISHED");
	expect_row(&expect, &row);
	expect_fd(&expect, client);
	expect_fd(&expect, listener);
	expect_namespace(&expect);
	expect_listed(&expect, "%s: not accepted", address);
	expect_clear(&expect);

	server = tcp_accept(listener);
	expect_fd(&expect, client);
	expect_fd(&expect, listener);
	expect_fd(&expect, server);
	expect_namespace(&expect);
	expect_listed(&expect, "%s: accepted", address);
	expect_clear(&expect);
	tcp_reset_on_close(client);
	close(client);
	close(server);
	close(listener);
}

/* A dual-stack listener's child of an IPv4 client is an IPv6 socket. */
static void check_mapped(void)
{
	int listener = tcp_listen("::", 8);
	int client = tcp_connect_waiting("127.0.0.1", listener);
	struct expected_row row;

	row_of_accept(&row, client, listener, "ESTABLISHED");
	row_set(&row, PROTO, "tcp6");
	row_set(&row, LADDR, "::ffff:127.0.0.1");
	row_set(&row, RADDR, "::ffff:127.0.0.1");
	expect_row(&expect, &row);
	expect_fd(&expect, client);
	expect_fd(&expect, listener);
	expect_namespace(&expect);
	expect_listed(&expect, "v4-mapped, on a dual-stack listener");
	expect_clear(&expect);
	tcp_reset_on_close(client);
	close(client);
	close(listener);
}

static void check_closed_by_peer(void)
{
	int listener = tcp_listen("127.0.0.1", 8);
	int client = tcp_connect_waiting("127.0.0.1", listener);
	struct expected_row row;

	row_of_accept(&row, client, listener, "CLOSE_WAIT");
	expect_row(&expect, &row);
	shutdown(client, SHUT_WR);
	tcp_wait_state(client, TCP_FIN_WAIT2);
	expect_fd(&expect, client);
	expect_fd(&expect, listener);
	expect_namespace(&expect);
	expect_listed(&expect,
		      "the client has finished: CLOSE_WAIT, not accepted");
	expect_clear(&expect);
	tcp_reset_on_close(client);
	close(client);
	close(listener);
}

struct group {
	const int *listeners;
	int nr_listeners;
	unsigned int nr_shared;
};

static bool all_wait(void *arg)
{
	const struct group *group = arg;
	unsigned int number = 0;

	for (int i = 0; i < group->nr_listeners; i++)
		number += tcp_waiting(group->listeners[i]);
	return number == group->nr_shared;
}

/* What accept() later says is the truth about which listener it was. */
static void check_group(int nr_group, int nr_shared)
{
	int listeners[NR_LARGE_GROUP], clients[NR_MANY];
	struct group group = { listeners, nr_group, nr_shared };
	struct listing listing;
	unsigned int port = 0;
	size_t right = 0, rows = 0;

	for (int i = 0; i < nr_group; i++) {
		listeners[i] = sock_open(AF_INET, SOCK_STREAM, 0);
		sock_option(listeners[i], SOL_SOCKET, SO_REUSEPORT, 1);
		sock_bind(listeners[i], "127.0.0.1", port);
		if (listen(listeners[i], nr_shared))
			tap_bail_errno("listen");
		port = sock_port(listeners[i]);
	}
	for (int i = 0; i < nr_shared; i++)
		clients[i] = tcp_connect("127.0.0.1", port);
	if (!wait_until(all_wait, &group))
		tap_bail("of %d connections some never wait", nr_shared);
	listing_read(&listing);
	for (int i = 0; i < nr_group; i++) {
		sock_nonblocking(listeners[i]);
		for (;;) {
			struct address peer = { .length = sizeof(peer.v4) };
			int server =
				accept(listeners[i], &peer.any, &peer.length);

			if (server < 0)
				break;
			for (size_t r = 0; r < listing.nr_rows; r++) {
				const char *const *field =
					listing.rows[r].field;

				if (strcmp(field[HOLDER], "accept") ||
				    (unsigned int)atoi(field[LPORT]) != port ||
				    atoi(field[RPORT]) !=
					    ntohs(peer.v4.sin_port))
					continue;
				rows++;
				right += strtoul(field[VIA], NULL, 10) ==
					 sock_inode(listeners[i]);
			}
			tcp_reset_on_close(server);
			close(server);
		}
		close(listeners[i]);
	}
	tap_is_number(rows, nr_shared,
		      "%d with SO_REUSEPORT: each connection waits once",
		      nr_group);
	tap_is_number(right, nr_shared,
		      "%d with SO_REUSEPORT: for the listener that returns it",
		      nr_group);
	listing_free(&listing);
	for (int i = 0; i < nr_shared; i++)
		close(clients[i]);
}

/* Listeners of which one has a queue, on ports of their own. */
static void with_others(void (*check)(int, int), int nr_group, int nr_shared)
{
	int listeners[NR_OTHERS], clients[NR_OTHERS];

	for (int i = 0; i < NR_OTHERS; i++) {
		listeners[i] = tcp_listen("127.0.0.2", 1);
		clients[i] = tcp_connect_waiting("127.0.0.2", listeners[i]);
	}
	check(nr_group, nr_shared);
	for (int i = 0; i < NR_OTHERS; i++) {
		tcp_reset_on_close(clients[i]);
		close(clients[i]);
		close(listeners[i]);
	}
}

static void check_many(void)
{
	int listener = tcp_listen("127.0.0.1", NR_MANY);
	int clients[NR_MANY];
	struct expected_row row;

	for (int i = 0; i < NR_MANY; i++) {
		clients[i] = tcp_connect_waiting("127.0.0.1", listener);
		row_of_accept(&row, clients[i], listener, "ESTABLISHED");
		expect_row(&expect, &row);
		expect_fd(&expect, clients[i]);
	}
	expect_fd(&expect, listener);
	expect_namespace(&expect);
	expect_listed(&expect, "%d of them in one queue", NR_MANY);
	expect_clear(&expect);
	for (int i = 0; i < NR_MANY; i++) {
		tcp_reset_on_close(clients[i]);
		close(clients[i]);
	}
	close(listener);
}

static bool is_handshake_over(void *arg)
{
	(void)arg;
	return !tcp_count(TCP_SYN_RECV);
}

/* The child of a Fast Open SYN is there before the handshake has ended. */
static void check_fast_open(void)
{
	int listener = tcp_listen("127.0.0.1", 8);
	int client = sock_open(AF_INET, SOCK_STREAM, 0);
	struct address to = address_of("127.0.0.1", sock_port(listener));
	struct expected_row row;
	struct listing listing;

	sysctl_set("net/ipv4/tcp_fastopen", "1027"); /* both, no cookie */
	sock_option(listener, IPPROTO_TCP, TCP_FASTOPEN, 8);
	if (sendto(client, "early", 5, MSG_FASTOPEN, &to.any, to.length) != 5)
		tap_bail_errno("MSG_FASTOPEN");
	tcp_wait_state(client, TCP_ESTABLISHED);
	tcp_wait_waiting(listener, 1);
	if (!wait_until(is_handshake_over, NULL))
		tap_bail("the handshake does not end");
	row_of_accept(&row, client, listener, "ESTABLISHED");
	expect_row(&expect, &row);
	expect_fd(&expect, client);
	expect_fd(&expect, listener);
	expect_namespace(&expect);
	listing_read(&listing);
	expect_in(&expect, &listing, "a Fast Open child");
	listing_free(&listing);
	expect_clear(&expect);
	tcp_reset_on_close(client);
	close(client);
	close(listener);
}

int main(void)
{
	tap_plan(2 * 2 + 1 + 1 + 2 * 2 + 1 + 1);
	allow_descriptors(4096);
	net_enter_new();
	sysctl_set("net/core/somaxconn", "4096");
	check_waiting("127.0.0.1");
	check_waiting("::1");
	check_mapped();
	check_closed_by_peer();
	check_group(NR_GROUP, NR_SHARED);
	with_others(check_group, NR_LARGE_GROUP, NR_MANY);
	check_many();
	check_fast_open();
	return tap_done();
}
