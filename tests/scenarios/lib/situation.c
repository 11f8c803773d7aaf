// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "situation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "listing.h"
#include "net.h"
#include "peer.h"
#include "tap.h"

enum rank {
	NOTHING,
	NO_OWNER,
	ANOTHER_OWNER,
	OWNER_BY_NAME,
};

static const char *const rank_names[] = {
	[NOTHING] = "nothing",
	[NO_OWNER] = "no owner",
	[ANOTHER_OWNER] = "another owner",
	[OWNER_BY_NAME] = "owner",
};

static bool is_about(const struct fact *fact, const struct situation *situation)
{
	return fact_port(fact->local) == situation->port &&
	       (!situation->peer_port ||
		fact_port(fact->remote) == situation->peer_port);
}

/* The best that is said of the socket, under its own protocol if it can be. */
static void answer(char text[64], void (*ask)(struct facts *facts),
		   const struct situation *situation)
{
	const char *other_proto = NULL;
	struct facts facts = { 0 };
	enum rank best = NOTHING;

	ask(&facts);
	for (size_t i = 0; i < facts.nr; i++) {
		const struct fact *fact = &facts.fact[i];
		bool same = !strcmp(fact->proto, situation->proto);
		enum rank rank = ANOTHER_OWNER;

		if (!is_about(fact, situation))
			continue;
		if (fact->pid == NOBODY)
			rank = NO_OWNER;
		else if (fact->pid == situation->owner)
			rank = OWNER_BY_NAME;
		if (rank < best || (rank == best && !other_proto))
			continue;
		best = rank;
		other_proto = same ? NULL : fact->proto;
	}
	snprintf(text, 64, "%s%s%s", rank_names[best],
		 other_proto ? ", as " : "", other_proto ? other_proto : "");
	facts_clear(&facts);
}

static bool is_row_of(const char *const *field,
		      const struct situation *situation)
{
	return strtoul(field[NETNS], NULL, 10) == situation->netns &&
	       strtoul(field[LPORT], NULL, 10) == situation->port &&
	       (!situation->peer_port ||
		strtoul(field[RPORT], NULL, 10) == situation->peer_port) &&
	       (!strcmp(field[PID], "-") ||
		atoi(field[PID]) == situation->owner);
}

static void our_answer(char text[64], const struct situation *situation)
{
	struct listing listing;
	size_t used = 0;

	strcpy(text, "nothing");
	listing_read(&listing);
	for (size_t i = 0; i < listing.nr_rows; i++) {
		const char *const *field = listing.rows[i].field;
		char holder[32];

		if (!is_row_of(field, situation))
			continue;
		snprintf(holder, sizeof(holder), "`%s`", field[HOLDER]);
		if (used && strstr(text, holder))
			continue;
		used += snprintf(text + used, 64 - used, "%s%s",
				 used ? ", " : "", holder);
	}
	listing_free(&listing);
}

void situation(struct situation s)
{
	char got[300], want[300], ss[64], lsof[64], netstat[64], ours[64];

	s.owner = s.owner ? s.owner : getpid();
	s.netns = s.netns ? s.netns : net_inode();
	answer(ss, facts_of_ss, &s);
	answer(lsof, facts_of_lsof, &s);
	answer(netstat, facts_of_netstat, &s);
	our_answer(ours, &s);
	snprintf(want, sizeof(want), "| %s | %s | %s | %s | %s |", s.name, s.ss,
		 s.lsof, s.netstat, s.ours);
	snprintf(got, sizeof(got), "| %s | %s | %s | %s | %s |", s.name, ss,
		 lsof, netstat, ours);
	tap_is_text(got, want, "%s", s.name);
	tap_diag("%s", got);
}

void situation_skip(const char *name, const char *what)
{
	char why[100];

	snprintf(why, sizeof(why), "this kernel has no %s", what);
	tap_skip(why, "%s", name);
}
