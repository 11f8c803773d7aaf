// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// Of each row of the last two listings nothing is remembered but a hash of what
// makes it this row and no other: 16 bytes, so that a million sockets can be
// watched. Two of a million are the same by chance once in 40 million listings,
// and then a mark is missing.

#include <stdlib.h>

#include "marks.h"

#define SLOTS_MIN 1024

/**
 * struct seen - rows of one identity
 * @identity: never 0 in a slot that is used
 * @before: how many the last listing had
 * @now: how many this one has, up to now
 */
struct seen {
	uint64_t identity;
	uint32_t before, now;
};

/* Of these a row is made: who holds it, and where. */
static const enum field holders[] = { FIELD_PID, FIELD_FD, FIELD_VIA,
				      FIELD_NETNS };

/* A cookie names a socket for ever. Without one these are all that there is. */
static const enum field sockets[] = { FIELD_PROTO, FIELD_LADDR, FIELD_LPORT,
				      FIELD_RADDR, FIELD_RPORT, FIELD_DEV,
				      FIELD_INODE };

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/**
 * marks_wish() - which fields tell rows apart
 * @wish: is added to
 */
void marks_wish(struct wish *wish)
{
	wish->useful |= FIELD_BIT(FIELD_COOKIE) | FIELD_BIT(FIELD_HOST);
	for (size_t i = 0; i < ARRAY_SIZE(holders); i++)
		wish->useful |= FIELD_BIT(holders[i]);
	for (size_t i = 0; i < ARRAY_SIZE(sockets); i++)
		wish->useful |= FIELD_BIT(sockets[i]);
}

/* FNV-1a, with the NUL that ends the field. */
static uint64_t add(uint64_t hash, const struct text *text)
{
	for (size_t i = 0; i <= text->length; i++) {
		hash ^= (unsigned char)text->start[i];
		hash *= UINT64_C(0x100000001b3);
	}
	return hash;
}

static uint64_t identity_of(const struct row *row)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	/* The numbers of a host are its own. */
	hash = add(hash, &row->text[FIELD_HOST]);
	for (size_t i = 0; i < ARRAY_SIZE(holders); i++)
		hash = add(hash, &row->text[holders[i]]);
	hash = add(hash, &row->text[FIELD_COOKIE]);
	if (text_is_none(&row->text[FIELD_COOKIE])) {
		for (size_t i = 0; i < ARRAY_SIZE(sockets); i++)
			hash = add(hash, &row->text[sockets[i]]);
	}
	/* Its low bits are weak, and they choose the slot. */
	hash ^= hash >> 32;
	hash *= UINT64_C(0x9e3779b97f4a7c15);
	hash ^= hash >> 29;
	return hash ? hash : 1;
}

/* Where it is, or the free slot where it belongs. */
static struct seen *find(struct seen *slots, size_t size, uint64_t identity)
{
	size_t at = identity & (size - 1);

	while (slots[at].identity && slots[at].identity != identity)
		at = (at + 1) & (size - 1);
	return &slots[at];
}

/* Into a table of at least @size slots. Return: 0, or -1 without memory. */
static int move(struct marks *marks, size_t size)
{
	struct seen *slots = calloc(size, sizeof(*slots));

	if (!slots)
		return -1;
	for (size_t i = 0; i < marks->size; i++) {
		const struct seen *seen = &marks->slots[i];

		if (seen->identity && (seen->before || seen->now))
			*find(slots, size, seen->identity) = *seen;
	}
	free(marks->slots);
	marks->slots = slots;
	marks->size = size;
	marks->used = 0;
	for (size_t i = 0; i < size; i++)
		marks->used += slots[i].identity != 0;
	return 0;
}

/**
 * marks_begin() - a listing begins
 * @marks: zeroed before the first
 *
 * Return: 0, or -1 without memory.
 */
int marks_begin(struct marks *marks)
{
	size_t size = SLOTS_MIN, rows = 0;

	for (size_t i = 0; i < marks->size; i++) {
		struct seen *seen = &marks->slots[i];

		seen->before = seen->now;
		seen->now = 0;
		rows += seen->before != 0;
	}
	marks->came = 0;
	marks->listings++;
	/* What was gone already is forgotten. */
	while (size < 4 * rows)
		size *= 2;
	return move(marks, size);
}

/**
 * marks_take() - a row of it
 * @marks: begun before
 * @row: with marks_wish()
 * @mark: is filled in
 *
 * Return: 0, or -1 without memory.
 */
int marks_take(struct marks *marks, const struct row *row, struct mark *mark)
{
	uint64_t identity = identity_of(row);
	struct seen *seen;

	if (2 * (marks->used + 1) > marks->size && move(marks, 2 * marks->size))
		return -1;
	seen = find(marks->slots, marks->size, identity);
	if (!seen->identity) {
		seen->identity = identity;
		marks->used++;
	}
	seen->now++;
	mark->identity = identity;
	mark->nth = seen->now;
	/* Everything is new in the first one. */
	mark->came = marks->listings > 1 && seen->now > seen->before;
	marks->came += mark->came;
	return 0;
}

/**
 * marks_is_gone() - whether a row of the listing before is not in this one
 * @marks: all of whose rows were taken
 * @mark: of the row
 */
bool marks_is_gone(const struct marks *marks, const struct mark *mark)
{
	return find(marks->slots, marks->size, mark->identity)->now < mark->nth;
}

/**
 * marks_gone() - how many rows the listing before had that are not in this one
 * @marks: all of whose rows were taken
 */
uint64_t marks_gone(const struct marks *marks)
{
	uint64_t gone = 0;

	for (size_t i = 0; i < marks->size; i++) {
		const struct seen *seen = &marks->slots[i];

		if (seen->before > seen->now)
			gone += seen->before - seen->now;
	}
	return gone;
}
