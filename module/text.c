// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "text.h"

#include <linux/string.h>
#include <net/addrconf.h>
#include <net/ipv6.h>

/**
 * sko_put_string() - copy a string that is known to be clean
 * @p: where to write
 * @string: of the module's own making, so never with a tab, space or newline
 *
 * Return: the place behind the last byte.
 */
char *sko_put_string(char *p, const char *string)
{
	while (*string)
		*p++ = *string++;
	return p;
}

/* 00 to 99: two digits at a time. */
static const char pairs[100][2] = {
	{ '0', '0' }, { '0', '1' }, { '0', '2' }, { '0', '3' }, { '0', '4' },
	{ '0', '5' }, { '0', '6' }, { '0', '7' }, { '0', '8' }, { '0', '9' },
	{ '1', '0' }, { '1', '1' }, { '1', '2' }, { '1', '3' }, { '1', '4' },
	{ '1', '5' }, { '1', '6' }, { '1', '7' }, { '1', '8' }, { '1', '9' },
	{ '2', '0' }, { '2', '1' }, { '2', '2' }, { '2', '3' }, { '2', '4' },
	{ '2', '5' }, { '2', '6' }, { '2', '7' }, { '2', '8' }, { '2', '9' },
	{ '3', '0' }, { '3', '1' }, { '3', '2' }, { '3', '3' }, { '3', '4' },
	{ '3', '5' }, { '3', '6' }, { '3', '7' }, { '3', '8' }, { '3', '9' },
	{ '4', '0' }, { '4', '1' }, { '4', '2' }, { '4', '3' }, { '4', '4' },
	{ '4', '5' }, { '4', '6' }, { '4', '7' }, { '4', '8' }, { '4', '9' },
	{ '5', '0' }, { '5', '1' }, { '5', '2' }, { '5', '3' }, { '5', '4' },
	{ '5', '5' }, { '5', '6' }, { '5', '7' }, { '5', '8' }, { '5', '9' },
	{ '6', '0' }, { '6', '1' }, { '6', '2' }, { '6', '3' }, { '6', '4' },
	{ '6', '5' }, { '6', '6' }, { '6', '7' }, { '6', '8' }, { '6', '9' },
	{ '7', '0' }, { '7', '1' }, { '7', '2' }, { '7', '3' }, { '7', '4' },
	{ '7', '5' }, { '7', '6' }, { '7', '7' }, { '7', '8' }, { '7', '9' },
	{ '8', '0' }, { '8', '1' }, { '8', '2' }, { '8', '3' }, { '8', '4' },
	{ '8', '5' }, { '8', '6' }, { '8', '7' }, { '8', '8' }, { '8', '9' },
	{ '9', '0' }, { '9', '1' }, { '9', '2' }, { '9', '3' }, { '9', '4' },
	{ '9', '5' }, { '9', '6' }, { '9', '7' }, { '9', '8' }, { '9', '9' },
};

static __always_inline unsigned int digits_of(u32 value)
{
	if (value < 10000)
		return value < 100 ? 1 + (value >= 10) : 3 + (value >= 1000);
	if (value < 100000000)
		return value < 1000000 ? 5 + (value >= 100000)
				       : 7 + (value >= 10000000);
	return 9 + (value >= 1000000000);
}

static __always_inline char *put_u32(char *p, u32 value)
{
	char *end = p + digits_of(value);

	for (p = end; value >= 100; value /= 100) {
		p -= 2;
		memcpy(p, pairs[value % 100], 2);
	}
	if (value >= 10)
		memcpy(p - 2, pairs[value], 2);
	else
		p[-1] = '0' + value;
	return end;
}

/* With the zeros in front. */
static char *put_nine_digits(char *p, u32 value)
{
	int i;

	for (i = 7; i > 0; i -= 2) {
		memcpy(p + i, pairs[value % 100], 2);
		value /= 100;
	}
	*p = '0' + value;
	return p + 9;
}

/**
 * sko_put_number() - decimal, without leading zeros
 * @p: where to write, at most SKO_NUMBER_MAX bytes
 * @value: the number
 *
 * Return: the place behind the last digit.
 */
char *sko_put_number(char *p, u64 value)
{
	u32 low;

	if (value <= U32_MAX)
		return put_u32(p, value);
	low = do_div(value, 1000000000);
	return put_nine_digits(sko_put_number(p, value), low);
}

/* An octet, and the byte behind it. */
static __always_inline char *put_octet(char *p, u8 octet, char after)
{
	if (octet >= 100) {
		*p++ = '0' + octet / 100;
		memcpy(p, pairs[octet % 100], 2);
		p += 2;
	} else if (octet >= 10) {
		memcpy(p, pairs[octet], 2);
		p += 2;
	} else {
		*p++ = '0' + octet;
	}
	if (after)
		*p++ = after;
	return p;
}

/**
 * sko_put_ipv4() - dotted decimal, as %pI4 writes it
 * @p: where to write, at most SKO_IPV4_MAX bytes
 * @addr: the address
 *
 * Return: the place behind the last byte.
 */
char *sko_put_ipv4(char *p, __be32 addr)
{
	const u8 *octet = (const u8 *)&addr;

	p = put_octet(p, octet[0], '.');
	p = put_octet(p, octet[1], '.');
	p = put_octet(p, octet[2], '.');
	return put_octet(p, octet[3], '\0');
}

static char *put_hex(char *p, u16 word)
{
	static const char hex[] = "0123456789abcdef";
	int shift = word >> 12 ? 12 : word >> 8 ? 8 : word >> 4 ? 4 : 0;

	for (; shift >= 0; shift -= 4)
		*p++ = hex[(word >> shift) & 0xf];
	return p;
}

/**
 * sko_put_ipv6() - the form of RFC 5952, as %pI6c writes it
 * @p: where to write, at most SKO_IPV6_MAX bytes
 * @addr: the address
 *
 * The first of the longest runs of two or more zero groups becomes "::". As
 * %pI6c does (ip6_compressed_string() in lib/vsprintf.c), the last four bytes
 * of a v4-mapped and of an ISATAP address (RFC 5214) are dotted decimal.
 *
 * Return: the place behind the last byte.
 */
char *sko_put_ipv6(char *p, const struct in6_addr *addr)
{
	bool v4 = ipv6_addr_v4mapped(addr) || ipv6_addr_is_isatap(addr);
	int groups = v4 ? 6 : 8;
	int gap = -1, gap_len = 1;
	bool colon = false;
	int i, run = 0;

	for (i = 0; i < groups; i++) {
		run = addr->s6_addr16[i] ? 0 : run + 1;
		if (run > gap_len) {
			gap_len = run;
			gap = i - run + 1;
		}
	}
	for (i = 0; i < groups; i++) {
		if (i == gap) {
			*p++ = ':';
			*p++ = ':';
			colon = false;
			i += gap_len - 1;
			continue;
		}
		if (colon)
			*p++ = ':';
		p = put_hex(p, ntohs(addr->s6_addr16[i]));
		colon = true;
	}
	if (v4) {
		if (colon)
			*p++ = ':';
		p = sko_put_ipv4(p, addr->s6_addr32[3]);
	}
	return p;
}

static char *put_octal(char *p, u8 byte)
{
	*p++ = '\\';
	*p++ = '0' + (byte >> 6);
	*p++ = '0' + ((byte >> 3) & 7);
	*p++ = '0' + (byte & 7);
	return p;
}

/**
 * sko_put_name() - a name that somebody else chose, made harmless
 * @p: where to write, at most SKO_NAME_MAX(@len) bytes, 4 for an empty name
 * @name: the bytes, which end at the first NUL or after @len
 * @len: size of @name
 *
 * What is not printable ASCII, a space or a backslash becomes \ooo. "-" stands
 * for "none" in the listing, so a name that is just that is escaped too, and
 * an empty one is written \000: no field is ever empty.
 *
 * Return: the place behind the last byte.
 */
char *sko_put_name(char *p, const char *name, size_t len)
{
	size_t i;

	len = strnlen(name, len);
	if (!len)
		return put_octal(p, 0);
	if (len == 1 && *name == '-')
		return put_octal(p, '-');
	for (i = 0; i < len; i++) {
		u8 byte = name[i];

		if (byte <= ' ' || byte > '~' || byte == '\\')
			p = put_octal(p, byte);
		else
			*p++ = byte;
	}
	return p;
}
