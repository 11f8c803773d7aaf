/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/* Network interfaces of the present namespace. */
#ifndef SCENARIOS_LINK_H
#define SCENARIOS_LINK_H

#include <stdbool.h>

/*
 * Adds a device of @kind: dummy, vxlan, vrf, wireguard. False if this kernel has no
 * such devices.
 */
bool link_add(const char *name, const char *kind);
/* Adds a veth here, and its other end, of the same name, in @netns. */
void link_add_pair(const char *name, int netns);
void link_delete(int index);
/* Makes the VRF @master the domain of @name. */
void link_set_master(const char *name, const char *master);
/* The interface must be down. */
void link_rename(const char *from, const char *to);
/*
 * Adds an IPv6 address with 64 bits of prefix to the interface, which is up,
 * and waits until it can be used.
 */
void link_add_address(const char *name, const char *text);
/* The interface's IPv4 address, with a prefix as long as its class has. */
void link_set_address4(const char *name, const char *text);

#endif
