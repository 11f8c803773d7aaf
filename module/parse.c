// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "parse.h"
#include "text.h"

#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/inet.h>
#include <linux/kstrtox.h>
#include <linux/string.h>

/**
 * sko_parse_number() - a decimal number
 * @text: the number, and a NUL behind it
 * @min: the least it may be
 * @max: the most
 * @value: is set
 *
 * kstrtou64() would take a sign and zeros in front.
 *
 * Return: 0, or -EINVAL.
 */
int sko_parse_number(const char *text, u64 min, u64 max, u64 *value)
{
	if (!isdigit(*text) || (*text == '0' && text[1]) ||
	    kstrtou64(text, 10, value) || *value < min || *value > max)
		return -EINVAL;
	return 0;
}

/**
 * sko_parse_ipv4() - an IPv4 address
 * @text: the address, and a NUL behind it
 * @addr: is set
 *
 * in4_pton() takes more than the four numbers that the listing shows.
 */
bool sko_parse_ipv4(const char *text, __be32 *addr)
{
	char again[SKO_IPV4_MAX + SKO_TEXT_SLACK + 1];

	if (!in4_pton(text, -1, (u8 *)addr, '\0', NULL))
		return false;
	*sko_put_ipv4(again, *addr) = '\0';
	return !strcmp(again, text);
}

/*
 * in6_pton() takes any number of zeros in front, of a group and in the IPv4 address
 * that may stand at the end.
 */
static bool has_zeros_in_front(const char *text)
{
	const char *group = text;
	__be32 addr;

	for (; *text; text++) {
		if (*text == ':')
			group = text + 1;
		else if (*text == '.')
			return !sko_parse_ipv4(group, &addr);
		else if (text - group >= 4)
			return true;
	}
	return false;
}

/**
 * sko_parse_ipv6() - an IPv6 address, in any of its forms
 * @text: the address, and a NUL behind it
 * @addr: is set
 *
 * Text that ends too late is left over: a colon ends an IPv4 address.
 */
bool sko_parse_ipv6(const char *text, struct in6_addr *addr)
{
	const char *end;

	return !has_zeros_in_front(text) &&
	       in6_pton(text, -1, addr->s6_addr, '\0', &end) && !*end;
}

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* A byte as the listing writes it. Returns what is behind it, NULL if it is none. */
static const char *parse_byte(const char *text, u8 *byte)
{
	if (*text != '\\') {
		*byte = *text;
		return text + 1;
	}
	if (text[1] < '0' || text[1] > '3' || !is_octal(text[2]) ||
	    !is_octal(text[3]))
		return NULL;
	*byte = (text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0');
	return text + 4;
}

/**
 * sko_parse_name() - the bytes of a name
 * @text: as the listing writes it, and a NUL behind it
 * @bytes: room for @max of them
 * @max: the most it may have
 *
 * The empty name is written as one byte, which no other one has.
 *
 * Return: how many bytes, or -EINVAL.
 */
int sko_parse_name(const char *text, u8 *bytes, size_t max)
{
	const char *p = text;
	size_t len;

	for (len = 0; *p; len++) {
		if (len == max)
			return -EINVAL;
		p = parse_byte(p, &bytes[len]);
		if (!p || (!bytes[len] && (len || *p)))
			return -EINVAL;
	}
	return len;
}
