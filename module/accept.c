// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * A finished connection that nobody has accepted yet does not know its listener,
 * and several listeners may share a port. So the queues are gone through before
 * the connections are.
 *
 * Locks: the spinlock of a bucket of listeners, under which those are referenced
 * that have somebody in their queue; after that, alone, the rskq_lock of each
 * one. It keeps the queue and the children in it. An entry that has left the
 * queue cannot be told from one that is still there, so there is no going on in
 * the middle: a hold goes through the front of a queue, and children further
 * back are listed without their listener. One reader at a time asks for these
 * locks, which softirqs take. The references do not outlive the call. A bucket of
 * listeners is gone through whole: the kernel lets those on one address and port
 * be 32,768 (reuseport_grow()).
 */
#include "accept.h"
#include "compat.h"
#include "inet.h"
#include "look.h"
#include "memory.h"

#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <net/inet_connection_sock.h>
#include <net/inet_hashtables.h>
#include <net/request_sock.h>

#define BUCKETS_AT_ONCE	4096
#define ROOM_AT_FIRST	64

/*
 * Twice what net.core.somaxconn is; each is a cache miss. make latency: 360 us, of a
 * queue of 100,000 as of one of 10,000.
 */
#define QUEUE_AT_ONCE	8192

/* A queue at the door, so that at most one reader waits for a spinlock. */
static DEFINE_MUTEX(turn);

/**
 * sko_accept_rewind() - back to the first listener
 * @accept: the walk; zeroed memory, or used
 * @protocol: IPPROTO_TCP or IPPROTO_DCCP
 */
void sko_accept_rewind(struct sko_accept *accept, u16 protocol)
{
	accept->protocol = protocol;
	accept->bucket = 0;
}

/**
 * sko_accept_destroy() - free the memory
 * @accept: used or zeroed
 *
 * Context: may sleep.
 */
void sko_accept_destroy(struct sko_accept *accept)
{
	kvfree(accept->listener);
	kvfree(accept->child);
	*accept = (struct sko_accept){};
}

/* Room for more; what was there is given up. */
static void *larger(void *old, size_t size, unsigned int *room,
		    unsigned int wanted)
{
	void *array = kvmalloc_array(wanted, size, SKO_GFP);

	if (!array)
		return NULL;
	kvfree(old);
	*room = wanted;
	return array;
}

/*
 * Reference the listeners of a bucket that have a queue. Returns how many there
 * are; none is referenced if there is no room for all.
 */
static unsigned int hold_listeners(struct sko_accept *accept,
				   struct sko_look *look,
				   struct inet_listen_hashbucket *head)
{
	unsigned int found = 0, held = 0;
	struct hlist_nulls_node *node;
	struct sock *sk;

	sko_look_lock(look);
	spin_lock(&head->lock);
	sk_nulls_for_each(sk, node, &head->nulls_head) {
		if (!READ_ONCE(sk->sk_ack_backlog) ||
		    !sko_look_has_net(look, sk) ||
		    !sko_look_may_see(look, sock_net(sk)))
			continue;
		found++;
		if (held < accept->room &&
		    refcount_inc_not_zero(&sk->sk_refcnt))
			accept->listener[held++] = sk;
	}
	spin_unlock(&head->lock);
	sko_look_unlock();
	if (found > accept->room) {
		while (held)
			sock_put(accept->listener[--held]);
		return found;
	}
	return held;
}

/* Write down the children of one queue. Returns how many there are to note. */
static unsigned int copy_queue(struct sko_accept *accept,
			       const struct sko_look *look, struct sock *sk,
			       u64 inode)
{
	struct request_sock_queue *queue = &inet_csk(sk)->icsk_accept_queue;
	const struct request_sock *req;
	unsigned int found = 0, seen = 0;

	spin_lock_bh(&queue->rskq_lock);
	for (req = READ_ONCE(queue->rskq_accept_head);
	     req && seen < QUEUE_AT_ONCE; req = req->dl_next, seen++) {
		if (!req->sk || !sko_look_asks(look, req->sk))
			continue;
		if (found < accept->child_room)
			accept->child[found] = (struct sko_child){
				.sk = req->sk,
				.queued = sko_look_queued(req->sk, inode),
			};
		found++;
	}
	spin_unlock_bh(&queue->rskq_lock);
	return found;
}

static int collect_queue(struct sko_accept *accept, struct sko_look *look,
			 struct sock *sk)
{
	unsigned int i, found;
	u64 inode;
	int err;

	rcu_read_lock();
	inode = sko_look_inode(sk);
	rcu_read_unlock();
	found = min_t(unsigned int, READ_ONCE(sk->sk_ack_backlog),
		      QUEUE_AT_ONCE);
	do {
		if (found > accept->child_room) {
			unsigned int wanted = found + found / 4 + ROOM_AT_FIRST;
			void *child = larger(accept->child,
					     sizeof(*accept->child),
					     &accept->child_room, wanted);

			if (!child)
				return -ENOMEM;
			accept->child = child;
		}
		err = mutex_lock_killable(&turn);
		if (err)
			return err;
		found = copy_queue(accept, look, sk, inode);
		mutex_unlock(&turn);
		cond_resched();
	} while (found > accept->child_room);

	for (i = 0; i < found; i++) {
		err = sko_pointers_put(&look->waiting, accept->child[i].sk,
				       accept->child[i].queued);
		if (err)
			return err;
	}
	return 0;
}

static int collect_bucket(struct sko_accept *accept, struct sko_look *look,
			  struct inet_listen_hashbucket *head)
{
	unsigned int i, found = hold_listeners(accept, look, head);
	int err = 0;

	while (found > accept->room) {
		void *listener = larger(accept->listener,
					sizeof(*accept->listener), &accept->room,
					found + found / 4 + ROOM_AT_FIRST);

		if (!listener)
			return -ENOMEM;
		accept->listener = listener;
		found = hold_listeners(accept, look, head);
	}
	for (i = 0; i < found; i++) {
		if (!err)
			err = collect_queue(accept, look, accept->listener[i]);
		if (!err && fatal_signal_pending(current))
			err = -EINTR;
		sock_put(accept->listener[i]);
		cond_resched();
	}
	return err;
}

/**
 * sko_accept_collect() - write down who waits in some of the accept queues
 * @accept: where the walk stands; moves on
 * @look: takes the children
 *
 * Fast Open children are in the queue as soon as there is one.
 *
 * Context: may sleep.
 * Return: 1 if there are more, 0 at the end, -ENOMEM, -EINTR after a fatal
 *	signal.
 */
int sko_accept_collect(struct sko_accept *accept, struct sko_look *look)
{
	struct inet_hashinfo *table = sko_inet_table(accept->protocol);
	unsigned int looked = 0;
	int ret = 0;

	if (!table)
		return 0;
	for (; accept->bucket <= table->lhash2_mask; accept->bucket++) {
		struct inet_listen_hashbucket *head =
			&table->lhash2[accept->bucket];

		if (looked++ == BUCKETS_AT_ONCE) {
			ret = 1;
			break;
		}
		if (hlist_nulls_empty(&head->nulls_head))
			continue;
		ret = collect_bucket(accept, look, head);
		if (ret)
			break;
	}
	sko_inet_put_table(accept->protocol);
	return ret;
}
