/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/* The network namespace of a scenario, and limits of the machine. */
#ifndef SCENARIOS_NET_H
#define SCENARIOS_NET_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Moves the calling process into a new network namespace with lo up: nothing
 * is bound there, nothing that the scenario sets outlives it.
 */
void net_enter_new(void);
void net_bring_up(const char *device);

/* The network namespace of the calling process, or of @pid, for net_enter(). */
int net_open(void);
int net_open_of(pid_t pid);
void net_enter(int netns);

/* Inode number of the network namespace of the calling process. */
unsigned long net_inode(void);

/* @name as in /proc/sys, with slashes. */
bool sysctl_try(const char *name, const char *value);
void sysctl_set(const char *name, const char *value);

/* Lets the calling process have @number descriptors. */
void allow_descriptors(unsigned long number);

#endif
