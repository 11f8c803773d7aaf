// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// Names of hosts and services, once somebody wants them. Each address and each
// port is asked for once: whether there is an answer or not, it is kept, and a
// resolver that is slow is slow once.
//
// Whoever owns an address chooses its name. Letters, digits, "-", "_" and "." are
// shown; any other byte, also one that ends a host in LOCAL and REMOTE, is \ooo. A
// name that could be taken for an address is not shown at all.

#include <ctype.h>
#include <netdb.h>
#include <netinet/in.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "escape.h"
#include "names.h"
#include "protocols.h"
#include "resolve.h"

/**
 * struct answer - what is known of an address, or of a port
 * @name: as it is shown, NULL for none
 * @asked: what was asked for
 */
struct answer {
	char *name;
	char asked[];
};

static bool is_on;
static void *hosts, *services;

/**
 * resolve_start() - have names from now on, or not
 * @wanted: whether somebody wants them
 */
void resolve_start(bool wanted)
{
	is_on = wanted;
}

/**
 * resolve_is_on() - whether there are names
 */
bool resolve_is_on(void)
{
	return is_on;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct answer *)a)->asked,
		      ((const struct answer *)b)->asked);
}

static bool is_plain(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("-_.", c));
}

/* As it is shown. Return: NULL if it is better not. */
static char *show(const char *name)
{
	char shown[RESOLVED_MAX + 1];
	struct address address;
	bool has_letter = false;
	size_t length = 0;

	for (; *name; name++) {
		if (length + ESCAPED_BYTE > RESOLVED_MAX)
			return NULL;
		has_letter |= isalpha((unsigned char)*name);
		if (is_plain(*name))
			shown[length++] = *name;
		else
			length += (size_t)sprintf(shown + length, "\\%03o",
						  (unsigned char)*name);
	}
	shown[length] = '\0';
	if (!has_letter || address_parse(&address, shown))
		return NULL;
	return strdup(shown);
}

static char *ask_for_host(const char *asked)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in ipv4 = { .sin_family = AF_INET };
	const struct sockaddr *socket = (const struct sockaddr *)&ipv6;
	socklen_t length = sizeof(ipv6);
	struct address address;
	char name[NI_MAXHOST];

	if (!address_parse(&address, asked))
		return NULL;
	memcpy(&ipv6.sin6_addr, address.bytes, sizeof(ipv6.sin6_addr));
	memcpy(&ipv4.sin_addr, address.bytes + 12, sizeof(ipv4.sin_addr));
	/* One host, whichever family the socket is of. */
	if (!memcmp(address.bytes, mapped, sizeof(mapped))) {
		socket = (const struct sockaddr *)&ipv4;
		length = sizeof(ipv4);
	}
	names_avoid_plugins();
	if (getnameinfo(socket, length, name, sizeof(name), NULL, 0,
			NI_NAMEREQD))
		return NULL;
	return show(name);
}

/* @asked is the port, a space, and what /etc/services calls the protocol. */
static char *ask_for_service(const char *asked)
{
	char *protocol;
	unsigned long port = strtoul(asked, &protocol, 10);
	const struct servent *entry;

	names_avoid_plugins();
	entry = getservbyport(htons((uint16_t)port), protocol + 1);
	return entry ? show(entry->s_name) : NULL;
}

/* Return: what is known by now; NULL if there is no name, or no memory. */
static const char *look_up(void **answers, const char *asked,
			   char *(*ask)(const char *asked))
{
	size_t size = strlen(asked) + 1;
	struct answer *answer = malloc(sizeof(*answer) + size);
	struct answer **found;

	if (!answer)
		return NULL;
	answer->name = NULL;
	memcpy(answer->asked, asked, size);
	found = tsearch(answer, answers, compare);
	if (!found || *found != answer) {
		free(answer);
		return found ? (*found)->name : NULL;
	}
	answer->name = ask(asked);
	return answer->name;
}

/**
 * resolve_host() - the name of a host
 * @address: as the listing has it
 *
 * Return: NULL if it has none, or if nobody wants names.
 */
const char *resolve_host(const char *address)
{
	struct address parsed;

	if (!is_on || !address_parse(&parsed, address) ||
	    !strcmp(address, "0.0.0.0") || !strcmp(address, "::"))
		return NULL;
	return look_up(&hosts, address, ask_for_host);
}

static const char *service_protocol(const char *protocol)
{
	switch (protocol_of(protocol)) {
	case PROTOCOL_TCP:
	case PROTOCOL_MPTCP:
		return "tcp";
	case PROTOCOL_UDP:
	case PROTOCOL_UDPLITE:
		return "udp";
	case PROTOCOL_SCTP:
		return "sctp";
	case PROTOCOL_DCCP:
		return "dccp";
	}
	/* What a raw socket has in the place of a port is its protocol. */
	return NULL;
}

/**
 * resolve_service() - the name of a port
 * @port: as the listing has it
 * @protocol: of the socket, as the listing has it
 *
 * Return: NULL if it has none, or if nobody wants names.
 */
const char *resolve_service(const char *port, const char *protocol)
{
	const char *name = is_on ? service_protocol(protocol) : NULL;
	char asked[32];

	/* A saved listing may have any number of zeros in front. */
	if (!name || !strcmp(port, "-") || strlen(port) > 5)
		return NULL;
	snprintf(asked, sizeof(asked), "%s %s", port, name);
	return look_up(&services, asked, ask_for_service);
}
