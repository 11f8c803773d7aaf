// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "wire.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "array.h"
#include "link.h"
#include "net.h"
#include "sock.h"
#include "tap.h"

/*
 * A wire may bring a packet for the other one's address. What is sent here arrives
 * by the interface that has the address, although it is lo that brings it: orig_oif in
 * ip_route_output_key_hash_rcu(), and ip6_rcv_core().
 */
const struct way ways[] = {
	{ "red", "192.168.1.2", "192.168.1.1", false },
	{ "red", "192.168.1.3", "192.168.1.1", false },
	{ "blue", "192.168.2.2", "192.168.2.1", false },
	{ "red", "192.168.1.2", "192.168.2.1", false },
	{ "lo", "127.0.0.1", "127.0.0.1", true },
	{ "lo", "127.1.2.3", "127.0.0.1", true },
	{ "lo", "127.0.0.1", "127.9.9.9", true },
	{ "red", "192.168.1.1", "192.168.1.1", true },
	{ "red", "fd00:1::2", "fd00:1::1", false },
	{ "red", "fd00:1::3", "fd00:1::1", false },
	{ "blue", "fd00:2::2", "fd00:2::1", false },
	{ "red", "fe80::2", "fe80::1", false },
	{ "blue", "fe80::2", "fe80::1", false },
	{ "lo", "::1", "::1", true },
	{ "red", "fd00:1::1", "fd00:1::1", true },
};

const unsigned int nr_ways = ARRAY_SIZE(ways);

/* No duplicates are there to wait for. */
static void prepare(void)
{
	net_bring_up("lo");
	sysctl_set("net/ipv6/conf/default/accept_dad", "0");
	sysctl_set("net/ipv6/conf/default/addr_gen_mode", "1");
	sysctl_set("net/ipv4/icmp_ratemask", "0");
	sysctl_set("net/ipv6/icmp/ratemask", "255");
}

static void bring_up(void)
{
	net_bring_up("red");
	net_bring_up("blue");
}

static void address_here(void)
{
	link_set_address4("red", "192.168.1.1");
	link_set_address4("blue", "192.168.2.1");
	link_add_address("red", "fd00:1::1");
	link_add_address("blue", "fd00:2::1");
	link_add_address("red", "fe80::1");
	link_add_address("blue", "fe80::1");
}

static void address_there(void)
{
	link_set_address4("red", "192.168.1.2");
	link_set_address4("red:1", "192.168.1.3");
	link_set_address4("blue", "192.168.2.2");
	link_add_address("red", "fd00:1::2");
	link_add_address("red", "fd00:1::3");
	link_add_address("blue", "fd00:2::2");
	link_add_address("red", "fe80::2");
	link_add_address("blue", "fe80::2");
}

static bool lay(struct wires *wires, const char *vrf)
{
	net_enter_new();
	prepare();
	wires->there = net_open();
	net_enter_new();
	prepare();
	wires->here = net_open();
	link_add_pair("red", wires->there);
	link_add_pair("blue", wires->there);
	bring_up();
	if (vrf) {
		if (!link_add(vrf, "vrf"))
			return false;
		net_bring_up(vrf);
		link_set_master("red", vrf);
	}
	net_enter(wires->there);
	bring_up();
	net_enter(wires->here);
	address_here();
	net_enter(wires->there);
	address_there();
	net_enter(wires->here);
	return true;
}

void wires_lay(struct wires *wires)
{
	lay(wires, NULL);
}

bool wires_lay_vrf(struct wires *wires, const char *vrf)
{
	return lay(wires, vrf);
}

void wires_leave_vrf(const char *vrf)
{
	link_delete(if_nametoindex(vrf));
}

/* Link-local addresses are those of an interface, wherever the caller is. */
static struct address scoped(const char *text, unsigned int port,
			     const char *dev)
{
	struct address address = address_of(text, port);

	if (address.any.sa_family == AF_INET6 &&
	    IN6_IS_ADDR_LINKLOCAL(&address.v6.sin6_addr))
		address.v6.sin6_scope_id = if_nametoindex(dev);
	return address;
}

int wires_open(const struct wires *wires, const struct way *way, int type,
	       unsigned int port)
{
	struct address from;
	int sock;

	net_enter(way->at_home ? wires->here : wires->there);
	from = scoped(way->from, port, way->dev);
	sock = sock_open(from.any.sa_family, type, 0);
	if (!way->at_home && setsockopt(sock, SOL_SOCKET, SO_BINDTODEVICE,
					way->dev, strlen(way->dev)))
		tap_bail_errno("SO_BINDTODEVICE %s", way->dev);
	sock_option(sock, SOL_SOCKET, SO_REUSEADDR, 1);
	if (bind(sock, &from.any, from.length))
		tap_bail_errno("bind to %s port %u", way->from, port);
	net_enter(wires->here);
	return sock;
}

/* It is bound to the interface where that matters. */
int wires_connect(int sock, const struct way *way, unsigned int port)
{
	struct address to = address_of(way->to, port);

	return connect(sock, &to.any, to.length) ? errno : 0;
}

void wires_query(char *query, unsigned int size, const struct way *way,
		 const char *proto, unsigned int from_port,
		 unsigned int to_port)
{
	const char *form = strchr(way->to, ':') ?
				   "packet=%s,[%s]:%u,[%s]:%u,%s" :
				   "packet=%s,%s:%u,%s:%u,%s";

	snprintf(query, size, form, proto, way->from, from_port, way->to,
		 to_port, way->dev);
}
