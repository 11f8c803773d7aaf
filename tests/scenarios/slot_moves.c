// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Thousands of UDP sockets on one port, and of raw sockets of one protocol, held by
 * no process: each in one slot of its hash table. Others in front of them are closed
 * and come again. What stays is listed once in every reading.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
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
#define PORT	5000

static struct expect expect;

/* UDP: each on an address of its own; a raw socket just is there. */
static int make(int type, unsigned int host)
{
	int sock = sock_open(AF_INET, type, type == SOCK_RAW ? IPPROTO_TCP : 0);
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK + host),
		.sin_port = htons(PORT),
	};

	if (type == SOCK_DGRAM &&
	    bind(sock, (struct sockaddr *)&address, sizeof(address)))
		tap_bail_errno("bind");
	return sock;
}

static void move(int control, void *arg)
{
	int type = *(int *)arg, socks[NR_MOVE];

	for (unsigned int i = 0; i < NR_MOVE; i++)
		socks[i] = make(type, NR_STAY + i);
	tell(control, 0);
	for (unsigned int i = 0;; i++) {
		close(socks[i % NR_MOVE]);
		socks[i % NR_MOVE] = make(type, NR_STAY + i % NR_MOVE);
	}
}

static void check(int type, const char *name)
{
	static int socks[NR_STAY];
	const int nr_readings = times(60, 20, 8);
	unsigned int faults = 0;
	struct child child;
	double begun;
	int ring;

	for (unsigned int i = 0; i < NR_STAY; i++) {
		struct expected_row row;

		socks[i] = make(type, i);
		row_of_nobody(&row, "elsewhere", socks[i]);
		expect_row(&expect, &row);
		expect_socket(&expect, socks[i]);
	}
	ring = ring_keep(socks, NR_STAY);
	for (unsigned int i = 0; i < NR_STAY; i++)
		close(socks[i]);
	child_start(&child, move, &type);
	hear(child.control);

	begun = now();
	for (int i = 0; i < nr_readings; i++) {
		struct listing listing;

		listing_read(&listing);
		faults += expect_differences(&expect, &listing) != 0;
		listing_free(&listing);
	}
	tap_diag("%s: %d readings in %.1f s", name, nr_readings, now() - begun);
	tap_is_number(faults, 0, "%s: readings in which one that stays is not",
		      name);
	child_stop(&child);
	close(ring);
	expect_clear(&expect);
}

int main(void)
{
	tap_plan(2);
	allow_descriptors(8192);
	net_enter_new();
	check(SOCK_DGRAM, "UDP");
	check(SOCK_RAW, "raw");
	return tap_done();
}
