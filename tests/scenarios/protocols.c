// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * A socket of every protocol that the kernel has, of both families. Each is
 * listed under its name; sockets of other families are not listed at all.
 */
#define _GNU_SOURCE
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

/* Named in the kernel's headers, and nowhere in the listing's format. */
#define PROTOCOL_L2TP 115

/* What the socket does before it is looked at. */
enum step {
	MADE,
	BOUND,
	CONNECTED,
};

static const struct {
	int family;
	int type;
	int protocol;
	enum step step;
	const char *proto;
	const char *state;
	const char *lport; /* NULL: what getsockname() says */
} samples[] = {
	{ AF_INET, SOCK_STREAM, IPPROTO_TCP, BOUND, "tcp", "BOUND", NULL },
	{ AF_INET6, SOCK_STREAM, IPPROTO_TCP, BOUND, "tcp6", "BOUND", NULL },
	{ AF_INET, SOCK_DGRAM, IPPROTO_UDP, BOUND, "udp", "UNCONNECTED", NULL },
	{ AF_INET6, SOCK_DGRAM, IPPROTO_UDP, BOUND, "udp6", "UNCONNECTED",
	  NULL },

	{ AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE, MADE, "udplite", "UNCONNECTED",
	  "-" },
	{ AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE, BOUND, "udplite", "UNCONNECTED",
	  NULL },
	{ AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE, CONNECTED, "udplite",
	  "ESTABLISHED", NULL },
	{ AF_INET6, SOCK_DGRAM, IPPROTO_UDPLITE, BOUND, "udplite6",
	  "UNCONNECTED", NULL },
	{ AF_INET6, SOCK_DGRAM, IPPROTO_UDPLITE, CONNECTED, "udplite6",
	  "ESTABLISHED", NULL },

	{ AF_INET, SOCK_RAW, IPPROTO_ICMP, MADE, "raw", "UNCONNECTED", "1" },
	{ AF_INET, SOCK_RAW, IPPROTO_TCP, BOUND, "raw", "UNCONNECTED", "6" },
	{ AF_INET, SOCK_RAW, IPPROTO_UDP, CONNECTED, "raw", "ESTABLISHED",
	  "17" },
	{ AF_INET, SOCK_RAW, IPPROTO_RAW, MADE, "raw", "UNCONNECTED", "255" },
	{ AF_INET, SOCK_RAW, 143, MADE, "raw", "UNCONNECTED", "143" },
	{ AF_INET6, SOCK_RAW, IPPROTO_ICMPV6, MADE, "raw6", "UNCONNECTED",
	  "58" },
	{ AF_INET6, SOCK_RAW, IPPROTO_UDP, BOUND, "raw6", "UNCONNECTED", "17" },
	{ AF_INET6, SOCK_RAW, IPPROTO_ICMPV6, CONNECTED, "raw6", "ESTABLISHED",
	  "58" },
	{ AF_INET6, SOCK_RAW, IPPROTO_RAW, MADE, "raw6", "UNCONNECTED", "255" },

	{ AF_INET, SOCK_DGRAM, IPPROTO_ICMP, MADE, "icmp", "UNCONNECTED", "-" },
	{ AF_INET, SOCK_DGRAM, IPPROTO_ICMP, BOUND, "icmp", "UNCONNECTED",
	  NULL },
	{ AF_INET, SOCK_DGRAM, IPPROTO_ICMP, CONNECTED, "icmp", "ESTABLISHED",
	  NULL },
	{ AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6, MADE, "icmp6", "UNCONNECTED",
	  "-" },
	{ AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6, BOUND, "icmp6", "UNCONNECTED",
	  NULL },
	{ AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6, CONNECTED, "icmp6",
	  "ESTABLISHED", NULL },

	{ AF_INET, SOCK_STREAM, IPPROTO_MPTCP, MADE, "mptcp", "CLOSE", "-" },
	{ AF_INET, SOCK_STREAM, IPPROTO_MPTCP, BOUND, "mptcp", "BOUND", NULL },
	{ AF_INET6, SOCK_STREAM, IPPROTO_MPTCP, MADE, "mptcp6", "CLOSE", "-" },
	{ AF_INET6, SOCK_STREAM, IPPROTO_MPTCP, BOUND, "mptcp6", "BOUND",
	  NULL },

	{ AF_INET, SOCK_STREAM, IPPROTO_SCTP, MADE, "sctp", "CLOSE", "-" },
	{ AF_INET6, SOCK_STREAM, IPPROTO_SCTP, MADE, "sctp6", "CLOSE", "-" },
	{ AF_INET, SOCK_STREAM, IPPROTO_SCTP, BOUND, "sctp", "BOUND", NULL },
	{ AF_INET6, SOCK_SEQPACKET, IPPROTO_SCTP, BOUND, "sctp6", "BOUND",
	  NULL },
	{ AF_INET, SOCK_DCCP, IPPROTO_DCCP, MADE, "dccp", "CLOSE", "-" },
	{ AF_INET6, SOCK_DCCP, IPPROTO_DCCP, BOUND, "dccp6", "BOUND", NULL },
	{ AF_INET, SOCK_DGRAM, PROTOCOL_L2TP, MADE, "inet115", "UNCONNECTED",
	  "-" },
	{ AF_INET6, SOCK_DGRAM, PROTOCOL_L2TP, MADE, "inet6115", "UNCONNECTED",
	  "-" },
};

#define NR_SAMPLES ARRAY_SIZE(samples)

static const char *const step_names[] = { "just made", "bound", "connected" };

static int make(size_t i)
{
	bool six = samples[i].family == AF_INET6;
	const char *loopback = six ? "::1" : "127.0.0.1";
	int sock =
		socket(samples[i].family, samples[i].type, samples[i].protocol);

	if (sock < 0)
		return -1;
	if (samples[i].step == BOUND)
		sock_bind(sock, loopback, 0);
	if (samples[i].step == CONNECTED)
		sock_connect(sock, loopback, 4242);
	return sock;
}

/* An MPTCP socket does all that the network sees through a TCP socket. */
static void expect_subflow(struct expect *expect, int sock)
{
	static const enum column none[] = { PID, FD, OWNER, COMM };
	struct expected_row row;

	row_of_socket(&row, getpid(), sock, sock);
	for (size_t i = 0; i < ARRAY_SIZE(none); i++)
		row_set(&row, none[i], "-");
	row_set(&row, PROTO, "tcp%s", strchr(row.field[PROTO], '6') ? "6" : "");
	row_set(&row, HOLDER, "mptcp");
	row_set(&row, VIA, "%s", row.field[INODE]);
	expect_row(expect, &row);
}

static void expect_sample(struct expect *expect, size_t i, int sock)
{
	struct expected_row row;

	row_of_socket(&row, getpid(), sock, sock);
	row_set(&row, PROTO, "%s", samples[i].proto);
	row_set(&row, STATE, "%s", samples[i].state);
	if (samples[i].lport)
		row_set(&row, LPORT, "%s", samples[i].lport);
	expect_row(expect, &row);
	if (samples[i].protocol == IPPROTO_MPTCP && samples[i].step == BOUND)
		expect_subflow(expect, sock);
}

static void check_sample(size_t i)
{
	struct expect expect = { 0 };
	int sock = make(i);

	if (sock < 0) {
		tap_skip("this kernel has no such protocol", "%s, %s",
			 samples[i].proto, step_names[samples[i].step]);
		return;
	}
	expect_sample(&expect, i, sock);
	expect_listed(&expect, "%s, %s: %s", samples[i].proto,
		      step_names[samples[i].step], samples[i].state);
	expect_clear(&expect);
	close(sock);
}

static void check_all(void)
{
	struct expect expect = { 0 };
	int socks[NR_SAMPLES];

	for (size_t i = 0; i < NR_SAMPLES; i++) {
		socks[i] = make(i);
		if (socks[i] >= 0)
			expect_sample(&expect, i, socks[i]);
	}
	expect_listed(&expect, "all of them at once");
	expect_clear(&expect);
	for (size_t i = 0; i < NR_SAMPLES; i++)
		if (socks[i] >= 0)
			close(socks[i]);
}

/* A raw socket that connected without a port has a peer, and no port of it. */
static void check_raw_peer(int family, const char *peer)
{
	int sock = sock_open(family, SOCK_RAW, IPPROTO_UDP);
	struct expect expect = { 0 };
	struct expected_row row;

	sock_connect(sock, peer, 0);
	row_of_socket(&row, getpid(), sock, sock);
	row_set(&row, STATE, "ESTABLISHED");
	row_set(&row, RADDR, "%s", peer);
	row_set(&row, RPORT, "-");
	expect_row(&expect, &row);
	expect_listed(&expect, "raw, connected to %s without a port", peer);
	expect_clear(&expect);

	sock_disconnect(sock);
	expect_fd(&expect, sock);
	expect_listed(&expect,
		      "raw, disconnected from %s: still its protocol number",
		      peer);
	expect_clear(&expect);
	close(sock);
}

static void expect_stream(struct expect *expect, int sock, int protocol)
{
	expect_fd(expect, sock);
	if (protocol == IPPROTO_MPTCP)
		expect_subflow(expect, sock);
}

static void check_stream(int family, int protocol, const char *address,
			 const char *proto)
{
	struct address name = address_of(address, 0);
	int listener = socket(family, SOCK_STREAM, protocol);
	struct expect expect = { 0 };
	int client, server;

	if (listener < 0) {
		tap_skip("this kernel has no such protocol", "%s, listening",
			 proto);
		tap_skip("this kernel has no such protocol", "%s, connected",
			 proto);
		return;
	}
	if (bind(listener, &name.any, name.length) || listen(listener, 1))
		tap_bail_errno("listen");
	expect_stream(&expect, listener, protocol);
	expect_listed(&expect, "%s, listening", proto);

	client = sock_open(family, SOCK_STREAM, protocol);
	sock_connect(client, address, sock_port(listener));
	server = tcp_accept(listener);
	expect_stream(&expect, client, protocol);
	expect_stream(&expect, server, protocol);
	expect_listed(&expect, "%s, connected: both ends", proto);
	expect_clear(&expect);
	close(client);
	close(server);
	close(listener);
}

static void check_others(void)
{
	struct expect expect = { 0 };
	int pipe_ends[2], unix_ends[2];
	int others = 0;

	if (pipe(pipe_ends) || socketpair(AF_UNIX, SOCK_STREAM, 0, unix_ends))
		tap_bail_errno("pipe and socketpair");
	sock_open(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	/* A kernel without packet sockets says so. */
	if (socket(AF_PACKET, SOCK_RAW, 0) >= 0)
		others++;
	expect_process(&expect, getpid());
	expect_listed(&expect, "pipe, unix, netlink%s: not listed",
		      others ? ", packet" : "");
	expect_clear(&expect);
}

int main(void)
{
	tap_plan(NR_SAMPLES + 1 + 4 + 8 + 1);
	net_enter_new();
	/* Debian does not let the kernel load these by itself. */
	system("modprobe -q -a dccp_ipv4 dccp_ipv6 2>/dev/null");
	sysctl_set("net/ipv4/ping_group_range", "0 2147483647");
	for (size_t i = 0; i < NR_SAMPLES; i++)
		check_sample(i);
	check_all();
	check_raw_peer(AF_INET, "127.0.0.1");
	check_raw_peer(AF_INET6, "::1");
	check_stream(AF_INET, IPPROTO_MPTCP, "127.0.0.1", "mptcp");
	check_stream(AF_INET6, IPPROTO_MPTCP, "::1", "mptcp6");
	check_stream(AF_INET, IPPROTO_SCTP, "127.0.0.1", "sctp");
	check_stream(AF_INET6, IPPROTO_SCTP, "::1", "sctp6");
	check_others();
	return tap_done();
}
