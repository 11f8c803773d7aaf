/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/* Namespaces of their own, and a first process in them that does nothing. */
#ifndef SCENARIOS_CONTAINER_H
#define SCENARIOS_CONTAINER_H

#include "person.h"

struct container {
	struct child maker;
	pid_t first; /* as the caller numbers it */
};

/*
 * @maker makes the namespaces of @flags. A user namespace gets @map, which is
 * written to uid_map and gid_map by the caller, and must have a 0; a pid and a
 * mount namespace get their procfs, a network namespace its lo.
 */
void container_start(struct container *container, const struct person *maker,
		     int flags, const char *map);
void container_stop(struct container *container);

#endif
