/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * Numbers, addresses and names as text. Each function writes at @p without a
 * terminating NUL, at most the bytes its SKO_*_MAX says, and returns the place
 * behind its last byte. Digits are written several at a time, so that up to
 * SKO_TEXT_SLACK bytes behind that place may be written too. None sleeps or takes a
 * lock. They stand in for seq_printf(), which costs three times as much a row.
 */
#ifndef SOCKOWNERS_TEXT_H
#define SOCKOWNERS_TEXT_H

#include <asm/byteorder.h>
#include <linux/compiler.h>
#include <linux/in6.h>
#include <linux/string.h>
#include <linux/types.h>

#define SKO_NUMBER_MAX	20	/* 2^64 - 1 */
#define SKO_IPV4_MAX	15	/* 255.255.255.255 */
#define SKO_IPV6_MAX	45	/* six groups of four digits, and an IPv4 address */
#define SKO_NAME_MAX(len) (4 * (len))	/* every byte escaped */
#define SKO_TEXT_SLACK	3

/*
 * 0 to 999 in three digits, the first one in the lowest byte; the highest one says how
 * many of them are zeros in front. Four kilobytes, of which a listing uses few.
 */
extern const u32 sko_triples[1000];

char *sko_put_string(char *p, const char *string);
char *sko_put_large(char *p, u64 value);
char *sko_put_ipv4(char *p, __be32 addr);
char *sko_put_ipv6(char *p, const struct in6_addr *addr);
char *sko_put_name(char *p, const char *name, size_t len);

/* The three lower bytes, the lowest one first, and one that is of no use. */
static __always_inline void sko_put_bytes(char *p, u32 bytes)
{
	__le32 word = cpu_to_le32(bytes);

	memcpy(p, &word, sizeof(word));
}

/* Below 1000, without zeros in front. */
static __always_inline char *sko_put_short(char *p, u32 value)
{
	u32 triple = sko_triples[value], zeros = triple >> 24;

	sko_put_bytes(p, triple >> 8 * zeros);
	return p + 3 - zeros;
}

/* Below 1000, with them. */
static __always_inline char *sko_put_triple(char *p, u32 value)
{
	sko_put_bytes(p, sko_triples[value]);
	return p + 3;
}

/**
 * sko_put_number() - decimal, without leading zeros
 * @p: where to write, at most SKO_NUMBER_MAX bytes and SKO_TEXT_SLACK
 * @value: the number
 *
 * Ports, most descriptors and inode numbers are small, and most of what a listing writes.
 *
 * Return: the place behind the last digit.
 */
static __always_inline char *sko_put_number(char *p, u64 value)
{
	u32 thousands;

	if (value >= 1000000)
		return sko_put_large(p, value);
	if (value < 1000)
		return sko_put_short(p, value);
	thousands = (u32)value / 1000;
	return sko_put_triple(sko_put_short(p, thousands),
			      (u32)value - 1000 * thousands);
}

#endif
