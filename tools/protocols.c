// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <string.h>
#include <strings.h>

#include "protocols.h"

/* Bit n is the protocol with name n. */
const char *const protocol_names[PROTOCOLS] = {
	"tcp", "udp", "udplite", "raw", "icmp", "mptcp", "sctp", "dccp",
};

/**
 * protocol_of() - the protocol of a row, in either of the two families
 * @proto: as the listing writes it
 *
 * Return: its bit, or 0.
 */
unsigned int protocol_of(const char *proto)
{
	for (int i = 0; i < PROTOCOLS; i++) {
		size_t length = strlen(protocol_names[i]);

		if (!strncmp(proto, protocol_names[i], length) &&
		    (!proto[length] || !strcmp(proto + length, "6")))
			return 1U << i;
	}
	return 0;
}

/**
 * protocol_find() - the protocols that somebody means by a name
 * @name: the name, in capitals or not
 * @length: of the name
 *
 * Return: their bits, 0 for none. UDP is UDP-Lite too, raw is ping sockets too.
 */
unsigned int protocol_find(const char *name, size_t length)
{
	for (int i = 0; i < PROTOCOLS; i++) {
		unsigned int bit = 1U << i;

		if (strlen(protocol_names[i]) != length ||
		    strncasecmp(name, protocol_names[i], length))
			continue;
		if (bit == PROTOCOL_UDP)
			return PROTOCOL_UDP | PROTOCOL_UDPLITE;
		if (bit == PROTOCOL_RAW)
			return PROTOCOL_RAW | PROTOCOL_ICMP;
		return bit;
	}
	return 0;
}
