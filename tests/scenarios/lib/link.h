/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/* Network interfaces of the present namespace. */
#ifndef SCENARIOS_LINK_H
#define SCENARIOS_LINK_H

#include <stdbool.h>

/* False if this kernel has no dummy devices. */
bool link_add_dummy(const char *name);
void link_delete(int index);
/* The interface must be down. */
void link_rename(const char *from, const char *to);
/*
 * Adds an IPv6 address with 64 bits of prefix to the interface, which is up,
 * and waits until it can be used.
 */
void link_add_address(const char *name, const char *text);

#endif
