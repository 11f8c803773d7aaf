/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/* A memory cgroup, in a cgroup2 mount that is there for the scenario alone. */
#ifndef SCENARIOS_CGROUP_H
#define SCENARIOS_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct cgroup {
	char path[64];
};

/* Mounts cgroup2 on a directory of /tmp; false if memory cannot be limited. */
bool cgroup_mount(void);

void cgroup_make(struct cgroup *cgroup, const char *name);
/* When all that were in it have ended. */
void cgroup_remove(const struct cgroup *cgroup);
void cgroup_enter(const struct cgroup *cgroup, pid_t pid);

/* Bytes; 0 for no limit. */
void cgroup_limit(const struct cgroup *cgroup, size_t bytes);
/* So that nothing fits in but @room bytes; its processes must be idle. */
void cgroup_leave_room(const struct cgroup *cgroup, size_t room);

size_t cgroup_used(const struct cgroup *cgroup);
/* Processes that the OOM killer has killed. */
size_t cgroup_killed(const struct cgroup *cgroup);

/* All pages of the calling process, now and later, so that none is missing. */
void cgroup_have_memory(void);

#endif
