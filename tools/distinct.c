// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// A socket that several processes hold has several rows. To count it once, in each
// group of rows and in all, takes 16 bytes for each (socket, group), twice that at
// most for the free slots.

#include <stdlib.h>

#include "distinct.h"

#define SLOTS_MIN 1024

/**
 * struct place - a socket in a group
 * @socket: its number
 * @group: number of the group, and one more; 0 for a free slot
 */
struct place {
	uint64_t socket;
	uint64_t group;
};

/* Cookies are counted up from 1: the high bits of the product differ most. */
static size_t slot_of(const struct distinct *distinct, uint64_t socket)
{
	uint64_t hash = socket * UINT64_C(0x9e3779b97f4a7c15);

	return (hash ^ hash >> 32) & (distinct->size - 1);
}

static int grow(struct distinct *distinct)
{
	struct place *old = distinct->places;
	size_t old_size = distinct->size;
	size_t size = old_size ? 2 * old_size : SLOTS_MIN;
	struct place *places = calloc(size, sizeof(*places));

	if (!places)
		return -1;
	distinct->places = places;
	distinct->size = size;
	for (size_t i = 0; i < old_size; i++) {
		size_t at;

		if (!old[i].group)
			continue;
		at = slot_of(distinct, old[i].socket);
		while (places[at].group)
			at = (at + 1) & (size - 1);
		places[at] = old[i];
	}
	free(old);
	return 0;
}

/**
 * distinct_add() - see a socket in a group
 * @distinct: what was seen before
 * @socket: its number
 * @group: number of the group
 *
 * All places of a socket are on the way from its slot to the next free one, so
 * that a single search tells both.
 *
 * Return: DISTINCT_SEEN, _IN_GROUP, _NEW, or -1 if there is no memory.
 */
int distinct_add(struct distinct *distinct, uint64_t socket, size_t group)
{
	int result = DISTINCT_NEW;
	size_t at;

	if (2 * distinct->used >= distinct->size && grow(distinct))
		return -1;
	at = slot_of(distinct, socket);
	for (; distinct->places[at].group;
	     at = (at + 1) & (distinct->size - 1)) {
		const struct place *place = &distinct->places[at];

		if (place->socket != socket)
			continue;
		if (place->group == group + 1)
			return DISTINCT_SEEN;
		result = DISTINCT_IN_GROUP;
	}
	distinct->places[at] = (struct place){ socket, group + 1 };
	distinct->used++;
	return result;
}

/**
 * distinct_clear() - have seen nothing
 * @distinct: ready for others
 */
void distinct_clear(struct distinct *distinct)
{
	free(distinct->places);
	*distinct = (struct distinct){ 0 };
}
