/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_FILTER_H
#define SOCKOWNERS_FILTER_H

#include "listing.h"

/**
 * struct filter - which rows were asked for; all of them if nothing is set
 * @ipv4: and @ipv6: family, either or both
 * @tcp: and @udp: protocol, either or both
 * @listening: listening and unconnected sockets only
 * @pids: ascending
 * @pid_count: how many
 * @by_port: one of the two ports must be in @ports
 * @ports: a bit for each
 */
struct filter {
	bool ipv4, ipv6;
	bool tcp, udp;
	bool listening;
	uint32_t *pids;
	size_t pid_count;
	bool by_port;
	uint8_t ports[(UINT16_MAX + 1) / 8];
};

void filter_add_pids(struct filter *filter, const char *list);
void filter_add(struct filter *filter, const char *argument);
bool filter_has_port(const struct filter *filter, uint64_t port);
void filter_wish(const struct filter *filter, struct wish *wish);
bool filter_matches(const struct filter *filter, const struct row *row);

#endif
