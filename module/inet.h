/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * The hash tables of struct inet_hashinfo, which TCP and DCCP have: listeners,
 * connections of all kinds, and what is bound to a port and no more.
 */
#ifndef SOCKOWNERS_INET_H
#define SOCKOWNERS_INET_H

#include "nets.h"

struct inet_hashinfo;
struct sko_batch;
struct sko_look;

/* In the order in which a socket goes from one to the next: none is missed. */
enum sko_inet_stage {
	SKO_INET_BOUND,
	SKO_INET_LISTENERS,
	SKO_INET_CONNECTIONS,
	SKO_INET_NETS,		/* connections of one namespace alone */
	SKO_INET_DONE,
};

struct sko_inet {
	u16 protocol;
	enum sko_inet_stage stage;
	unsigned int bucket;	/* next one of the present table */
	struct sko_nets nets;
};

void sko_inet_rewind(struct sko_inet *inet, u16 protocol);
int sko_inet_collect(struct sko_inet *inet, struct sko_batch *batch);
int sko_inet_buckets(struct inet_hashinfo *table, u16 protocol,
		     unsigned int *bucket, struct sko_batch *batch);
struct inet_hashinfo *sko_inet_table(u16 protocol);
void sko_inet_put_table(u16 protocol);

#endif
