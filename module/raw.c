// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * Locks: see chain.c. The spinlock is that of the whole table, and the bucket is
 * found by the protocol. The receive path goes without it.
 */
#include "raw.h"
#include "batch.h"
#include "chain.h"

#include <net/raw.h>
#include <net/rawv6.h>
#include <net/sock.h>

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

/* It keeps its protocol, and so its bucket, as long as it is in the table. */
static bool is_in_table(const struct sko_chain *chain, struct sock *sk)
{
	return sk_hashed(sk);
}

/**
 * sko_raw_collect() - the next raw sockets that nobody has listed
 * @raw: where the walk stands; moves on
 * @batch: empty; takes the rows
 *
 * Context: may sleep.
 * Return: 1 if there may be more, also when @batch is still empty; 0 at the
 *	end; -ENOMEM; -EINTR after a fatal signal.
 */
int sko_raw_collect(struct sko_raw *raw, struct sko_batch *batch)
{
	struct raw_hashinfo *table;
	int err;

	for (; (table = table_at(raw->bucket)); raw->bucket++) {
		const struct sko_chain chain = {
			.head = &table->ht[raw->bucket % RAW_HTABLE_SIZE],
			.lock = &table->lock,
			.has = is_in_table,
		};

		if (batch->count)
			return 1;
		if (hlist_empty(chain.head))
			continue;
		err = sko_chain_collect(&chain, batch);
		if (err)
			return err;
	}
	return 0;
}
