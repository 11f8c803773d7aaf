// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <stdarg.h>
#include <stdio.h>

#include "query.h"

/*
 * A term that is being written. One that does not fit is left out: the query
 * then asks for more rows, and the filter is applied to what it gets anyway.
 */
struct term {
	struct query *query;
	size_t length;
	bool has_value;
	bool full;
};

static __printf(2, 3) void put(struct term *term, const char *format, ...)
{
	size_t room = QUERY_MAX - term->length;
	va_list arguments;
	int length;

	if (term->full)
		return;
	va_start(arguments, format);
	length = vsnprintf(term->query->text + term->length, room, format,
			   arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length >= room)
		term->full = true;
	else
		term->length += (size_t)length;
}

static struct term begin(struct query *query, const char *key)
{
	struct term term = { .query = query, .length = query->length };

	put(&term, "%s%s", query->length ? " " : "", key);
	return term;
}

/* To be called before each value. */
static void next_value(struct term *term)
{
	if (term->has_value)
		put(term, ",");
	term->has_value = true;
}

static void put_word(struct term *term, const char *word)
{
	next_value(term);
	put(term, "%s", word);
}

static void end(struct term *term)
{
	if (term->has_value && !term->full)
		term->query->length = term->length;
}

static void write_columns(struct query *query, const struct wish *wish)
{
	struct term term = begin(query, "columns=");

	for (int i = 0; i < FIELDS; i++) {
		if ((wish->needed | wish->useful) & FIELD_BIT(i))
			put_word(&term, field_name(i));
	}
	end(&term);
	query->columns_length = query->length;
}

static void write_family(struct query *query, const struct filter *filter)
{
	struct term term = begin(query, "family=");

	if (filter->ipv4 == filter->ipv6)
		return;
	put_word(&term, filter->ipv6 ? "inet6" : "inet");
	end(&term);
}

static void write_protocols(struct query *query, const struct filter *filter)
{
	struct term term = begin(query, "proto=");

	if (filter->tcp) {
		put_word(&term, "tcp");
		put_word(&term, "tcp6");
	}
	if (filter->udp) {
		put_word(&term, "udp");
		put_word(&term, "udp6");
		put_word(&term, "udplite");
		put_word(&term, "udplite6");
	}
	end(&term);
}

static void write_states(struct query *query, const struct filter *filter)
{
	struct term term = begin(query, "state=");

	if (!filter->listening)
		return;
	put_word(&term, "LISTEN");
	put_word(&term, "UNCONNECTED");
	end(&term);
}

static void write_pids(struct query *query, const struct filter *filter)
{
	struct term term = begin(query, "pid=");

	for (size_t i = 0; i < filter->pid_count; i++) {
		next_value(&term);
		put(&term, "%u", filter->pids[i]);
	}
	end(&term);
}

static void write_ports(struct query *query, const struct filter *filter)
{
	struct term term = begin(query, "port=");
	uint32_t first, last;

	if (!filter->by_port)
		return;
	for (first = 0; first <= UINT16_MAX; first = last + 1) {
		last = first;
		if (!filter_has_port(filter, first))
			continue;
		while (filter_has_port(filter, last + 1))
			last++;
		next_value(&term);
		put(&term, "%u", first);
		if (last > first)
			put(&term, "-%u", last);
	}
	end(&term);
}

/**
 * query_write() - put into the kernel's words what was asked for
 * @query: zeroed by the caller
 * @wish: the columns
 * @filter: the rows
 *
 * The answer may have rows that do not match @filter, and lacks none that does.
 */
void query_write(struct query *query, const struct wish *wish,
		 const struct filter *filter)
{
	write_columns(query, wish);
	write_family(query, filter);
	write_protocols(query, filter);
	write_states(query, filter);
	write_pids(query, filter);
	write_ports(query, filter);
}
