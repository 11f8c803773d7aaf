/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_ENDPOINT_H
#define SOCKOWNERS_ENDPOINT_H

#include "address.h"
#include "listing.h"

/**
 * struct prefix - addresses that begin alike
 * @address: one of them; an IPv4 address stands for v4-mapped ones too
 * @bits: how many bits they have in common, of @address's bytes
 * @any: all addresses instead
 * @device: that the socket is bound to, NULL if it does not matter
 */
struct prefix {
	struct address address;
	unsigned int bits;
	bool any;
	char *device;
};

/**
 * struct endpoint - what one of the two ends of a socket is to be
 * @next: another one
 * @exclude: what it is not to be
 * @ipv4: and @ipv6: family, either or both
 * @protocols: bits, 0 for any
 * @prefixes: one of them; any address if there is none
 * @prefix_count: how many
 * @ports: a bit for each; NULL for any, and for none
 */
struct endpoint {
	struct endpoint *next;
	bool exclude;
	bool ipv4, ipv6;
	unsigned int protocols;
	struct prefix *prefixes;
	size_t prefix_count;
	uint8_t *ports;
};

#define PORT_BYTES ((UINT16_MAX + 1) / 8)

static inline bool ports_have(const uint8_t *ports, uint64_t port)
{
	return port <= UINT16_MAX && ports[port / 8] >> port % 8 & 1;
}

struct endpoint *endpoint_parse(const char *argument);
struct endpoint *endpoint_parse_lsof(const char *argument);
void endpoint_wish(const struct endpoint *endpoint, struct wish *wish);
bool endpoint_matches(const struct endpoint *endpoint, const struct row *row);

#endif
