// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "addresses.h"

#include <linux/build_bug.h>
#include <linux/compiler.h>

static_assert(SKO_IPV4_TEXT >= SKO_IPV4_MAX);
static_assert(SKO_IPV6_TEXT >= SKO_IPV6_MAX + SKO_TEXT_SLACK);

/**
 * sko_addresses_keep_ipv4() - the text of an address, in place of another one's
 * @kept: its place
 * @addr: the address
 */
noinline void sko_addresses_keep_ipv4(struct sko_ipv4_text *kept, __be32 addr)
{
	char text[SKO_IPV4_MAX + SKO_TEXT_SLACK] = "";

	kept->addr = addr;
	kept->len = sko_put_ipv4(text, addr) - text;
	memcpy(kept->text, text, SKO_IPV4_TEXT);
}

/**
 * sko_addresses_put_ipv6() - as sko_addresses_put()
 * @addresses: zeroed memory is one without any
 * @p: where to write, at most SKO_IPV6_MAX bytes and SKO_IPV6_TEXT
 * @addr: the address
 *
 * Return: the place behind the last byte.
 */
char *sko_addresses_put_ipv6(struct sko_addresses *addresses, char *p,
			     const struct in6_addr *addr)
{
	struct sko_ipv6_text *kept;
	u64 half[2];

	memcpy(half, addr, sizeof(half));
	kept = &addresses->v6[hash_64(half[0] ^ half[1], SKO_IPV6_KEPT_BITS)];
	if (unlikely(kept->addr[0] != half[0] || kept->addr[1] != half[1] ||
		     !kept->len)) {
		kept->addr[0] = half[0];
		kept->addr[1] = half[1];
		kept->len = sko_put_ipv6(kept->text, addr) - kept->text;
	}
	memcpy(p, kept->text, SKO_IPV6_TEXT);
	return p + kept->len;
}
