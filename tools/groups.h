/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_GROUPS_H
#define SOCKOWNERS_GROUPS_H

#include "store.h"

#define GROUP_VALUES 4

/**
 * struct group - what is alike
 * @hash: of @key
 * @key: bytes that are the same for all of it
 * @length: of @key
 * @value: what is counted, or added up
 * @data: whatever else belongs to it; NULL when it is new
 */
struct group {
	uint64_t hash;
	const char *key;
	size_t length;
	uint64_t value[GROUP_VALUES];
	const void *data;
};

/**
 * struct groups - a set of them, zeroed before the first
 * @list: in the order of their first member, until they are sorted
 * @count: of @list
 * @room: how many @list may have before it has to grow
 * @slots: a hash table: for each place in @list that number and one more
 * @size: of @slots, a power of two
 * @store: the memory behind the keys, and behind what else belongs to a group
 */
struct groups {
	struct group *list;
	size_t count;
	size_t room;
	size_t *slots;
	size_t size;
	struct store store;
};

struct group *groups_find(struct groups *groups, const char *key,
			  size_t length);
void groups_sort(struct groups *groups,
		 int (*compare)(const void *a, const void *b));
void groups_clear(struct groups *groups);

#endif
