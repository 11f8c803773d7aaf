/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_READING_H
#define SOCKOWNERS_READING_H

#include <limits.h>

#include "group.h"
#include "join.h"
#include "listing.h"
#include "options.h"
#include "peers.h"
#include "query.h"

/**
 * struct reading - a listing that is read, once or again and again
 * @options: what was asked for
 * @wish: what is to be known of each row
 * @query: what the kernel is asked for
 * @asked: which rows it takes to answer
 * @asks: these are not all
 * @asks_more: these are more than those that were asked for
 * @asks_anew: @query is another one than that of the listing before
 * @listing: where it comes from
 * @begun: it was opened
 * @join: explains the rows
 * @peers: finds their other ends
 * @group: makes one of those of a socket
 * @show: is given them
 * @context: for @show
 * @shown: the last row that it was given, of those that were not kept for later
 * @hidden: how many of the rows have a holder that is hidden
 * @lacks: bits of what is shown and was not there
 * @problem: what was wrong with it, if it was
 * @status: the exit status that goes with @problem
 */
struct reading {
	struct options *options;
	struct wish wish;
	struct query query;
	struct filter asked;
	bool asks;
	bool asks_more;
	bool asks_anew;
	struct listing listing;
	bool begun;
	struct join join;
	struct peers peers;
	struct grouping group;
	int (*show)(void *context, const struct row *row);
	void *context;
	const struct row *shown;
	unsigned long long hidden;
	uint32_t lacks;
	char problem[PATH_MAX + 1024];
	int status;
};

enum {
	READING_WHOLE = 0,
	READING_FAILED = -1, /* with a problem */
	READING_STOPPED = -2, /* by who gets the rows */
};

void reading_start(struct reading *reading, struct options *options,
		   const struct wish *wish);
int reading_each(struct reading *reading,
		 int (*show)(void *context, const struct row *row),
		 void *context);

#endif
