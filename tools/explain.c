// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// In words: how a socket is held that no process holds by a descriptor.

#include <stdio.h>

#include "explain.h"

/* What the words are when something is known of the other socket, and if not. */
static const struct words {
	const char *holder;
	const char *of;
	const char *alone;
} words[] = {
	{ "accept", "in the accept queue of ", "in an accept queue" },
	{ "synrecv", "half-open, for ", "half-open, the listener is closed" },
	{ "mptcp", "subflow of ", "subflow, not accepted yet" },
	{ "assoc", "association of ", "association" },
	{ "timewait", NULL, "closed" },
	{ "orphan", NULL, "closed, not finished" },
	{ "elsewhere", NULL, "in no file table" },
	{ "hidden", NULL, "hidden from you" },
};

static const struct words *find(const struct row *row)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (text_is(&row->text[FIELD_HOLDER], words[i].holder))
			return &words[i];
	}
	return NULL;
}

/**
 * explain_wish() - which fields it takes
 * @wish: is added to
 */
void explain_wish(struct wish *wish)
{
	wish->useful |= FIELD_BIT(FIELD_HOLDER) | FIELD_BIT(FIELD_PID) |
			FIELD_BIT(FIELD_FD) | FIELD_BIT(FIELD_PROTO) |
			FIELD_BIT(FIELD_STATE) | FIELD_BIT(FIELD_INODE) |
			FIELD_BIT(FIELD_VIA) | FIELD_BIT(FIELD_COMM) |
			FIELD_BIT(FIELD_TIMER);
}

/**
 * explain_asks() - whether it takes another row to explain one
 * @row: the row
 *
 * Return: whether its via is the inode of another socket, who holds which is to be
 * said.
 */
bool explain_asks(const struct row *row)
{
	const struct words *found;

	if (row->number[FIELD_VIA] == NO_NUMBER ||
	    row->number[FIELD_PID] != NO_NUMBER)
		return false;
	found = find(row);
	return found && found->of;
}

/* In seconds, the one that has begun counts. */
static char *write_timer(char *to, uint64_t milliseconds)
{
	unsigned long long seconds = milliseconds / 1000;

	if (milliseconds % 1000)
		seconds++;
	return to + sprintf(to, ", %llu s to go", seconds);
}

/* Also where it is not in the listing whose. */
static bool has_descriptor(const struct row *row)
{
	return text_is(&row->text[FIELD_HOLDER], "fd") ||
	       text_is(&row->text[FIELD_HOLDER], "thread");
}

/**
 * explain_write() - say how a socket is held
 * @to: EXPLAINED_MAX bytes
 * @row: the socket
 * @holding: who holds the other one, if explain_asks(); NULL if nobody knows
 *
 * Return: the end of the text, where there is a NUL; "-" if it needs no words.
 */
char *explain_write(char *to, const struct row *row,
		    const struct holding *holding)
{
	uint64_t timer = row->number[FIELD_TIMER];
	const struct words *found;

	if (text_is(&row->text[FIELD_HOLDER], "scm") &&
	    row->number[FIELD_PID] != NO_NUMBER) {
		struct process process;

		process_of(&process, row);
		return process_write(stpcpy(to, "in flight to "), &process);
	}
	if (row->number[FIELD_PID] != NO_NUMBER || has_descriptor(row))
		return stpcpy(to, "-");
	found = find(row);
	if (!found)
		return to + sprintf(to, "%.20s", row->text[FIELD_HOLDER].start);
	if (explain_asks(row))
		to = holding_write(stpcpy(to, found->of),
				   row->number[FIELD_VIA], holding);
	else if (text_is(&row->text[FIELD_HOLDER], "orphan") &&
		 timer != NO_NUMBER)
		to = stpcpy(to, "closed");
	else
		to = stpcpy(to, found->alone);
	return timer == NO_NUMBER ? to : write_timer(to, timer);
}
