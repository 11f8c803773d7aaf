/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_COLUMNS_H
#define SOCKOWNERS_COLUMNS_H

#include "listing.h"
#include "names.h"
#include "resolve.h"

/* In the order in which they are shown if nobody says otherwise. */
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
	COLUMN_VIA,
	COLUMN_LADDR,
	COLUMN_LPORT,
	COLUMN_RADDR,
	COLUMN_RPORT,
	COLUMN_DEV,
	COLUMN_INODE,
	COLUMN_UID,
	COLUMN_START,
	COLUMN_COOKIE,
	COLUMN_SOCKUID,
	COLUMN_CGROUP,
	COLUMN_SOCKCGROUP,
	COLUMN_RECVQ,
	COLUMN_SENDQ,
	COLUMN_DROPS,
	COLUMN_FLAGS,
	COLUMN_TIMER,
	COLUMN_EXPLAINED,
	COLUMN_COUNT,
	COLUMN_HOST,
	COLUMN_HOLDERS,
	COLUMN_PEER,
	COLUMN_UNIT,
	COLUMN_FAILS,
	COLUMN_WHY,
	COLUMNS
};

/* What a value is when it is not just shown. */
enum column_kind {
	KIND_WORD,
	KIND_NUMBER,
	KIND_NAME, /* somebody has chosen it, or a part of it: with \ooo in it */
	KIND_LIST, /* words with commas between them */
	KIND_HOLDERS, /* NAME[PID]:FD, with commas between them */
	KIND_PEER, /* as peers_write() has made it */
};

/**
 * struct column_type - how a column is shown
 * @name: its heading
 * @help: what it is, in a line
 * @kind: of its value
 * @field: where its value is, FIELDS if it is in no single one
 * @wish: all other fields that its cell is made from: it is not made anew while they
 *	stay as they are. Those are needed without which it says nothing
 * @right: flush right, as numbers are: its length is known before it is written
 */
struct column_type {
	const char *name;
	const char *help;
	enum column_kind kind;
	enum field field;
	struct wish wish;
	bool right;
	/*
	 * Writes the cell, without a NUL, and returns where it ends. NULL: the
	 * cell is what the listing has in @field.
	 */
	char *(*write)(char *to, const struct row *row);
};

extern const struct column_type column_types[COLUMNS];

/**
 * struct columns - those that are shown
 * @list: in this order
 * @count: how many
 * @chosen: somebody has said so: none is shown by itself
 */
struct columns {
	enum column list[COLUMNS];
	size_t count;
	bool chosen;
};

/* What the fields take together that the reader makes. */
#define MADE_MAX (128 * 1024)

/* A longer list of holders is not shown whole in a cell. */
#define HOLDERS_MAX (32 * 1024)

/*
 * What the cells of a row take at most: each field stands in at most two of
 * them; the user's name and those of hosts and services come on top, the rest is
 * punctuation and NULs.
 */
#define CELLS_MAX                                                \
	(2 * (LISTING_LINE_MAX + LISTING_READ_SIZE + MADE_MAX) + \
	 USER_NAME_MAX + 4 * RESOLVED_MAX + 256)

bool columns_have(const struct columns *columns, enum column column);
int column_find(const char *name, size_t length);
noreturn void no_column(const char *name, size_t length);
void columns_default(struct columns *columns);
void columns_group(struct columns *columns);
void columns_insert(struct columns *columns, size_t at, enum column column);
void columns_add(struct columns *columns, enum column column);
void columns_choose(struct columns *columns, const char *list);
void columns_help(void);
void columns_wish(const struct columns *columns, struct wish *wish);
char *columns_write_cell(char *to, enum column column, const struct row *row);
struct text columns_cell(enum column column, const struct row *row);

#endif
