/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * A chain of a hash table that may be of any length, since whoever makes the
 * sockets chooses which one they are in.
 */
#ifndef SOCKOWNERS_CHAIN_H
#define SOCKOWNERS_CHAIN_H

#include <linux/list.h>
#include <linux/spinlock.h>

struct sko_batch;
struct sock;

struct sko_chain {
	struct hlist_head *head;	/* of struct sock's sk_node */
	spinlock_t *lock;
	bool in_softirq;		/* is the lock taken there, too: see hold.h */
	void *table;			/* for @has */
	/* Is it still in this chain? Asked under the lock. */
	bool (*has)(const struct sko_chain *chain, struct sock *sk);
};

int sko_chain_collect(const struct sko_chain *chain, struct sko_batch *batch);

#endif
