// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <signal.h>

#include "listing.h"
#include "options.h"
#include "query.h"
#include "table.h"

int main(int argc, char **argv)
{
	static struct options options;
	static struct listing listing;
	static struct table table;
	static struct query query;
	struct wish wish = { .needed = FIELD_BIT(FIELD_HOLDER) };
	unsigned long long hidden = 0;
	struct row row;
	int got;

	/* A reader that goes away shows as EPIPE, at a place of our choice. */
	signal(SIGPIPE, SIG_IGN);

	options_parse(&options, argc, argv);
	table_start(&table, &options.columns, !options.no_header);
	table_wish(&table, &wish);
	filter_wish(&options.filter, &wish);
	query_write(&query, &wish, &options.filter);

	row_init(&row);
	got = listing_open(&listing, options.from, &wish, &query);
	if (!got) {
		while ((got = listing_next(&listing, &row)) > 0) {
			if (!filter_matches(&options.filter, &row))
				continue;
			if (text_is(&row.text[FIELD_HOLDER], "hidden"))
				hidden++;
			if (table_row(&table, &row))
				return report_write_error(table.error);
		}
	}
	if (table_end(&table))
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
