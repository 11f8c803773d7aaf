/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * A row as a line of text: the format that scripts depend on.
 */
#ifndef SOCKOWNERS_LINE_H
#define SOCKOWNERS_LINE_H

#include "columns.h"
#include "row.h"
#include "text.h"

/*
 * No line is longer. The numbers, addresses and words have at most SKO_IPV6_MAX
 * bytes each; the two names may be escaped throughout. Text that is known is
 * copied in words, the last one of which may go beyond it.
 */
#define SKO_LINE_MAX ((SKO_COLUMNS - 2) * (SKO_IPV6_MAX + 1) + \
		      SKO_NAME_MAX(IFNAMSIZ) + SKO_NAME_MAX(TASK_COMM_LEN) + 2 + \
		      sizeof(u64))

/* What of a row a column shows. */
enum sko_part {
	SKO_PART_SOCKET,	/* is its own */
	SKO_PART_KIND,		/* many others of a table are the same */
	SKO_PART_HOLDER,	/* all others of a table are the same */
};

/* Columns side by side that show the same part. */
struct sko_run {
	u8 part;
	u8 first;
	u8 count;
	u8 len;			/* of its text */
	u16 text;		/* where it is */
};

/*
 * How lines are made. Neighbours have much in common, which is kept as text:
 * of rows with the same kind, or with the same holder, until sko_lines_forget().
 */
struct sko_lines {
	struct sko_columns columns;
	u8 runs;
	struct sko_run run[SKO_COLUMNS];
	bool knows_kind, knows_holder;
	u8 state;
	u16 family, type, protocol;
	u32 netns;
	struct sko_held held;
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
