// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <errno.h>
#include <stdio.h>

#include "cgroups.h"
#include "reading.h"

/* One that can be read again is, if it is the only one and of the same query. */
static int begin(struct reading *reading, size_t at)
{
	const struct options *options = reading->options;
	const char *path = options->from ? options->sources[at].path : NULL;

	if (reading->begun && options->source_count <= 1 && !reading->asks_anew)
		return listing_again(&reading->listing, path, &reading->query);
	if (reading->begun)
		listing_close(&reading->listing);
	reading->begun = true;
	return listing_open(&reading->listing, path, &reading->wish,
			    &reading->query);
}

static void fail(struct reading *reading)
{
	snprintf(reading->problem, sizeof(reading->problem), "%s: %s",
		 reading->listing.source, reading->listing.problem);
	reading->status = reading->listing.status;
}

static int fail_to_keep(struct reading *reading, const char *what,
			const char *option)
{
	snprintf(reading->problem, sizeof(reading->problem),
		 "cannot %s: %s; %s less, or without %s", what, strerror(errno),
		 what, option);
	reading->status = STATUS_ERROR;
	return READING_FAILED;
}

/* A row that is to be shown, with all that is to be known of it. */
static int sort_or_show(struct reading *reading, struct row *row)
{
	struct order *order = &reading->options->order;

	if (order->column == COLUMNS) {
		reading->shown = row;
		return reading->show(reading->context, row) ? READING_STOPPED :
							      0;
	}
	return order_keep(order, row) ?
		       fail_to_keep(reading, "sort", "--sort") :
		       0;
}

/* A row, which may be there just because it takes it to know another one. */
static int take(struct reading *reading, struct row *row)
{
	bool matches = !reading->asks_more ||
		       filter_matches(&reading->options->filter, row);

	if (matches && text_is(&row->text[FIELD_HOLDER], "hidden"))
		reading->hidden++;
	if (!reading->group.active)
		return matches ? sort_or_show(reading, row) : 0;
	return group_keep(&reading->group, row, matches) ?
		       fail_to_keep(reading, "group", "-g") :
		       0;
}

/* An explained row; all of them if the other ends are to be found among them. */
static int keep_or_take(void *context, struct row *row)
{
	struct reading *reading = context;

	if (!reading->peers.active)
		return take(reading, row);
	return peers_keep(&reading->peers, row) ?
		       fail_to_keep(reading, "find peers", "--peer") :
		       0;
}

/* The next row is compared with the last one that was shown. */
static void note_shown(struct reading *reading, struct row *row)
{
	if (reading->shown)
		row->changed = reading->shown == row ? 0 : FIELDS_ALL;
	reading->shown = NULL;
}

/* Return: 0 after the last row that can be read, or what keep_or_take() has. */
static int read_rows(struct reading *reading, size_t at)
{
	const struct options *options = reading->options;
	struct join *join = &reading->join;
	int got, result = 0;
	struct row row;

	row_init(&row);
	if (options->from)
		row_set_host(&row, options->sources[at].host);
	join_start(join, &reading->wish);
	reading->shown = NULL;
	got = begin(reading, at);
	reading->lacks |= reading->listing.lacks;
	if (!got) {
		while ((got = listing_next(&reading->listing, &row)) > 0) {
			join_see(join, &row);
			if (reading->asks &&
			    !filter_matches(&reading->asked, &row))
				continue;
			result = join_take(join, &row);
			if (result)
				return result;
			note_shown(reading, &row);
		}
	}
	if (got < 0)
		fail(reading);
	return join_end(join);
}

/* Into a row that is to be shown. */
static int find_peer(struct reading *reading, size_t at, struct row *row)
{
	struct text peer;

	if (peers_write(&reading->peers, at, &peer))
		return fail_to_keep(reading, "find peers", "--peer");
	row_set(row, FIELD_PEER, &peer);
	return 0;
}

/*
 * All rows, each with its other end. A list of who holds that may be long: rows that
 * are not shown have none, and those of one socket get theirs when they are one.
 */
static int find_peers(struct reading *reading)
{
	const struct filter *filter = &reading->options->filter;
	struct peers *peers = &reading->peers;
	struct row row;
	int result = 0;

	if (peers_match(peers))
		return fail_to_keep(reading, "find peers", "--peer");
	row_init(&row);
	for (size_t i = 0; i < peers->store.count && !result; i++) {
		store_get(&peers->store, i, &row);
		if (!reading->group.active && filter_matches(filter, &row))
			result = find_peer(reading, i, &row);
		if (!result)
			result = take(reading, &row);
	}
	return result;
}

/* The row of a socket; the other end is that of its first row. */
static int take_socket(void *context, struct row *row, size_t first)
{
	struct reading *reading = context;
	int result = 0;

	/* Both have kept the same rows. */
	if (reading->peers.active)
		result = find_peer(reading, first, row);
	return result ? result : sort_or_show(reading, row);
}

/* Return: READING_WHOLE, also if the listing is not, or why it ended. */
static int run(struct reading *reading)
{
	size_t sources = reading->options->source_count;
	int result = 0;

	if (!sources)
		sources = 1;
	for (size_t i = 0; i < sources && !result && !reading->status; i++)
		result = read_rows(reading, i);
	if (!result && reading->peers.active)
		result = find_peers(reading);
	if (!result && reading->group.active)
		result = group_each(&reading->group, take_socket, reading);
	if (result == -1 && !reading->status)
		result = fail_to_keep(reading, "group", "-g");
	peers_clear(&reading->peers);
	return result;
}

/*
 * Who is at the other end may be anybody, and so may be who else holds a socket: what
 * was asked for must not hide them.
 */
static void choose_rows(struct reading *reading)
{
	struct filter *asked = &reading->asked;
	struct wish looked_at = { 0 };

	*asked = reading->options->filter;
	reading->asks_more = reading->peers.active || reading->group.active;
	/* Who draws chooses among all rows, too, and does so last. */
	if (reading->peers.active || reading->options->graph)
		*asked = (struct filter){ 0 };
	else if (reading->group.active)
		filter_forget_holders(asked);
	filter_wish(asked, &looked_at);
	/* "!*" looks at no field, and leaves out all. */
	reading->asks = wish_fields(&looked_at) || asked->endpoints;
}

static void ask(struct reading *reading)
{
	const char *packet = reading->options->packet;

	choose_rows(reading);
	query_write(&reading->query, &reading->wish, &reading->asked,
		    *packet ? packet : NULL);
}

/* What belongs to a name now: the cgroups of a service that was started again are new. */
static void look_again(struct reading *reading)
{
	struct options *options = reading->options;
	struct query before;

	cgroups_forget();
	if (!options->cgroups.count)
		return;
	before = reading->query;
	filter_renew_cgroups(&options->filter, &options->cgroups);
	ask(reading);
	reading->asks_anew = !query_is(&reading->query, &before);
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
	reading->join = (struct join){ .row_to = keep_or_take,
				       .context = reading,
				       .live = !options->from };
	reading->peers = (struct peers){
		.lists = options->format != FORMAT_TABLE,
	};
	reading->wish = *wish;
	reading->wish.useful |= FIELD_BIT(FIELD_HOLDER);
	filter_wish(&options->filter, &reading->wish);
	/* It comes last, and rows are kept for others before. */
	order_wish(&options->order, &reading->wish);
	reading->group = (struct grouping){ .active = options->group };
	group_start(&reading->group, &reading->wish);
	peers_start(&reading->peers, &reading->wish);
	order_start(&options->order, &reading->wish);
	join_wish(&reading->wish);
	ask(reading);
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
	reading->lacks = 0;
	reading->status = 0;
	order_clear(order);
	if (reading->begun)
		look_again(reading);
	result = run(reading);
	if (result)
		return result;
	if (order_each(order, show, context))
		return READING_STOPPED;
	return reading->status ? READING_FAILED : READING_WHOLE;
}
