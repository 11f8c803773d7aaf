/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * Is the answer to a query what is to be expected of it: those rows of the full
 * listing that match?
 */
#ifndef SCENARIOS_ANSWER_H
#define SCENARIOS_ANSWER_H

#include "table.h"

/* All columns but timer, which does not stand still. */
#define STEADY_COLUMNS                                                \
	"pid,fd,proto,state,laddr,lport,raddr,rport,dev,inode,netns," \
	"uid,holder,via,comm,start,cookie,sockuid,cgroup,sockcgroup," \
	"recvq,sendq,drops,flags"

/* How many answers had rows, and how many of those not all. */
struct answers {
	size_t nr;
	size_t with_rows;
	size_t with_some;
};

/* The full listing, with STEADY_COLUMNS, as it was when it was last needed. */
const struct table *answer_full(void);

/*
 * Counts the differences of the answer to @query from the rows of the full
 * listing that match, in whatever order and in the columns that the answer has;
 * says the first ones. The rest of the machine must be idle, mostly.
 */
size_t answer_differences(struct answers *answers, const char *query);

#endif
