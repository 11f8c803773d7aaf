// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * When a hold of a lock ends early: beside somebody else who has it.
 */
#include "suites.h"
#include "../../module/hold.h"

#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>
#include <linux/smp.h>

/* So long does the other one have the lock if nobody asks for it. */
#define PATIENCE (5 * HZ)

struct other {
	spinlock_t lock;	/* protects nothing: it is what is tested */
	struct completion has_it;
	struct task_struct *task;
	bool wanted;
};

static int set_up(struct kunit *test)
{
	struct other *other = kunit_kzalloc(test, sizeof(*other), GFP_KERNEL);

	if (!other)
		return -ENOMEM;
	spin_lock_init(&other->lock);
	init_completion(&other->has_it);
	test->priv = other;
	return 0;
}

static int have_until_wanted(void *arg)
{
	unsigned long end = jiffies + PATIENCE;
	struct other *other = arg;

	spin_lock_bh(&other->lock);
	complete(&other->has_it);
	while (!READ_ONCE(other->wanted) && time_before(jiffies, end))
		cpu_relax();
	spin_unlock_bh(&other->lock);
	return 0;
}

static void let_another_have_it(struct kunit *test)
{
	unsigned int here = raw_smp_processor_id(), cpu;
	struct other *other = test->priv;

	cpu = cpumask_any_but(cpu_online_mask, here);
	if (cpu >= nr_cpu_ids)
		kunit_skip(test, "there is no other processor");
	other->task = kthread_create(have_until_wanted, other, "hold_test");
	KUNIT_ASSERT_FALSE(test, IS_ERR(other->task));
	get_task_struct(other->task);
	kthread_bind(other->task, cpu);
	wake_up_process(other->task);
	wait_for_completion(&other->has_it);
}

static void wait_for_its_end(struct other *other)
{
	kthread_stop(other->task);
	put_task_struct(other->task);
}

static void free_lock_is_not_wanted(struct kunit *test)
{
	struct other *other = test->priv;

	sko_hold(&other->lock, &other->wanted);
	KUNIT_EXPECT_FALSE(test,
			   sko_hold_is_long(&other->lock, SKO_HOLD_LEAST,
					    other->wanted));
	spin_unlock(&other->lock);
	sko_hold_bh(&other->lock, &other->wanted);
	spin_unlock_bh(&other->lock);
	KUNIT_EXPECT_FALSE(test, other->wanted);
}

static void lock_that_another_had_is_wanted(struct kunit *test)
{
	struct other *other = test->priv;

	let_another_have_it(test);
	sko_hold(&other->lock, &other->wanted);
	spin_unlock(&other->lock);
	KUNIT_EXPECT_TRUE(test, other->wanted);
	wait_for_its_end(other);
}

static void lock_that_a_softirq_had_is_wanted(struct kunit *test)
{
	struct other *other = test->priv;

	let_another_have_it(test);
	sko_hold_bh(&other->lock, &other->wanted);
	spin_unlock_bh(&other->lock);
	KUNIT_EXPECT_TRUE(test, other->wanted);
	wait_for_its_end(other);
}

static void lock_once_wanted_stays_so(struct kunit *test)
{
	struct other *other = test->priv;

	other->wanted = true;
	sko_hold(&other->lock, &other->wanted);
	KUNIT_EXPECT_FALSE(test,
			   sko_hold_is_long(&other->lock, SKO_HOLD_LEAST - 1,
					    other->wanted));
	KUNIT_EXPECT_TRUE(test,
			  sko_hold_is_long(&other->lock, SKO_HOLD_LEAST,
					   other->wanted));
	spin_unlock(&other->lock);
	KUNIT_EXPECT_TRUE(test, other->wanted);
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
