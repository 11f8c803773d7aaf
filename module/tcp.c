// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * Locks: one bucket's spinlock at a time, as inet_diag and /proc/net/tcp hold
 * it, and no other lock in it. It keeps every socket in the chain. A bucket is
 * collected whole in one hold, since no index into a chain survives a release
 * of its lock. That is as long as the chain, which the kernel keeps short for
 * its own sake: __inet_check_established() goes through all of it for a
 * connect(). Copied are only the sockets that are listed from here.
 */
#include "tcp.h"
#include "batch.h"

#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <net/inet_hashtables.h>
#include <net/inet_timewait_sock.h>
#include <net/net_namespace.h>

/* Buckets in one go; most are empty, and looking at those takes no lock. */
#define BUCKETS_AT_ONCE 4096

/**
 * sko_tcp_rewind() - back to the first bucket of the first table
 * @tcp: the walk
 */
void sko_tcp_rewind(struct sko_tcp *tcp)
{
	*tcp = (struct sko_tcp){};
}

static struct inet_hashinfo *table_of(const struct net *net)
{
	return net->ipv4.tcp_death_row.hashinfo;
}

/*
 * Copy what is listed from a chain. Returns how many rows it has, also when
 * there is no room for all of them.
 */
static unsigned int collect_chain(struct inet_ehash_bucket *head,
				  struct sko_batch *batch)
{
	struct hlist_nulls_node *node;
	unsigned int found = 0;
	struct sko_row *row;
	struct sock *sk;

	sk_nulls_for_each(sk, node, &head->chain) {
		if (READ_ONCE(sk->sk_state) != TCP_TIME_WAIT)
			continue;
		found++;
		row = sko_batch_row(batch);
		if (row)
			sko_row_from_timewait(row, inet_twsk(sk));
	}
	return found;
}

/**
 * sko_tcp_buckets() - collect from one table
 * @table: the table
 * @bucket: the one to begin with; set to the one to go on with
 * @batch: takes the rows; made larger if it is empty and a single bucket needs
 *	more than it holds
 *
 * Context: may sleep. Takes and releases each bucket's lock.
 * Return: 1 if there are more buckets, 0 at the end of the table, -ENOMEM.
 */
int sko_tcp_buckets(struct inet_hashinfo *table, unsigned int *bucket,
		    struct sko_batch *batch)
{
	unsigned int looked = 0;

	for (; *bucket <= table->ehash_mask; ++*bucket) {
		struct inet_ehash_bucket *head = &table->ehash[*bucket];
		unsigned int before = batch->count, found;

		if (looked++ == BUCKETS_AT_ONCE)
			return 1;
		if (hlist_nulls_empty(&head->chain))
			continue;
		rcu_read_lock();
		spin_lock_bh(inet_ehash_lockp(table, *bucket));
		found = collect_chain(head, batch);
		spin_unlock_bh(inet_ehash_lockp(table, *bucket));
		rcu_read_unlock();

		if (batch->count - before == found)
			continue;
		/* It did not fit: again, with an empty or a larger batch. */
		batch->count = before;
		if (before)
			return 1;
		return sko_batch_grow(batch, found + found / 4) ?: 1;
	}
	return 0;
}

/*
 * The namespace to walk now, referenced: the one the walk is midway in, else,
 * also when that has gone, the one with the lowest cookie behind it. Only those
 * count that have a table of their own (net.ipv4.tcp_child_ehash_entries). NULL
 * if there is none.
 */
static struct net *find_net(const struct sko_tcp *tcp)
{
	const struct inet_hashinfo *shared = table_of(&init_net);
	struct net *net, *found = NULL;

	down_read(&net_rwsem);
	for_each_net(net) {
		bool same = tcp->midway && net->net_cookie == tcp->cookie;

		if (table_of(net) == shared)
			continue;
		if (!same && (net->net_cookie <= tcp->cookie ||
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
	return found;
}

/* Walk the shared table, or one namespace's own. 1: not yet at its end. */
static int walk_table(struct sko_tcp *tcp, struct inet_hashinfo *table,
		      struct sko_batch *batch)
{
	int ret;

	do {
		ret = sko_tcp_buckets(table, &tcp->bucket, batch);
		cond_resched();
	} while (ret > 0 && !batch->count && !fatal_signal_pending(current));
	return ret;
}

/**
 * sko_tcp_collect() - the next TCP sockets that no descriptor holds
 * @tcp: where the walk stands; moves on
 * @batch: empty; takes the rows
 *
 * Every distinct table once: first the one that init_net and most namespaces
 * use, then each that belongs to one namespace alone, in the order of their
 * cookies. A namespace that gets a lower cookie meanwhile is a new one, and may
 * be missed. A namespace is referenced only during the call.
 *
 * Context: may sleep.
 * Return: 1 if there may be more, also when @batch is still empty; 0 at the
 *	end of the last table; -ENOMEM.
 */
int sko_tcp_collect(struct sko_tcp *tcp, struct sko_batch *batch)
{
	struct net *net;
	int ret;

	if (!tcp->shared_done) {
		ret = walk_table(tcp, table_of(&init_net), batch);
		if (!ret) {
			tcp->shared_done = true;
			tcp->bucket = 0;
		}
		return ret < 0 ? ret : 1;
	}

	net = find_net(tcp);
	if (!net)
		return 0;
	if (!tcp->midway || net->net_cookie != tcp->cookie) {
		tcp->midway = true;
		tcp->cookie = net->net_cookie;
		tcp->bucket = 0;
	}
	ret = walk_table(tcp, table_of(net), batch);
	if (!ret)
		tcp->midway = false;
	put_net(net);
	return ret < 0 ? ret : 1;
}
