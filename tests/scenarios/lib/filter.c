// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "filter.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

static bool same(const char *a, const char *b)
{
	return !strcmp(a, b);
}

/* Both are "-", which stands for none, or neither is. */
static bool agree_on_none(const char *value, const char *shown)
{
	return same(value, "-") == same(shown, "-");
}

/* Undoes the escapes: \ooo. */
static size_t bytes_of(const char *text, char *bytes)
{
	size_t nr = 0;

	while (*text) {
		unsigned int byte;

		if (*text != '\\') {
			bytes[nr++] = *text++;
			continue;
		}
		if (sscanf(text + 1, "%3o", &byte) != 1)
			tap_bail("an escape in %s", text);
		bytes[nr++] = byte;
		text += 4;
	}
	return nr;
}

static bool is_name(const char *value, const char *shown)
{
	char a[128], b[128];
	size_t length = bytes_of(value, a);

	return agree_on_none(value, shown) && length == bytes_of(shown, b) &&
	       !memcmp(a, b, length);
}

static bool is_port(const char *value, const char *shown)
{
	unsigned long first, last, port = strtoul(shown, NULL, 10);
	char *end;

	if (!agree_on_none(value, shown))
		return false;
	if (same(value, "-"))
		return true;
	first = strtoul(value, &end, 10);
	last = *end == '-' ? strtoul(end + 1, NULL, 10) : first;
	return first <= port && port <= last;
}

/* The bits of an address, one character each; NULL: it is none of that family. */
static const char *bits_of(int family, const char *text, char bits[129])
{
	unsigned char bytes[16];
	int nr = family == AF_INET ? 32 : 128;

	if (inet_pton(family, text, bytes) != 1)
		return NULL;
	for (int i = 0; i < nr; i++)
		bits[i] = '0' + (bytes[i / 8] >> (7 - i % 8) & 1);
	bits[nr] = '\0';
	return bits;
}

static bool is_address(const char *value, const char *shown)
{
	static const char mapped[] = "::ffff:";
	char addr[64], wanted[129], found[129], *slash;
	int family = strchr(value, ':') ? AF_INET6 : AF_INET;
	size_t length;

	if (!agree_on_none(value, shown))
		return false;
	if (same(value, "-"))
		return true;
	snprintf(addr, sizeof(addr), "%s", value);
	slash = strchr(addr, '/');
	if (slash)
		*slash = '\0';
	if (!bits_of(family, addr, wanted))
		tap_bail("%s is no address", value);
	length = slash ? strtoul(slash + 1, NULL, 10) : strlen(wanted);
	/* An IPv4 address stands for the v4-mapped one too. */
	if (family == AF_INET && !strncmp(shown, mapped, strlen(mapped)))
		shown += strlen(mapped);
	return bits_of(family, shown, found) && !strncmp(wanted, found, length);
}

static bool is_family(const char *value, const char *laddr)
{
	return same(value, strchr(laddr, ':') ? "inet6" : "inet");
}

struct place {
	const struct table *table;
	size_t row;
};

static const char *cell(const struct place *place, const char *column)
{
	return table_cell(place->table, place->row, column);
}

/* A raw socket shows its protocol in the place of a port. */
static const char *port_cell(const struct place *place, const char *column)
{
	return strncmp(cell(place, "proto"), "raw", 3) ? cell(place, column) :
							 "-";
}

static bool is_true(const struct place *place, const char *key,
		    const char *value)
{
	if (same(key, "lport") || same(key, "rport"))
		return is_port(value, port_cell(place, key));
	if (same(key, "port"))
		return is_port(value, port_cell(place, "lport")) ||
		       is_port(value, port_cell(place, "rport"));
	if (same(key, "laddr") || same(key, "raddr"))
		return is_address(value, cell(place, key));
	if (same(key, "addr"))
		return is_address(value, cell(place, "laddr")) ||
		       is_address(value, cell(place, "raddr"));
	if (same(key, "family"))
		return is_family(value, cell(place, "laddr"));
	if (same(key, "comm") || same(key, "dev"))
		return is_name(value, cell(place, key));
	return same(value, cell(place, key));
}

static bool matches_term(const struct place *place, char *term)
{
	char *values = strchr(term, '='), *value;
	bool exclude = values[-1] == '!';

	values[exclude ? -1 : 0] = '\0';
	values++;
	if (same(term, "columns"))
		return true;
	while ((value = strsep(&values, ",")))
		if (is_true(place, term, value))
			return !exclude;
	return exclude;
}

bool filter_matches(const struct table *table, size_t row, const char *query)
{
	struct place place = { table, row };
	char *copy = strdup(query), *rest, *term;
	bool matches = true;

	if (!copy)
		tap_bail_errno("query");
	for (term = strtok_r(copy, "\n ", &rest); term && matches;
	     term = strtok_r(NULL, "\n ", &rest))
		matches = matches_term(&place, term);
	free(copy);
	return matches;
}
