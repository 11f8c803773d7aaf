// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * Locks: one slot's spinlock at a time, as udp_diag and /proc/net/udp hold it,
 * and no other lock in it. It keeps every socket in the slot, which is collected
 * whole, as a bind() to one of its ports goes through all of it.
 */
#include "udp.h"
#include "batch.h"
#include "compat.h"
#include "look.h"

#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <net/net_namespace.h>
#include <net/udp.h>

#define SLOTS_AT_ONCE 4096

/**
 * sko_udp_rewind() - back to the first slot of the first table
 * @udp: the walk
 */
void sko_udp_rewind(struct sko_udp *udp)
{
	*udp = (struct sko_udp){};
}

static int collect_slots(struct udp_table *table, unsigned int *slot,
			 struct sko_batch *batch)
{
	unsigned int looked = 0;

	if (!table)
		return 0;
	for (; *slot <= table->mask; ++*slot) {
		struct udp_hslot *hslot = &table->hash[*slot];
		unsigned int before = batch->count, found = 0;
		struct sock *sk;
		int ret;

		if (looked++ == SLOTS_AT_ONCE)
			return 1;
		if (hlist_empty(&hslot->head))
			continue;
		rcu_read_lock();
		spin_lock_bh(&hslot->lock);
		sk_for_each(sk, &hslot->head)
			found += sko_look_collect(batch, sk);
		spin_unlock_bh(&hslot->lock);
		rcu_read_unlock();
		cond_resched();

		ret = sko_batch_retry(batch, before, found);
		if (ret)
			return ret;
	}
	return 0;
}

/* Does it have a table of its own (net.ipv4.udp_child_hash_entries)? */
static bool has_own_table(const struct net *net)
{
	return sko_udp_table_of(net) != sko_udp_table_of(&init_net);
}

static int walk_nets(struct sko_udp *udp, struct sko_batch *batch)
{
	bool entered;
	struct net *net;
	int ret;

	net = sko_nets_get(&udp->nets, batch->look, &entered, has_own_table);
	if (!net)
		return 0;
	if (entered)
		udp->slot = 0;
	ret = collect_slots(sko_udp_table_of(net), &udp->slot, batch);
	put_net(net);
	if (!ret)
		sko_nets_done(&udp->nets);
	return ret < 0 ? ret : 1;
}

static int walk_stage(struct sko_udp *udp, struct sko_batch *batch)
{
	switch (udp->stage) {
	case SKO_UDP_SHARED:
		return collect_slots(sko_udp_table_of(&init_net), &udp->slot,
				     batch);
	case SKO_UDP_LITE:
		return collect_slots(sko_udplite_table(), &udp->slot, batch);
	case SKO_UDP_NETS:
		return walk_nets(udp, batch);
	case SKO_UDP_DONE:
		break;
	}
	return 0;
}

/**
 * sko_udp_collect() - the next UDP and UDP-Lite sockets that nobody has listed
 * @udp: where the walk stands; moves on
 * @batch: empty; takes the rows
 *
 * Context: may sleep.
 * Return: 1 if there may be more, also when @batch is still empty; 0 at the
 *	end of the last table; -ENOMEM.
 */
int sko_udp_collect(struct sko_udp *udp, struct sko_batch *batch)
{
	int ret;

	if (udp->stage == SKO_UDP_DONE)
		return 0;
	do {
		ret = walk_stage(udp, batch);
		cond_resched();
	} while (ret > 0 && !batch->count && !fatal_signal_pending(current));
	if (!ret) {
		udp->stage++;
		udp->slot = 0;
	}
	return ret < 0 ? ret : 1;
}
