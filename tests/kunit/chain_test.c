// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * The walk over a chain of any length, on one that the test makes.
 */
#include "contender.h"
#include "suites.h"
#include "../../module/batch.h"
#include "../../module/chain.h"
#include "../../module/hold.h"
#include "../../module/look.h"

#include <linux/in.h>
#include <linux/jiffies.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/udp.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#define MANY 1000

struct made {
	struct hlist_head head;
	spinlock_t lock;	/* of the chain */
	struct sko_batch batch;
	struct sko_look look;
	unsigned int asked;	/* so often whether a socket is there */
	unsigned int leaving;	/* and that time it has left */
};

static void put(struct kunit *test, unsigned int count)
{
	struct made *made = test->priv;
	struct udp_sock *udp;
	struct sock *sk;

	while (count--) {
		udp = kunit_kzalloc(test, sizeof(*udp), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, udp);
		sk = (struct sock *)udp;
		sk->sk_family = AF_INET;
		sk->sk_type = SOCK_DGRAM;
		sk->sk_protocol = IPPROTO_UDP;
		sk->sk_state = TCP_CLOSE;
		sk->sk_net_refcnt = 1;
		sock_net_set(sk, &init_net);
		refcount_set(&sk->sk_refcnt, 1);
		hlist_add_head(&sk->sk_node, &made->head);
	}
}

static bool has(const struct sko_chain *chain, struct sock *sk)
{
	struct made *made = chain->table;

	if (++made->asked != made->leaving)
		return true;
	hlist_del_init(&sk->sk_node);
	return false;
}

static void collect(struct kunit *test)
{
	struct made *made = test->priv;
	const struct sko_chain chain = {
		.head = &made->head,
		.lock = &made->lock,
		.in_softirq = true,
		.table = made,
		.has = has,
	};

	KUNIT_EXPECT_EQ(test, 0, sko_chain_collect(&chain, &made->batch));
}

/* All of them are a doubt, in the first look; each is written down once. */
static void expect_all(struct kunit *test, unsigned int want)
{
	struct made *made = test->priv;

	collect(test);
	KUNIT_EXPECT_EQ(test, 0U, made->batch.count);
	KUNIT_EXPECT_EQ(test, (unsigned long)want, made->look.doubtful.count);
}

static void empty_chain_has_nothing(struct kunit *test)
{
	expect_all(test, 0);
}

static void long_chain_is_walked_in_holds(struct kunit *test)
{
	struct made *made = test->priv;

	put(test, MANY);
	expect_all(test, MANY);
	KUNIT_EXPECT_EQ(test, (unsigned long)MANY, made->look.undecided);
	KUNIT_EXPECT_GE(test, made->asked, MANY / 128U);
}

/* So often does a walk of all that others want ask whether a socket is there. */
#define SHORT_HOLDS (MANY / SKO_HOLD_LEAST)

/* Somebody else has the lock when the walk begins. */
static void expect_all_beside_another(struct kunit *test)
{
	struct made *made = test->priv;
	struct contender contender = {
		.lock = &made->lock,
		.patience = HZ / 10,
	};

	made->asked = 0;
	contender_start(test, &contender);
	expect_all(test, MANY);
	contender_end(&contender);
}

/* If it did when it had begun: the processor may have stood still meanwhile. */
static void wanted_chain_is_walked_in_short_holds(struct kunit *test)
{
	struct made *made = test->priv;
	int tries = 5;

	put(test, MANY);
	do
		expect_all_beside_another(test);
	while (made->asked < SHORT_HOLDS && --tries);
	KUNIT_EXPECT_GE(test, made->asked, SHORT_HOLDS);
}

static void holds_are_long_when_a_socket_has_left(struct kunit *test)
{
	struct made *made = test->priv;

	put(test, MANY);
	made->leaving = 3;
	expect_all_beside_another(test);
	KUNIT_EXPECT_LT(test, made->asked, SHORT_HOLDS / 2);
}

static void socket_that_leaves_loses_no_other(struct kunit *test)
{
	struct made *made = test->priv;

	put(test, MANY);
	made->leaving = 3;
	expect_all(test, MANY);
	KUNIT_EXPECT_GT(test, made->look.undecided, (unsigned long)MANY);
}

/* The kernel has its own: each has a row at once. */
static void batch_grows_to_the_chain(struct kunit *test)
{
	struct made *made = test->priv;
	struct sock *sk;

	put(test, MANY);
	hlist_for_each_entry(sk, &made->head, sk_node)
		sk->sk_kern_sock = 1;
	made->leaving = 2;
	collect(test);
	KUNIT_EXPECT_EQ(test, (unsigned int)MANY, made->batch.count);
	KUNIT_EXPECT_EQ(test, (unsigned long)MANY, made->look.listed.count);
}

/* None of which can be marked, and all of them come in one hold. */
static void run_of_the_kernels_own_loses_none(struct kunit *test)
{
	struct made *made = test->priv;
	unsigned int i = 0;
	struct sock *sk;

	put(test, MANY);
	hlist_for_each_entry(sk, &made->head, sk_node) {
		sk->sk_kern_sock = 1;
		sk->sk_net_refcnt = i++ < MANY / 4;
	}
	collect(test);
	KUNIT_EXPECT_EQ(test, (unsigned int)MANY, made->batch.count);
	KUNIT_EXPECT_EQ(test, (unsigned long)MANY, made->look.listed.count);
	hlist_for_each_entry(sk, &made->head, sk_node)
		KUNIT_EXPECT_EQ(test, 1U, refcount_read(&sk->sk_refcnt));
}

static int set_up(struct kunit *test)
{
	struct made *made = kunit_kzalloc(test, sizeof(*made), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, made);
	test->priv = made;
	spin_lock_init(&made->lock);
	INIT_HLIST_HEAD(&made->head);
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
	KUNIT_CASE(empty_chain_has_nothing),
	KUNIT_CASE(long_chain_is_walked_in_holds),
	KUNIT_CASE(wanted_chain_is_walked_in_short_holds),
	KUNIT_CASE(holds_are_long_when_a_socket_has_left),
	KUNIT_CASE(socket_that_leaves_loses_no_other),
	KUNIT_CASE(batch_grows_to_the_chain),
	KUNIT_CASE(run_of_the_kernels_own_loses_none),
	{}
};

struct kunit_suite sko_chain_suite = {
	.name = "sockowners-chain",
	.init = set_up,
	.exit = tear_down,
	.test_cases = cases,
};
