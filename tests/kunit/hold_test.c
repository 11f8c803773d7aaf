// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * When a hold of a lock ends early: beside somebody else who has it.
 */
#include "contender.h"
#include "suites.h"
#include "../../module/hold.h"

#include <linux/jiffies.h>

struct made {
	spinlock_t lock;	/* protects nothing: it is what is tested */
	struct contender contender;
	bool wanted;
};

static int set_up(struct kunit *test)
{
	struct made *made = kunit_kzalloc(test, sizeof(*made), GFP_KERNEL);

	if (!made)
		return -ENOMEM;
	spin_lock_init(&made->lock);
	made->contender.lock = &made->lock;
	made->contender.patience = HZ / 10;
	test->priv = made;
	return 0;
}

static void free_lock_is_not_wanted(struct kunit *test)
{
	struct made *made = test->priv;

	sko_hold(&made->lock, &made->wanted);
	KUNIT_EXPECT_FALSE(test, sko_hold_is_long(&made->lock, SKO_HOLD_LEAST,
						  made->wanted));
	spin_unlock(&made->lock);
	sko_hold_bh(&made->lock, &made->wanted);
	spin_unlock_bh(&made->lock);
	KUNIT_EXPECT_FALSE(test, made->wanted);
}

/* If it is taken while another has it: the processor may have stood still meanwhile. */
static void lock_that_another_had_is_wanted(struct kunit *test)
{
	struct made *made = test->priv;
	int tries = 5;

	do {
		contender_start(test, &made->contender);
		sko_hold(&made->lock, &made->wanted);
		spin_unlock(&made->lock);
		contender_end(&made->contender);
	} while (!made->wanted && --tries);
	KUNIT_EXPECT_TRUE(test, made->wanted);
}

static void lock_that_a_softirq_had_is_wanted(struct kunit *test)
{
	struct made *made = test->priv;
	int tries = 5;

	do {
		contender_start(test, &made->contender);
		sko_hold_bh(&made->lock, &made->wanted);
		spin_unlock_bh(&made->lock);
		contender_end(&made->contender);
	} while (!made->wanted && --tries);
	KUNIT_EXPECT_TRUE(test, made->wanted);
}

static void lock_once_wanted_stays_so(struct kunit *test)
{
	struct made *made = test->priv;

	made->wanted = true;
	sko_hold(&made->lock, &made->wanted);
	KUNIT_EXPECT_FALSE(test,
			   sko_hold_is_long(&made->lock, SKO_HOLD_LEAST - 1,
					    made->wanted));
	KUNIT_EXPECT_TRUE(test, sko_hold_is_long(&made->lock, SKO_HOLD_LEAST,
						 made->wanted));
	spin_unlock(&made->lock);
	KUNIT_EXPECT_TRUE(test, made->wanted);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(free_lock_is_not_wanted),
	KUNIT_CASE(lock_that_another_had_is_wanted),
	KUNIT_CASE(lock_that_a_softirq_had_is_wanted),
	KUNIT_CASE(lock_once_wanted_stays_so),
	{}
};

struct kunit_suite sko_hold_suite = {
	.name = "sockowners-hold",
	.init = set_up,
	.test_cases = cases,
};
