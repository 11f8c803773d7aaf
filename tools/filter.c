// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "filter.h"
#include "names.h"

/* Reads digits up to @max. Return: what follows them, NULL if it is none. */
static const char *parse_digits(const char *text, uint32_t max, uint32_t *value)
{
	uint64_t number = 0;

	if (!isdigit((unsigned char)*text))
		return NULL;
	for (; isdigit((unsigned char)*text); text++) {
		number = number * 10 + (uint64_t)(*text - '0');
		if (number > max)
			return NULL;
	}
	*value = (uint32_t)number;
	return text;
}

static void add_pid(struct filter *filter, uint32_t pid)
{
	size_t size = (filter->pid_count + 1) * sizeof(*filter->pids);
	uint32_t *pids = realloc(filter->pids, size);
	size_t at = filter->pid_count;

	if (!pids) {
		report("%s; name fewer processes", strerror(errno));
		exit(STATUS_ERROR);
	}
	for (; at && pids[at - 1] > pid; at--)
		pids[at] = pids[at - 1];
	pids[at] = pid;
	filter->pids = pids;
	filter->pid_count++;
}

/**
 * filter_add_pids() - match these processes too
 * @filter: is added to
 * @list: "PID[,PID...]"; the program ends with an error if it is not
 */
void filter_add_pids(struct filter *filter, const char *list)
{
	const char *p = list;

	for (;;) {
		uint32_t pid;

		p = parse_digits(p, INT32_MAX, &pid);
		if (!p || !pid || (*p && *p != ','))
			usage_error("'%s' is no list of process ids", list);
		add_pid(filter, pid);
		if (!*p++)
			return;
	}
}

static void add_ports(struct filter *filter, uint32_t first, uint32_t last)
{
	for (uint32_t port = first; port <= last; port++)
		filter->ports[port / 8] |= (uint8_t)(1U << port % 8);
}

static void add_service(struct filter *filter, const char *name)
{
	uint16_t ports[SERVICE_PORTS_MAX];
	size_t count = service_ports(name, ports);

	if (!count)
		usage_error("no service is named '%s'", name);
	for (size_t i = 0; i < count; i++)
		add_ports(filter, ports[i], ports[i]);
}

/* A number, a range of them, or a name, which may have digits and "-" too. */
static void add_port_item(struct filter *filter, const char *item)
{
	uint32_t first, last;
	const char *p;

	if (item[strspn(item, "0123456789-")]) {
		add_service(filter, item);
		return;
	}
	p = parse_digits(item, UINT16_MAX, &first);
	last = first;
	if (p && *p == '-')
		p = parse_digits(p + 1, UINT16_MAX, &last);
	if (!p || *p || first > last)
		usage_error("'%s' is no port or range of ports", item);
	add_ports(filter, first, last);
}

/**
 * filter_add() - match what a FILTER argument describes too
 * @filter: is added to
 * @argument: ":PORT[-PORT][,...]"; the program ends with an error if it is not
 */
void filter_add(struct filter *filter, const char *argument)
{
	char *list, *rest, *item;

	if (*argument != ':')
		usage_error("unknown filter '%s'", argument);

	list = strdup(argument + 1);
	if (!list) {
		report("%s; name fewer ports", strerror(errno));
		exit(STATUS_ERROR);
	}
	rest = list;
	while ((item = strsep(&rest, ",")))
		add_port_item(filter, item);
	free(list);
	filter->by_port = true;
}

/* Whether the socket is of a protocol, in either of the two families. */
static bool is_proto(const struct row *row, const char *name)
{
	const char *proto = row->text[FIELD_PROTO].start;
	size_t length = strlen(name);

	return !strncmp(proto, name, length) &&
	       (!proto[length] || !strcmp(proto + length, "6"));
}

static bool matches_protocol(const struct filter *filter, const struct row *row)
{
	if (!filter->tcp && !filter->udp)
		return true;
	if (filter->tcp && is_proto(row, "tcp"))
		return true;
	return filter->udp &&
	       (is_proto(row, "udp") || is_proto(row, "udplite"));
}

static bool matches_family(const struct filter *filter, const struct row *row)
{
	if (filter->ipv4 == filter->ipv6)
		return true;
	return row->ipv6 == filter->ipv6;
}

static bool matches_state(const struct filter *filter, const struct row *row)
{
	const struct text *state = &row->text[FIELD_STATE];

	return !filter->listening || text_is(state, "LISTEN") ||
	       text_is(state, "UNCONNECTED");
}

static int compare_pids(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a;
	uint32_t right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

static bool matches_pid(const struct filter *filter, const struct row *row)
{
	uint32_t pid = (uint32_t)row->number[FIELD_PID];

	if (!filter->pid_count)
		return true;
	return row->number[FIELD_PID] != NO_NUMBER &&
	       bsearch(&pid, filter->pids, filter->pid_count, sizeof(pid),
		       compare_pids);
}

/**
 * filter_has_port() - whether a port was asked for
 * @filter: what was asked for
 * @port: a port, or a number that is none
 */
bool filter_has_port(const struct filter *filter, uint64_t port)
{
	return port <= UINT16_MAX && filter->ports[port / 8] >> port % 8 & 1;
}

static bool matches_port(const struct filter *filter, const struct row *row)
{
	if (!filter->by_port)
		return true;
	/* What a raw socket has in the place of a port is its protocol. */
	if (is_proto(row, "raw"))
		return false;
	return filter_has_port(filter, row->number[FIELD_LPORT]) ||
	       filter_has_port(filter, row->number[FIELD_RPORT]);
}

/**
 * filter_wish() - which fields the decision needs
 * @filter: what was asked for
 * @wish: is added to
 */
void filter_wish(const struct filter *filter, struct wish *wish)
{
	if (filter->ipv4 != filter->ipv6)
		wish->needed |= FIELD_BIT(FIELD_LADDR);
	if (filter->tcp || filter->udp || filter->by_port)
		wish->needed |= FIELD_BIT(FIELD_PROTO);
	if (filter->listening)
		wish->needed |= FIELD_BIT(FIELD_STATE);
	if (filter->pid_count)
		wish->needed |= FIELD_BIT(FIELD_PID);
	if (filter->by_port)
		wish->needed |= FIELD_BIT(FIELD_LPORT) | FIELD_BIT(FIELD_RPORT);
}

/**
 * filter_matches() - decide whether a row was asked for
 * @filter: what was asked for
 * @row: the row
 *
 * Return: whether it matches everything that is set.
 */
bool filter_matches(const struct filter *filter, const struct row *row)
{
	return matches_family(filter, row) && matches_protocol(filter, row) &&
	       matches_state(filter, row) && matches_pid(filter, row) &&
	       matches_port(filter, row);
}
