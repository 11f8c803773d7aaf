/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * The columns of a listing: their names, and which are wanted in which order.
 */
#ifndef SOCKOWNERS_COLUMNS_H
#define SOCKOWNERS_COLUMNS_H

#include <linux/bits.h>
#include <linux/types.h>

/* The default ones come first, in their order. */
enum sko_column {
	SKO_COL_PID,
	SKO_COL_FD,
	SKO_COL_PROTO,
	SKO_COL_STATE,
	SKO_COL_LADDR,
	SKO_COL_LPORT,
	SKO_COL_RADDR,
	SKO_COL_RPORT,
	SKO_COL_DEV,
	SKO_COL_INODE,
	SKO_COL_NETNS,
	SKO_COL_UID,
	SKO_COL_HOLDER,
	SKO_COL_VIA,
	SKO_COL_COMM,
	SKO_COLUMNS_DEFAULT,
	SKO_COL_START = SKO_COLUMNS_DEFAULT,
	SKO_COL_COOKIE,
	SKO_COL_SOCKUID,
	SKO_COL_CGROUP,
	SKO_COL_SOCKCGROUP,
	SKO_COL_RECVQ,
	SKO_COL_SENDQ,
	SKO_COL_DROPS,
	SKO_COL_FLAGS,
	SKO_COL_TIMER,
	SKO_COLUMNS,
};

/* A default listing costs nothing for those that are not in it. */
#define SKO_COLUMNS_EXTRA \
	GENMASK(SKO_COLUMNS - 1, SKO_COLUMNS_DEFAULT)

struct sko_columns {
	u8 count;
	u8 column[SKO_COLUMNS];	/* enum sko_column, in the order of the line */
};

extern const char * const sko_column_names[SKO_COLUMNS];

void sko_columns_default(struct sko_columns *columns);
int sko_columns_parse(struct sko_columns *columns, const char *text);
u32 sko_columns_mask(const struct sko_columns *columns);

#endif
