/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * A row as a line of text: the format that scripts depend on.
 */
#ifndef SOCKOWNERS_LINE_H
#define SOCKOWNERS_LINE_H

#include "addresses.h"
#include "columns.h"
#include "row.h"
#include "text.h"

/* Text that is known is copied so many bytes at a time. */
#define SKO_COPY 32U

/*
 * No line is longer. The numbers, addresses and words have at most SKO_IPV6_MAX
 * bytes each; the two names may be escaped throughout. What is copied goes beyond its
 * end, addresses the furthest.
 */
#define SKO_LINE_MAX ((SKO_COLUMNS - 2) * (SKO_IPV6_MAX + 1) + \
		      SKO_NAME_MAX(IFNAMSIZ) + SKO_NAME_MAX(TASK_COMM_LEN) + 2 + \
		      SKO_IPV6_TEXT)

/* What of a row a column shows. */
enum sko_part {
	SKO_PART_SOCKET = 0,	/* is its own */
	SKO_PART_KIND = 1,	/* many others of a table are the same */
	SKO_PART_HOLDER = 2,	/* all others of a table are the same */
};

/* No column, and four that are made in one go: both addresses and ports. */
#define SKO_NO_COLUMN	SKO_COLUMNS
#define SKO_TUPLE	(SKO_COLUMNS + 1)

/*
 * A column that shows the socket, and what is known behind it: a tab, and the columns
 * up to the next one of that sort. The first step has no column of its own.
 */
struct sko_step {
	u8 column;		/* SKO_NO_COLUMN: none; or SKO_TUPLE */
	u8 first, count;	/* the columns that are known */
	u8 parts;		/* bits of enum sko_part that they show */
	u16 text;		/* where it is */
	u16 len;		/* of it */
};

/*
 * How lines are made. Neighbours have much in common, which is kept as text:
 * of rows with the same kind, or with the same holder, until sko_lines_forget().
 */
struct sko_lines {
	struct sko_columns columns;
	u8 steps;
	u8 known;		/* bits of enum sko_part */
	struct sko_step step[SKO_COLUMNS + 1];
	u64 kind;
	u32 netns;
	struct sko_held held;
	struct sko_addresses addresses;
	char text[512];
};

void sko_lines_init(struct sko_lines *lines, const struct sko_columns *columns);
void sko_lines_forget(struct sko_lines *lines);
char *sko_line_header(char *p, const struct sko_columns *columns);
char *sko_line(char *p, const struct sko_row *row, struct sko_lines *lines);

/* Its words, for whoever has to read them. */
const char *sko_holder_name(unsigned int holder);
const char *sko_state_name(u8 state);
const char *sko_proto_name(u16 type, u16 protocol);

#endif
