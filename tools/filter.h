/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_FILTER_H
#define SOCKOWNERS_FILTER_H

#include "chosen.h"
#include "endpoint.h"
#include "listing.h"
#include "numbers.h"
#include "places.h"

/* Bytes of a process's name, all that the kernel keeps. */
#define COMMAND_MAX 15

/**
 * struct words - a set
 * @list: of them
 * @count: how many
 */
struct words {
	const char **list;
	size_t count;
};

/**
 * struct filter - which rows were asked for; all of them if nothing is set
 * @ipv4: and @ipv6: family, either or both
 * @protocols: bits, 0 for any
 * @listening: listening and unconnected sockets only
 * @states: bits, 0 for any
 * @pids: @uids: @inodes: @netns: one of them; any if there is none
 * @cgroups: one of them; any if it is NULL
 * @commands: names of processes or patterns for them, bytes and not as the
 *	listing writes them
 * @holders: as the listing writes them
 * @endpoints: one of those that do not exclude, if there is one, and none of
 *	those that do
 */
struct filter {
	bool ipv4, ipv6;
	unsigned int protocols;
	bool listening;
	uint32_t states;
	struct numbers pids, uids, inodes, netns;
	struct chosen *cgroups;
	struct words commands, holders;
	struct endpoint *endpoints;
};

void filter_add_pids(struct filter *filter, const char *list);
void filter_add_users(struct filter *filter, const char *list);
void filter_add_inodes(struct filter *filter, const char *list);
void filter_add_netns(struct filter *filter, const char *list,
		      enum listing_origin origin);
void filter_add_cgroups(struct filter *filter, const char *list);
void filter_renew_cgroups(struct filter *filter, const struct words *lists);
void filter_add_commands(struct filter *filter, const char *list);
void filter_add_states(struct filter *filter, const char *list);
void filter_add_holders(struct filter *filter, const char *list);
void filter_add_endpoint(struct filter *filter, struct endpoint *endpoint);
void filter_forget_holders(struct filter *filter);
uint32_t filter_states(const struct filter *filter);
bool filter_is_pattern(const char *command);
void filter_wish(const struct filter *filter, struct wish *wish);
bool filter_matches(const struct filter *filter, const struct row *row);

#endif
