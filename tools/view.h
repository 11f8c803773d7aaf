/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_VIEW_H
#define SOCKOWNERS_VIEW_H

#include "marks.h"
#include "table.h"

/* More than a window has lines. */
#define VIEW_ROWS 1024

/**
 * struct shown - a row that may be shown
 * @packed: its fields
 * @mark: which one it is
 */
struct shown {
	char *packed;
	struct mark mark;
};

/**
 * struct rows - the first ones of a listing
 * @list: of them
 * @count: how many
 */
struct rows {
	struct shown list[VIEW_ROWS];
	size_t count;
};

/**
 * struct view - what is drawn on a screen
 * @columns: of the table
 * @header: it has a heading
 * @fields: that are kept of each row
 * @total: rows of this listing
 * @hidden: those of them that have a holder that is hidden
 * @time: of this listing
 * @now: this listing
 * @before: the one before
 * @marks: what came and went
 * @table: the lines are made with
 */
struct view {
	const struct columns *columns;
	bool header;
	uint32_t fields;
	uint64_t total;
	unsigned long long hidden;
	char time[16];
	struct rows now, before;
	struct marks marks;
	struct table table;
};

int view_begin(struct view *view);
int view_row(void *view, const struct row *row);
int view_draw(struct view *view);

#endif
