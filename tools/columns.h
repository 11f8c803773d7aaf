/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_COLUMNS_H
#define SOCKOWNERS_COLUMNS_H

#include "listing.h"
#include "names.h"

/* In the order in which they are shown. */
enum column {
	COLUMN_USER,
	COLUMN_COMMAND,
	COLUMN_PID,
	COLUMN_FD,
	COLUMN_PROTO,
	COLUMN_STATE,
	COLUMN_LOCAL,
	COLUMN_REMOTE,
	COLUMN_HOLDER,
	COLUMN_NETNS,
	COLUMNS
};

/**
 * struct column_type - how a column is shown
 * @name: its heading
 * @right: flush right, as numbers are
 */
struct column_type {
	const char *name;
	bool right;
	/* Writes the cell, without a NUL, and returns where it ends. */
	char *(*write)(char *to, const struct row *row);
};

extern const struct column_type column_types[COLUMNS];

/*
 * What the cells of a row take at most: each field stands in at most one of
 * them; the user's name comes on top, the rest is punctuation and NULs.
 */
#define CELLS_MAX (LISTING_LINE_MAX + LISTING_READ_SIZE + USER_NAME_MAX + 64)

char *columns_write(char *to, const struct row *row);

#endif
