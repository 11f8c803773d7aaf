/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * What text.h writes, read back, and nothing else that means the same. None of
 * these functions sleeps, allocates or takes a lock.
 */
#ifndef SOCKOWNERS_PARSE_H
#define SOCKOWNERS_PARSE_H

#include <linux/in6.h>
#include <linux/types.h>

int sko_parse_number(const char *text, u64 min, u64 max, u64 *value);
bool sko_parse_ipv4(const char *text, __be32 *addr);
bool sko_parse_ipv6(const char *text, struct in6_addr *addr);
int sko_parse_name(const char *text, u8 *bytes, size_t max);

#endif
