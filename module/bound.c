// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * The table is bhash, by port; bhash2 has the same sockets, by address and port. One
 * port may have all the children of a listener and its time-waits, a million perhaps.
 * Its lock is taken by softirqs for each new child (__inet_inherit_port()). So a hold
 * goes through a bounded number, and one reader at a time asks for it.
 *
 * A port that nobody has asked for with bind() is not looked into: those that connect()
 * takes have fastreuseport below 0, until somebody binds to them
 * (__inet_hash_connect(), inet_csk_update_fastreuse()). A socket that got its port from
 * connect() loses it with its connection (tcp_set_state()).
 *
 * Locks: a bucket's spinlock, which keeps every socket and struct inet_bind_bucket in it
 * where it is, and from 6.8 on every struct inet_bind2_bucket that has the sockets: all
 * that changes bhash2 is done under bhash's lock, too. Between two holds a reference on
 * the last socket marks the place. The marks do not outlive a call.
 */
#include "bound.h"
#include "batch.h"
#include "compat.h"
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

/* Where a hold has ended. */
struct mark {
	struct sock *sk;	/* the last one looked at, referenced; or NULL */
	const struct hlist_head *owners;	/* where it was, to compare */
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
	return tb->fastreuseport >= 0 &&
	       sko_query_wants_port(look->query, tb->port);
}

static bool set_mark(struct mark *mark, struct sock *sk,
		     const struct hlist_head *owners)
{
	/* The kernel's own might outlive its namespace by such a reference. */
	if (is_bound_only(sk) && !sk->sk_net_refcnt)
		return false;
	if (!refcount_inc_not_zero(&sk->sk_refcnt))
		return false;
	*mark = (struct mark){ .sk = sk, .owners = owners };
	return true;
}

/*
 * Go through the sockets from @node on, which are of @owners. Returns false where it
 * ends before the end, and sets the mark.
 */
static bool walk_owners(struct hlist_node *node, const struct hlist_head *owners,
			struct mark *mark, unsigned int *seen,
			struct sko_batch *batch)
{
	for (; node; node = node->next) {
		struct sock *sk = hlist_entry(node, struct sock, sk_bind_node);

		if (!sko_look_knows(batch->look, sk) && is_bound_only(sk))
			sko_look_collect(batch, sk);
		if (++*seen >= SOCKETS_AT_ONCE && set_mark(mark, sk, owners))
			return false;
	}
	return true;
}

/*
 * Go through a bucket under its lock, from behind the marked socket on if there is one.
 * Sets the mark where it ends before the end.
 */
static void walk_bucket(struct inet_bind_hashbucket *head, struct mark *mark,
			struct sko_batch *batch)
{
	const struct mark from = *mark;
	bool skipping = from.sk;
	struct inet_bind_bucket *tb;
	struct hlist_head *owners;
	unsigned int seen = 0;

	mark->sk = NULL;
	hlist_for_each_entry(tb, &head->chain, node) {
		if (!skipping && !is_asked(batch->look, tb))
			continue;
		for (owners = sko_first_owners(tb); owners;
		     owners = sko_next_owners(owners)) {
			struct hlist_node *node = owners->first;

			if (skipping) {
				if (owners != from.owners)
					continue;
				node = from.sk->sk_bind_node.next;
				skipping = false;
			}
			if (!walk_owners(node, owners, mark, &seen, batch))
				return;
		}
	}
}

/* Is the marked socket where it was? */
static bool is_in_bucket(const struct inet_bind_hashbucket *head,
			 const struct mark *mark)
{
	struct inet_bind_bucket *tb;
	struct hlist_head *owners;

	hlist_for_each_entry(tb, &head->chain, node)
		for (owners = sko_first_owners(tb); owners;
		     owners = sko_next_owners(owners))
			if (owners == mark->owners)
				return sko_owners_of(mark->sk) == owners;
	return false;
}

/*
 * From the mark on, or from the beginning. If the marked socket has left, all begins
 * anew, and what is remembered as listed is passed over.
 */
static void walk_window(struct inet_bind_hashbucket *head, struct mark *mark,
			struct sko_batch *batch)
{
	struct sock *marked = mark->sk;

	rcu_read_lock();
	spin_lock_bh(&head->lock);
	if (marked && !is_in_bucket(head, mark))
		mark->sk = NULL;
	walk_bucket(head, mark, batch);
	spin_unlock_bh(&head->lock);
	rcu_read_unlock();
	if (marked)
		sock_gen_put(marked);
}

/*
 * Of a host with many connections nearly no port is. As long as the chain, all of which
 * the kernel goes through for a bind().
 */
static bool has_asked(struct inet_bind_hashbucket *head,
		      const struct sko_look *look)
{
	struct inet_bind_bucket *tb;
	bool asked = false;

	spin_lock_bh(&head->lock);
	hlist_for_each_entry(tb, &head->chain, node)
		asked |= is_asked(look, tb);
	spin_unlock_bh(&head->lock);
	return asked;
}

/* Rows of a whole hold, and of some whose reference could not be had. */
static int make_room(struct sko_batch *batch)
{
	if (batch->capacity - batch->count >= 2 * SOCKETS_AT_ONCE)
		return 0;
	return sko_batch_extend(batch);
}

static int collect_bucket(struct inet_bind_hashbucket *head,
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
		walk_window(head, &mark, batch);
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
		struct inet_bind_hashbucket *head = &table->bhash[*bucket];

		if (looked++ == BUCKETS_AT_ONCE || batch->count)
			return 1;
		if (hlist_empty(&head->chain))
			continue;
		cond_resched();
		if (!has_asked(head, batch->look))
			continue;
		err = collect_bucket(head, batch);
		if (err)
			return err == -ENOMEM ? err : -EINTR;
	}
	return 0;
}
