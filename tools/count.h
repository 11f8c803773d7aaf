/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_COUNT_H
#define SOCKOWNERS_COUNT_H

#include "columns.h"
#include "groups.h"
#include "order.h"

/**
 * struct count - rows that are counted
 * @columns: rows are alike that are so in these, COUNT apart
 * @fields: that show the columns
 * @groups: rows that are alike
 * @order: to show them in
 */
struct count {
	struct columns columns;
	uint32_t fields;
	struct groups groups;
	struct order order;
};

void count_default(struct columns *columns);
void count_choose(struct columns *columns, struct order *order);
void count_start(struct count *count, const struct columns *columns,
		 const struct order *order, struct wish *wish);
int count_row(struct count *count, const struct row *row);
int count_each(struct count *count,
	       int (*show)(void *context, const struct row *row),
	       void *context);

void count_end(struct count *count);

#endif
