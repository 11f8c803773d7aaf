// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * The walk over a hash table of connections, on tables that the test makes.
 */
#include "suites.h"
#include "../../module/batch.h"
#include "../../module/inet.h"
#include "../../module/look.h"

#include <linux/bitmap.h>
#include <linux/rculist_nulls.h>
#include <linux/slab.h>
#include <net/inet_hashtables.h>
#include <net/inet_timewait_sock.h>
#include <net/net_namespace.h>

struct made {
	struct inet_hashinfo table;
	struct sko_batch batch;
	struct sko_look look;
};

static void make_table(struct kunit *test, unsigned int buckets)
{
	struct made *made = test->priv;
	unsigned int i;

	made->table.ehash = kunit_kcalloc(test, buckets,
					  sizeof(*made->table.ehash),
					  GFP_KERNEL);
	made->table.ehash_locks = kunit_kcalloc(test, 2, sizeof(spinlock_t),
						GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, made->table.ehash);
	KUNIT_ASSERT_NOT_NULL(test, made->table.ehash_locks);
	made->table.ehash_mask = buckets - 1;
	made->table.ehash_locks_mask = 1;
	for (i = 0; i < buckets; i++)
		INIT_HLIST_NULLS_HEAD(&made->table.ehash[i].chain, i);
	for (i = 0; i < 2; i++)
		spin_lock_init(&made->table.ehash_locks[i]);
}

/* Its address tells a time-wait from the next one. */
static void put(struct kunit *test, unsigned int bucket, u8 state, u32 number)
{
	struct made *made = test->priv;
	struct inet_timewait_sock *tw;

	tw = kunit_kzalloc(test, sizeof(*tw), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, tw);
	write_pnet(&tw->tw_net, &init_net);
	tw->tw_family = AF_INET;
	tw->tw_state = state;
	tw->tw_substate = TCP_TIME_WAIT;
	tw->tw_daddr = htonl(number);
	hlist_nulls_add_head_rcu(&tw->tw_node,
				 &made->table.ehash[bucket].chain);
}

/* Expect each number below @want once; returns how many calls it took. */
static unsigned int expect_all(struct kunit *test, unsigned int want)
{
	unsigned long *seen = bitmap_zalloc(want + 1, GFP_KERNEL);
	struct made *made = test->priv;
	unsigned int bucket = 0, calls = 0, i;
	int more;

	KUNIT_ASSERT_NOT_NULL(test, seen);
	do {
		sko_batch_empty(&made->batch);
		more = sko_inet_buckets(&made->table, IPPROTO_TCP, &bucket,
					&made->batch);
		calls++;
		if (more < 0 || made->batch.count > made->batch.capacity)
			break;
		for (i = 0; i < made->batch.count; i++) {
			u32 number = ntohl(sko_batch_at(&made->batch, i)->raddr.v4);

			KUNIT_EXPECT_LT(test, number, want);
			if (number < want)
				KUNIT_EXPECT_FALSE(test, test_and_set_bit(number, seen));
		}
	} while (more);
	KUNIT_EXPECT_EQ(test, 0, more);
	KUNIT_EXPECT_EQ(test, want, bitmap_weight(seen, want));
	bitmap_free(seen);
	return calls;
}

static void empty_table_has_no_rows(struct kunit *test)
{
	make_table(test, 16);
	KUNIT_EXPECT_EQ(test, 1U, expect_all(test, 0));
}

static void large_table_is_walked_in_pieces(struct kunit *test)
{
	unsigned int buckets = 64 * 1024;

	make_table(test, buckets);
	put(test, 0, TCP_TIME_WAIT, 0);
	put(test, 4095, TCP_TIME_WAIT, 1);
	put(test, 4096, TCP_TIME_WAIT, 2);
	put(test, buckets - 1, TCP_TIME_WAIT, 3);
	KUNIT_EXPECT_GE(test, expect_all(test, 4), buckets / 4096);
}

static void every_timewait_is_met_once(struct kunit *test)
{
	unsigned int i, want = 10 * SKO_BATCH_ROWS;

	make_table(test, 256);
	for (i = 0; i < want; i++)
		put(test, (i * 7) % 256, TCP_TIME_WAIT, i);
	KUNIT_EXPECT_GE(test, expect_all(test, want), 10U);
}

/* A namespace may have a table of one bucket. */
static void batch_grows_to_the_largest_bucket(struct kunit *test)
{
	struct made *made = test->priv;
	unsigned int i, want = 5 * SKO_BATCH_ROWS;

	make_table(test, 2);
	put(test, 0, TCP_TIME_WAIT, 0);
	for (i = 1; i < want; i++)
		put(test, 1, TCP_TIME_WAIT, i);
	expect_all(test, want);
	KUNIT_EXPECT_GE(test, made->batch.capacity, want - 1);
}

static void bucket_that_just_fits(struct kunit *test)
{
	struct made *made = test->priv;
	unsigned int i;

	make_table(test, 1);
	for (i = 0; i < SKO_BATCH_ROWS; i++)
		put(test, 0, TCP_TIME_WAIT, i);
	expect_all(test, SKO_BATCH_ROWS);
	KUNIT_EXPECT_EQ(test, (unsigned int)SKO_BATCH_ROWS,
			made->batch.capacity);
	put(test, 0, TCP_TIME_WAIT, SKO_BATCH_ROWS);
	expect_all(test, SKO_BATCH_ROWS + 1);
}

static int set_up(struct kunit *test)
{
	struct made *made = kunit_kzalloc(test, sizeof(*made), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, made);
	test->priv = made;
	sko_look_rewind(&made->look);
	made->batch.look = &made->look;
	return sko_batch_init(&made->batch, SKO_BATCH_ROWS);
}

static void tear_down(struct kunit *test)
{
	struct made *made = test->priv;

	sko_look_rewind(&made->look);
	sko_batch_destroy(&made->batch);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(empty_table_has_no_rows),
	KUNIT_CASE(large_table_is_walked_in_pieces),
	KUNIT_CASE(every_timewait_is_met_once),
	KUNIT_CASE(batch_grows_to_the_largest_bucket),
	KUNIT_CASE(bucket_that_just_fits),
	{}
};

struct kunit_suite sko_inet_suite = {
	.name = "sockowners-inet",
	.init = set_up,
	.exit = tear_down,
	.test_cases = cases,
};
