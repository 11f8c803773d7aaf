/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_JOIN_H
#define SOCKOWNERS_JOIN_H

#include "holdings.h"
#include "store.h"

/* Rows that wait for other ones, at most. */
#ifndef JOIN_ROWS
#define JOIN_ROWS 4096
#endif

/**
 * struct join - rows that are explained by other rows
 * @active: somebody wants to know; else rows pass by
 * @live: the kernel can be asked a second time
 * @holdings: of the sockets that other rows may point to
 * @waiting: rows that point to a socket that has not come, and those behind them, none
 *	of them explained yet
 * @row_to: is given the rows, each with its explanation
 * @context: for @row_to
 */
struct join {
	bool active;
	bool live;
	struct holdings holdings;
	struct store waiting;
	int (*row_to)(void *context, struct row *row);
	void *context;
};

void join_wish(struct wish *wish);
void join_start(struct join *join, const struct wish *wish);
void join_see(struct join *join, const struct row *row);
int join_take(struct join *join, struct row *row);
int join_end(struct join *join);

#endif
