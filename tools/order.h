/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_ORDER_H
#define SOCKOWNERS_ORDER_H

#include "columns.h"

struct kept;
struct chunk;

/**
 * struct order - rows that are kept to be sorted
 * @column: by which; COLUMNS if they are not to be sorted
 * @reverse: the largest first
 * @fields: those that are kept
 * @rows: what is kept
 * @count: of @rows
 * @room: how many @rows may become before it has to grow
 * @chunks: the memory behind @rows
 */
struct order {
	enum column column;
	bool reverse;
	uint32_t fields;
	struct kept *rows;
	size_t count;
	size_t room;
	struct chunk *chunks;
};

void order_choose(struct order *order, const char *column);
void order_start(struct order *order, struct wish *wish);
int order_keep(struct order *order, const struct row *row);
int order_each(struct order *order,
	       int (*show)(void *context, const struct row *row),
	       void *context);
void order_clear(struct order *order);

#endif
