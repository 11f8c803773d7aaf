/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_ADDRESS_H
#define SOCKOWNERS_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct address - an address of either family
 * @ipv6: it is of AF_INET6
 * @bytes: as of AF_INET6, where an IPv4 address is v4-mapped
 */
struct address {
	bool ipv6;
	uint8_t bytes[16];
};

bool address_parse(struct address *address, const char *text);
int address_compare(const struct address *a, const struct address *b);

#endif
