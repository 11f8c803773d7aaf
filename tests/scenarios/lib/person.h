/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/* Who a process is: its user, its capabilities, and the container it is in. */
#ifndef SCENARIOS_PERSON_H
#define SCENARIOS_PERSON_H

#include <stdbool.h>
#include <sys/types.h>

#include "child.h"

#define CAPABILITY(number) (1ULL << (number))
#define EVERY_CAPABILITY   (~0ULL)

struct person {
	const char *name; /* of its processes */
	uid_t uid; /* in its user namespace, as the others */
	gid_t gid;
	gid_t group; /* supplementary, 0 for none */
	unsigned long long capabilities; /* permitted and effective */
	bool not_dumpable;
	bool keeps_ids; /* those of the caller, whatever they are inside */
	/* Which namespaces of process @inside it enters, as for setns(2). */
	pid_t inside;
	int namespaces;
};

/*
 * Starts a process that is @person, holds the descriptors in @kept, which ends
 * with -1, and no other file, and runs @body(@control, @arg).
 */
void person_start(struct child *child, const struct person *person,
		  const int *kept, void (*body)(int control, void *arg),
		  void *arg);

#endif
