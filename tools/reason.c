// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <stdio.h>

#include "reason.h"

static const char *const way_names[] = {
	[BIND_PLAIN] = "plain",
	[BIND_REUSEADDR] = "reuseaddr",
	[BIND_REUSEPORT] = "reuseport",
};

/**
 * reason_fails() - which ways of bind() a socket makes fail
 * @text: is filled in: "-" or a list, a "?" behind those of which it is not sure.
 *	With both options it is so if it is with each of them
 * @effect: of the socket
 */
void reason_fails(char text[REASON_MAX], const struct effect *effect)
{
	char *p = text;

	for (int way = 0; way <= BIND_REUSEPORT; way++) {
		enum conflict conflict = effect->ways[way];

		if (conflict < CONFLICT_PERHAPS)
			continue;
		p += sprintf(p, "%s%s%s", p == text ? "" : ",", way_names[way],
			     conflict == CONFLICT_PERHAPS ? "?" : "");
	}
	if (p == text)
		strcpy(text, "-");
}

static const char *why_not(const struct effect *effect,
			   const struct claim *wanted)
{
	switch (effect->meeting) {
	case MEETS_NO_PORT:
		return "has no port any more";
	case MEETS_NO_DEVICE:
		return "on another interface";
	case MEETS_NO_FAMILY:
		return wanted->v6only ? "for IPv4" : "for IPv6 only";
	case MEETS_NO_ADDRESS:
		return "on another address";
	default:
		return "";
	}
}

static void put_holder(char *text, const struct row *row)
{
	static const struct {
		const char *holder;
		const char *what;
	} known[] = {
		{ "scm", "in flight in a unix socket" },
		{ "accept", "waits to be accepted" },
		{ "orphan", "closed, and the kernel finishes it" },
		{ "mptcp", "below an MPTCP socket" },
		{ "kernel", "the kernel's own" },
		{ "elsewhere", "in an io_uring, a mapping or the like" },
		{ "hidden", "of somebody hidden from you" },
	};
	const struct text *holder = &row->text[FIELD_HOLDER];
	uint64_t left = row->number[FIELD_TIMER];

	if (text_is(holder, "timewait")) {
		strcpy(text, "closed, still reserved, ");
		if (left != NO_NUMBER)
			sprintf(text, "closed, %llu s to go, ",
				(unsigned long long)(left + 999) / 1000);
		return;
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (text_is(holder, known[i].holder))
			sprintf(text, "%s, ", known[i].what);
	}
}

/* What it is, where the other columns do not say it in words. */
static void put_what(char *text, const struct row *row)
{
	const struct text *state = &row->text[FIELD_STATE];

	*text = '\0';
	if (text_is_none(&row->text[FIELD_EXPLAINED]))
		put_holder(text, row);
	if (text_is(state, "LISTEN"))
		strcat(text, "listens, ");
	else if (text_is(state, "BOUND"))
		strcat(text, "bound, ");
}

/* It covers what is wanted, without being the same. */
static void put_where(char *text, const struct effect *effect,
		      const struct claim *wanted)
{
	const struct claim *holder = &effect->holder;
	static const uint8_t any[16];

	if (!memcmp(holder->address, wanted->address, sizeof(any)))
		return;
	if (!memcmp(holder->address, any, sizeof(any)) && !wanted->ipv6)
		strcat(text, "takes IPv4 too, ");
}

/* Why the options do not help, or which of them do. */
static void put_options(char *text, const struct effect *effect)
{
	const struct claim *holder = &effect->holder;
	bool address = effect->ways[BIND_REUSEADDR] < CONFLICT_PERHAPS;
	bool port = effect->ways[BIND_REUSEPORT] < CONFLICT_PERHAPS;

	text += strlen(text);
	if (holder->unknown)
		strcpy(text, "its options are not in the listing");
	else if (address && port)
		strcpy(text, "SO_REUSEADDR or SO_REUSEPORT helps");
	else if (address)
		strcpy(text, "SO_REUSEADDR helps");
	else if (port)
		strcpy(text, "SO_REUSEPORT helps");
	else if (effect->ways[BIND_REUSEPORT] == CONFLICT_PERHAPS)
		strcpy(text, "SO_REUSEPORT may help");
	else if (holder->reuseport)
		sprintf(text, "has SO_REUSEPORT, for user %llu alone",
			(unsigned long long)holder->uid);
	else if (holder->listens && holder->reuseaddr)
		strcpy(text, "SO_REUSEADDR does not count while it listens");
	else
		strcpy(text, holder->reuseaddr ?
				     "has no SO_REUSEPORT" :
				     "has no SO_REUSEADDR, no SO_REUSEPORT");
}

/**
 * reason_why() - say why a socket is in the way, or why not
 * @text: is filled in
 * @effect: of the socket
 * @wanted: where to
 * @row: the socket
 */
void reason_why(char text[REASON_MAX], const struct effect *effect,
		const struct claim *wanted, const struct row *row)
{
	if (effect->elsewhere) {
		sprintf(text, "in another network namespace, %.20s",
			row->text[FIELD_NETNS].start);
		return;
	}
	if (effect->meeting != MEETS) {
		strcpy(text, text_is(&row->text[FIELD_HOLDER], "synrecv") ?
				     "half-open, which takes no port" :
				     why_not(effect, wanted));
		return;
	}
	put_what(text, row);
	put_where(text, effect, wanted);
	put_options(text, effect);
}
