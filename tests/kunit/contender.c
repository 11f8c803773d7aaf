// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "contender.h"

#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/preempt.h>
#include <linux/sched/task.h>
#include <linux/smp.h>

static int have(void *arg)
{
	struct contender *contender = arg;
	unsigned long end = jiffies + contender->patience;

	spin_lock_bh(contender->lock);
	complete(&contender->has_it);
	while (time_before_eq(jiffies, end))
		cpu_relax();
	spin_unlock_bh(contender->lock);
	return 0;
}

void contender_start(struct kunit *test, struct contender *contender)
{
	unsigned int cpu;

	init_completion(&contender->has_it);
	if (num_online_cpus() == 1)
		kunit_skip(test, "there is no other processor");
	contender->task = kthread_create(have, contender, "contender");
	KUNIT_ASSERT_FALSE(test, IS_ERR(contender->task));
	get_task_struct(contender->task);
	migrate_disable();
	cpu = cpumask_any_but(cpu_online_mask, raw_smp_processor_id());
	kthread_bind(contender->task, cpu);
	wake_up_process(contender->task);
	wait_for_completion(&contender->has_it);
}

void contender_end(struct contender *contender)
{
	migrate_enable();
	kthread_stop(contender->task);
	put_task_struct(contender->task);
}
