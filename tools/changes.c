// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// Most fields are as in the row before. What is made from these is not made again.

#include "changes.h"

/**
 * changes_add() - have one more cell
 * @changes: zeroed before the first
 * @at: its number in the row
 * @column: what it shows
 */
void changes_add(struct changes *changes, size_t at, enum column column)
{
	const struct columns one = { .list = { column }, .count = 1 };
	struct wish wish = { 0 };

	columns_wish(&one, &wish);
	for (int i = 0; i < FIELDS; i++) {
		if (wish_fields(&wish) & FIELD_BIT(i))
			changes->cells[i] |= CELL_BIT(at);
	}
}
