/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_TALLY_H
#define SOCKOWNERS_TALLY_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct tallied - a thing
 * @key: tells it from others
 * @count: how often it was added
 * @number: @last: for whoever adds it; 0 and NO_NUMBER at first
 */
struct tallied {
	char *key;
	uint64_t count;
	uint64_t number;
	uint64_t last;
};

/**
 * struct tally - things that are counted, by their names
 * @list: of them, in the order in which they came
 * @count: of @list
 * @room: how many there may be before @list has to grow
 * @slots: a hash table of places in @list, from 1
 */
struct tally {
	struct tallied *list;
	size_t count, room;
	uint32_t *slots;
};

struct tallied *tally_add(struct tally *tally, const char *key);
struct tallied *tally_find(const struct tally *tally, const char *key);

#endif
