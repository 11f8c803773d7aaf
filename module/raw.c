// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * Locks: the spinlock of a table, for one bucket at a time, as raw_seq_start()
 * takes it, and no other lock in it. It keeps every socket in the table. The
 * receive path goes without it.
 */
#include "raw.h"
#include "batch.h"
#include "look.h"

#include <linux/sched.h>
#include <linux/spinlock.h>
#include <net/raw.h>
#include <net/rawv6.h>

/**
 * sko_raw_rewind() - back to the first bucket
 * @raw: the walk
 */
void sko_raw_rewind(struct sko_raw *raw)
{
	raw->bucket = 0;
}

static struct raw_hashinfo *table_at(unsigned int bucket)
{
	if (bucket < RAW_HTABLE_SIZE)
		return &raw_v4_hashinfo;
#if IS_ENABLED(CONFIG_IPV6)
	if (bucket < 2 * RAW_HTABLE_SIZE)
		return &raw_v6_hashinfo;
#endif
	return NULL;
}

/**
 * sko_raw_collect() - the next raw sockets that nobody has listed
 * @raw: where the walk stands; moves on
 * @batch: empty; takes the rows
 *
 * Context: may sleep.
 * Return: 1 if there may be more, also when @batch is still empty; 0 at the
 *	end; -ENOMEM.
 */
int sko_raw_collect(struct sko_raw *raw, struct sko_batch *batch)
{
	struct raw_hashinfo *table;

	for (; (table = table_at(raw->bucket)); raw->bucket++) {
		struct hlist_head *head =
			&table->ht[raw->bucket % RAW_HTABLE_SIZE];
		unsigned int before = batch->count, found = 0;
		struct sock *sk;
		int ret;

		if (hlist_empty(head))
			continue;
		rcu_read_lock();
		spin_lock(&table->lock);
		sk_for_each(sk, head)
			found += sko_look_collect(batch, sk);
		spin_unlock(&table->lock);
		rcu_read_unlock();

		ret = sko_batch_retry(batch, before, found);
		if (ret)
			return ret;
		cond_resched();
	}
	return 0;
}
