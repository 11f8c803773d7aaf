/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * Many processes that differ in what decides who may look into them. Each
 * holds one listening socket; a second thread with a table of its own has that
 * socket too. Their names say which they are.
 */
#ifndef SCENARIOS_CROWD_H
#define SCENARIOS_CROWD_H

#include <stdbool.h>
#include <stddef.h>

#include "child.h"
#include "place.h"

#define CROWD_MAX 80

struct member {
	const char *who;
	/* Readers that may look into it, a letter for each. */
	const char *seen_by;
	/* The same for a thread with a table of its own, if it has one. */
	const char *thread_seen_by;
	/* NULL: where the scenario is. */
	const struct place *place;
	int namespaces; /* of the place, 0: all that it has */
	int flags; /* new ones of its own, for clone(2) */

	/* In this order, each of them if it is not NULL. */
	void (*become)(void);
	const char *program;
	void (*thread)(void); /* in a second thread */
	void (*settle)(void); /* in the first one */
	bool leader_exits;
};

struct crowd {
	const struct member *members;
	size_t nr;
	struct child child[CROWD_MAX];
	unsigned long inode[CROWD_MAX];
	unsigned long netns[CROWD_MAX];
};

void crowd_gather(struct crowd *crowd, const struct member *members, size_t nr);
void crowd_disperse(struct crowd *crowd);

/* What main() does when a member has executed a program; its exit status. */
int crowd_go_on(const struct member *members, char *const argv[]);

/* Which member has this name; false if none. */
bool crowd_parse_name(const char *name, size_t *member, bool *thread);

#endif
