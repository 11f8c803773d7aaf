// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <errno.h>
#include <stdio.h>

#include "reading.h"

static int begin(struct reading *reading)
{
	const char *from = reading->options->from;

	if (reading->begun)
		return listing_again(&reading->listing, from, &reading->query);
	reading->begun = true;
	return listing_open(&reading->listing, from, &reading->wish,
			    &reading->query);
}

static void fail(struct reading *reading)
{
	snprintf(reading->problem, sizeof(reading->problem), "%s: %s",
		 reading->listing.source, reading->listing.problem);
	reading->status = reading->listing.status;
}

static int fail_to_sort(struct reading *reading)
{
	snprintf(reading->problem, sizeof(reading->problem),
		 "cannot sort: %s; sort less, or without --sort",
		 strerror(errno));
	reading->status = STATUS_ERROR;
	return READING_FAILED;
}

/* A row that was asked for, with all that is to be known of it. */
static int take(void *context, struct row *row)
{
	struct reading *reading = context;
	struct order *order = &reading->options->order;

	if (text_is(&row->text[FIELD_HOLDER], "hidden"))
		reading->hidden++;
	if (order->column != COLUMNS)
		return order_keep(order, row) ? fail_to_sort(reading) : 0;
	return reading->show(reading->context, row) ? READING_STOPPED : 0;
}

/* Return: 0 after the last row that can be read, or what take() has returned. */
static int read_rows(struct reading *reading)
{
	struct join *join = &reading->join;
	int got, result = 0;
	struct row row;

	row_init(&row);
	join_start(join, &reading->wish);
	got = begin(reading);
	if (!got) {
		while ((got = listing_next(&reading->listing, &row)) > 0) {
			join_see(join, &row);
			if (!filter_matches(&reading->options->filter, &row))
				continue;
			result = join_take(join, &row);
			if (result)
				return result;
		}
	}
	if (got < 0)
		fail(reading);
	return join_end(join);
}

/**
 * reading_start() - get ready to read
 * @reading: is filled in
 * @options: what was asked for
 * @wish: what else is to be known of each row
 */
void reading_start(struct reading *reading, struct options *options,
		   const struct wish *wish)
{
	reading->options = options;
	reading->join.row_to = take;
	reading->join.context = reading;
	reading->join.live = !options->from;
	reading->wish = *wish;
	reading->wish.needed |= FIELD_BIT(FIELD_HOLDER);
	filter_wish(&options->filter, &reading->wish);
	order_start(&options->order, &reading->wish);
	join_wish(&reading->wish);
	query_write(&reading->query, &reading->wish, &options->filter);
}

/**
 * reading_each() - read the listing, and show the rows that were asked for
 * @reading: started before, and maybe read before
 * @show: is called with each in order, until it returns something else than 0
 * @context: for @show
 *
 * What was read before a failure is shown.
 *
 * Return: READING_WHOLE, or why it is not.
 */
int reading_each(struct reading *reading,
		 int (*show)(void *context, const struct row *row),
		 void *context)
{
	struct order *order = &reading->options->order;
	int result;

	reading->show = show;
	reading->context = context;
	reading->hidden = 0;
	reading->status = 0;
	order_clear(order);
	result = read_rows(reading);
	if (result)
		return result;
	if (order_each(order, show, context))
		return READING_STOPPED;
	return reading->status ? READING_FAILED : READING_WHOLE;
}
