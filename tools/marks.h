/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_MARKS_H
#define SOCKOWNERS_MARKS_H

#include "listing.h"

struct seen;

/**
 * struct mark - which row it is
 * @identity: the same in every listing for the same socket, holder and descriptor
 * @nth: of those that cannot be told apart, from 1
 * @came: it was not in the listing before
 */
struct mark {
	uint64_t identity;
	uint32_t nth;
	bool came;
};

/**
 * struct marks - what came and went from one listing to the next
 * @slots: a hash table of the rows of both
 * @size: of it, a power of two
 * @used: how many of them are
 * @listings: how many there were
 * @came: rows that the one before did not have
 */
struct marks {
	struct seen *slots;
	size_t size, used;
	uint64_t listings;
	uint64_t came;
};

void marks_wish(struct wish *wish);
int marks_begin(struct marks *marks);
int marks_take(struct marks *marks, const struct row *row, struct mark *mark);
bool marks_is_gone(const struct marks *marks, const struct mark *mark);
uint64_t marks_gone(const struct marks *marks);

#endif
