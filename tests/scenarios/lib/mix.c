// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "mix.h"

#include <net/if.h>
#include <unistd.h>

#include "link.h"
#include "net.h"
#include "sock.h"
#include "tap.h"

#define PROTOCOL_L2TP 115

bool mix_has[NR_MIX_PROTOCOLS] = { [ALWAYS] = true };

static struct address scoped(const char *text, unsigned int port)
{
	struct address address = address_of(text, port);

	if (address.any.sa_family == AF_INET6 &&
	    IN6_IS_ADDR_LINKLOCAL(&address.v6.sin6_addr))
		address.v6.sin6_scope_id = if_nametoindex("lo");
	return address;
}

enum how {
	PLAIN,
	DEVICE, /* SO_BINDTODEVICE: lo */
	ONLY6,
};

/* -1 if this kernel has no such protocol. */
static int bound_on(enum how how, int type, int protocol, const char *text,
		    unsigned int port)
{
	struct address address = scoped(text, port);
	int sock = socket(address.any.sa_family, type, protocol);

	if (sock < 0)
		return -1;
	if (how == DEVICE &&
	    setsockopt(sock, SOL_SOCKET, SO_BINDTODEVICE, "lo", 2))
		tap_bail_errno("SO_BINDTODEVICE");
	if (how == ONLY6)
		sock_option(sock, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	if (bind(sock, &address.any, address.length))
		tap_bail_errno("bind to %s port %u", text, port);
	return sock;
}

static int bound(int type, int protocol, const char *text, unsigned int port)
{
	return bound_on(PLAIN, type, protocol, text, port);
}

static int connected(int sock, const char *text, unsigned int port)
{
	struct address address = scoped(text, port);

	if (sock >= 0 && connect(sock, &address.any, address.length))
		tap_bail_errno("connect to %s port %u", text, port);
	return sock;
}

static int listening(int sock)
{
	if (sock >= 0 && listen(sock, 4))
		tap_bail_errno("listen");
	return sock;
}

/* Held by one more descriptor. */
static void twice(int sock)
{
	if (sock >= 0 && dup(sock) < 0)
		tap_bail_errno("dup");
}

/* A listener and a connection to it from @from, which may be mapped. */
static int make_stream(enum how how, int protocol, const char *text,
		       unsigned int port, const char *from)
{
	int listener =
		listening(bound_on(how, SOCK_STREAM, protocol, text, port));
	int server;

	if (listener < 0)
		return -1;
	connected(bound(SOCK_STREAM, protocol, from, port + 1000), from, port);
	server = tcp_accept(listener);
	if (port % 2) {
		twice(listener);
		twice(server);
	}
	return listener;
}

static void make_tcp(void)
{
	make_stream(PLAIN, 0, "127.0.0.1", 1001, "127.0.0.1");
	make_stream(PLAIN, 0, "0.0.0.0", 1002, "127.0.0.1");
	make_stream(PLAIN, 0, "::1", 1003, "::1");
	make_stream(PLAIN, 0, "::", 1004, "::1");
	make_stream(ONLY6, 0, "::", 1005, "::1");
	/* v4-mapped: the server's end, then the client's. */
	make_stream(PLAIN, 0, "::", 1006, "127.0.0.1");
	make_stream(PLAIN, 0, "127.0.0.1", 1007, "::ffff:127.0.0.1");
	/* The server is bound to the device, the client is not. */
	make_stream(DEVICE, 0, "127.0.0.1", 1008, "127.0.0.1");
	make_stream(DEVICE, 0, "0.0.0.0", 1009, "127.0.0.1");
	make_stream(DEVICE, 0, "::", 1010, "::1");
	make_stream(PLAIN, 0, "fe80::5", 1012, "fe80::5");
	/* What is in no table. */
	sock_open(AF_INET, SOCK_STREAM, 0);
	bound(SOCK_STREAM, 0, "::1", 1013);
}

static void make_udp(void)
{
	twice(bound(SOCK_DGRAM, 0, "127.0.0.1", 1101));
	bound(SOCK_DGRAM, 0, "0.0.0.0", 1102);
	bound(SOCK_DGRAM, 0, "::1", 1103);
	bound(SOCK_DGRAM, 0, "::", 1104);
	bound_on(ONLY6, SOCK_DGRAM, 0, "::", 1105);
	connected(bound(SOCK_DGRAM, 0, "127.0.0.1", 1106), "127.0.0.1", 4242);
	twice(connected(bound(SOCK_DGRAM, 0, "::1", 1107), "::1", 4242));
	connected(bound(SOCK_DGRAM, 0, "::", 1108), "::ffff:127.0.0.1", 4242);
	bound_on(DEVICE, SOCK_DGRAM, 0, "0.0.0.0", 1109);
	bound_on(DEVICE, SOCK_DGRAM, 0, "::", 1110);
	connected(bound(SOCK_DGRAM, 0, "fe80::5", 1111), "fe80::5", 4242);
	sock_open(AF_INET6, SOCK_DGRAM, 0);

	mix_has[UDPLITE] =
		bound(SOCK_DGRAM, IPPROTO_UDPLITE, "0.0.0.0", 1201) >= 0;
	connected(bound(SOCK_DGRAM, IPPROTO_UDPLITE, "::1", 1202), "::1", 4242);
}

static void make_raw(void)
{
	twice(sock_open(AF_INET, SOCK_RAW, IPPROTO_ICMP));
	bound(SOCK_RAW, IPPROTO_TCP, "127.0.0.1", 0);
	connected(bound_on(DEVICE, SOCK_RAW, IPPROTO_UDP, "127.0.0.1", 0),
		  "127.0.0.1", 0);
	connected(bound(SOCK_RAW, 143, "127.0.0.1", 0), "127.0.0.1", 99);
	sock_open(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
	connected(bound(SOCK_RAW, IPPROTO_RAW, "::1", 0), "::1", 0);
	/* Ping sockets. */
	bound(SOCK_DGRAM, IPPROTO_ICMP, "127.0.0.1", 1301);
	connected(bound(SOCK_DGRAM, IPPROTO_ICMPV6, "::1", 1302), "::1", 4242);
	mix_has[L2TP] = socket(AF_INET, SOCK_DGRAM, PROTOCOL_L2TP) >= 0;
}

static void make_mptcp(void)
{
	mix_has[MPTCP] = make_stream(PLAIN, IPPROTO_MPTCP, "127.0.0.1", 1402,
				     "127.0.0.1") >= 0;
	make_stream(PLAIN, IPPROTO_MPTCP, "::1", 1404, "::1");
	bound(SOCK_STREAM, IPPROTO_MPTCP, "127.0.0.1", 1406);
}

static void make_sctp(void)
{
	int many;

	mix_has[SCTP] = make_stream(PLAIN, IPPROTO_SCTP, "127.0.0.1", 1502,
				    "127.0.0.1") >= 0;
	make_stream(PLAIN, IPPROTO_SCTP, "::1", 1504, "::1");
	many = bound(SOCK_SEQPACKET, IPPROTO_SCTP, "127.0.0.1", 1506);
	listening(many);
	for (unsigned int i = 0; i < 2 && many >= 0; i++)
		connected(bound(SOCK_STREAM, IPPROTO_SCTP, "127.0.0.1",
				2506 + i),
			  "127.0.0.1", 1506);
	bound(SOCK_STREAM, IPPROTO_SCTP, "127.0.0.1", 1508);
}

void mix_make(void)
{
	sysctl_set("net/ipv4/ping_group_range", "0 2147483647");
	link_add_address("lo", "fe80::5");
	make_tcp();
	make_udp();
	make_raw();
	make_mptcp();
	make_sctp();
}
