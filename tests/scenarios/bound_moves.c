// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Thousands of sockets that are bound to one port and no more, held by no
 * process. Meanwhile others on that port try to connect, which moves each to
 * another place of the table of bound ports and back, are closed and come again.
 * What stays is listed once in every reading.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/deadline.h"
#include "lib/effort.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/ring.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define NR_STAY 1500
#define NR_MOVE 300

static struct expect expect;

static int on_port(unsigned int port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
	};
	int sock = sock_open(AF_INET, SOCK_STREAM, 0), on = 1;

	if (setsockopt(sock, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) ||
	    setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(sock, (struct sockaddr *)&address, sizeof(address)))
		tap_bail_errno("bind to port %u", port);
	return sock;
}

/* The tuple is in use: connect() fails after it has moved the socket. */
static void move(int control, void *arg)
{
	unsigned int port = *(unsigned int *)arg;
	int listener = tcp_listen("127.0.0.1", 8), socks[NR_MOVE];
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(sock_port(listener)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct sockaddr nowhere = { .sa_family = AF_UNSPEC };
	int first = on_port(port);

	if (connect(first, (struct sockaddr *)&to, sizeof(to)))
		tap_bail_errno("connect");
	for (int i = 0; i < NR_MOVE; i++)
		socks[i] = on_port(port);
	tell(control, 0);
	for (unsigned int i = 0;; i++) {
		int *sock = &socks[i % NR_MOVE];

		if (!connect(*sock, (struct sockaddr *)&to, sizeof(to)))
			connect(*sock, &nowhere, sizeof(nowhere));
		if (i % 7)
			continue;
		close(*sock);
		*sock = on_port(port);
	}
}

int main(void)
{
	const int nr_readings = times(100, 40, 15);
	static int socks[NR_STAY];
	unsigned int faults = 0, port = 5000;
	struct child child;
	double begun;

	tap_plan(1);
	allow_descriptors(8192);
	net_enter_new();
	for (int i = 0; i < NR_STAY; i++) {
		struct expected_row row;

		socks[i] = on_port(port);
		row_of_nobody(&row, "elsewhere", socks[i]);
		expect_row(&expect, &row);
		expect_socket(&expect, socks[i]);
	}
	ring_keep(socks, NR_STAY);
	for (int i = 0; i < NR_STAY; i++)
		close(socks[i]);
	child_start(&child, move, &port);
	hear(child.control);

	begun = now();
	for (int i = 0; i < nr_readings; i++) {
		struct listing listing;

		listing_read(&listing);
		faults += expect_differences(&expect, &listing) != 0;
		listing_free(&listing);
	}
	tap_diag("%d readings in %.1f s", nr_readings, now() - begun);
	tap_is_number(faults, 0,
		      "readings in which a socket that stays has not its row");
	child_stop(&child);
	return tap_done();
}
