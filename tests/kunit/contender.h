/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * Somebody else who has a lock, on another processor.
 */
#ifndef SOCKOWNERS_KUNIT_CONTENDER_H
#define SOCKOWNERS_KUNIT_CONTENDER_H

#include <linux/completion.h>
#include <linux/spinlock.h>

struct kunit;
struct task_struct;

struct contender {
	spinlock_t *lock;	/* what it has */
	unsigned long patience;	/* how long, in jiffies */
	struct completion has_it;
	struct task_struct *task;
};

/*
 * Starts it, and returns when it has the lock; skips the test if there is no other
 * processor. Until it is ended the caller stays on its processor.
 */
void contender_start(struct kunit *test, struct contender *contender);

/* Waits for it. */
void contender_end(struct contender *contender);

#endif
