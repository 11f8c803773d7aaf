/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_CGROUPS_H
#define SOCKOWNERS_CGROUPS_H

#include "listing.h"
#include "numbers.h"

/* The longest text of these, with each byte of a path escaped. */
#define CGROUP_MAX (4 * 4096)

const char *cgroup_root(void);
void cgroups_start(void);
void cgroups_saved(const char *host, const char *listing);
char *cgroup_write(char *to, const struct row *row, enum field field);
char *unit_write(char *to, const struct row *row);
void cgroups_add_unit(struct numbers *numbers, const char *unit);

#endif
