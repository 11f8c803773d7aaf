// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Sockets whose file is kept by something that is no file table: a mapping, an
 * io_uring. They are held elsewhere. What was created while the listing was read
 * is not.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/deadline.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/ring.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define NR_NEW 3000
#define NR_RAW 300

static struct expect expect;

static void check_mapping(void)
{
	int listener = tcp_listen("127.0.0.1", 1);
	struct connection c = tcp_connection(listener, "127.0.0.1");
	struct expected_row row;
	void *mapping;

	mapping = mmap(NULL, 4096, PROT_READ, MAP_SHARED, c.client, 0);
	if (mapping == MAP_FAILED)
		tap_bail_errno("mmap of a TCP socket");
	row_of_nobody(&row, "elsewhere", c.client);
	expect_row(&expect, &row);
	close(c.client);
	expect_fd(&expect, listener);
	expect_fd(&expect, c.server);
	expect_namespace(&expect);
	expect_listed(&expect, "a mapping of a TCP socket");
	expect_clear(&expect);
	tcp_reset_on_close(c.server);
	close(c.server);
	munmap(mapping, 4096);
	close(listener);
}

/* Of each table one: established, listening, bound, UDP, UDP-Lite, raw. */
static void check_ring(int family, const char *address)
{
	int listener = tcp_listen(address, 1), kept[8], nr = 0, ring, sock;
	struct connection c = tcp_connection(listener, address);
	static const int protocols[] = { IPPROTO_UDP, IPPROTO_UDPLITE };

	kept[nr++] = listener;
	kept[nr++] = c.client;
	kept[nr++] = c.server;
	kept[nr] = sock_open(family, SOCK_STREAM, 0);
	sock_bind(kept[nr++], address, 0);
	for (size_t i = 0; i < ARRAY_SIZE(protocols); i++) {
		sock = socket(family, SOCK_DGRAM, protocols[i]);
		if (sock < 0) {
			tap_diag("no protocol %d", protocols[i]);
			continue;
		}
		sock_bind(sock, address, 0);
		kept[nr++] = sock;
	}
	kept[nr++] = sock_open(family, SOCK_RAW, IPPROTO_TCP);
	tcp_reset_on_close(c.client);
	tcp_reset_on_close(c.server);

	ring = ring_keep(kept, nr);
	for (int i = 0; i < nr; i++) {
		struct expected_row row;

		row_of_nobody(&row, "elsewhere", kept[i]);
		expect_row(&expect, &row);
		close(kept[i]);
	}
	expect_namespace(&expect);
	expect_listed(&expect, "registered with an io_uring, %s: %d sockets",
		      address, nr);
	expect_clear(&expect);
	close(ring);
	tap_ok(wait_until(expect_nothing_left, NULL),
	       "the io_uring is gone: no row");
}

/* More than fit at once, all in one bucket. */
static void check_many_raw(void)
{
	static int kept[NR_RAW];
	int ring;

	for (int i = 0; i < NR_RAW; i++) {
		struct expected_row row;

		kept[i] = sock_open(AF_INET, SOCK_RAW, IPPROTO_TCP);
		row_of_nobody(&row, "elsewhere", kept[i]);
		expect_row(&expect, &row);
	}
	ring = ring_keep(kept, NR_RAW);
	for (int i = 0; i < NR_RAW; i++)
		close(kept[i]);
	expect_namespace(&expect);
	expect_listed(&expect, "%d raw sockets of one protocol", NR_RAW);
	expect_clear(&expect);
	close(ring);
	tap_ok(wait_until(expect_nothing_left, NULL),
	       "the io_uring is gone: no row");
}

/* Half of the file is read when the sockets come. */
static void check_new(void)
{
	static int socks[NR_NEW];
	struct listing listing;
	int fd = open(LISTING_PATH, O_RDONLY | O_CLOEXEC);
	size_t length, elsewhere = 0;
	char *text, *whole, byte;

	if (read(fd, &byte, 1) != 1)
		tap_bail_errno("read of one byte");
	for (int i = 0; i < NR_NEW; i++) {
		socks[i] =
			sock_open(AF_INET, i % 2 ? SOCK_STREAM : SOCK_DGRAM, 0);
		sock_bind(socks[i], "127.0.0.1", 0);
	}
	text = slurp(fd, 4096, &length);
	if (!text || asprintf(&whole, "%c%s", byte, text) < 0)
		tap_bail_errno("reading on");
	listing_parse(&listing, whole, length + 1);
	for (size_t i = 0; i < listing.nr_rows; i++)
		elsewhere +=
			!strcmp(listing.rows[i].field[HOLDER], "elsewhere");
	tap_is_number(elsewhere, 0,
		      "%d sockets created during the reading: none elsewhere",
		      NR_NEW);
	listing_free(&listing);
	free(text);
	close(fd);
	for (int i = 0; i < NR_NEW; i++)
		close(socks[i]);
}

int main(void)
{
	tap_plan(1 + 2 * 2 + 2 + 1);
	allow_descriptors(NR_NEW + 100);
	net_enter_new();
	check_mapping();
	check_ring(AF_INET, "127.0.0.1");
	check_ring(AF_INET6, "::1");
	check_many_raw();
	check_new();
	return tap_done();
}
