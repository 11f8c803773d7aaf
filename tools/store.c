// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// The reader keeps nothing of a listing but for what needs many rows at once:
// sorting, and joining one row with another. This is where they do.

#include <stdlib.h>

#include "packed.h"
#include "store.h"

#ifndef CHUNK_SIZE
#define CHUNK_SIZE (1024 * 1024)
#endif

struct chunk {
	struct chunk *next;
	size_t used;
	size_t size;
	char bytes[];
};

/**
 * store_take() - have memory for text that goes with the rows
 * @store: the store
 * @size: of the text
 *
 * Return: where to, for as long as the store is not cleared; NULL if there is no
 * memory.
 */
char *store_take(struct store *store, size_t size)
{
	struct chunk *chunk = store->chunks;

	if (!chunk || chunk->size - chunk->used < size) {
		size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;

		chunk = malloc(sizeof(*chunk) + room);
		if (!chunk)
			return NULL;
		chunk->next = store->chunks;
		chunk->used = 0;
		chunk->size = room;
		store->chunks = chunk;
	}
	chunk->used += size;
	return chunk->bytes + chunk->used - size;
}

/**
 * store_add() - keep a row
 * @store: with its fields
 * @row: the row
 *
 * Return: 0, or -1 if there is no memory.
 */
int store_add(struct store *store, const struct row *row)
{
	char *packed;

	if (store->count == store->room) {
		size_t room = store->room ? 2 * store->room : 1024;
		const char **rows =
			reallocarray(store->rows, room, sizeof(*rows));

		if (!rows)
			return -1;
		store->rows = rows;
		store->room = room;
	}
	packed = store_take(store, packed_size(row, store->fields));
	if (!packed)
		return -1;
	row_pack(packed, row, store->fields);
	store->rows[store->count++] = packed;
	return 0;
}

/**
 * store_get() - have a row again
 * @store: the store
 * @at: which one, 0 is the first that was added
 * @row: initialised before; valid until the store is cleared
 */
void store_get(const struct store *store, size_t at, struct row *row)
{
	row_unpack(row, store->rows[at], store->fields);
}

/**
 * store_text() - have a field of a row again
 * @store: the store
 * @at: which row, 0 is the first that was added
 * @field: which field
 *
 * What another row says of itself is gone when that row is: who remembers a text for
 * as long as the store has the row takes it from here.
 *
 * Return: its text, valid until the store is cleared; "-" if it is none of its fields.
 */
const char *store_text(const struct store *store, size_t at, enum field field)
{
	return packed_text(store->rows[at], field, store->fields);
}

/**
 * store_clear() - keep nothing any more
 * @store: ready for others
 */
void store_clear(struct store *store)
{
	while (store->chunks) {
		struct chunk *chunk = store->chunks;

		store->chunks = chunk->next;
		free(chunk);
	}
	store->count = 0;
}
