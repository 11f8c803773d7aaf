/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * The hash tables of UDP and UDP-Lite: what is bound to a port.
 */
#ifndef SOCKOWNERS_UDP_H
#define SOCKOWNERS_UDP_H

#include "nets.h"

struct sko_batch;

enum sko_udp_stage {
	SKO_UDP_SHARED,
	SKO_UDP_LITE,
	SKO_UDP_NETS,		/* of one namespace alone */
	SKO_UDP_DONE,
};

struct sko_udp {
	enum sko_udp_stage stage;
	unsigned int slot;	/* next one of the present table */
	struct sko_nets nets;
};

void sko_udp_rewind(struct sko_udp *udp);
int sko_udp_collect(struct sko_udp *udp, struct sko_batch *batch);

#endif
