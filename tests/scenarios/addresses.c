// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Addresses of all kinds. Each is written as RFC 5952 says, v4-mapped ones with
 * their IPv4 part dotted.
 */
#define _GNU_SOURCE
#include <unistd.h>

#include "lib/array.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

#ifndef IPV6_FREEBIND
#define IPV6_FREEBIND 78
#endif
#ifndef IPV6_ADDRFORM
#define IPV6_ADDRFORM 1
#endif

/* Bound without being an address of this machine. */
static const struct {
	const char *address;
	const char *listed;
} written[] = {
	{ "192.0.2.1", "192.0.2.1" },
	{ "255.255.255.255", "255.255.255.255" },
	{ "224.0.0.251", "224.0.0.251" },
	{ "0.0.0.0", "0.0.0.0" },
	{ "::", "::" },
	{ "::1", "::1" },
	{ "2001:db8::1", "2001:db8::1" },
	{ "2001:0DB8:0000:0000:0000:0000:0000:00AB", "2001:db8::ab" },
	{ "2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6" },
	/* One group of zeroes is not shortened. */
	{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
	{ "2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
	/* The longest run is; of two equal ones the first. */
	{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
	{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
	{ "2001:db8:1:1:1:1:1:0", "2001:db8:1:1:1:1:1:0" },
	{ "2001:db8:1::", "2001:db8:1::" },
	{ "0:1:1:1:1:1:1:1", "0:1:1:1:1:1:1:1" },
	{ "0:0:1:1:1:1:1:1", "::1:1:1:1:1:1" },
	{ "2001:db8:1111:2222:3333:4444:5555:6666",
	  "2001:db8:1111:2222:3333:4444:5555:6666" },
	/* Mapped and ISATAP addresses have a dotted part, as printk() has it. */
	{ "2001:db8::5efe:7f00:1", "2001:db8::5efe:127.0.0.1" },
	{ "fec0::5efe:192.0.2.33", "fec0::5efe:192.0.2.33" },
	{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
	{ "::ffff:192.0.2.33", "::ffff:192.0.2.33" },
	{ "::ffff:0.0.0.0", "::ffff:0.0.0.0" },
	{ "ff0e::101", "ff0e::101" },
};

#define NR_WRITTEN ARRAY_SIZE(written)

static void check_written(size_t i)
{
	struct address address = address_of(written[i].address, 0);
	int family = address.any.sa_family;
	int sock = sock_open(family, SOCK_DGRAM, 0);
	struct expect expect = { 0 };
	struct expected_row row;

	if (family == AF_INET6)
		sock_option(sock, IPPROTO_IPV6, IPV6_FREEBIND, 1);
	sock_option(sock, IPPROTO_IP, IP_FREEBIND, 1);
	sock_bind(sock, written[i].address, 0);
	row_of_socket(&row, getpid(), sock, sock);
	row_set(&row, LADDR, "%s", written[i].listed);
	expect_row(&expect, &row);
	expect_listed(&expect, "%s is written %s", written[i].address,
		      written[i].listed);
	expect_clear(&expect);
	close(sock);
}

/* What an IPv6 socket is to IPv4: both its addresses are mapped ones. */
static void check_mapped(void)
{
	int four = tcp_listen("127.0.0.1", 1);
	int dual = tcp_listen("::", 2);
	struct expect expect = { 0 };
	struct connection out = tcp_connection(four, "::ffff:127.0.0.1");
	struct connection in = tcp_connection(dual, "127.0.0.1");
	struct connection in_six = tcp_connection(dual, "::1");
	struct expected_row row;
	int udp = sock_open(AF_INET6, SOCK_DGRAM, 0);

	expect_fd(&expect, four);
	expect_fd(&expect, dual);
	row_of_socket(&row, getpid(), out.client, out.client);
	row_set(&row, PROTO, "tcp6");
	row_set(&row, LADDR, "::ffff:127.0.0.1");
	row_set(&row, RADDR, "::ffff:127.0.0.1");
	expect_row(&expect, &row);
	row_of_socket(&row, getpid(), out.server, out.server);
	row_set(&row, PROTO, "tcp");
	row_set(&row, LADDR, "127.0.0.1");
	row_set(&row, RADDR, "127.0.0.1");
	expect_row(&expect, &row);
	row_of_socket(&row, getpid(), in.server, in.server);
	row_set(&row, PROTO, "tcp6");
	row_set(&row, LADDR, "::ffff:127.0.0.1");
	row_set(&row, RADDR, "::ffff:127.0.0.1");
	expect_row(&expect, &row);
	expect_fd(&expect, in.client);
	expect_fd(&expect, in_six.client);
	expect_fd(&expect, in_six.server);
	sock_connect(udp, "::ffff:127.0.0.2", 53);
	row_of_socket(&row, getpid(), udp, udp);
	row_set(&row, PROTO, "udp6");
	row_set(&row, RADDR, "::ffff:127.0.0.2");
	expect_row(&expect, &row);
	expect_listed(&expect, "IPv6 sockets connected to and from IPv4");
	expect_clear(&expect);

	/* Such a socket can be turned into an IPv4 one. */
	sock_option(out.client, IPPROTO_IPV6, IPV6_ADDRFORM, AF_INET);
	close(four);
	close(dual);
	close(out.server);
	close(in.client);
	close(in.server);
	close(in_six.client);
	close(in_six.server);
	close(udp);
	row_of_socket(&row, getpid(), out.client, out.client);
	row_set(&row, PROTO, "tcp");
	row_set(&row, LADDR, "127.0.0.1");
	row_set(&row, RADDR, "127.0.0.1");
	expect_row(&expect, &row);
	expect_listed(&expect,
		      "one turned into an IPv4 socket with IPV6_ADDRFORM");
	expect_clear(&expect);
	close(out.client);
}

static void check_dual_stack(void)
{
	struct expect expect = { 0 };
	int dual = sock_open(AF_INET6, SOCK_STREAM, 0);
	int only = sock_open(AF_INET6, SOCK_STREAM, 0);
	int four = sock_open(AF_INET, SOCK_STREAM, 0);

	sock_option(dual, IPPROTO_IPV6, IPV6_V6ONLY, 0);
	sock_bind(dual, "::", 8080);
	sock_option(only, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	sock_bind(only, "::", 8081);
	sock_bind(four, "0.0.0.0", 8081);
	if (listen(dual, 1) || listen(only, 1) || listen(four, 1))
		tap_bail_errno("listen");
	expect_fd(&expect, dual);
	expect_fd(&expect, only);
	expect_fd(&expect, four);
	expect_listed(&expect, "dual-stack, IPv6 only and IPv4 listeners");
	expect_clear(&expect);
	close(dual);
	close(only);
	close(four);
}

int main(void)
{
	tap_plan(NR_WRITTEN + 3);
	net_enter_new();
	for (size_t i = 0; i < NR_WRITTEN; i++)
		check_written(i);
	check_mapped();
	check_dual_stack();
	return tap_done();
}
