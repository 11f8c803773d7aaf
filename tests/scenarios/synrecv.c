// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Half-open connections: a SYN has come, and the answer to the SYN-ACK has not.
 * The SYNs are made by hand and come from addresses that lead nowhere.
 */
#define _GNU_SOURCE
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#include "lib/expect.h"
#include "lib/link.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define NR_SYNS 5

static struct expect expect;

static unsigned int sum16(const void *data, size_t length, unsigned int sum)
{
	const unsigned char *byte = data;

	for (size_t i = 0; i + 1 < length; i += 2)
		sum += byte[i] << 8 | byte[i + 1];
	return sum;
}

static unsigned short fold(unsigned int sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

/* Sends one to @to, port @port, from @from, port @from_port. */
static void send_syn(const char *from, unsigned int from_port, const char *to,
		     unsigned int port)
{
	struct address source = address_of(from, from_port);
	struct address target = address_of(to, port);
	int six = target.any.sa_family == AF_INET6;
	int sock = sock_open(target.any.sa_family, SOCK_RAW, IPPROTO_TCP);
	struct tcphdr syn = {
		.source = htons(from_port), .dest = htons(port),
		.seq = htonl(1), .doff = 5, .syn = 1, .window = htons(65535),
	};
	unsigned int sum = IPPROTO_TCP + sizeof(syn);

	if (six) {
		struct address any = source;

		sum = sum16(&source.v6.sin6_addr, 16, sum);
		sum = sum16(&target.v6.sin6_addr, 16, sum);
		any.v6.sin6_port = 0;
		target.v6.sin6_port = 0;
		sock_option(sock, IPPROTO_IPV6, IPV6_TRANSPARENT, 1);
		if (bind(sock, &any.any, any.length))
			tap_bail_errno("bind to %s", from);
	} else {
		struct address any = source;

		sum = sum16(&source.v4.sin_addr, 4, sum);
		sum = sum16(&target.v4.sin_addr, 4, sum);
		any.v4.sin_port = 0;
		sock_option(sock, IPPROTO_IP, IP_TRANSPARENT, 1);
		if (bind(sock, &any.any, any.length))
			tap_bail_errno("bind to %s", from);
	}
	syn.check = fold(sum16(&syn, sizeof(syn), sum));
	if (sendto(sock, &syn, sizeof(syn), 0, &target.any, target.length) !=
	    sizeof(syn))
		tap_bail_errno("sending a SYN from %s", from);
	close(sock);
}

static void row_of_half_open(struct expected_row *row, int listener,
			     const char *from, unsigned int from_port)
{
	row_of_nobody(row, "synrecv", listener);
	row_set(row, VIA, "%lu", sock_inode(listener));
	row_set(row, STATE, "SYN_RECV");
	row_set(row, INODE, "-");
	row_set(row, RADDR, "%s", from);
	row_set(row, RPORT, "%u", from_port);
}

static void check(const char *to, const char *from)
{
	int listener = tcp_listen(to, 64);
	struct expected_row row[NR_SYNS];

	for (unsigned int i = 0; i < NR_SYNS; i++) {
		send_syn(from, 1000 + i, to, sock_port(listener));
		row_of_half_open(&row[i], listener, from, 1000 + i);
		expect_row(&expect, &row[i]);
	}
	expect_fd(&expect, listener);
	expect_namespace(&expect);
	expect_listed(&expect, "%d half-open connections of %s", NR_SYNS, to);
	expect_clear(&expect);

	/* The kernel goes on asking. */
	close(listener);
	for (unsigned int i = 0; i < NR_SYNS; i++) {
		row_set(&row[i], VIA, "-");
		expect_row(&expect, &row[i]);
	}
	expect_namespace(&expect);
	expect_listed(&expect, "%s: the listener is closed: via nobody", to);
	expect_clear(&expect);
}

static void enter(void)
{
	net_enter_new();
	if (!link_add("void", "dummy"))
		tap_bail("no dummy device");
	net_bring_up("void");
}

int main(void)
{
	tap_plan(2 * 2);
	enter();
	/* The SYN comes in over lo; the SYN-ACK goes into the void. */
	link_set_address4("void", "10.99.0.1");
	check("10.99.0.1", "10.99.0.7");
	enter();
	link_add_address("void", "fd99::1");
	check("fd99::1", "fd99::7");
	return tap_done();
}
