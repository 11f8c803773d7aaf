/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * Sockets of all kinds, held in all ways, by processes with strange names, of
 * several users, in cgroups, in two network namespaces of their own. A unix
 * socket in which some of them wait is held by one process alone.
 */
#ifndef SCENARIOS_POPULATION_H
#define SCENARIOS_POPULATION_H

#include <sys/types.h>

/* The calling process moves into a new network namespace, where nearly all is. */
void population_make(void);

/* The n-th of its processes, 0 behind the last one. */
pid_t population_pid(unsigned int n);

/* Ends the processes, and removes the cgroups. */
void population_end(void);

#endif
