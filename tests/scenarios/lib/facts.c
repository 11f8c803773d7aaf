// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "listing.h"
#include "net.h"
#include "tap.h"

void facts_add(struct facts *facts, const char *proto, int pid, int fd,
	       const char *local, const char *remote)
{
	struct fact *fact;

	if (facts->nr == facts->room) {
		facts->room = facts->room ? facts->room * 2 : 256;
		facts->fact = realloc(facts->fact,
				      facts->room * sizeof(*facts->fact));
		if (!facts->fact)
			tap_bail_errno("facts");
	}
	fact = &facts->fact[facts->nr++];
	snprintf(fact->proto, sizeof(fact->proto), "%s", proto);
	fact->pid = pid;
	fact->fd = fd;
	snprintf(fact->local, sizeof(fact->local), "%s", local);
	snprintf(fact->remote, sizeof(fact->remote), "%s", remote);
}

int fact_compare(const void *a, const void *b)
{
	const struct fact *one = a, *other = b;
	int order = strcmp(one->proto, other->proto);

	order = order ? order : strcmp(one->local, other->local);
	order = order ? order : strcmp(one->remote, other->remote);
	order = order ? order : one->pid - other->pid;
	return order ? order : one->fd - other->fd;
}

void facts_sort(struct facts *facts)
{
	qsort(facts->fact, facts->nr, sizeof(*facts->fact), fact_compare);
}

void facts_clear(struct facts *facts)
{
	free(facts->fact);
	*facts = (struct facts){ 0 };
}

static void write_end(char *end, size_t size, const char *address,
		      const char *dev, const char *port)
{
	bool six = strchr(address, ':');

	if (!strcmp(port, "0"))
		port = "*";
	if (!*dev && !strcmp(port, "*") &&
	    (!strcmp(address, "0.0.0.0") || !strcmp(address, "::")))
		snprintf(end, size, "*:*");
	else
		snprintf(end, size, "%s%s%s%s%s:%s", six ? "[" : "", address,
			 six ? "]" : "", *dev ? "%" : "", dev, port);
}

void fact_end(char *end, size_t size, const char *text, bool six)
{
	const char *port = strrchr(text, ':');
	char address[100], mapped[110], *dev;
	const char *from = address;

	if (!port || port - text >= (ptrdiff_t)sizeof(address))
		tap_bail("%s is no address and port", text);
	snprintf(address, sizeof(address), "%.*s", (int)(port - text), text);
	dev = strchr(address, '%');
	if (dev)
		*dev++ = '\0';
	if (*address == '[') {
		from++;
		address[strcspn(address, "]")] = '\0';
	}
	if (!strcmp(from, "*"))
		from = six ? "::" : "0.0.0.0";
	/* lsof and netstat write only the second half of a mapped address. */
	snprintf(mapped, sizeof(mapped), "%s%s",
		 six && !strchr(from, ':') ? "::ffff:" : "", from);
	write_end(end, size, mapped, dev ? dev : "", port + 1);
}

unsigned int fact_port(const char *end)
{
	return strtoul(strrchr(end, ':') + 1, NULL, 10);
}

static int number(const char *field)
{
	return strcmp(field, "-") ? atoi(field) : NOBODY;
}

static const char *unless_none(const char *field, const char *none)
{
	return strcmp(field, "-") ? field : none;
}

void facts_of_listing(struct facts *facts)
{
	unsigned long netns = net_inode();
	struct listing listing;

	listing_read(&listing);
	for (size_t i = 0; i < listing.nr_rows; i++) {
		const char *const *field = listing.rows[i].field;
		char local[100], remote[100], proto[16];
		size_t length;

		if (strtoul(field[NETNS], NULL, 10) != netns)
			continue;
		length = snprintf(proto, sizeof(proto), "%s", field[PROTO]);
		if (strncmp(proto, "inet", 4) && proto[length - 1] == '6')
			proto[length - 1] = '\0';
		write_end(local, sizeof(local), field[LADDR],
			  unless_none(field[DEV], ""),
			  unless_none(field[LPORT], "*"));
		write_end(remote, sizeof(remote),
			  unless_none(field[RADDR], "0.0.0.0"), "",
			  unless_none(field[RPORT], "*"));
		facts_add(facts, proto, number(field[PID]), number(field[FD]),
			  local, remote);
	}
	listing_free(&listing);
}
