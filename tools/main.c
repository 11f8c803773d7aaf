// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <errno.h>
#include <signal.h>

#include "listing.h"
#include "options.h"
#include "query.h"
#include "table.h"

static int show(void *context, const struct row *row)
{
	return table_row(context, row);
}

int main(int argc, char **argv)
{
	static struct options options;
	static struct listing listing;
	static struct table table;
	static struct query query;
	struct wish wish = { .needed = FIELD_BIT(FIELD_HOLDER) };
	struct order *order = &options.order;
	unsigned long long hidden = 0;
	struct row row;
	int got;

	/* A reader that goes away shows as EPIPE, at a place of our choice. */
	signal(SIGPIPE, SIG_IGN);

	options_parse(&options, argc, argv);
	table_start(&table, &options.columns, !options.no_header);
	table_wish(&table, &wish);
	filter_wish(&options.filter, &wish);
	order_start(order, &wish);
	query_write(&query, &wish, &options.filter);

	row_init(&row);
	got = listing_open(&listing, options.from, &wish, &query);
	if (!got) {
		while ((got = listing_next(&listing, &row)) > 0) {
			if (!filter_matches(&options.filter, &row))
				continue;
			if (text_is(&row.text[FIELD_HOLDER], "hidden"))
				hidden++;
			if (order->column != COLUMNS) {
				if (!order_keep(order, &row))
					continue;
				report("cannot sort: %s; sort less, or without --sort",
				       strerror(errno));
				return STATUS_ERROR;
			}
			if (show(&table, &row))
				return report_write_error(table.error);
		}
	}
	if (order_each(order, show, &table) || table_end(&table))
		return report_write_error(table.error);

	if (got < 0) {
		report("%s: %s", listing.source, listing.problem);
		return listing.status;
	}
	if (hidden)
		report("rows with a holder hidden from you: %llu; root sees more (sudo sockowners)",
		       hidden);
	return table.rows ? STATUS_LISTED : STATUS_NOTHING;
}
