/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * A packet that a query asks about. For the manual page:
 *
 *	packet=PROTO,SRC:PORT,DST:PORT[,IFNAME]
 *		rows of the socket that the kernel would hand this arriving
 *		packet to; at most once, and there is no packet!=
 *
 * PROTO is tcp or udp. An IPv6 address is in brackets; both are of one family,
 * and none is v4-mapped, since no packet has such a one. IFNAME is the interface
 * by which it arrives, as the listing would write its name; without it a socket
 * that is bound to an interface gets nothing.
 */
#ifndef SOCKOWNERS_PACKET_H
#define SOCKOWNERS_PACKET_H

#include <linux/if.h>
#include <linux/in6.h>
#include <linux/types.h>

struct sko_packet {
	u16 family;		/* 0: there is no packet */
	u16 protocol;		/* IPPROTO_TCP or IPPROTO_UDP */
	u16 dport;
	__be16 sport;
	union {
		struct {
			__be32 saddr;
			__be32 daddr;
		} v4;
		struct {
			struct in6_addr saddr;
			struct in6_addr daddr;
		} v6;
	};
	char dev[IFNAMSIZ];	/* untrusted bytes; "": none */
};

int sko_packet_parse(struct sko_packet *packet, char *text);

#endif
