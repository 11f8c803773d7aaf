// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * The table is bhash, by port; bhash2 has the same sockets, by address and port. One
 * port may have all the children of a listener and its time-waits, a million perhaps.
 * Its lock is taken by softirqs for each new child (__inet_inherit_port()). So a hold
 * goes through a bounded number, and one reader at a time asks for it.
 *
 * A port that nobody has asked for with bind() is not looked into. A socket that got its
 * port from connect() loses it with its connection (tcp_set_state()).
 *
 * Locks: a bucket's spinlock, which keeps every socket and struct inet_bind_bucket in it
 * where it is, and from 6.8 on every struct inet_bind2_bucket that has the sockets: all
 * that changes bhash2 is done under bhash's lock, too. Between two holds a reference on
 * the last socket marks the place. The marks do not outlive a call. From 6.8 on a socket
 * whose connect() begins and fails between two holds may go to a list that is done; it
 * is missed then.
 */
#include "bound.h"
#include "batch.h"
#include "compat.h"
#include "hold.h"
#include "look.h"

#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <net/inet_hashtables.h>

/* Buckets in one go, if they are empty: looking at those takes no lock. */
#define BUCKETS_AT_ONCE 4096

/*
 * Sockets in one hold, as each is a cache miss. The rows of so many find room. make
 * latency: below 80 us, with 500,000 sockets in one bucket as with 50,000.
 */
#define SOCKETS_AT_ONCE 128

/* Rows of a whole hold, and of some that cannot be marked; more is made if it must be. */
#define ROOM (2 * SOCKETS_AT_ONCE)

/* Where a hold has ended: behind a socket, in a list of a port. */
struct mark {
	struct sock *sk;	/* the last one looked at, referenced; or NULL */
	struct inet_bind_bucket *tb;	/* not to be followed before */
	struct hlist_head *owners;	/* is_in_place() */
	u16 port;
	bool wanted;		/* do others want the lock */
	bool lost;		/* had it left before */
	unsigned int found;	/* rows of the last hold, if there was room or not */
};

/* A queue at the door, so that at most one reader waits for the spinlock. */
static DEFINE_MUTEX(turn);

static bool is_bound_only(const struct sock *sk)
{
	return READ_ONCE(sk->sk_state) == TCP_CLOSE &&
	       !sock_flag(sk, SOCK_DEAD);
}

/* May there be one that is bound to the port and no more, and is it asked for? */
static bool is_asked(const struct sko_look *look,
		     const struct inet_bind_bucket *tb)
{
	return sko_may_be_bound(tb) &&
	       sko_query_wants_port(look->query, tb->port);
}

/*
 * Is the marked socket where it was, and that place still there? It has no port for a
 * moment before it has another one, and gets this one again under the same lock. So
 * with the same port it is in this bucket, and what it points to is.
 */
static bool is_in_place(const struct mark *mark)
{
	return mark->sk && READ_ONCE(mark->sk->sk_num) == mark->port &&
	       sko_port_of(mark->sk) == mark->tb &&
	       sko_owners_of(mark->sk) == mark->owners;
}

static bool set_mark(struct mark *mark, struct sock *sk,
		     struct inet_bind_bucket *tb, struct hlist_head *owners)
{
	/* The kernel's own might outlive its namespace by such a reference. */
	if (is_bound_only(sk) && !sk->sk_net_refcnt)
		return false;
	if (!refcount_inc_not_zero(&sk->sk_refcnt))
		return false;
	mark->sk = sk;
	mark->tb = tb;
	mark->owners = owners;
	mark->port = tb->port;
	return true;
}

/* The first port that is asked for, of the chain from @node on; NULL: none. */
static struct inet_bind_bucket *find_asked(struct hlist_node *node,
					   const struct sko_look *look)
{
	struct inet_bind_bucket *tb;

	for (; node; node = node->next) {
		tb = hlist_entry(node, struct inet_bind_bucket, node);
		if (is_asked(look, tb))
			return tb;
	}
	return NULL;
}

/*
 * Go through a bucket under its lock, from the mark on if there is one. If the marked
 * socket has left, all begins anew, and what is remembered as listed is passed over;
 * and no hold ends early any more, as each end is one more mark to lose. Sets the mark
 * where it ends before the end.
 */
static void walk_bucket(struct inet_bind_hashbucket *head, struct mark *mark,
			struct sko_batch *batch)
{
	struct inet_bind_bucket *tb;
	struct hlist_head *owners;
	struct hlist_node *node;
	unsigned int seen = 0;

	if (is_in_place(mark)) {
		tb = mark->tb;
		owners = mark->owners;
		node = mark->sk->sk_bind_node.next;
	} else {
		if (mark->sk)
			mark->lost = true;
		tb = find_asked(head->chain.first, batch->look);
		owners = tb ? sko_first_owners(tb) : NULL;
		node = owners ? owners->first : NULL;
	}
	mark->sk = NULL;
	mark->found = 0;
	while (tb) {
		for (; node; node = node->next) {
			struct sock *sk = hlist_entry(node, struct sock,
						      sk_bind_node);

			if (!sko_look_knows(batch->look, sk) &&
			    is_bound_only(sk))
				mark->found += sko_look_collect(batch, sk);
			if ((++seen >= SOCKETS_AT_ONCE ||
			     (!mark->lost &&
			      sko_hold_is_long(&head->lock, seen,
					       mark->wanted))) &&
			    set_mark(mark, sk, tb, owners))
				return;
		}
		owners = owners ? sko_next_owners(owners) : NULL;
		if (!owners) {
			tb = find_asked(tb->node.next, batch->look);
			owners = tb ? sko_first_owners(tb) : NULL;
		}
		node = owners ? owners->first : NULL;
	}
}

static void walk_window(struct inet_bind_hashbucket *head, struct mark *mark,
			struct sko_batch *batch)
{
	struct sock *marked = mark->sk;

	sko_look_lock(batch->look);
	sko_hold_bh(&head->lock, &mark->wanted);
	walk_bucket(head, mark, batch);
	spin_unlock_bh(&head->lock);
	sko_look_unlock();
	if (marked)
		sock_gen_put(marked);
}

/*
 * Of a host with many connections nearly no port is. As long as the chain, all of which
 * the kernel goes through for a bind().
 */
static int has_asked(struct inet_bind_hashbucket *head,
		     const struct sko_look *look)
{
	bool asked;
	int err;

	err = mutex_lock_killable(&turn);
	if (err)
		return err;
	spin_lock_bh(&head->lock);
	asked = find_asked(head->chain.first, look);
	spin_unlock_bh(&head->lock);
	mutex_unlock(&turn);
	return asked;
}

static int collect_bucket(struct inet_bind_hashbucket *head,
			  struct sko_batch *batch)
{
	unsigned int room = ROOM, before;
	struct mark mark = {};
	bool again;
	int err;

	do {
		err = sko_batch_extend(batch, room);
		if (!err)
			err = mutex_lock_killable(&turn);
		if (err)
			break;
		before = batch->count;
		walk_window(head, &mark, batch);
		mutex_unlock(&turn);
		/* A row that had no room would never come: all anew, with room. */
		again = batch->count - before < mark.found;
		if (again) {
			batch->count = before;
			room = mark.found + ROOM;
			if (mark.sk)
				sock_gen_put(mark.sk);
			mark = (struct mark){ .lost = true };
		}
		err = sko_look_settle(batch->look, batch);
		cond_resched();
		if (!err && fatal_signal_pending(current))
			err = -EINTR;
	} while ((mark.sk || again) && !err);
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
		struct inet_bind_hashbucket *head = &table->bhash[*bucket];

		if (looked++ == BUCKETS_AT_ONCE || batch->count)
			return 1;
		if (hlist_empty(&head->chain))
			continue;
		cond_resched();
		err = has_asked(head, batch->look);
		if (!err)
			continue;
		if (err > 0)
			err = collect_bucket(head, batch);
		if (err)
			return err == -ENOMEM ? err : -EINTR;
	}
	return 0;
}
