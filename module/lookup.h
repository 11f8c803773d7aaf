/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * Which socket would the kernel hand a packet to? It is found once, when a
 * listing begins, and then listed like any other one.
 *
 * It is known by its cookie, which is used once: nothing is kept alive for the
 * listing's sake, and no other socket in the same memory is taken for it. A
 * connection keeps its cookie from the SYN to the end of its time-wait.
 */
#ifndef SOCKOWNERS_LOOKUP_H
#define SOCKOWNERS_LOOKUP_H

#include "ranges.h"

struct net;
struct sko_packet;
struct sock;

struct sko_lookup {
	struct sko_ranges cookies;	/* of the socket, or of all of its group */
};

int sko_lookup_check(const struct sko_packet *packet, struct net *net);
int sko_lookup(struct sko_lookup *lookup, const struct sko_packet *packet,
	       struct net *net);
void sko_lookup_destroy(struct sko_lookup *lookup);
bool sko_lookup_has(const struct sko_lookup *lookup, const struct sock *sk);

#endif
