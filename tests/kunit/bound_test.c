// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * The walk over a table of bound ports, on one bucket that the test makes.
 */
#include "suites.h"
#include "../../module/batch.h"
#include "../../module/bound.h"
#include "../../module/compat.h"
#include "../../module/look.h"

#include <linux/in.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/tcp.h>
#include <net/inet_connection_sock.h>
#include <net/inet_hashtables.h>
#include <net/net_namespace.h>

struct made {
	struct inet_hashinfo table;
	struct inet_bind_hashbucket bucket;
	struct sko_batch batch;
	struct sko_look look;
	struct sko_query query;
};

/* A port, with sockets that are bound to it and no more. */
static struct inet_bind_bucket *put(struct kunit *test, unsigned short port,
				    unsigned int count)
{
	struct made *made = test->priv;
	struct inet_bind2_bucket *tb2;
	struct inet_bind_bucket *tb;
	struct tcp_sock *tcp;
	struct sock *sk;

	tb = kunit_kzalloc(test, sizeof(*tb), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, tb);
	tb2 = kunit_kzalloc(test, sizeof(*tb2), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, tb2);
	write_pnet(&tb->ib_net, &init_net);
	tb->port = port;
	hlist_add_head(&tb->node, &made->bucket.chain);
	sko_add_owners(tb, tb2);
	while (count--) {
		tcp = kunit_kzalloc(test, sizeof(*tcp), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, tcp);
		sk = (struct sock *)tcp;
		sk->sk_family = AF_INET;
		sk->sk_type = SOCK_STREAM;
		sk->sk_protocol = IPPROTO_TCP;
		sk->sk_state = TCP_CLOSE;
		sk->sk_net_refcnt = 1;
		inet_sk(sk)->inet_num = port;
		sock_net_set(sk, &init_net);
		refcount_set(&sk->sk_refcnt, 1);
		inet_csk(sk)->icsk_bind_hash = tb;
		inet_csk(sk)->icsk_bind2_hash = tb2;
		hlist_add_head(&sk->sk_bind_node, sko_first_owners(tb));
	}
	return tb;
}

/* All of them are a doubt, in the first look; each is written down once. */
static void expect_all(struct kunit *test, unsigned int want)
{
	struct made *made = test->priv;
	unsigned int bucket = 0;

	KUNIT_EXPECT_EQ(test, 0, sko_bound_buckets(&made->table, &bucket,
						   &made->batch));
	KUNIT_EXPECT_EQ(test, 0U, made->batch.count);
	KUNIT_EXPECT_EQ(test, (unsigned long)want, made->look.undecided);
	KUNIT_EXPECT_EQ(test, (unsigned long)want, made->look.doubtful.count);
}

static void empty_bucket_has_nothing(struct kunit *test)
{
	expect_all(test, 0);
}

static void bucket_is_walked_in_holds(struct kunit *test)
{
	put(test, 80, 1000);
	expect_all(test, 1000);
}

/* The mark is behind a port that was gone through before. */
static void mark_is_found_behind_others(struct kunit *test)
{
	put(test, 82, 1);
	put(test, 81, 300);
	put(test, 80, 300);
	put(test, 79, 7);
	expect_all(test, 608);
}

/* As connect() leaves it, until the first bind(), if that can be told. */
static void port_of_connections_is_passed_over(struct kunit *test)
{
	struct inet_bind_bucket *tb;

	put(test, 80, 3);
	tb = put(test, 81, 5);
	tb->fastreuse = -1;
	tb->fastreuseport = -1;
	expect_all(test, sko_may_be_bound(tb) ? 8 : 3);
}

static void port_that_nobody_asks_for_is_passed_over(struct kunit *test)
{
	struct made *made = test->priv;

	made->query.first_lport = 80;
	made->query.last_lport = 81;
	made->query.holderless = true;
	made->look.query = &made->query;
	put(test, 79, 2);
	put(test, 80, 300);
	put(test, 81, 3);
	put(test, 82, 400);
	expect_all(test, 303);
}

/* The kernel has its own: each has a row at once, and none of them can be marked. */
static void run_of_the_kernels_own_loses_none(struct kunit *test)
{
	struct inet_bind_bucket *tb = put(test, 80, 1000);
	struct made *made = test->priv;
	unsigned int bucket = 0;
	struct sock *sk;

	hlist_for_each_entry(sk, sko_first_owners(tb), sk_bind_node) {
		sk->sk_kern_sock = 1;
		sk->sk_net_refcnt = 0;
	}
	put(test, 79, 300);
	sko_bound_buckets(&made->table, &bucket, &made->batch);
	KUNIT_EXPECT_EQ(test, 1000U, made->batch.count);
	KUNIT_EXPECT_EQ(test, 1000UL, made->look.listed.count);
	KUNIT_EXPECT_EQ(test, 300UL, made->look.doubtful.count);
}

static int set_up(struct kunit *test)
{
	struct made *made = kunit_kzalloc(test, sizeof(*made), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, made);
	test->priv = made;
	spin_lock_init(&made->bucket.lock);
	INIT_HLIST_HEAD(&made->bucket.chain);
	made->table.bhash = &made->bucket;
	made->table.bhash_size = 1;
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
	KUNIT_CASE(empty_bucket_has_nothing),
	KUNIT_CASE(bucket_is_walked_in_holds),
	KUNIT_CASE(mark_is_found_behind_others),
	KUNIT_CASE(port_of_connections_is_passed_over),
	KUNIT_CASE(port_that_nobody_asks_for_is_passed_over),
	KUNIT_CASE(run_of_the_kernels_own_loses_none),
	{}
};

struct kunit_suite sko_bound_suite = {
	.name = "sockowners-bound",
	.init = set_up,
	.exit = tear_down,
	.test_cases = cases,
};
