/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_CGROUPS_H
#define SOCKOWNERS_CGROUPS_H

#include "listing.h"

/* The longest text of these, with each byte of a path escaped. */
#define CGROUP_MAX (4 * 4096)

struct cgroup {
	uint64_t id;
	char *path;
};

/**
 * struct cgroups - those of a host
 * @next: those of another one
 * @host: its name, "-" for this one or the only one
 * @file: where they are, NULL for in the file system
 * @loaded: @list is
 * @unread: there is a file that cannot be read
 * @list: ascending by id
 * @count: of @list
 */
struct cgroups {
	struct cgroups *next;
	const char *host;
	char *file;
	bool loaded, unread;
	struct cgroup *list;
	size_t count;
};

void cgroups_start(void);
void cgroups_saved(const char *host, const char *listing);
void cgroups_forget(void);
const char *cgroup_path(const struct row *row, enum field field);
char *cgroup_write(char *to, const struct row *row, enum field field);
char *path_write(char *to, const char *path);
char *unit_of_path(char *to, const char *path);
char *unit_write(char *to, const struct row *row);
bool cgroups_are_saved(void);
bool cgroups_are_read(void);
const struct cgroups *cgroups_first(void);
const struct cgroups *cgroups_next(const struct cgroups *cgroups);

#endif
