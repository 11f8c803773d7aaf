// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>

#include "escape.h"
#include "protocols.h"
#include "query.h"
#include "states.h"

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

	for (int i = 0; i < FIELD_MADE; i++) {
		if (wish_fields(wish) & FIELD_BIT(i))
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

static void write_protocols(struct query *query, unsigned int protocols)
{
	struct term term = begin(query, "proto=");

	for (int i = 0; i < PROTOCOLS; i++) {
		if (!(protocols & 1U << i))
			continue;
		put_word(&term, protocol_names[i]);
		next_value(&term);
		put(&term, "%s6", protocol_names[i]);
	}
	end(&term);
}

/* A newer kernel may have states that have no name here. */
static void write_states(struct query *query, uint32_t states)
{
	bool others = states & STATE_OTHERS;
	struct term term = begin(query, others ? "state!=" : "state=");

	for (int i = 0; i < STATES; i++) {
		bool is_in = states & UINT32_C(1) << i;

		if (is_in != others)
			put_word(&term, state_names[i]);
	}
	end(&term);
}

static void write_numbers(struct query *query, const char *key,
			  const struct numbers *numbers)
{
	struct term term = begin(query, key);

	for (size_t i = 0; i < numbers->count; i++) {
		next_value(&term);
		put(&term, "%llu", (unsigned long long)numbers->list[i]);
	}
	end(&term);
}

/* The kernel knows of one host only; those of others are none of its business. */
static void write_cgroups(struct query *query, const struct chosen *cgroups)
{
	while (cgroups && strcmp(cgroups->host, "-"))
		cgroups = cgroups->next;
	if (cgroups)
		write_numbers(query, "cgroup=", &cgroups->ids);
}

static void write_holders(struct query *query, const struct words *holders)
{
	struct term term = begin(query, "holder=");

	for (size_t i = 0; i < holders->count; i++)
		put_word(&term, holders->list[i]);
	end(&term);
}

/* The kernel knows no patterns. */
static void write_commands(struct query *query, const struct words *commands)
{
	struct term term = begin(query, "comm=");

	for (size_t i = 0; i < commands->count; i++) {
		char escaped[ESCAPED_BYTE * COMMAND_MAX + 1];
		char name[COMMAND_MAX + 1];

		if (filter_is_pattern(commands->list[i]))
			return;
		snprintf(name, sizeof(name), "%s", commands->list[i]);
		put_word(&term, escape(escaped, name));
	}
	end(&term);
}

static void put_ports(struct term *term, const uint8_t *ports)
{
	uint32_t first, last;

	for (first = 0; first <= UINT16_MAX; first = last + 1) {
		last = first;
		if (!ports_have(ports, first))
			continue;
		while (ports_have(ports, last + 1))
			last++;
		next_value(term);
		put(term, "%u", first);
		if (last > first)
			put(term, "-%u", last);
	}
}

static void put_prefixes(struct term *term, const struct endpoint *endpoint)
{
	for (size_t i = 0; i < endpoint->prefix_count; i++) {
		const struct prefix *prefix = &endpoint->prefixes[i];
		bool ipv6 = prefix->address.ipv6;
		char text[INET6_ADDRSTRLEN];

		next_value(term);
		inet_ntop(ipv6 ? AF_INET6 : AF_INET,
			  prefix->address.bytes + (ipv6 ? 0 : 12), text,
			  sizeof(text));
		put(term, "%s", text);
		if (prefix->bits < 128)
			put(term, "/%u", prefix->bits - (ipv6 ? 0 : 96));
	}
}

static bool names_addresses(const struct endpoint *endpoint)
{
	for (size_t i = 0; i < endpoint->prefix_count; i++) {
		if (endpoint->prefixes[i].any)
			return false;
	}
	return endpoint->prefix_count;
}

static bool names_devices(const struct endpoint *endpoint)
{
	for (size_t i = 0; i < endpoint->prefix_count; i++) {
		if (endpoint->prefixes[i].device)
			return true;
	}
	return false;
}

/*
 * The kernel cannot be asked for one port of one address or another port of
 * another one. But if each endpoint names ports, one of all these it must be, and
 * so with the rest.
 */
static void write_included(struct query *query,
			   const struct endpoint *endpoints)
{
	struct term addresses = begin(query, "addr=");
	uint8_t ports[PORT_BYTES] = { 0 };
	bool by_port = false, any_port = false, any_address = false;
	unsigned int protocols = 0;
	bool any_protocol = false;

	for (const struct endpoint *e = endpoints; e; e = e->next) {
		if (e->exclude)
			continue;
		any_port |= !e->ports;
		any_address |= !names_addresses(e);
		any_protocol |= !e->protocols;
		protocols |= e->protocols;
		for (size_t i = 0; e->ports && i < PORT_BYTES; i++)
			ports[i] |= e->ports[i];
		by_port |= !!e->ports;
		if (!any_address)
			put_prefixes(&addresses, e);
	}
	if (!any_address)
		end(&addresses);
	if (!any_protocol)
		write_protocols(query, protocols);
	if (by_port && !any_port) {
		struct term term = begin(query, "port=");

		put_ports(&term, ports);
		end(&term);
	}
}

/* One that asks for more than one thing excludes only where all are true. */
static void write_excluded(struct query *query, const struct endpoint *endpoint)
{
	struct term term;

	if (!endpoint->exclude || !endpoint->ports == !endpoint->prefix_count ||
	    names_devices(endpoint))
		return;
	if (endpoint->ports) {
		term = begin(query, "port!=");
		put_ports(&term, endpoint->ports);
	} else {
		term = begin(query, "addr!=");
		put_prefixes(&term, endpoint);
	}
	end(&term);
}

/**
 * query_add_local_port() - ask for one local port alone
 * @query: written before
 * @port: the port
 */
void query_add_local_port(struct query *query, unsigned int port)
{
	struct term term = begin(query, "lport=");

	next_value(&term);
	put(&term, "%u", port);
	end(&term);
}

/* Nobody else can say who would get it. */
static void write_packet(struct query *query, const char *packet)
{
	struct term term = begin(query, "packet=");

	put_word(&term, packet);
	end(&term);
	query->columns_length = query->length;
	query->required = true;
}

/**
 * query_write() - put into the kernel's words what was asked for
 * @query: is filled in
 * @wish: the columns
 * @filter: the rows
 * @packet: of the one socket that would get it, see packet_parse(); or NULL
 *
 * The answer may have rows that do not match @filter, and lacks none that does.
 */
void query_write(struct query *query, const struct wish *wish,
		 const struct filter *filter, const char *packet)
{
	query->length = 0;
	query->required = false;
	write_columns(query, wish);
	if (packet)
		write_packet(query, packet);
	write_family(query, filter);
	write_protocols(query, filter->protocols);
	if (filter_states(filter) != STATES_ALL)
		write_states(query, filter_states(filter));
	write_numbers(query, "pid=", &filter->pids);
	write_numbers(query, "uid=", &filter->uids);
	write_numbers(query, "inode=", &filter->inodes);
	write_numbers(query, "netns=", &filter->netns);
	write_cgroups(query, filter->cgroups);
	write_holders(query, &filter->holders);
	write_commands(query, &filter->commands);
	write_included(query, filter->endpoints);
	for (struct endpoint *e = filter->endpoints; e; e = e->next)
		write_excluded(query, e);
}

/**
 * query_is() - whether two queries ask for the same
 * @query: one, written before
 * @other: the other one
 */
bool query_is(const struct query *query, const struct query *other)
{
	return query->length == other->length &&
	       !memcmp(query->text, other->text, query->length);
}

/**
 * query_write_inodes() - ask for the rows of some sockets
 * @query: is filled in
 * @wish: the columns
 * @inodes: of the sockets
 * @count: how many
 *
 * Return: how many of them are asked for, all if they fit, and one at least.
 */
size_t query_write_inodes(struct query *query, const struct wish *wish,
			  const uint64_t *inodes, size_t count)
{
	struct term term;
	size_t asked;

	query->length = 0;
	query->required = false;
	write_columns(query, wish);
	term = begin(query, "inode=");
	for (asked = 0; asked < count; asked++) {
		struct term before = term;

		next_value(&term);
		put(&term, "%llu", (unsigned long long)inodes[asked]);
		if (term.full) {
			term = before;
			break;
		}
	}
	end(&term);
	return asked ? asked : 1;
}
