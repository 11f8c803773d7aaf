/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_TABLE_H
#define SOCKOWNERS_TABLE_H

#include <stdio.h>

#include "changes.h"

/* Rows that are held back to choose the widths from, whichever is less. */
#ifndef TABLE_HELD_ROWS
#define TABLE_HELD_ROWS 4096
#endif
#ifndef TABLE_HELD_BYTES
#define TABLE_HELD_BYTES (1024 * 1024)
#endif

/* A wider cell is printed whole, but does not make the other rows wider. */
#define TABLE_WIDTH_MAX 128

/* In the place of what does not fit. */
#define TABLE_SIGN "+"

/* The cells of a line, and for each its padding, its colour and the end of that. */
#define TABLE_LINE_MAX (CELLS_MAX + COLUMNS * (TABLE_WIDTH_MAX + 16))

/* So many bytes of lines are written at once. */
#ifndef TABLE_LINES_MAX
#define TABLE_LINES_MAX (64 * 1024)
#endif

/**
 * struct table - a table being printed
 * @columns: what it shows
 * @netns_by_itself: the last column is NETNS, shown only if it tells rows apart
 * @shown: how many of the columns are shown
 * @header: print the heading
 * @laid_out: the widths are chosen, rows are no longer held
 * @colours: it is a terminal that has them
 * @window: width of the terminal, 0 if it is none
 * @cut: its lines are cut there: everything that is long is shortened, and not just
 *	COMMAND
 * @error: errno of the write that failed
 * @rows: how many there were
 * @netns: network namespace of the first row
 * @widths: of the columns
 * @limits: shorten a cell to this, SIZE_MAX for no limit
 * @changes: of the cells
 * @before: the line before, which is there; NULL if it was no row's
 * @starts: where the cells are in it
 * @length: of it
 * @ready: bytes of @lines that wait to be written
 * @used: bytes of @cells in use
 * @to: where to
 * @cells: of the rows that are held, with a NUL behind each
 * @lines: of the last rows
 */
struct table {
	struct columns columns;
	bool netns_by_itself;
	size_t shown;
	bool header;
	bool laid_out;
	bool colours;
	size_t window;
	bool cut;
	int error;
	uint64_t rows;
	uint64_t netns;
	size_t widths[COLUMNS];
	size_t limits[COLUMNS];
	struct changes changes;
	const char *before;
	size_t starts[COLUMNS];
	size_t length;
	size_t ready;
	size_t used;
	FILE *to;
	char cells[TABLE_HELD_BYTES];
	char lines[TABLE_LINES_MAX + TABLE_LINE_MAX];
};

void table_start(struct table *table, const struct columns *columns,
		 bool header);
void table_wish(const struct table *table, struct wish *wish);
void table_before(struct table *table, const char *lines);
int table_row(struct table *table, const struct row *row);
int table_flush(struct table *table);
int table_end(struct table *table);

#endif
