// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <arpa/inet.h>
#include <string.h>

#include "address.h"

/**
 * address_parse() - understand an address
 * @address: is filled in
 * @text: as the listing writes it
 *
 * Return: whether it is one.
 */
bool address_parse(struct address *address, const char *text)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	address->ipv6 = strchr(text, ':');
	if (address->ipv6)
		return inet_pton(AF_INET6, text, address->bytes) == 1;
	memcpy(address->bytes, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, address->bytes + sizeof(mapped)) == 1;
}

/**
 * address_compare() - which of two comes first
 * @a: an address
 * @b: another one
 *
 * Return: less than 0, 0, or more, as memcmp().
 */
int address_compare(const struct address *a, const struct address *b)
{
	if (a->ipv6 != b->ipv6)
		return a->ipv6 ? 1 : -1;
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}
