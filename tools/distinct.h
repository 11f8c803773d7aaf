/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_DISTINCT_H
#define SOCKOWNERS_DISTINCT_H

#include <stddef.h>
#include <stdint.h>

struct place;

/**
 * struct distinct - which sockets were seen in which groups, zeroed before the first
 * @places: a hash table
 * @size: of it, a power of two
 * @used: of @size
 */
struct distinct {
	struct place *places;
	size_t size;
	size_t used;
};

enum {
	DISTINCT_SEEN, /* in this group already */
	DISTINCT_IN_GROUP, /* for the first time, but in another one before */
	DISTINCT_NEW, /* in no group before */
};

int distinct_add(struct distinct *distinct, uint64_t socket, size_t group);
void distinct_clear(struct distinct *distinct);

#endif
