// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Packets from another namespace, by two wires, and from this one, at random, to
 * a receivers of sockets that are bound in all ways: who the kernel hands it to is who
 * the query packet= names before.
 */
#define _GNU_SOURCE
#include <stddef.h>

#include "lib/array.h"
#include "lib/receivers.h"
#include "lib/tap.h"

#define NR_UDP 400
#define NR_TCP 250

static const struct spec chosen[] = {
	/* Wildcard and specific addresses of both families. */
	{ .address = "0.0.0.0", .port = 7001, .shares = true },
	{ .address = "192.168.1.1", .port = 7001, .shares = true },
	{ .address = "127.0.0.1", .port = 7001, .shares = true },
	{ .address = "::", .port = 7001, .shares = true, .v6only = true },
	{ .address = "fd00:1::1", .port = 7001, .shares = true },
	{ .address = "fe80::1", .port = 7001, .shares = true, .dev = "red" },
	/* Dual-stack, and one address of IPv4. */
	{ .address = "::", .port = 7002, .shares = true },
	{ .address = "127.9.9.9", .port = 7002, .shares = true },
	/* On one of the interfaces. */
	{ .address = "0.0.0.0", .port = 7003, .dev = "red" },
	{ .address = "0.0.0.0", .port = 7003, .dev = "lo" },
	{ .address = "::", .port = 7003, .dev = "red", .v6only = true },
	{ .address = "::", .port = 7003, .dev = "blue", .v6only = true },
	/* Groups; one that is on an interface takes it all there. */
	{ .address = "0.0.0.0", .port = 7004, .reuseport = true },
	{ .address = "0.0.0.0", .port = 7004, .reuseport = true },
	{ .address = "0.0.0.0", .port = 7004, .reuseport = true },
	{ .address = "0.0.0.0", .port = 7004, .reuseport = true },
	{ .address = "0.0.0.0", .port = 7004, .reuseport = true, .dev = "blue" },
	{ .address = "0.0.0.0", .port = 7004, .reuseport = true, .dev = "blue" },
	{ .address = "127.0.0.1", .port = 7004, .reuseport = true },
	{ .address = "127.0.0.1", .port = 7004, .reuseport = true },
	{ .address = "127.0.0.1", .port = 7004, .reuseport = true },
	{ .address = "::", .port = 7004, .reuseport = true, .v6only = true },
	{ .address = "::", .port = 7004, .reuseport = true, .v6only = true },
	{ .address = "::", .port = 7004, .reuseport = true, .v6only = true },
	{ .address = "fd00:1::1", .port = 7004, .reuseport = true },
	{ .address = "fd00:1::1", .port = 7004, .reuseport = true },
	/* A dual-stack group. */
	{ .address = "::", .port = 7005, .reuseport = true },
	{ .address = "::", .port = 7005, .reuseport = true },
	{ .address = "::", .port = 7005, .reuseport = true },
	{ .address = "::", .port = 7005, .reuseport = true },
	{ .address = "::", .port = 7005, .reuseport = true },
};

static const char *const devs[] = { "red", "blue", "lo" };

int main(int argc, char **argv)
{
	struct wires wires;
	struct receivers receivers = {
		.wires = &wires,
		.ways = ways,
		.nr_ways = nr_ways,
		.chosen = chosen,
		.nr_chosen = ARRAY_SIZE(chosen),
		.devs = devs,
		.nr_devs = ARRAY_SIZE(devs),
	};

	tap_plan(4);
	receivers_begin(argc > 1 ? argv[1] : NULL);
	wires_lay(&wires);
	receivers_get_datagrams(&receivers, NR_UDP);
	receivers_get_connections(&receivers, NR_TCP);
	return tap_done();
}
