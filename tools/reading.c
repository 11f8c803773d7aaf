// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <errno.h>
#include <stdio.h>

#include "reading.h"

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
	reading->wish = *wish;
	reading->wish.needed |= FIELD_BIT(FIELD_HOLDER);
	filter_wish(&options->filter, &reading->wish);
	order_start(&options->order, &reading->wish);
	query_write(&reading->query, &reading->wish, &options->filter);
}

static int begin(struct reading *reading)
{
	const char *from = reading->options->from;

	if (reading->begun)
		return listing_again(&reading->listing, from, &reading->query);
	reading->begun = true;
	return listing_open(&reading->listing, from, &reading->wish,
			    &reading->query);
}

static int fail(struct reading *reading)
{
	snprintf(reading->problem, sizeof(reading->problem), "%s: %s",
		 reading->listing.source, reading->listing.problem);
	reading->status = reading->listing.status;
	return READING_FAILED;
}

static int fail_to_sort(struct reading *reading)
{
	snprintf(reading->problem, sizeof(reading->problem),
		 "cannot sort: %s; sort less, or without --sort",
		 strerror(errno));
	reading->status = STATUS_ERROR;
	return READING_FAILED;
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
	struct options *options = reading->options;
	bool sorts = options->order.column != COLUMNS;
	struct row row;
	int got;

	row_init(&row);
	reading->hidden = 0;
	order_clear(&options->order);
	got = begin(reading);
	if (!got) {
		while ((got = listing_next(&reading->listing, &row)) > 0) {
			if (!filter_matches(&options->filter, &row))
				continue;
			if (text_is(&row.text[FIELD_HOLDER], "hidden"))
				reading->hidden++;
			if (sorts) {
				if (order_keep(&options->order, &row))
					return fail_to_sort(reading);
			} else if (show(context, &row)) {
				return READING_STOPPED;
			}
		}
	}
	if (order_each(&options->order, show, context))
		return READING_STOPPED;
	return got < 0 ? fail(reading) : READING_WHOLE;
}
