/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * The hash table of bound ports: the only one that has a socket which is bound
 * and neither listens nor is connected.
 */
#ifndef SOCKOWNERS_BOUND_H
#define SOCKOWNERS_BOUND_H

struct inet_hashinfo;
struct sko_batch;

int sko_bound_buckets(struct inet_hashinfo *table, unsigned int *bucket,
		      struct sko_batch *batch);

#endif
