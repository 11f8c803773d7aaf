// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "text.h"

#include <linux/kernel.h>
#include <linux/math64.h>
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

#define TRIPLE(n) (('0' + (n) / 100) | ('0' + (n) / 10 % 10) << 8 | \
		   ('0' + (n) % 10) << 16 | (((n) < 100) + ((n) < 10)) << 24)
#define TEN(n) \
	[(n)] = TRIPLE(n), [(n) + 1] = TRIPLE((n) + 1), \
	[(n) + 2] = TRIPLE((n) + 2), [(n) + 3] = TRIPLE((n) + 3), \
	[(n) + 4] = TRIPLE((n) + 4), [(n) + 5] = TRIPLE((n) + 5), \
	[(n) + 6] = TRIPLE((n) + 6), [(n) + 7] = TRIPLE((n) + 7), \
	[(n) + 8] = TRIPLE((n) + 8), [(n) + 9] = TRIPLE((n) + 9)

const u32 sko_triples[1000] = {
	TEN(0), TEN(10), TEN(20), TEN(30), TEN(40),
	TEN(50), TEN(60), TEN(70), TEN(80), TEN(90),
	TEN(100), TEN(110), TEN(120), TEN(130), TEN(140),
	TEN(150), TEN(160), TEN(170), TEN(180), TEN(190),
	TEN(200), TEN(210), TEN(220), TEN(230), TEN(240),
	TEN(250), TEN(260), TEN(270), TEN(280), TEN(290),
	TEN(300), TEN(310), TEN(320), TEN(330), TEN(340),
	TEN(350), TEN(360), TEN(370), TEN(380), TEN(390),
	TEN(400), TEN(410), TEN(420), TEN(430), TEN(440),
	TEN(450), TEN(460), TEN(470), TEN(480), TEN(490),
	TEN(500), TEN(510), TEN(520), TEN(530), TEN(540),
	TEN(550), TEN(560), TEN(570), TEN(580), TEN(590),
	TEN(600), TEN(610), TEN(620), TEN(630), TEN(640),
	TEN(650), TEN(660), TEN(670), TEN(680), TEN(690),
	TEN(700), TEN(710), TEN(720), TEN(730), TEN(740),
	TEN(750), TEN(760), TEN(770), TEN(780), TEN(790),
	TEN(800), TEN(810), TEN(820), TEN(830), TEN(840),
	TEN(850), TEN(860), TEN(870), TEN(880), TEN(890),
	TEN(900), TEN(910), TEN(920), TEN(930), TEN(940),
	TEN(950), TEN(960), TEN(970), TEN(980), TEN(990),
};

static __always_inline char *put_u32(char *p, u32 value)
{
	if (value < 1000)
		return sko_put_short(p, value);
	if (value < 1000000)
		return sko_put_triple(sko_put_short(p, value / 1000), value % 1000);
	if (value < 1000000000) {
		p = sko_put_short(p, value / 1000000);
		p = sko_put_triple(p, value / 1000 % 1000);
		return sko_put_triple(p, value % 1000);
	}
	p = sko_put_short(p, value / 1000000000);
	p = sko_put_triple(p, value / 1000000 % 1000);
	p = sko_put_triple(p, value / 1000 % 1000);
	return sko_put_triple(p, value % 1000);
}

/**
 * sko_put_large() - as sko_put_number()
 * @p: where to write, at most SKO_NUMBER_MAX bytes and SKO_TEXT_SLACK
 * @value: the number
 *
 * Return: the place behind the last digit.
 */
char *sko_put_large(char *p, u64 value)
{
	u32 low;

	if (value <= U32_MAX)
		return put_u32(p, value);
	low = do_div(value, 1000000000);
	p = sko_put_large(p, value);
	p = sko_put_triple(p, low / 1000000);
	p = sko_put_triple(p, low / 1000 % 1000);
	return sko_put_triple(p, low % 1000);
}

/* An octet, and the byte behind it. */
static __always_inline char *put_octet(char *p, u8 octet, char after)
{
	if (octet >= 10)
		p = sko_put_short(p, octet);
	else
		*p++ = '0' + octet;
	if (after)
		*p++ = after;
	return p;
}

/**
 * sko_put_ipv4() - dotted decimal, as %pI4 writes it
 * @p: where to write, at most SKO_IPV4_MAX bytes and SKO_TEXT_SLACK
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
 * @p: where to write, at most SKO_IPV6_MAX bytes and SKO_TEXT_SLACK
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
