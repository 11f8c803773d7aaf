// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// One row a socket, with all its holders: nginx[812]:6,nginx[813]:6.

#include <stdlib.h>

#include "group.h"
#include "holdings.h"

/**
 * struct member - a row
 * @host: which listing it is of, as the store has it
 * @inode: of the socket; NO_NUMBER if it has none of its own, and no other row then
 * @at: its place in the store
 * @first: the place of the first row of its socket
 * @matches: it was asked for
 */
struct member {
	const char *host;
	uint64_t inode;
	size_t at;
	size_t first;
	bool matches;
};

/**
 * group_start() - get ready to keep rows
 * @group: whether it is active
 * @wish: what else is wished of a row; is added to
 */
void group_start(struct grouping *group, struct wish *wish)
{
	group->active |= !!(wish_fields(wish) & FIELD_BIT(FIELD_HOLDERS));
	if (!group->active)
		return;
	wish->needed |= FIELD_BIT(FIELD_PID) | FIELD_BIT(FIELD_FD) |
			FIELD_BIT(FIELD_INODE) | FIELD_BIT(FIELD_HOLDER);
	wish->shown |= FIELD_BIT(FIELD_COMM);
	wish->useful |= FIELD_BIT(FIELD_EXPLAINED) | FIELD_BIT(FIELD_HOST);
	group->store.fields = wish_fields(wish);
}

/* A subflow has that of its MPTCP socket, and ends of its own. */
static uint64_t own_inode(const struct row *row)
{
	if (text_is(&row->text[FIELD_HOLDER], "mptcp"))
		return NO_NUMBER;
	return row->number[FIELD_INODE];
}

/**
 * group_keep() - take a row
 * @group: started before
 * @row: the row
 * @matches: it was asked for: its socket is to be shown
 *
 * Return: 0, or -1 if there is no memory.
 */
int group_keep(struct grouping *group, const struct row *row, bool matches)
{
	size_t at = group->store.count;

	if (at == group->room) {
		size_t room = group->room ? 2 * group->room : 1024;
		struct member *members =
			reallocarray(group->members, room, sizeof(*members));

		if (!members)
			return -1;
		group->members = members;
		group->room = room;
	}
	if (store_add(&group->store, row))
		return -1;
	group->members[at] = (struct member){
		.host = store_text(&group->store, at, FIELD_HOST),
		.inode = own_inode(row),
		.matches = matches,
		.at = at,
	};
	return 0;
}

/* Return: as memcmp(); rows of one socket are equal. */
static int compare_sockets(const struct member *a, const struct member *b)
{
	int order = strcmp(a->host, b->host);

	if (order)
		return order;
	if (a->inode != b->inode)
		return a->inode < b->inode ? -1 : 1;
	if (a->inode == NO_NUMBER && a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return 0;
}

static int by_socket(const void *a, const void *b)
{
	const struct member *left = a, *right = b;
	int order = compare_sockets(left, right);

	return order ? order : (left->at > right->at) - (left->at < right->at);
}

static int by_first(const void *a, const void *b)
{
	const struct member *left = a, *right = b;

	if (left->first != right->first)
		return left->first < right->first ? -1 : 1;
	return (left->at > right->at) - (left->at < right->at);
}

static int make_room(struct grouping *group, size_t used)
{
	size_t size = 2 * group->size + HOLDER_MAX;
	char *text;

	if (group->size - used >= HOLDER_MAX)
		return 0;
	text = malloc(size);
	if (!text)
		return -1;
	if (used)
		memcpy(text, group->text, used);
	free(group->text);
	group->text = text;
	group->size = size;
	return 0;
}

/* Return: 0 and the socket's row with its holders, or -1 without memory. */
static int make_row(struct grouping *group, const struct member *members,
		    size_t count, struct row *row)
{
	struct text holders = { 0 };

	for (size_t i = 0; i < count; i++) {
		char *to;

		store_get(&group->store, members[i].at, row);
		if (row->number[FIELD_PID] == NO_NUMBER)
			continue;
		if (make_room(group, holders.length))
			return -1;
		to = group->text + holders.length;
		if (holders.length)
			*to++ = ',';
		to = holder_write(to, row);
		holders.length = (size_t)(to - group->text);
	}
	store_get(&group->store, members->at, row);
	holders.start = group->text;
	if (!holders.length)
		holders = row->text[FIELD_EXPLAINED];
	row_set(row, FIELD_HOLDERS, &holders);
	return 0;
}

/**
 * group_each() - give a row for each socket that was asked for, where its first one
 * was
 * @group: no row follows; it is empty afterwards
 * @row_to: is called with each, and which row that was kept is its first, until it
 *	returns something else than 0
 * @context: for @row_to
 *
 * Return: what @row_to has returned last, or -1 if there is no memory.
 */
int group_each(struct grouping *group,
	       int (*row_to)(void *context, struct row *row, size_t first),
	       void *context)
{
	struct member *members = group->members;
	size_t total = group->store.count, count;
	struct row row;
	int result = 0;

	row_init(&row);
	if (total)
		qsort(members, total, sizeof(*members), by_socket);
	for (size_t i = 0; i < total; i++)
		members[i].first =
			i && !compare_sockets(&members[i - 1], &members[i]) ?
				members[i - 1].first :
				members[i].at;
	if (total)
		qsort(members, total, sizeof(*members), by_first);
	for (size_t i = 0; i < total && !result; i += count) {
		bool matches = members[i].matches;

		for (count = 1; i + count < total; count++) {
			if (members[i + count].first != members[i].first)
				break;
			matches |= members[i + count].matches;
		}
		if (!matches)
			continue;
		result = make_row(group, members + i, count, &row);
		if (!result)
			result = row_to(context, &row, members[i].first);
	}
	store_clear(&group->store);
	return result;
}
