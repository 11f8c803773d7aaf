// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// How many rows there are of each kind, instead of the rows. A kind is what the
// columns that are asked for show of a row; of the holder it is the way, and not
// through which socket or thread.

#include <stdio.h>
#include <stdlib.h>

#include "cgroups.h"
#include "count.h"
#include "packed.h"

/**
 * count_default() - what rows are counted by if nobody says otherwise
 * @columns: is filled in
 */
void count_default(struct columns *columns)
{
	*columns = (struct columns){
		.list = { COLUMN_COMMAND, COLUMN_PROTO, COLUMN_STATE },
		.count = 3,
	};
}

/**
 * count_choose() - complete what was asked for
 * @columns: what to count by; COUNT is put in front if it is not there
 * @order: largest first, if it is none; the program ends with an error if it is
 *	by a column that is not counted by
 */
void count_choose(struct columns *columns, struct order *order)
{
	/* They do not tell apart what is counted together. */
	columns->chosen = true;
	if (!columns_have(columns, COLUMN_COUNT)) {
		memmove(columns->list + 1, columns->list,
			columns->count++ * sizeof(*columns->list));
		columns->list[0] = COLUMN_COUNT;
	}
	if (order->column == COLUMNS) {
		order->column = COLUMN_COUNT;
		order->reverse = true;
	} else if (!columns_have(columns, order->column)) {
		usage_error("--count is sorted by what it shows: -o +%s",
			    column_types[order->column].name);
	}
}

/**
 * count_start() - get ready to count
 * @count: is filled in
 * @columns: as count_choose() has left them
 * @order: as count_choose() has left it
 * @wish: which fields it takes; is added to
 */
void count_start(struct count *count, const struct columns *columns,
		 const struct order *order, struct wish *wish)
{
	struct wish mine = { 0 };

	*count = (struct count){ 0 };
	for (size_t i = 0; i < columns->count; i++) {
		const struct column_type *type =
			&column_types[columns->list[i]];

		if (columns->list[i] == COLUMN_COUNT)
			continue;
		count->columns.list[count->columns.count++] = columns->list[i];
		if (type->field != FIELDS)
			mine.needed |= FIELD_BIT(type->field);
		if (columns->list[i] != COLUMN_HOLDER)
			wish_for(&mine, &type->wish);
	}
	/* Kinds cannot be told by what is not there. */
	mine.needed |= mine.shown;
	/* In lines of JSON each has its host. */
	mine.useful |= FIELD_BIT(FIELD_HOST);
	count->fields = wish_fields(&mine);
	wish_for(wish, &mine);

	count->order.column = order->column;
	count->order.reverse = order->reverse;
	mine.needed |= FIELD_BIT(FIELD_COUNT);
	order_start(&count->order, &mine);
}

/* An id is one of its host; what has a path is the same by that. */
static char *write_host_of_id(char *to, enum column column,
			      const struct row *row)
{
	const struct text *host = &row->text[FIELD_HOST];
	enum field field = column_types[column].field;

	if ((column != COLUMN_CGROUP && column != COLUMN_SOCKCGROUP) ||
	    row->number[field] == NO_NUMBER || cgroup_path(row, field))
		return to;
	*to++ = ' ';
	memcpy(to, host->start, host->length);
	return to + host->length;
}

static size_t write_key(char *to, const struct columns *columns,
			const struct row *row)
{
	char *end = to;

	for (size_t i = 0; i < columns->count; i++) {
		const struct text *holder = &row->text[FIELD_HOLDER];

		if (columns->list[i] != COLUMN_HOLDER) {
			end = columns_write_cell(end, columns->list[i], row);
			end = write_host_of_id(end, columns->list[i], row);
		} else {
			memcpy(end, holder->start, holder->length);
			end += holder->length;
		}
		*end++ = '\0';
	}
	return (size_t)(end - to);
}

/**
 * count_row() - count a row
 * @count: started before
 * @row: the row
 *
 * Return: 0, or -1 if there is no memory.
 */
int count_row(struct count *count, const struct row *row)
{
	static char key[CELLS_MAX];
	struct group *group;

	group = groups_find(&count->groups, key,
			    write_key(key, &count->columns, row));
	if (!group)
		return -1;
	if (!group->data) {
		char *packed = store_take(&count->groups.store,
					  packed_size(row, count->fields));

		if (!packed)
			return -1;
		row_pack(packed, row, count->fields);
		group->data = packed;
	}
	group->value[0]++;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct group *left = a, *right = b;
	size_t length = left->length < right->length ? left->length :
						       right->length;
	int order = memcmp(left->key, right->key, length);

	return order ? order :
		       (left->length > right->length) -
			       (left->length < right->length);
}

/**
 * count_each() - show what was counted
 * @count: no row follows
 * @show: is called with a row for each kind, until it returns something else than 0
 * @context: for @show
 *
 * Kinds that are equal in the order that was asked for come by their text.
 *
 * Return: 0, what @show has returned last, or -1 if there is no memory.
 */
int count_each(struct count *count,
	       int (*show)(void *context, const struct row *row), void *context)
{
	struct groups *groups = &count->groups;
	struct row row;

	row_init(&row);
	groups_sort(groups, compare);
	for (size_t i = 0; i < groups->count; i++) {
		unsigned long long value = groups->list[i].value[0];
		char number[24];
		struct text text = { .start = number };

		sprintf(number, "%llu", value);
		text.length = strlen(number);
		row_unpack(&row, groups->list[i].data, count->fields);
		row_set(&row, FIELD_COUNT, &text);
		if (order_keep(&count->order, &row))
			return -1;
	}
	return order_each(&count->order, show, context);
}

/**
 * count_end() - be done with it
 * @count: started before
 */
void count_end(struct count *count)
{
	groups_clear(&count->groups);
	order_end(&count->order);
}
