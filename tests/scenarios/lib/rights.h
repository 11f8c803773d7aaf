/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * What rights depend on: ids, capabilities, whether memory may be dumped. All
 * of it is done to the calling thread alone, by system calls: libc would do it
 * to the others too.
 */
#ifndef SCENARIOS_RIGHTS_H
#define SCENARIOS_RIGHTS_H

#include <linux/capability.h>
#include <stdbool.h>
#include <sys/types.h>

#define CAP_BIT(number) (1ULL << (number))

struct ids {
	unsigned int real, effective, saved;
};

/* Gives up supplementary groups too. Afterwards memory is not dumpable. */
void rights_ids(struct ids users, struct ids groups);
/* The same id three times. */
void rights_user(uid_t user, gid_t group);

/* Keeps those capabilities of @kept that it has, and no other. */
void rights_keep(unsigned long long kept);

/* The user, with capabilities that are permitted, and in effect or not. */
void rights_user_with(uid_t user, gid_t group, unsigned long long kept,
		      bool effective);

void rights_dumpable(bool dumpable);

#endif
