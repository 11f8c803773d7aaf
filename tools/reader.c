// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <errno.h>

#include "listing.h"
#include "options.h"
#include "output.h"
#include "query.h"
#include "reader.h"

/**
 * reader_run() - do what a command line asks for
 * @argc: as main() got it
 * @argv: as main() got it
 *
 * What it allocates is left to the end of the program, which it may bring about
 * itself: see options_parse().
 *
 * Return: the exit status.
 */
int reader_run(int argc, char **argv)
{
	static struct options options;
	static struct listing listing;
	static struct query query;
	struct wish wish = { .needed = FIELD_BIT(FIELD_HOLDER) };
	struct order *order = &options.order;
	struct output *output;
	unsigned long long hidden = 0;
	struct row row;
	int got;

	options_parse(&options, argc, argv);
	output = output_start(&options, &wish);
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
			if (output_row(output, &row))
				return report_write_error(output_error(output));
		}
	}
	if (order_each(order, output_row, output) || output_end(output, !got))
		return report_write_error(output_error(output));

	if (got < 0) {
		report("%s: %s", listing.source, listing.problem);
		return listing.status;
	}
	if (hidden)
		report("rows with a holder hidden from you: %llu; root sees more (sudo sockowners)",
		       hidden);
	return output_rows(output) ? STATUS_LISTED : STATUS_NOTHING;
}
