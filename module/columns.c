// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "columns.h"

#include <linux/errno.h>
#include <linux/string.h>

const char * const sko_column_names[SKO_COLUMNS] = {
	[SKO_COL_PID]		= "pid",
	[SKO_COL_FD]		= "fd",
	[SKO_COL_PROTO]		= "proto",
	[SKO_COL_STATE]		= "state",
	[SKO_COL_LADDR]		= "laddr",
	[SKO_COL_LPORT]		= "lport",
	[SKO_COL_RADDR]		= "raddr",
	[SKO_COL_RPORT]		= "rport",
	[SKO_COL_DEV]		= "dev",
	[SKO_COL_INODE]		= "inode",
	[SKO_COL_NETNS]		= "netns",
	[SKO_COL_UID]		= "uid",
	[SKO_COL_HOLDER]	= "holder",
	[SKO_COL_VIA]		= "via",
	[SKO_COL_COMM]		= "comm",
	[SKO_COL_START]		= "start",
	[SKO_COL_COOKIE]	= "cookie",
	[SKO_COL_SOCKUID]	= "sockuid",
	[SKO_COL_CGROUP]	= "cgroup",
	[SKO_COL_SOCKCGROUP]	= "sockcgroup",
	[SKO_COL_RECVQ]		= "recvq",
	[SKO_COL_SENDQ]		= "sendq",
	[SKO_COL_DROPS]		= "drops",
	[SKO_COL_FLAGS]		= "flags",
	[SKO_COL_TIMER]		= "timer",
};

static void first(struct sko_columns *columns, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		columns->column[i] = i;
	columns->count = count;
}

/**
 * sko_columns_default() - what a plain read shows
 * @columns: filled in
 */
void sko_columns_default(struct sko_columns *columns)
{
	first(columns, SKO_COLUMNS_DEFAULT);
}

static int find(const char *name, size_t len)
{
	int i;

	for (i = 0; i < SKO_COLUMNS; i++)
		if (strlen(sko_column_names[i]) == len &&
		    !memcmp(sko_column_names[i], name, len))
			return i;
	return -EINVAL;
}

/**
 * sko_columns_parse() - the columns that somebody asks for
 * @columns: filled in; left alone after an error
 * @text: "default", "all", or names with commas between them, none twice
 *
 * Context: any.
 * Return: 0, or -EINVAL.
 */
int sko_columns_parse(struct sko_columns *columns, const char *text)
{
	struct sko_columns found = {};
	u32 seen = 0;

	if (!strcmp(text, "default")) {
		sko_columns_default(columns);
		return 0;
	}
	if (!strcmp(text, "all")) {
		first(columns, SKO_COLUMNS);
		return 0;
	}
	for (;;) {
		size_t len = strcspn(text, ",");
		int column = find(text, len);

		if (column < 0 || seen & BIT(column))
			return -EINVAL;
		seen |= BIT(column);
		found.column[found.count++] = column;
		text += len;
		if (!*text)
			break;
		text++;
	}
	*columns = found;
	return 0;
}

/**
 * sko_columns_mask() - which columns are wanted, in whatever order
 * @columns: the columns
 *
 * Return: bit n for column n.
 */
u32 sko_columns_mask(const struct sko_columns *columns)
{
	u32 mask = 0;
	int i;

	for (i = 0; i < columns->count; i++)
		mask |= BIT(columns->column[i]);
	return mask;
}
