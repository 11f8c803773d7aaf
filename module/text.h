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

#include <linux/in6.h>
#include <linux/types.h>

#define SKO_NUMBER_MAX	20	/* 2^64 - 1 */
#define SKO_IPV4_MAX	15	/* 255.255.255.255 */
#define SKO_IPV6_MAX	45	/* six groups of four digits, and an IPv4 address */
#define SKO_NAME_MAX(len) (4 * (len))	/* every byte escaped */
#define SKO_TEXT_SLACK	3

char *sko_put_string(char *p, const char *string);
char *sko_put_number(char *p, u64 value);
char *sko_put_ipv4(char *p, __be32 addr);
char *sko_put_ipv6(char *p, const struct in6_addr *addr);
char *sko_put_name(char *p, const char *name, size_t len);

#endif
