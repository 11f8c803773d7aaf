// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Sockets that are bound to a network interface, by name or through the scope
 * of a link-local address. The row names the interface.
 */
#define _GNU_SOURCE
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/expect.h"
#include "lib/link.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

#ifndef SO_BINDTOIFINDEX
#define SO_BINDTOIFINDEX 62
#endif

static struct expect expect;

static void expect_dev(int sock, const char *dev)
{
	struct expected_row row;

	row_of_socket(&row, getpid(), sock, sock);
	row_set(&row, DEV, "%s", dev);
	expect_row(&expect, &row);
}

static void bind_to_device(int sock, const char *name)
{
	if (setsockopt(sock, SOL_SOCKET, SO_BINDTODEVICE, name, strlen(name)))
		tap_bail_errno("SO_BINDTODEVICE");
}

static void check_by_name(void)
{
	int listener = sock_open(AF_INET, SOCK_STREAM, 0);
	int six = sock_open(AF_INET6, SOCK_STREAM, 0);
	int udp = sock_open(AF_INET, SOCK_DGRAM, 0);
	int raw = sock_open(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	int none = sock_open(AF_INET, SOCK_DGRAM, 0);
	struct connection connection;

	bind_to_device(listener, "lo");
	bind_to_device(six, "lo");
	bind_to_device(udp, "lo");
	bind_to_device(raw, "lo");
	/* Bound and free again. */
	bind_to_device(none, "lo");
	bind_to_device(none, "");
	sock_bind(listener, "127.0.0.1", 0);
	if (listen(listener, 1))
		tap_bail_errno("listen");
	connection = tcp_connection(listener, "127.0.0.1");
	expect_dev(listener, "lo");
	expect_dev(six, "lo");
	expect_dev(udp, "lo");
	expect_dev(raw, "lo");
	expect_dev(none, "-");
	expect_dev(connection.client, "-");
	expect_fd(&expect, connection.server);
	expect_listed(&expect, "SO_BINDTODEVICE: lo");
	expect_clear(&expect);
	/* No time-wait is left for the next situation. */
	tcp_reset_on_close(connection.client);
	close(listener);
	close(six);
	close(udp);
	close(raw);
	close(none);
	close(connection.client);
	close(connection.server);
}

static void check_link_local(void)
{
	struct address address = address_of("fe80::5", 0);
	int listener = sock_open(AF_INET6, SOCK_STREAM, 0);
	int client = sock_open(AF_INET6, SOCK_STREAM, 0);
	int udp = sock_open(AF_INET6, SOCK_DGRAM, 0);
	struct expected_row timewait;
	int server;

	link_add_address("lo", "fe80::5");
	address.v6.sin6_scope_id = if_nametoindex("lo");
	if (bind(listener, &address.any, address.length) || listen(listener, 1))
		tap_bail_errno("listen on fe80::5");
	address.v6.sin6_port = htons(sock_port(listener));
	if (connect(client, &address.any, address.length) ||
	    connect(udp, &address.any, address.length))
		tap_bail_errno("connect to fe80::5");
	server = tcp_accept(listener);
	expect_dev(listener, "lo");
	expect_dev(client, "lo");
	expect_dev(server, "lo");
	expect_dev(udp, "lo");
	expect_listed(&expect, "link-local addresses: their scope");
	expect_clear(&expect);

	row_of_timewait(&timewait, "TIME_WAIT", client);
	row_set(&timewait, DEV, "lo");
	expect_row(&expect, &timewait);
	shutdown(client, SHUT_WR);
	tcp_wait_state(client, TCP_FIN_WAIT2);
	close(server);
	tcp_wait_state(client, TCP_CLOSE);
	close(client);
	expect_dev(listener, "lo");
	expect_dev(udp, "lo");
	expect_listed(&expect,
		      "link-local addresses in TIME_WAIT: their scope");
	expect_clear(&expect);
	close(listener);
	close(udp);
}

/* The kernel takes nearly any bytes for the name of an interface. */
static void check_strange_names(void)
{
	static const struct {
		const char *name;
		const char *listed;
	} names[] = {
		{ "-", "\\055" },
		{ "l\\o", "l\\134o" },
		{ "\xc3\xa9th0", "\\303\\251th0" },
		{ "\x01\x7f\xff", "\\001\\177\\377" },
		{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
		  "\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377" },
		{ "if7", "if7" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		int sock;

		/* lo can be renamed before it is up. */
		if (unshare(CLONE_NEWNET))
			tap_bail_errno("a network namespace");
		link_rename("lo", names[i].name);
		net_bring_up(names[i].name);
		sock = sock_open(AF_INET, SOCK_DGRAM, 0);
		bind_to_device(sock, names[i].name);
		expect_dev(sock, names[i].listed);
		expect_listed(&expect, "an interface is called %s",
			      names[i].listed);
		expect_clear(&expect);
		close(sock);
	}
}

/* An index that no interface has, as after the interface was removed. */
static void check_no_device(void)
{
	int sock = sock_open(AF_INET, SOCK_STREAM, 0);
	int highest = sock_open(AF_INET6, SOCK_DGRAM, 0);

	sock_option(sock, SOL_SOCKET, SO_BINDTOIFINDEX, 4242);
	sock_option(highest, SOL_SOCKET, SO_BINDTOIFINDEX, 2147483647);
	expect_dev(sock, "if4242");
	expect_dev(highest, "if2147483647");
	expect_listed(&expect, "no interface has the index: its number");
	expect_clear(&expect);
	close(sock);
	close(highest);
}

static void check_removed_device(void)
{
	const char *claim = "the interface was removed: its number";
	char dev[32];
	int sock, index;

	if (!link_add("leaves", "dummy")) {
		tap_skip("this kernel has no dummy devices", "%s", claim);
		return;
	}
	index = if_nametoindex("leaves");
	snprintf(dev, sizeof(dev), "if%d", index);
	sock = sock_open(AF_INET, SOCK_STREAM, 0);
	bind_to_device(sock, "leaves");
	link_delete(index);
	expect_dev(sock, dev);
	expect_listed(&expect, "%s", claim);
	expect_clear(&expect);
	close(sock);
}

int main(void)
{
	tap_plan(11);
	net_enter_new();
	check_by_name();
	check_link_local();
	check_no_device();
	check_removed_device();
	check_strange_names();
	return tap_done();
}
