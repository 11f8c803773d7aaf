// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "nets.h"
#include "look.h"

#include <linux/rtnetlink.h>
#include <linux/rwsem.h>
#include <net/net_namespace.h>

/**
 * sko_nets_get() - the namespace to walk now
 * @nets: where the walk of the namespaces stands; zeroed: at the first
 * @look: whose opener may see it
 * @entered: set if this is not the one of the last call
 * @wanted: is a namespace walked at all?
 *
 * They are walked in the order of their cookies, which are never used twice. A
 * namespace that gets a lower cookie meanwhile is a new one, and may be missed.
 * When the one the walk is midway in has gone, the next one follows.
 *
 * Context: may sleep.
 * Return: the namespace, referenced: put_net() it; NULL at the end.
 */
struct net *sko_nets_get(struct sko_nets *nets, const struct sko_look *look,
			 bool *entered,
			 bool (*wanted)(const struct net *net))
{
	struct net *net, *found = NULL;

	down_read(&net_rwsem);
	for_each_net(net) {
		bool same = nets->midway && net->net_cookie == nets->cookie;

		if (!wanted(net) || !sko_look_may_see(look, net))
			continue;
		if (!same && (net->net_cookie <= nets->cookie ||
			      (found && found->net_cookie < net->net_cookie)))
			continue;
		if (!maybe_get_net(net))	/* it is going away */
			continue;
		if (found)
			put_net(found);
		found = net;
		if (same)
			break;
	}
	up_read(&net_rwsem);

	if (!found)
		return NULL;
	*entered = !nets->midway || found->net_cookie != nets->cookie;
	nets->midway = true;
	nets->cookie = found->net_cookie;
	return found;
}

/**
 * sko_nets_done() - the namespace has been walked to its end
 * @nets: the walk
 */
void sko_nets_done(struct sko_nets *nets)
{
	nets->midway = false;
}
