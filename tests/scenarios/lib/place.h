/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * Namespaces for others to live in. A first process keeps them; if it has a pid
 * namespace, /proc is a procfs of that one there.
 */
#ifndef SCENARIOS_PLACE_H
#define SCENARIOS_PLACE_H

#include "child.h"

struct place {
	/*
	 * Which namespaces are new, as for clone(2): a user namespace has ids
	 * from @first_id on outside; with a pid namespace goes a mount
	 * namespace.
	 */
	int namespaces;
	unsigned int first_id;
	struct child first;
};

void place_make(struct place *place);
void place_leave(struct place *place);

/*
 * Runs @body(@control, @arg) in a child that is in those @namespaces of the
 * place, all of them or less, and in new ones of its own as @flags say. It is
 * root there, as far as that is an id. child_finish() lets it end.
 */
void place_start(struct child *child, const struct place *place, int namespaces,
		 int flags, void (*body)(int control, void *arg), void *arg);

/* Writes one of the files of which the kernel takes the whole text at once. */
void write_text(const char *path, const char *text);

#endif
