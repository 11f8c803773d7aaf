/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * What a crowd looks like for the process that looks at it through a procfs
 * mount: whom it may look into, by readlink("PID/cwd"), and who is named in the
 * listing there.
 */
#ifndef SCENARIOS_VIEW_H
#define SCENARIOS_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "crowd.h"

struct sight {
	bool met; /* has a number in the mount */
	bool may; /* its cwd can be read */
	bool listable; /* its descriptors can be listed */
	unsigned int rows;
};

struct view {
	struct sight process[CROWD_MAX];
	struct sight thread[CROWD_MAX]; /* those with a table of their own */
	unsigned int hidden[CROWD_MAX]; /* rows `hidden` of its socket */
	unsigned long netns; /* of who looks */
	unsigned int own; /* rows of who looks */
	/* Rows that name somebody else, or somebody by a wrong name. */
	unsigned int strangers;
	/* Rows without a process that say something of one. */
	unsigned int leaks;
};

/* Memory that is still the parent's when a child has looked. */
struct view *view_new(void);

/* Looks at @crowd through the procfs mounted at @proc. */
void view_take(struct view *view, const struct crowd *crowd, const char *proc);

/* Claims about it, and what the differences are; @reader is who has looked. */

/* Those who are met and have @letter may be looked into, and no other. */
void view_may(const struct view *view, const struct crowd *crowd, char letter,
	      const char *reader);

/* Just those who may be looked into are named, each in one row. */
void view_names(const struct view *view, const struct crowd *crowd,
		const char *reader);

/* Nobody is named whose descriptors cannot be listed there. */
void view_lists(const struct view *view, const struct crowd *crowd,
		const char *reader);

/* The sockets of the others are hidden, once, and nothing is said of them. */
void view_hides(const struct view *view, const struct crowd *crowd,
		const char *reader);

#endif
