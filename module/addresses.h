/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * Addresses as text, and those of late are kept: what a server listens on, and what a
 * client connects to, is in row after row, while its text takes longer to make than all
 * else of a line.
 */
#ifndef SOCKOWNERS_ADDRESSES_H
#define SOCKOWNERS_ADDRESSES_H

#include "row.h"
#include "text.h"

#include <linux/hash.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <linux/types.h>

/* Copied whole, which goes beyond the text by less than that. */
#define SKO_IPV4_TEXT 16
#define SKO_IPV6_TEXT 48

#define SKO_IPV4_KEPT_BITS 4
#define SKO_IPV6_KEPT_BITS 3

/* Each has one place, by a hash of its bytes, where it displaces another one. */
struct sko_addresses {
	struct sko_ipv4_text {
		__be32 addr;
		u32 len;		/* 0: none */
		char text[SKO_IPV4_TEXT];
	} v4[1 << SKO_IPV4_KEPT_BITS];
	struct sko_ipv6_text {
		u64 addr[2];
		u64 len;
		char text[SKO_IPV6_TEXT];
	} v6[1 << SKO_IPV6_KEPT_BITS];
};

void sko_addresses_keep_ipv4(struct sko_ipv4_text *kept, __be32 addr);
char *sko_addresses_put_ipv6(struct sko_addresses *addresses, char *p,
			     const struct in6_addr *addr);

static __always_inline char *
sko_addresses_put_ipv4(struct sko_addresses *addresses, char *p, __be32 addr)
{
	struct sko_ipv4_text *kept =
		&addresses->v4[hash_32((__force u32)addr, SKO_IPV4_KEPT_BITS)];

	if (unlikely(kept->addr != addr || !kept->len))
		sko_addresses_keep_ipv4(kept, addr);
	memcpy(p, kept->text, SKO_IPV4_TEXT);
	return p + kept->len;
}

/**
 * sko_addresses_put() - an address as text
 * @addresses: zeroed memory is one without any
 * @p: where to write, at most SKO_IPV6_MAX bytes and SKO_IPV6_TEXT
 * @family: AF_INET or AF_INET6
 * @addr: the address
 *
 * Return: the place behind the last byte.
 */
static __always_inline char *
sko_addresses_put(struct sko_addresses *addresses, char *p, u16 family,
		  const union sko_addr *addr)
{
	return family == AF_INET6 ?
		       sko_addresses_put_ipv6(addresses, p, &addr->v6) :
		       sko_addresses_put_ipv4(addresses, p, addr->v4);
}

#endif
