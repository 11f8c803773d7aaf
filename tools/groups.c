// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// What is counted: the memory is that of the distinct keys, however many rows
// there are.

#include <stdlib.h>

#include "groups.h"

#define SLOTS_MIN 256

/* FNV-1a; its low bits are weak, and they choose the slot. */
static uint64_t hash_of(const char *key, size_t length)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < length; i++) {
		hash ^= (unsigned char)key[i];
		hash *= UINT64_C(0x100000001b3);
	}
	hash ^= hash >> 32;
	hash *= UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 29;
}

/* The slot where it is, or the free one where it belongs. */
static size_t *find(const struct groups *groups, uint64_t hash, const char *key,
		    size_t length)
{
	size_t at = hash & (groups->size - 1);

	for (; groups->slots[at]; at = (at + 1) & (groups->size - 1)) {
		const struct group *group =
			&groups->list[groups->slots[at] - 1];

		if (group->hash == hash && group->length == length &&
		    !memcmp(group->key, key, length))
			break;
	}
	return &groups->slots[at];
}

static void fill_slots(struct groups *groups)
{
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->list[i];

		*find(groups, group->hash, group->key, group->length) = i + 1;
	}
}

/* At most half of the slots are used. Return: 0, or -1 without memory. */
static int grow(struct groups *groups)
{
	size_t size = groups->size ? 2 * groups->size : SLOTS_MIN;
	struct group *list =
		reallocarray(groups->list, size / 2 + 1, sizeof(*list));
	size_t *slots;

	if (!list)
		return -1;
	groups->list = list;
	slots = calloc(size, sizeof(*slots));
	if (!slots)
		return -1;
	free(groups->slots);
	groups->slots = slots;
	groups->size = size;
	groups->room = size / 2;
	fill_slots(groups);
	return 0;
}

/**
 * groups_find() - the group with a key
 * @groups: the groups
 * @key: the key
 * @length: of @key
 *
 * Return: the group, a new one with zeros if there was none; valid until the next
 * call. NULL if there is no memory.
 */
struct group *groups_find(struct groups *groups, const char *key, size_t length)
{
	uint64_t hash = hash_of(key, length);
	size_t *slot;
	char *copy;

	if (groups->size) {
		slot = find(groups, hash, key, length);
		if (*slot)
			return &groups->list[*slot - 1];
	}
	if (groups->count == groups->room && grow(groups))
		return NULL;
	copy = store_take(&groups->store, length);
	if (!copy)
		return NULL;
	slot = find(groups, hash, key, length);
	groups->list[groups->count] = (struct group){
		.hash = hash,
		.key = memcpy(copy, key, length),
		.length = length,
	};
	*slot = ++groups->count;
	return &groups->list[groups->count - 1];
}

/**
 * groups_sort() - have them in another order
 * @groups: the groups
 * @compare: as qsort() calls it, with two of them
 */
void groups_sort(struct groups *groups,
		 int (*compare)(const void *a, const void *b))
{
	if (!groups->count)
		return;
	qsort(groups->list, groups->count, sizeof(*groups->list), compare);
	memset(groups->slots, 0, groups->size * sizeof(*groups->slots));
	fill_slots(groups);
}

/**
 * groups_clear() - have no group any more
 * @groups: ready for others
 */
void groups_clear(struct groups *groups)
{
	store_clear(&groups->store);
	free(groups->slots);
	free(groups->list);
	*groups = (struct groups){ 0 };
}
