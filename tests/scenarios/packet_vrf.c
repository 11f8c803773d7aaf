// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * The same as the scenario packet, where one of the wires ends in a VRF: sockets
 * may be bound to the VRF, to its interface, or to none; these get packets of the
 * VRF if a sysctl says so.
 */
#define _GNU_SOURCE
#include <stddef.h>

#include "lib/array.h"
#include "lib/net.h"
#include "lib/receivers.h"
#include "lib/tap.h"

#define NR_UDP 200
#define NR_TCP 120
#define VRF    "vrf"

static const struct way vrf_ways[] = {
	{ "red", "192.168.1.2", "192.168.1.1", false },
	{ "red", "192.168.1.3", "192.168.1.1", false },
	{ "blue", "192.168.2.2", "192.168.2.1", false },
	{ "lo", "127.0.0.1", "127.0.0.1", true },
	{ "red", "fd00:1::2", "fd00:1::1", false },
	{ "red", "fd00:1::3", "fd00:1::1", false },
	{ "blue", "fd00:2::2", "fd00:2::1", false },
	{ "red", "fe80::2", "fe80::1", false },
	{ "blue", "fe80::2", "fe80::1", false },
	{ "lo", "::1", "::1", true },
};

static const struct spec chosen[] = {
	/* Everywhere, and in the VRF. */
	{ .address = "0.0.0.0", .port = 7001, .shares = true },
	{ .address = "0.0.0.0", .port = 7001, .shares = true, .dev = VRF },
	{ .address = "::", .port = 7001, .shares = true, .v6only = true },
	{ .address = "::",
	  .port = 7001,
	  .shares = true,
	  .v6only = true,
	  .dev = VRF },
	/* In the VRF, and on its interface. */
	{ .address = "0.0.0.0", .port = 7002, .shares = true, .dev = VRF },
	{ .address = "0.0.0.0", .port = 7002, .shares = true, .dev = "red" },
	{ .address = "::",
	  .port = 7002,
	  .shares = true,
	  .v6only = true,
	  .dev = VRF },
	{ .address = "::",
	  .port = 7002,
	  .shares = true,
	  .v6only = true,
	  .dev = "red" },
	/* Dual-stack, everywhere. */
	{ .address = "::", .port = 7003, .shares = true },
	/* Groups. */
	{ .address = "0.0.0.0", .port = 7004, .reuseport = true },
	{ .address = "0.0.0.0", .port = 7004, .reuseport = true },
	{ .address = "0.0.0.0", .port = 7004, .reuseport = true, .dev = VRF },
	{ .address = "0.0.0.0", .port = 7004, .reuseport = true, .dev = VRF },
	{ .address = "0.0.0.0", .port = 7004, .reuseport = true, .dev = VRF },
	{ .address = "::", .port = 7004, .reuseport = true, .v6only = true },
	{ .address = "::", .port = 7004, .reuseport = true, .v6only = true },
	{ .address = "::",
	  .port = 7004,
	  .reuseport = true,
	  .v6only = true,
	  .dev = VRF },
	{ .address = "::",
	  .port = 7004,
	  .reuseport = true,
	  .v6only = true,
	  .dev = VRF },
	/* Addresses of the VRF. */
	{ .address = "192.168.1.1", .port = 7005, .shares = true, .dev = VRF },
	{ .address = "192.168.1.1", .port = 7005, .shares = true, .dev = "red" },
	{ .address = "fd00:1::1", .port = 7005, .shares = true, .dev = VRF },
	{ .address = "fe80::1", .port = 7005, .shares = true, .dev = "red" },
};

static const char *const devs[] = { "red", VRF, "blue", "lo" };

int main(int argc, char **argv)
{
	struct wires wires;
	struct receivers receivers = {
		.wires = &wires,
		.ways = vrf_ways,
		.nr_ways = ARRAY_SIZE(vrf_ways),
		.chosen = chosen,
		.nr_chosen = ARRAY_SIZE(chosen),
		.devs = devs,
		.nr_devs = ARRAY_SIZE(devs),
	};

	if (!wires_lay_vrf(&wires, VRF)) {
		tap_plan(1);
		tap_skip("this kernel has no VRF", "packets to a VRF");
		return tap_done();
	}
	tap_plan(8);
	receivers_begin(argc > 1 ? argv[1] : NULL);
	for (int accept = 0; accept < 2; accept++) {
		const char *value = accept ? "1" : "0";

		tap_diag("l3mdev_accept=%s", value);
		sysctl_set("net/ipv4/udp_l3mdev_accept", value);
		sysctl_set("net/ipv4/tcp_l3mdev_accept", value);
		receivers_get_datagrams(&receivers, NR_UDP);
		receivers_get_connections(&receivers, NR_TCP);
	}
	wires_leave_vrf(VRF);
	return tap_done();
}
