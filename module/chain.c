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
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <net/sock.h>

/*
 * Sockets in one hold, as each is a cache miss. The rows of so many find room. make
 * latency: below 80 us, with 500,000 sockets in one chain as with 50,000.
 */
#define SOCKETS_AT_ONCE 128

/*
 * One hold, from behind the marked socket on; from the beginning if that has left or
 * is NULL. Returns the socket to go on from, referenced, or NULL at the end. That is
 * none of the kernel's own, which may outlive its namespace by such a reference.
 */
static struct sock *window(const struct sko_chain *chain, struct sock *mark,
			   bool *wanted, struct sko_batch *batch)
{
	struct sock *sk, *last = NULL;
	struct hlist_node *node;
	unsigned int seen = 0;

	rcu_read_lock();
	sko_hold_bh(chain->lock, wanted);
	node = mark && chain->has(chain, mark) ? mark->sk_node.next
					       : chain->head->first;
	for (; node; node = node->next) {
		sk = hlist_entry(node, struct sock, sk_node);
		sko_look_collect(batch, sk);
		if ((++seen < SOCKETS_AT_ONCE &&
		     !sko_hold_is_long(chain->lock, seen, *wanted)) ||
		    !sk->sk_net_refcnt)
			continue;
		sock_hold(sk);
		last = sk;
		break;
	}
	spin_unlock_bh(chain->lock);
	rcu_read_unlock();
	return last;
}

/* Rows of a whole hold, and of some that cannot be marked. */
static int make_room(struct sko_batch *batch)
{
	if (batch->capacity - batch->count >= 2 * SOCKETS_AT_ONCE)
		return 0;
	return sko_batch_extend(batch);
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
 *	SOCKETS_AT_ONCE sockets.
 * Return: 0, -ENOMEM, -EINTR after a fatal signal: then the chain has to be gone
 *	through again.
 */
int sko_chain_collect(const struct sko_chain *chain, struct sko_batch *batch)
{
	struct sock *mark = NULL, *next;
	bool wanted = false;
	int err;

	do {
		err = make_room(batch);
		if (err)
			break;
		next = window(chain, mark, &wanted, batch);
		if (mark)
			sock_put(mark);
		mark = next;
		err = sko_look_settle(batch->look, batch);
		cond_resched();
		if (!err && mark && fatal_signal_pending(current))
			err = -EINTR;
	} while (mark && !err);
	if (mark)
		sock_put(mark);
	return err;
}
