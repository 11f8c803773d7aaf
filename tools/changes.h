/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_CHANGES_H
#define SOCKOWNERS_CHANGES_H

#include <assert.h>

#include "columns.h"

/* Bit n for cell n of a row. */
#define CELL_BIT(at) (UINT64_C(1) << (at))
#define CELLS_ALL    UINT64_MAX
static_assert(COLUMNS < 64,
	      "there is a bit for each cell, and one behind the last");

/**
 * struct changes - which cells of a row change with its fields
 * @cells: for each field bits of the cells that are made from it
 */
struct changes {
	uint64_t cells[FIELDS];
};

void changes_add(struct changes *changes, size_t at, enum column column);

/**
 * changes_cells() - find the cells that may be others than in the row before
 * @changes: all cells were added to it
 * @row: the row
 *
 * Return: their bits.
 */
static inline uint64_t changes_cells(const struct changes *changes,
				     const struct row *row)
{
	uint64_t cells = 0;

	for (uint32_t left = row->changed; left; left &= left - 1)
		cells |= changes->cells[__builtin_ctz(left)];
	return cells;
}

#endif
