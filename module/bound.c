// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * The table is bhash2, by address and port; its other half, bhash, is by port
 * alone. In one of its buckets sit all the children of a listener, and where
 * they are kept there the time-waits too, a million perhaps. Its lock is taken
 * by softirqs for each new child (__inet_inherit_port()). So a hold goes through
 * a bounded number, and one reader at a time asks for it.
 *
 * Locks: a bucket's spinlock, which keeps every socket and struct
 * inet_bind2_bucket in it. Between two holds a reference on the last socket marks
 * the place. Whether it is still in there can only be told under the lock of its
 * port in bhash too, taken first, as everywhere: __inet_bhash2_update_saddr()
 * takes a socket out, lets bhash2's lock go, and only then writes down where it
 * puts it, all under bhash's. The marks do not outlive a call.
 */
#include "bound.h"
#include "batch.h"
#include "compat.h"
#include "look.h"

#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <net/inet_connection_sock.h>
#include <net/inet_hashtables.h>
#include <net/inet_timewait_sock.h>

/* Buckets in one go; most are empty, and looking at those takes no lock. */
#define BUCKETS_AT_ONCE 4096

/*
 * Sockets in one hold, as each is a cache miss. The rows of so many find room. make
 * latency: below 80 us, with 500,000 sockets in one bucket as with 50,000.
 */
#define SOCKETS_AT_ONCE 128

/* Where a hold has ended. */
struct mark {
	struct sock *sk;	/* the last one looked at, referenced; or NULL */
	const struct inet_bind2_bucket *tb;	/* where it was, to compare */
	spinlock_t *port_lock;	/* of its port in bhash */
};

/* A queue at the door, so that at most one reader waits for the spinlock. */
static DEFINE_MUTEX(turn);

static bool is_bound_only(const struct sock *sk)
{
	return READ_ONCE(sk->sk_state) == TCP_CLOSE &&
	       !sock_flag(sk, SOCK_DEAD);
}

static bool set_mark(struct mark *mark, struct sock *sk,
		     const struct inet_bind2_bucket *tb,
		     struct inet_hashinfo *table)
{
	u32 port;

	/* The kernel's own might outlive its namespace by such a reference. */
	if (is_bound_only(sk) && !sk->sk_net_refcnt)
		return false;
	if (!refcount_inc_not_zero(&sk->sk_refcnt))
		return false;
	port = inet_bhashfn(read_pnet(&tb->ib_net), tb->port,
			    table->bhash_size);
	*mark = (struct mark){
		.sk = sk,
		.tb = tb,
		.port_lock = &table->bhash[port].lock,
	};
	return true;
}

/*
 * Go through a bucket under its lock, from behind the marked socket on if that
 * is in it. Sets the mark where it ends before the end.
 */
static void walk_bucket(struct inet_bind_hashbucket *head, struct mark *mark,
			struct inet_hashinfo *table, struct sko_batch *batch)
{
	const struct mark from = *mark;
	bool skipping = from.sk;
	struct inet_bind2_bucket *tb;
	unsigned int seen = 0;

	mark->sk = NULL;
	hlist_for_each_entry(tb, &head->chain, node) {
		struct hlist_node *node = tb->owners.first;

		if (skipping) {
			if (tb != from.tb)
				continue;
			node = from.sk->sko_bind2_node.next;
			skipping = false;
		}
		for (; node; node = node->next) {
			struct sock *sk = hlist_entry(node, struct sock,
						      sko_bind2_node);

			if (!sko_look_knows(batch->look, sk) &&
			    is_bound_only(sk))
				sko_look_collect(batch, sk);
			if (++seen >= SOCKETS_AT_ONCE &&
			    set_mark(mark, sk, tb, table))
				return;
		}
	}
}

static void first_window(struct inet_bind_hashbucket *head, struct mark *mark,
			 struct inet_hashinfo *table, struct sko_batch *batch)
{
	rcu_read_lock();
	spin_lock_bh(&head->lock);
	walk_bucket(head, mark, table, batch);
	spin_unlock_bh(&head->lock);
	rcu_read_unlock();
}

static bool is_in_bucket(const struct inet_bind_hashbucket *head,
			 const struct mark *mark)
{
	const struct inet_bind2_bucket *tb;

	hlist_for_each_entry(tb, &head->chain, node)
		if (tb == mark->tb)
			return sko_bind2_bucket(mark->sk) == tb;
	return false;
}

/*
 * If the marked socket has left, all begins anew, and what is remembered as
 * listed is passed over.
 */
static void next_window(struct inet_bind_hashbucket *head, struct mark *mark,
			struct inet_hashinfo *table, struct sko_batch *batch)
{
	spinlock_t *port_lock = mark->port_lock;
	struct sock *marked = mark->sk;

	rcu_read_lock();
	spin_lock_bh(port_lock);
	spin_lock(&head->lock);
	if (!is_in_bucket(head, mark))
		mark->sk = NULL;
	walk_bucket(head, mark, table, batch);
	spin_unlock(&head->lock);
	spin_unlock_bh(port_lock);
	rcu_read_unlock();
	sock_gen_put(marked);
}

/* Rows of a whole hold, and of some whose reference could not be had. */
static int make_room(struct sko_batch *batch)
{
	if (batch->capacity - batch->count >= 2 * SOCKETS_AT_ONCE)
		return 0;
	return sko_batch_extend(batch);
}

static int collect_bucket(struct inet_hashinfo *table,
			  struct inet_bind_hashbucket *head,
			  struct sko_batch *batch)
{
	struct mark mark = {};
	int err;

	do {
		err = make_room(batch);
		if (!err)
			err = mutex_lock_killable(&turn);
		if (err)
			break;
		if (mark.sk)
			next_window(head, &mark, table, batch);
		else
			first_window(head, &mark, table, batch);
		mutex_unlock(&turn);
		err = sko_look_settle(batch->look, batch);
		cond_resched();
	} while (mark.sk && !err);
	if (mark.sk)
		sock_gen_put(mark.sk);
	return err;
}

/**
 * sko_bound_buckets() - collect from the table of bound ports
 * @table: whose it is
 * @bucket: the one to begin with; set to the one to go on with
 * @batch: empty; takes the rows of one bucket that has some, settled; made
 *	larger if they are more than it holds
 *
 * Context: may sleep. Takes and releases the locks of the table.
 * Return: 1 if there are more buckets, 0 at the end of the table, -ENOMEM, -EINTR
 *	after a fatal signal: then the bucket is gone through again.
 */
int sko_bound_buckets(struct inet_hashinfo *table, unsigned int *bucket,
		      struct sko_batch *batch)
{
	unsigned int looked = 0;
	int err;

	for (; *bucket < table->bhash_size; ++*bucket) {
		struct inet_bind_hashbucket *head = &table->bhash2[*bucket];

		if (looked++ == BUCKETS_AT_ONCE || batch->count)
			return 1;
		if (hlist_empty(&head->chain))
			continue;
		err = collect_bucket(table, head, batch);
		if (err)
			return err == -ENOMEM ? err : -EINTR;
	}
	return 0;
}
