// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Connections that their process has closed and the kernel still finishes: they
 * have no holder and no inode. One whose close() lingers still has its inode.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

static struct expect expect;

static struct connection connected(const char *address)
{
	int listener = tcp_listen(address, 1);
	struct connection c = tcp_connection(listener, address);

	close(listener);
	return c;
}

static void check(const struct expected_row *orphan, int other,
		  const char *claim, const char *address)
{
	expect_row(&expect, orphan);
	expect_fd(&expect, other);
	expect_namespace(&expect);
	expect_listed(&expect, "%s, %s", address, claim);
	expect_clear(&expect);
	tcp_reset_on_close(other);
	close(other);
}

static void check_fin_wait1(const char *address)
{
	struct connection c = connected(address);
	struct expected_row row;

	tcp_fill(c.client);
	row_of_nobody(&row, "orphan", c.client);
	row_set(&row, STATE, "FIN_WAIT1");
	row_set(&row, INODE, "-");
	close(c.client);
	check(&row, c.server, "what it sent finds no room: FIN_WAIT1", address);
}

static void check_last_ack(const char *address)
{
	struct connection c = connected(address);
	struct expected_row row;

	tcp_fill(c.client);
	shutdown(c.server, SHUT_WR);
	tcp_wait_state(c.client, TCP_CLOSE_WAIT);
	tcp_wait_state(c.server, TCP_FIN_WAIT2);
	row_of_nobody(&row, "orphan", c.client);
	row_set(&row, STATE, "LAST_ACK");
	row_set(&row, INODE, "-");
	close(c.client);
	check(&row, c.server, "the second end has closed: LAST_ACK", address);
}

/* Longer than a time-wait socket lives, and so kept as a whole socket. */
static void check_fin_wait2(const char *address)
{
	struct connection c = connected(address);
	struct expected_row row;

	row_of_nobody(&row, "orphan", c.client);
	row_set(&row, STATE, "FIN_WAIT2");
	row_set(&row, INODE, "-");
	shutdown(c.client, SHUT_WR);
	tcp_wait_state(c.client, TCP_FIN_WAIT2);
	sysctl_set("net/ipv4/tcp_fin_timeout", "120");
	close(c.client);
	check(&row, c.server, "the other end stays: FIN_WAIT2", address);
	sysctl_set("net/ipv4/tcp_fin_timeout", "60");
}

static void *close_slowly(void *arg)
{
	close(*(int *)arg);
	return NULL;
}

static bool descriptor_is_closed(void *arg)
{
	return fcntl(*(int *)arg, F_GETFD) < 0;
}

/* close() waits until what was sent has arrived, for at most 30 seconds. */
static void check_lingering(const char *address)
{
	struct linger linger = { .l_onoff = 1, .l_linger = 30 };
	struct connection c = connected(address);
	struct expected_row row;
	pthread_t thread;
	char drain[65536];

	tcp_fill(c.client);
	fcntl(c.client, F_SETFL, 0);
	if (setsockopt(c.client, SOL_SOCKET, SO_LINGER, &linger,
		       sizeof(linger)))
		tap_bail_errno("SO_LINGER");
	row_of_nobody(&row, "orphan", c.client);
	row_set(&row, STATE, "FIN_WAIT1");
	if (pthread_create(&thread, NULL, close_slowly, &c.client))
		tap_bail("no thread");
	/* Whoever asks for the descriptor while it is closed is who lingers. */
	pause_ms(200);
	if (!wait_until(descriptor_is_closed, &c.client))
		tap_bail("close() has not begun");
	expect_row(&expect, &row);
	expect_fd(&expect, c.server);
	expect_namespace(&expect);
	expect_listed(&expect, "%s, its close() lingers: FIN_WAIT1", address);
	expect_clear(&expect);
	while (read(c.server, drain, sizeof(drain)) > 0)
		;
	close(c.server);
	pthread_join(thread, NULL);
}

int main(void)
{
	static const char *const addresses[] = { "127.0.0.1", "::1" };

	tap_plan(2 * 4);
	for (int i = 0; i < 2; i++) {
		const char *address = addresses[i];

		net_enter_new();
		check_fin_wait1(address);
		net_enter_new();
		check_last_ack(address);
		net_enter_new();
		check_fin_wait2(address);
		net_enter_new();
		check_lingering(address);
	}
	return tap_done();
}
