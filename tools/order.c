// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// Sorting needs all rows at once: they are stored, and what is sorted is a key of
// each.

#include <stdlib.h>

#include "address.h"
#include "order.h"

/**
 * struct kept - the key of a row
 * @none: it has no value in the column: it comes last
 * @address: what it is sorted by, if that is one end
 * @number: its port, or the number that it is sorted by
 * @text: the text that it is sorted by, "" if it is by something else
 * @at: its place in the listing
 */
struct kept {
	bool none;
	struct address address;
	uint64_t number;
	const char *text;
	size_t at;
};

/* Of the one order that is being sorted: qsort() has no argument for it. */
static bool reversed;

/**
 * order_choose() - sort by a column
 * @order: is filled in
 * @column: its name, with a "-" before it for the largest first; the program
 *	ends with an error if there is none
 */
void order_choose(struct order *order, const char *column)
{
	int found;

	order->reverse = *column == '-';
	column += order->reverse;
	found = column_find(column, strlen(column));
	if (found < 0)
		no_column(column, strlen(column));
	order->column = (enum column)found;
}

/**
 * order_wish() - which fields it takes
 * @order: with its column, shown or not
 * @wish: is added to
 */
void order_wish(const struct order *order, struct wish *wish)
{
	struct columns columns = { .list = { order->column }, .count = 1 };
	const struct column_type *type = &column_types[order->column];

	if (order->column == COLUMNS)
		return;
	columns_wish(&columns, wish);
	wish->needed |= type->wish.needed;
	if (type->field != FIELDS)
		wish->needed |= FIELD_BIT(type->field);
}

/**
 * order_start() - get ready to keep rows
 * @order: with its column
 * @wish: all that is wished of a row, also by order_wish()
 */
void order_start(struct order *order, const struct wish *wish)
{
	order->store.fields = wish_fields(wish);
}

static void take_end(struct kept *kept, const struct row *row,
		     enum field address, enum field port)
{
	kept->none = !address_parse(&kept->address, row->text[address].start);
	kept->number = row->number[port];
}

static bool take_text(struct order *order, struct kept *kept,
		      const struct row *row)
{
	const struct text cell = columns_cell(order->column, row);
	char *copy = store_take(&order->store, cell.length + 1);

	if (!copy)
		return false;
	kept->text = memcpy(copy, cell.start, cell.length + 1);
	kept->none = !strcmp(copy, "-");
	return true;
}

static bool take_key(struct order *order, struct kept *kept,
		     const struct row *row)
{
	const struct column_type *type = &column_types[order->column];

	switch (order->column) {
	case COLUMN_LOCAL:
		take_end(kept, row, FIELD_LADDR, FIELD_LPORT);
		return true;
	case COLUMN_REMOTE:
		take_end(kept, row, FIELD_RADDR, FIELD_RPORT);
		return true;
	case COLUMN_LADDR:
	case COLUMN_RADDR:
		take_end(kept, row, type->field, type->field);
		return true;
	default:
		break;
	}
	/* The path of a cgroup is shown, and its number sorts as nobody sees it. */
	if (type->kind != KIND_NUMBER || type->write)
		return take_text(order, kept, row);
	kept->number = row->number[type->field];
	kept->none = kept->number == NO_NUMBER;
	return true;
}

/**
 * order_keep() - take a row
 * @order: started before
 * @row: the row
 *
 * Return: 0, or -1 if there is no memory.
 */
int order_keep(struct order *order, const struct row *row)
{
	struct kept kept = { .text = "", .at = order->store.count };

	if (order->store.count == order->room) {
		size_t room = order->room ? 2 * order->room : 1024;
		struct kept *keys =
			reallocarray(order->keys, room, sizeof(*keys));

		if (!keys)
			return -1;
		order->keys = keys;
		order->room = room;
	}
	if (!take_key(order, &kept, row))
		return -1;
	order->keys[kept.at] = kept;
	return store_add(&order->store, row);
}

static int compare(const void *a, const void *b)
{
	const struct kept *left = a, *right = b;
	int order;

	if (left->none != right->none)
		return left->none ? 1 : -1;
	order = address_compare(&left->address, &right->address);
	if (!order)
		order = (left->number > right->number) -
			(left->number < right->number);
	if (!order)
		order = strcmp(left->text, right->text);
	if (order)
		return reversed ? -order : order;
	return (left->at > right->at) - (left->at < right->at);
}

/**
 * order_each() - show the rows that were kept
 * @order: no row follows
 * @show: is called with each in order, until it returns something else than 0
 * @context: for @show
 *
 * Return: what @show has returned last.
 */
int order_each(struct order *order,
	       int (*show)(void *context, const struct row *row), void *context)
{
	struct row row;
	int result = 0;

	row_init(&row);
	reversed = order->reverse;
	if (order->store.count)
		qsort(order->keys, order->store.count, sizeof(*order->keys),
		      compare);
	for (size_t i = 0; i < order->store.count && !result; i++) {
		store_get(&order->store, order->keys[i].at, &row);
		result = show(context, &row);
	}
	return result;
}

/**
 * order_clear() - keep nothing of the rows
 * @order: ready for others
 */
void order_clear(struct order *order)
{
	store_clear(&order->store);
}

/**
 * order_end() - be done with it
 * @order: zeroed, it is ready to be chosen again
 */
void order_end(struct order *order)
{
	store_clear(&order->store);
	free(order->store.rows);
	free(order->keys);
	*order = (struct order){ 0 };
}
