// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * Locks: the chain's spinlock, which keeps every socket in it, and no other lock in
 * that. The chain itself references its sockets. Between two holds a reference on
 * the last socket marks the place; it does not outlive a call.
 */
#include "chain.h"
#include "batch.h"
#include "hold.h"
#include "look.h"

#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <net/sock.h>

/*
 * Sockets in one hold, as each is a cache miss. The rows of so many find room. make
 * latency: below 80 us, with 500,000 sockets in one chain as with 50,000.
 */
#define SOCKETS_AT_ONCE 128

/* Rows of a whole hold, and of some that cannot be marked; more is made if it must be. */
#define ROOM (2 * SOCKETS_AT_ONCE)

/* Where the next hold goes on, and how long it is. */
struct place {
	struct sock *mark;	/* behind this one, referenced; NULL: at the beginning */
	bool wanted;		/* do others want the lock */
	bool lost;		/* has a marked socket left before */
	unsigned int found;	/* rows of the last hold, if there was room or not */
};

/*
 * One hold, from behind the marked socket on; from the beginning if that has left. Then
 * no hold ends early any more, as each end is one more mark to lose. Returns the socket
 * to go on from, referenced, or NULL at the end. That is none of the kernel's own, which
 * may outlive its namespace by such a reference.
 */
static struct sock *window(const struct sko_chain *chain, struct place *place,
			   struct sko_batch *batch)
{
	struct sock *sk, *last = NULL;
	struct hlist_node *node;
	unsigned int seen = 0;

	place->found = 0;
	sko_look_lock(batch->look);
	if (chain->in_softirq)
		sko_hold_bh(chain->lock, &place->wanted);
	else
		sko_hold(chain->lock, &place->wanted);
	node = chain->head->first;
	if (place->mark && chain->has(chain, place->mark))
		node = place->mark->sk_node.next;
	else if (place->mark)
		place->lost = true;
	for (; node; node = node->next) {
		sk = hlist_entry(node, struct sock, sk_node);
		place->found += sko_look_collect(batch, sk);
		if (++seen < SOCKETS_AT_ONCE &&
		    (place->lost ||
		     !sko_hold_is_long(chain->lock, seen, place->wanted)))
			continue;
		if (!sk->sk_net_refcnt)
			continue;
		sock_hold(sk);
		last = sk;
		break;
	}
	if (chain->in_softirq)
		spin_unlock_bh(chain->lock);
	else
		spin_unlock(chain->lock);
	sko_look_unlock();
	return last;
}

/**
 * sko_chain_collect() - collect from one chain
 * @chain: the chain
 * @batch: takes the rows, settled; made larger if they are more than it holds
 *
 * If the marked socket has left, all begins anew, and what is remembered as listed
 * is passed over.
 *
 * Context: may sleep. Takes and releases the chain's lock, for at most
 *	SOCKETS_AT_ONCE sockets, and those of the kernel's own that follow in a row.
 * Return: 0, -ENOMEM, -EINTR after a fatal signal: then the chain has to be gone
 *	through again.
 */
int sko_chain_collect(const struct sko_chain *chain, struct sko_batch *batch)
{
	unsigned int room = ROOM, before;
	struct place place = {};
	struct sock *next;
	bool again;
	int err;

	do {
		err = sko_batch_extend(batch, room);
		if (err)
			break;
		before = batch->count;
		next = window(chain, &place, batch);
		/* A row that had no room would never come: once more, with room. */
		again = batch->count - before < place.found;
		if (again) {
			batch->count = before;
			room = place.found + ROOM;
			swap(place.mark, next);
		}
		if (place.mark)
			sock_put(place.mark);
		place.mark = next;
		err = sko_look_settle(batch->look, batch);
		cond_resched();
		if (!err && (next || again) && fatal_signal_pending(current))
			err = -EINTR;
	} while ((place.mark || again) && !err);
	if (place.mark)
		sock_put(place.mark);
	return err;
}
