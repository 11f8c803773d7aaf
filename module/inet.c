// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * Locks: one bucket's spinlock at a time, as inet_diag holds it, and no other
 * lock in it. It keeps every socket in the chain. A bucket of listeners or
 * connections is collected whole in one hold, since no index into a chain
 * survives a release of its lock. That is as long as the chain, which the
 * kernel keeps short for its own sake: __inet_check_established() goes through
 * all of it for a connect(), and of listeners lets those on one address and port be
 * 32,768 (reuseport_grow()). Only a namespace that asks for a small table of its own
 * (net.ipv4.tcp_child_ehash_entries) has long ones, whose locks nobody else takes; the
 * kernel's own dumps hold them as long. The table of bound ports is another matter: bound.c.
 *
 * Tables of listeners and of bound ports are the same for all namespaces, also
 * where a namespace has its own table of connections.
 */
#include "inet.h"
#include "batch.h"
#include "bound.h"
#include "compat.h"
#include "extras.h"
#include "look.h"

#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <net/inet_connection_sock.h>
#include <net/inet_hashtables.h>
#include <net/inet_timewait_sock.h>
#include <net/net_namespace.h>
#include <net/request_sock.h>

/*
 * Buckets in one go, if they are empty: looking at those takes no lock. make latency:
 * 80 us. After any other one the scheduler is asked.
 */
#define BUCKETS_AT_ONCE 4096

/**
 * sko_inet_rewind() - back to the first bucket of the first table
 * @inet: the walk
 * @protocol: IPPROTO_TCP or IPPROTO_DCCP
 */
void sko_inet_rewind(struct sko_inet *inet, u16 protocol)
{
	*inet = (struct sko_inet){ .protocol = protocol };
}

static struct inet_hashinfo *table_of(const struct net *net)
{
	return net->ipv4.tcp_death_row.hashinfo;
}

/**
 * sko_inet_table() - a protocol's tables, as most namespaces share them
 * @protocol: IPPROTO_TCP or IPPROTO_DCCP
 *
 * DCCP is a module, which is not loaded for this, and cannot go until
 * sko_inet_put_table(). TCP's table of listeners is found through init_net.
 *
 * Context: process.
 * Return: the tables, NULL if the kernel does not have them now.
 */
struct inet_hashinfo *sko_inet_table(u16 protocol)
{
	if (protocol == IPPROTO_DCCP)
		return symbol_get(dccp_hashinfo);
	return table_of(&init_net);
}

/**
 * sko_inet_put_table() - let the module go that sko_inet_table() kept
 * @protocol: of a table that was there
 */
void sko_inet_put_table(u16 protocol)
{
	if (protocol == IPPROTO_DCCP)
		symbol_put(dccp_hashinfo);
}

/* The namespace of what is no full socket. */
static const struct net *net_of(const struct sock *sk, u8 state)
{
	return state == TCP_TIME_WAIT ?
		       twsk_net(inet_twsk(sk)) :
		       read_pnet(&inet_rsk(inet_reqsk(sk))->ireq_net);
}

/*
 * Copy what is listed from a chain of connections. Returns how many rows it
 * has, also when there is no room for all of them. What is half-open or only
 * waits is in no other place, so one look is enough.
 */
static unsigned int collect_connections(struct inet_ehash_bucket *head,
					u16 protocol, struct sko_batch *batch)
{
	bool first = batch->look->number == 1;
	struct hlist_nulls_node *node;
	unsigned int found = 0;
	struct sko_row *row;
	struct sock *sk;

	sk_nulls_for_each(sk, node, &head->chain) {
		u8 state;

		if (sko_look_knows(batch->look, sk))
			continue;
		state = READ_ONCE(sk->sk_state);
		if (state != TCP_TIME_WAIT && state != TCP_NEW_SYN_RECV) {
			found += sko_look_collect(batch, sk);
			continue;
		}
		if (!first || !sko_look_asks(batch->look, sk) ||
		    !sko_look_may_see(batch->look, net_of(sk, state)))
			continue;
		found++;
		row = sko_batch_row(batch);
		if (!row)
			continue;
		if (state == TCP_TIME_WAIT)
			sko_row_from_timewait(row, inet_twsk(sk), protocol);
		else
			sko_row_from_request(row, inet_reqsk(sk), protocol);
		sko_row_extras(row, sk, batch->look);
		if (!sko_look_keeps(batch, row))
			found--;
	}
	return found;
}

/**
 * sko_inet_buckets() - collect from one table of connections
 * @table: the table
 * @protocol: whose it is
 * @bucket: the one to begin with; set to the one to go on with
 * @batch: takes the rows; made larger if it is empty and a single bucket needs
 *	more than it holds
 *
 * Context: may sleep. Takes and releases each bucket's lock.
 * Return: 1 if there are more buckets, 0 at the end of the table, -ENOMEM.
 */
int sko_inet_buckets(struct inet_hashinfo *table, u16 protocol,
		     unsigned int *bucket, struct sko_batch *batch)
{
	unsigned int looked = 0;

	for (; *bucket <= table->ehash_mask; ++*bucket) {
		struct inet_ehash_bucket *head = &table->ehash[*bucket];
		unsigned int before = batch->count, found;
		int ret;

		if (looked++ == BUCKETS_AT_ONCE)
			return 1;
		if (hlist_nulls_empty(&head->chain))
			continue;
		sko_look_lock(batch->look);
		spin_lock_bh(inet_ehash_lockp(table, *bucket));
		found = collect_connections(head, protocol, batch);
		spin_unlock_bh(inet_ehash_lockp(table, *bucket));
		sko_look_unlock();
		cond_resched();

		ret = sko_batch_retry(batch, before, found);
		if (ret)
			return ret;
	}
	return 0;
}

static int listen_buckets(struct inet_hashinfo *table, unsigned int *bucket,
			  struct sko_batch *batch)
{
	unsigned int looked = 0;

	for (; *bucket <= table->lhash2_mask; ++*bucket) {
		struct inet_listen_hashbucket *head = &table->lhash2[*bucket];
		unsigned int before = batch->count, found = 0;
		struct hlist_nulls_node *node;
		struct sock *sk;
		int ret;

		if (looked++ == BUCKETS_AT_ONCE)
			return 1;
		if (hlist_nulls_empty(&head->nulls_head))
			continue;
		sko_look_lock(batch->look);
		spin_lock(&head->lock);
		sk_nulls_for_each(sk, node, &head->nulls_head)
			found += sko_look_collect(batch, sk);
		spin_unlock(&head->lock);
		sko_look_unlock();
		cond_resched();

		ret = sko_batch_retry(batch, before, found);
		if (ret)
			return ret;
	}
	return 0;
}

/* Does it have a table of connections of its own (tcp_child_ehash_entries)? */
static bool has_own_table(const struct net *net)
{
	return table_of(net) != table_of(&init_net);
}

static int walk_nets(struct sko_inet *inet, struct sko_batch *batch)
{
	bool entered;
	struct net *net;
	int ret;

	net = sko_nets_get(&inet->nets, batch->look, &entered, has_own_table);
	if (!net)
		return 0;
	if (entered)
		inet->bucket = 0;
	ret = sko_inet_buckets(table_of(net), inet->protocol, &inet->bucket,
			       batch);
	put_net(net);
	if (!ret)
		sko_nets_done(&inet->nets);
	return ret < 0 ? ret : 1;
}

static int walk_stage(struct sko_inet *inet, struct inet_hashinfo *table,
		      struct sko_batch *batch)
{
	switch (inet->stage) {
	case SKO_INET_BOUND:
		return sko_bound_buckets(table, &inet->bucket, batch);
	case SKO_INET_LISTENERS:
		return listen_buckets(table, &inet->bucket, batch);
	case SKO_INET_CONNECTIONS:
		return sko_inet_buckets(table, inet->protocol, &inet->bucket,
					batch);
	case SKO_INET_NETS:
		return inet->protocol == IPPROTO_TCP ? walk_nets(inet, batch)
						     : 0;
	case SKO_INET_DONE:
		break;
	}
	return 0;
}

/**
 * sko_inet_collect() - the next sockets of a protocol that nobody has listed
 * @inet: where the walk stands; moves on
 * @batch: empty; takes the rows
 *
 * Every distinct table once: first those that init_net and most namespaces
 * use, then each that belongs to one namespace alone. A namespace is referenced
 * only during the call.
 *
 * Context: may sleep.
 * Return: 1 if there may be more, also when @batch is still empty; 0 at the
 *	end of the last table; -ENOMEM; -EINTR after a fatal signal.
 */
int sko_inet_collect(struct sko_inet *inet, struct sko_batch *batch)
{
	struct inet_hashinfo *table;
	int ret;

	if (inet->stage == SKO_INET_DONE)
		return 0;
	table = sko_inet_table(inet->protocol);
	if (!table)
		return 0;
	do {
		ret = walk_stage(inet, table, batch);
		cond_resched();
	} while (ret > 0 && !batch->count && !fatal_signal_pending(current));
	sko_inet_put_table(inet->protocol);
	if (!ret) {
		inet->stage++;
		inet->bucket = 0;
	}
	return ret < 0 ? ret : 1;
}
