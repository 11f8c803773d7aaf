/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * A crowd of sockets that are bound in all ways, to which packets come by wires, at
 * random: who the kernel hands it to is who the query packet= names before.
 */
#ifndef SCENARIOS_RECEIVERS_H
#define SCENARIOS_RECEIVERS_H

#include <stdbool.h>

#include "wire.h"

#define RECEIVERS_FIRST_PORT 7001
#define RECEIVERS_NR_PORTS   8 /* nobody has the last one */

/* How a socket is bound. */
struct spec {
	const char *address;
	unsigned int port;
	const char *dev; /* SO_BINDTODEVICE, or the scope; or NULL */
	bool v6only;
	bool reuseport;
	bool shares; /* the same, where it takes that to have such a listener */
	const struct way *peer; /* UDP: connected to where this begins */
	unsigned int peer_port;
};

struct receivers {
	const struct wires *wires;
	const struct way *ways; /* which a packet may come */
	unsigned int nr_ways;
	const struct spec
		*chosen; /* all of these are there, and others at random */
	unsigned int nr_chosen;
	const char *const *devs; /* to which these may be bound */
	unsigned int nr_devs;
};

/*
 * Begins with @seed, NULL for any, and stays on one processor, since to some sockets it
 * matters on which one is.
 */
void receivers_begin(const char *seed);

/* Two assertions each: no difference, and a fair trial. */
void receivers_get_datagrams(const struct receivers *receivers,
			     unsigned int nr);
void receivers_get_connections(const struct receivers *receivers,
			       unsigned int nr);

#endif
