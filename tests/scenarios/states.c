// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * TCP sockets that a process holds, in every state that the loopback device
 * lets them stay in. The state is named, and a socket without a connection
 * shows no peer.
 */
#define _GNU_SOURCE
#include <unistd.h>

#include "lib/expect.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

static struct expect expect;

static void expect_state(int sock, const char *state)
{
	struct expected_row row;

	row_of_socket(&row, getpid(), sock, sock);
	row_set(&row, STATE, "%s", state);
	expect_row(&expect, &row);
}

static void check(struct connection c, const char *client, const char *server,
		  const char *situation)
{
	expect_state(c.client, client);
	expect_state(c.server, server);
	expect_listed(&expect, "%s: %s, and %s at the other end", situation,
		      client, server);
	expect_clear(&expect);
	tcp_reset_on_close(c.client);
	tcp_reset_on_close(c.server);
	close(c.client);
	close(c.server);
}

static struct connection connected(const char *address)
{
	int listener = tcp_listen(address, 1);
	struct connection c = tcp_connection(listener, address);

	close(listener);
	return c;
}

static void check_established(const char *address)
{
	check(connected(address), "ESTABLISHED", "ESTABLISHED", "connected");
}

static void check_half_closed(const char *address)
{
	struct connection c = connected(address);

	shutdown(c.client, SHUT_WR);
	tcp_wait_state(c.client, TCP_FIN_WAIT2);
	tcp_wait_state(c.server, TCP_CLOSE_WAIT);
	check(c, "FIN_WAIT2", "CLOSE_WAIT", "one end has finished");
}

/* What it must send before its FIN finds no room at the other end. */
static void check_stuck(const char *address)
{
	struct connection c = connected(address);

	tcp_fill(c.client);
	shutdown(c.client, SHUT_WR);
	tcp_wait_state(c.client, TCP_FIN_WAIT1);
	check(c, "FIN_WAIT1", "ESTABLISHED", "one end cannot send its FIN");
}

static void check_stuck_last(const char *address)
{
	struct connection c = connected(address);

	tcp_fill(c.client);
	shutdown(c.server, SHUT_WR);
	tcp_wait_state(c.client, TCP_CLOSE_WAIT);
	tcp_wait_state(c.server, TCP_FIN_WAIT2);
	shutdown(c.client, SHUT_WR);
	tcp_wait_state(c.client, TCP_LAST_ACK);
	check(c, "LAST_ACK", "FIN_WAIT2", "the second end cannot send its FIN");
}

static void check_stuck_closing(const char *address)
{
	struct connection c = connected(address);

	tcp_fill(c.client);
	shutdown(c.client, SHUT_WR);
	tcp_wait_state(c.client, TCP_FIN_WAIT1);
	shutdown(c.server, SHUT_WR);
	tcp_wait_state(c.client, TCP_CLOSING);
	tcp_wait_state(c.server, TCP_FIN_WAIT2);
	check(c, "CLOSING", "FIN_WAIT2",
	      "both ends finish, one FIN is not sent");
}

/* The process still holds a socket whose connection was reset. */
static void check_reset(const char *address)
{
	struct connection c = connected(address);

	tcp_reset_on_close(c.server);
	close(c.server);
	tcp_wait_state(c.client, TCP_CLOSE);
	/* The port that connect() chose is given back, its number is not. */
	expect_state(c.client, "CLOSE");
	expect_listed(&expect, "reset, on a port that connect() chose: CLOSE");
	expect_clear(&expect);
	close(c.client);

	c = connected(address);
	tcp_reset_on_close(c.client);
	close(c.client);
	tcp_wait_state(c.server, TCP_CLOSE);
	expect_state(c.server, "CLOSE");
	expect_listed(&expect, "reset, on the listener's port: CLOSE");
	expect_clear(&expect);
	close(c.server);
}

static void check_reset_bound(const char *address)
{
	int listener = tcp_listen(address, 1);
	struct address peer = address_of(address, sock_port(listener));
	int client = sock_open(peer.any.sa_family, SOCK_STREAM, 0);
	unsigned int port;
	int server;

	sock_bind(client, address, 0);
	port = sock_port(client);
	/* Only a port that the process asked for by number is kept. */
	close(client);
	client = sock_open(peer.any.sa_family, SOCK_STREAM, 0);
	sock_bind(client, address, port);
	sock_connect(client, address, sock_port(listener));
	server = tcp_accept(listener);
	tcp_reset_on_close(server);
	close(server);
	close(listener);
	tcp_wait_state(client, TCP_CLOSE);
	expect_state(client, "BOUND");
	expect_listed(&expect, "reset, on a port from bind(): BOUND");
	expect_clear(&expect);

	sock_disconnect(client);
	expect_state(client, "BOUND");
	expect_listed(&expect, "disconnected, on a port from bind(): BOUND");
	expect_clear(&expect);
	close(client);
}

static void check_listen(const char *address)
{
	int sock = tcp_listen(address, 1);

	expect_state(sock, "LISTEN");
	expect_listed(&expect, "listening: LISTEN");
	expect_clear(&expect);
	close(sock);
}

/* shutdown() ends listening; a port from bind() is kept, another is not. */
static void check_listen_ended(const char *address)
{
	struct address any = address_of(address, 0);
	int chosen = sock_open(any.any.sa_family, SOCK_STREAM, 0);
	int bound = sock_open(any.any.sa_family, SOCK_STREAM, 0);
	unsigned int port;

	if (listen(chosen, 1))
		tap_bail_errno("listen");
	sock_bind(bound, address, 0);
	port = sock_port(bound);
	close(bound);
	bound = sock_open(any.any.sa_family, SOCK_STREAM, 0);
	sock_bind(bound, address, port);
	if (listen(bound, 1))
		tap_bail_errno("listen");
	shutdown(chosen, SHUT_RDWR);
	shutdown(bound, SHUT_RDWR);
	expect_state(chosen, "CLOSE");
	expect_state(bound, "BOUND");
	expect_listed(&expect,
		      "listened: BOUND if bind() named the port, else CLOSE");
	expect_clear(&expect);
	close(chosen);
	close(bound);
}

/* The time-wait socket has the tuple now; the descriptor still has a socket. */
static void check_gone_to_timewait(const char *address)
{
	struct connection c = connected(address);
	struct expected_row timewait;

	row_of_timewait(&timewait, "TIME_WAIT", c.client);
	shutdown(c.client, SHUT_WR);
	tcp_wait_state(c.client, TCP_FIN_WAIT2);
	close(c.server);
	tcp_wait_state(c.client, TCP_CLOSE);
	expect_row(&expect, &timewait);
	expect_state(c.client, "CLOSE");
	expect_listed(&expect,
		      "held by a descriptor after TIME_WAIT took over: CLOSE");
	expect_clear(&expect);
	close(c.client);
}

int main(void)
{
	static const char *const addresses[] = { "127.0.0.1", "::1" };

	tap_plan(2 * 12);
	for (int i = 0; i < 2; i++) {
		/* A namespace of its own has no time-waits of the other. */
		net_enter_new();
		check_listen(addresses[i]);
		check_listen_ended(addresses[i]);
		check_established(addresses[i]);
		check_half_closed(addresses[i]);
		check_stuck(addresses[i]);
		check_stuck_last(addresses[i]);
		check_stuck_closing(addresses[i]);
		check_reset(addresses[i]);
		check_reset_bound(addresses[i]);
		check_gone_to_timewait(addresses[i]);
	}
	return tap_done();
}
