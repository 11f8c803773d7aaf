/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * The TCP hash tables: what no descriptor holds.
 */
#ifndef SOCKOWNERS_TCP_H
#define SOCKOWNERS_TCP_H

#include <linux/types.h>

struct inet_hashinfo;
struct sko_batch;

struct sko_tcp {
	bool shared_done;	/* the table that most namespaces share */
	bool midway;		/* in the one of the namespace @cookie */
	u64 cookie;		/* else that and those below are done */
	unsigned int bucket;	/* next one of the present table */
};

void sko_tcp_rewind(struct sko_tcp *tcp);
int sko_tcp_collect(struct sko_tcp *tcp, struct sko_batch *batch);
int sko_tcp_buckets(struct inet_hashinfo *table, unsigned int *bucket,
		    struct sko_batch *batch);

#endif
