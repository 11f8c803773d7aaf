// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// A socket in an accept queue, a half-open one, a subflow and an association are
// explained by another row: that of the listener, or of the MPTCP or SCTP socket,
// which stands before them in the listing. Of all rows only those that others may
// point to are remembered, and those only in what it takes to name who holds them:
// a long listing still streams.
//
// Where a filter has cut off the other row, the ones that point to it wait until
// they are many, or the last, and the kernel is asked a second time, for the rows
// of just these inodes.

#include <stdlib.h>

#include "explain.h"
#include "join.h"
#include "numbers.h"
#include "query.h"

/**
 * join_wish() - which fields it takes
 * @wish: is added to, if it has the explanation
 */
void join_wish(struct wish *wish)
{
	if (wish_fields(wish) & FIELD_BIT(FIELD_EXPLAINED))
		explain_wish(wish);
}

/**
 * join_start() - get ready for the rows of a listing
 * @join: zeroed before the first, but for @row_to, @context and @live
 * @wish: the fields that are kept of a row
 */
void join_start(struct join *join, const struct wish *wish)
{
	join->waiting.fields = wish_fields(wish) & ~FIELD_BIT(FIELD_EXPLAINED);
	join->active = wish_fields(wish) & FIELD_BIT(FIELD_EXPLAINED);
	holdings_clear(&join->holdings);
	store_clear(&join->waiting);
}

/* Whether another row may point to it. */
static bool is_pointed_to(const struct row *row)
{
	const struct text *proto = &row->text[FIELD_PROTO];

	return text_is(&row->text[FIELD_STATE], "LISTEN") ||
	       text_begins(proto, "mptcp") || text_begins(proto, "sctp");
}

/**
 * join_see() - remember a row if it may explain others
 * @join: started before
 * @row: any row of the listing, also one that is not shown
 */
void join_see(struct join *join, const struct row *row)
{
	/* Without memory for it others are explained with less. */
	if (join->active && is_pointed_to(row))
		holdings_add(&join->holdings, row);
}

/* As the one before: somebody's descriptor, whichever it is. */
static bool needs_no_words(const struct row *row)
{
	const struct text *explained = &row->text[FIELD_EXPLAINED];

	return text_is_none(explained) && !text_is_unknown(explained) &&
	       !(row->changed &
		 (FIELD_BIT(FIELD_HOLDER) | FIELD_BIT(FIELD_PID)));
}

static int give(struct join *join, struct row *row)
{
	static char text[EXPLAINED_MAX];
	const struct holding *holding = NULL;
	struct text explained = { .start = text };

	if (explain_asks(row))
		holding =
			holdings_find(&join->holdings, row->number[FIELD_VIA]);
	explained.length = (size_t)(explain_write(text, row, holding) - text);
	row_set(row, FIELD_EXPLAINED, &explained);
	return join->row_to(join->context, row);
}

/* The kernel's answer to one query. */
static void take_answer(struct join *join, struct listing *listing,
			const struct numbers *wanted)
{
	struct row row;

	row_init(&row);
	while (listing_next(listing, &row) > 0) {
		/* It may have been asked for less than it answers with. */
		if (numbers_has(wanted, row.number[FIELD_INODE]))
			holdings_add(&join->holdings, &row);
	}
}

/* What cannot be asked, or has no answer, stays unknown. */
static void ask(struct join *join, const struct numbers *wanted)
{
	static const struct wish wish = {
		.needed = FIELD_BIT(FIELD_PID) | FIELD_BIT(FIELD_FD) |
			  FIELD_BIT(FIELD_INODE) | FIELD_BIT(FIELD_HOLDER) |
			  FIELD_BIT(FIELD_COMM),
	};
	struct listing *listing = malloc(sizeof(*listing));
	struct query *query = malloc(sizeof(*query));
	size_t asked = 0;

	while (listing && query && asked < wanted->count) {
		asked += query_write_inodes(query, &wish, wanted->list + asked,
					    wanted->count - asked);
		if (!listing_open(listing, NULL, &wish, query))
			take_answer(join, listing, wanted);
		listing_close(listing);
	}
	free(listing);
	free(query);
	for (size_t i = 0; i < wanted->count; i++)
		holdings_add_unknown(&join->holdings, wanted->list[i]);
}

static bool is_missing(const struct join *join, const struct row *row)
{
	return explain_asks(row) &&
	       !holdings_find(&join->holdings, row->number[FIELD_VIA]);
}

/* Show the rows that wait, in their order. */
static int flush(struct join *join)
{
	struct numbers wanted = { 0 };
	struct row row;
	int result = 0;

	row_init(&row);
	for (size_t i = 0; join->live && i < join->waiting.count; i++) {
		store_get(&join->waiting, i, &row);
		if (is_missing(join, &row))
			numbers_add(&wanted, row.number[FIELD_VIA]);
	}
	if (wanted.count)
		ask(join, &wanted);
	free(wanted.list);
	for (size_t i = 0; i < join->waiting.count && !result; i++) {
		store_get(&join->waiting, i, &row);
		result = give(join, &row);
	}
	store_clear(&join->waiting);
	return result;
}

/**
 * join_take() - explain a row that is to be shown
 * @join: has seen it, and all rows before it
 * @row: the row
 *
 * It may have to wait until those that explain it have come.
 *
 * Return: 0, or what @join's row_to has returned.
 */
int join_take(struct join *join, struct row *row)
{
	int result;

	if (!join->active || (!join->waiting.count && needs_no_words(row)))
		return join->row_to(join->context, row);
	if (!join->waiting.count && !is_missing(join, row))
		return give(join, row);
	if (!store_add(&join->waiting, row))
		return join->waiting.count < JOIN_ROWS ? 0 : flush(join);
	/* No memory to wait in. */
	result = flush(join);
	return result ? result : give(join, row);
}

/**
 * join_end() - explain the rows that still wait
 * @join: no row follows
 *
 * Return: 0, or what @join's row_to has returned.
 */
int join_end(struct join *join)
{
	return flush(join);
}
