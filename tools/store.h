/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_STORE_H
#define SOCKOWNERS_STORE_H

#include "listing.h"

struct chunk;

/**
 * struct store - rows that are kept, for what needs many of them at once
 * @fields: bits of those that are kept of each; zeroed else before the first
 * @rows: what is kept, packed
 * @count: of @rows
 * @room: how many @rows may become before it has to grow
 * @chunks: the memory behind @rows, and behind what store_take() has given
 */
struct store {
	uint32_t fields;
	const char **rows;
	size_t count;
	size_t room;
	struct chunk *chunks;
};

char *store_take(struct store *store, size_t size);
int store_add(struct store *store, const struct row *row);
void store_get(const struct store *store, size_t at, struct row *row);
const char *store_text(const struct store *store, size_t at, enum field field);
void store_clear(struct store *store);

#endif
