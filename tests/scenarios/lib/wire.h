/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * Two network namespaces and two wires between them, "red" and "blue", by which
 * packets come from there to here.
 */
#ifndef SCENARIOS_WIRE_H
#define SCENARIOS_WIRE_H

#include <stdbool.h>

struct wires {
	int here, there; /* the namespaces */
};

/*
 * One way that a packet may come. @dev is by which interface it arrives, as
 * sockets that are bound to one see it.
 */
struct way {
	const char *dev;
	const char *from, *to; /* addresses */
	bool at_home; /* it is sent here, and never on a wire */
};

extern const struct way ways[];
extern const unsigned int nr_ways;

/* Enters new namespaces and stays here. There is no limit to answers by ICMP. */
void wires_lay(struct wires *wires);

/* The same, and here "red" belongs to a VRF. False if this kernel has none. */
bool wires_lay_vrf(struct wires *wires, const char *vrf);

/*
 * To be called before the process ends. A VRF that dies with its namespace brings
 * "red" down and up again, and the kernel complains if the wire's other end is gone
 * by then, as it is if both namespaces happen to die together (6.1
 * drivers/net/vrf.c: cycle_netdev(), drivers/net/veth.c: veth_open()).
 */
void wires_leave_vrf(const char *vrf);

/* A socket at the beginning of the way, bound to @port there. */
int wires_open(const struct wires *wires, const struct way *way, int type,
	       unsigned int port);

/* connect() to @port at the end of the way; returns 0 or errno. */
int wires_connect(int sock, const struct way *way, unsigned int port);

/* A query about the packet that this socket sends then. */
void wires_query(char *query, unsigned int size, const struct way *way,
		 const char *proto, unsigned int from_port,
		 unsigned int to_port);

#endif
