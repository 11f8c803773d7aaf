// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "tally.h"

#define ROOM_MIN 64

/* FNV-1a. */
static uint64_t hash_of(const char *key)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *key; key++)
		hash = (hash ^ (unsigned char)*key) * UINT64_C(0x100000001b3);
	return hash ^ hash >> 32;
}

/* Slots are twice as many as what may be in them, a power of two. */
static uint32_t *find_slot(const struct tally *tally, const char *key)
{
	size_t mask = 2 * tally->room - 1;
	size_t at = hash_of(key) & mask;

	while (tally->slots[at] &&
	       strcmp(tally->list[tally->slots[at] - 1].key, key))
		at = (at + 1) & mask;
	return &tally->slots[at];
}

static void grow(struct tally *tally)
{
	size_t room = tally->room ? 2 * tally->room : ROOM_MIN;

	free(tally->slots);
	tally->slots = calloc(2 * room, sizeof(*tally->slots));
	tally->list = reallocarray(tally->list, room, sizeof(*tally->list));
	if (!tally->slots || !tally->list)
		no_memory();
	tally->room = room;
	for (size_t i = 0; i < tally->count; i++)
		*find_slot(tally, tally->list[i].key) = (uint32_t)i + 1;
}

/**
 * tally_add() - count a thing
 * @tally: zeroed before the first
 * @key: its name
 *
 * Return: the thing, valid until the next one is added. The program ends with an
 * error if there is no memory.
 */
struct tallied *tally_add(struct tally *tally, const char *key)
{
	struct tallied *tallied;
	uint32_t *slot;

	if (tally->count == tally->room)
		grow(tally);
	slot = find_slot(tally, key);
	if (!*slot) {
		tallied = &tally->list[tally->count++];
		*tallied = (struct tallied){ .key = strdup(key),
					     .last = UINT64_MAX };
		if (!tallied->key)
			no_memory();
		*slot = (uint32_t)tally->count;
	}
	tallied = &tally->list[*slot - 1];
	tallied->count++;
	return tallied;
}

/**
 * tally_find() - look for a thing
 * @tally: where
 * @key: its name
 *
 * Return: the thing, valid until another one is added; NULL if it is not there.
 */
struct tallied *tally_find(const struct tally *tally, const char *key)
{
	uint32_t slot = tally->room ? *find_slot(tally, key) : 0;

	return slot ? &tally->list[slot - 1] : NULL;
}
