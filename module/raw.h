/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * The hash tables of raw sockets, one for each family.
 */
#ifndef SOCKOWNERS_RAW_H
#define SOCKOWNERS_RAW_H

#include <linux/types.h>

struct sko_batch;

struct sko_raw {
	unsigned int bucket;	/* next one, counted through both tables */
};

void sko_raw_rewind(struct sko_raw *raw);
int sko_raw_collect(struct sko_raw *raw, struct sko_batch *batch);

#endif
