/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * One network namespace after the other.
 */
#ifndef SOCKOWNERS_NETS_H
#define SOCKOWNERS_NETS_H

#include <linux/types.h>

struct net;
struct sko_look;

struct sko_nets {
	bool midway;		/* in the namespace @cookie */
	u64 cookie;		/* else that and those below are done */
};

struct net *sko_nets_get(struct sko_nets *nets, const struct sko_look *look,
			 bool *entered,
			 bool (*wanted)(const struct net *net));
void sko_nets_done(struct sko_nets *nets);

#endif
