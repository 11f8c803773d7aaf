/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * Where a packet arrives: by which interface, and whether at one of the addresses
 * of a network namespace.
 */
#ifndef SOCKOWNERS_ARRIVAL_H
#define SOCKOWNERS_ARRIVAL_H

#include <linux/types.h>

struct net;
struct sko_packet;

/* As inet_iif() and inet_sdif() would say. */
struct sko_arrival {
	int dif;	/* the interface, or the master that it is a slave of (VRF) */
	int sdif;	/* that slave; 0: none */
	bool local;	/* the destination is here */
};

int sko_arrival(struct sko_arrival *arrival, const struct sko_packet *packet,
		struct net *net);

#endif
