/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_ORDER_H
#define SOCKOWNERS_ORDER_H

#include "columns.h"
#include "store.h"

struct kept;

/**
 * struct order - rows that are kept to be sorted
 * @column: by which; COLUMNS if they are not to be sorted
 * @reverse: the largest first
 * @store: the rows
 * @keys: of each what it is sorted by
 * @room: how many @keys may become before it has to grow
 */
struct order {
	enum column column;
	bool reverse;
	struct store store;
	struct kept *keys;
	size_t room;
};

void order_choose(struct order *order, const char *column);
void order_wish(const struct order *order, struct wish *wish);
void order_start(struct order *order, const struct wish *wish);
int order_keep(struct order *order, const struct row *row);
int order_each(struct order *order,
	       int (*show)(void *context, const struct row *row),
	       void *context);
void order_clear(struct order *order);
void order_end(struct order *order);

#endif
