// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * Locks: see chain.c. A slot is found by the port alone, so that any number of
 * sockets may be in it, on as many addresses. Its spinlock is what bind() and close()
 * take; the receive path goes without.
 */
#include "udp.h"
#include "batch.h"
#include "chain.h"
#include "compat.h"
#include "look.h"

#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <net/inet_sock.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include <net/udp.h>

/* Slots in one go; most are empty, and looking at those takes no lock. */
#define SLOTS_AT_ONCE 4096

/**
 * sko_udp_rewind() - back to the first slot of the first table
 * @udp: the walk
 */
void sko_udp_rewind(struct sko_udp *udp)
{
	*udp = (struct sko_udp){};
}

/*
 * A socket that leaves a slot loses its port under that one's lock
 * (udp_lib_unhash()), and gets one under the lock of the slot that it comes to
 * (udp_lib_get_port()).
 */
static bool is_in_slot(const struct sko_chain *chain, struct sock *sk)
{
	unsigned int port = READ_ONCE(inet_sk(sk)->inet_num);

	return port && &udp_hashslot(chain->table, sock_net(sk), port)->head ==
			       chain->head;
}

static int collect_slots(struct udp_table *table, unsigned int *slot,
			 struct sko_batch *batch)
{
	unsigned int looked = 0;
	int err;

	if (!table)
		return 0;
	for (; *slot <= table->mask; ++*slot) {
		struct udp_hslot *hslot = &table->hash[*slot];
		const struct sko_chain chain = {
			.head = &hslot->head,
			.lock = &hslot->lock,
			.in_softirq = true,
			.table = table,
			.has = is_in_slot,
		};

		if (looked++ == SLOTS_AT_ONCE || batch->count)
			return 1;
		if (hlist_empty(&hslot->head))
			continue;
		err = sko_chain_collect(&chain, batch);
		if (err)
			return err;
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
 *	end of the last table; -ENOMEM; -EINTR after a fatal signal.
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
