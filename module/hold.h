/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * How long a spinlock is held that others need. Each hold has a bound by the work that is
 * done under it; where somebody else wants the lock, it ends long before. A busy server
 * takes the locks of its file table and of its port some times for each connection.
 *
 * Who waits shows in a queued spinlock. A virtual machine whose hypervisor has no
 * paravirtual ones takes a plain test-and-set lock instead (virt_spin_lock() in
 * arch/x86/include/asm/qspinlock.h), where no waiter shows and none has a turn. There a
 * lock that was not free when it was asked for is one that others want, and is left alone
 * for a moment before it is taken again.
 */
#ifndef SOCKOWNERS_HOLD_H
#define SOCKOWNERS_HOLD_H

#include <linux/processor.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/*
 * Files or sockets in the hold of a lock that somebody wants: some 5 us. Not one, since a
 * reader beside many such would wait for all of them at each.
 */
#define SKO_HOLD_LEAST	16U

/* Enough for a waiter to see that a test-and-set lock is free: below 1 us. */
#define SKO_HOLD_PAUSES	4

static inline void sko_hold_pause(void)
{
	int i;

	for (i = 0; i < SKO_HOLD_PAUSES; i++)
		cpu_relax();
}

/**
 * sko_hold() - take a lock
 * @lock: the lock
 * @wanted: did somebody else have it before? Set if so now
 *
 * Context: as spin_lock().
 */
static inline void sko_hold(spinlock_t *lock, bool *wanted)
{
	if (*wanted)
		sko_hold_pause();
	if (spin_trylock(lock))
		return;
	*wanted = true;
	spin_lock(lock);
}

/**
 * sko_hold_bh() - take a lock that softirqs take, too
 * @lock: the lock
 * @wanted: as there
 *
 * Context: as spin_lock_bh().
 */
static inline void sko_hold_bh(spinlock_t *lock, bool *wanted)
{
	if (*wanted)
		sko_hold_pause();
	if (spin_trylock_bh(lock))
		return;
	*wanted = true;
	spin_lock_bh(lock);
}

/**
 * sko_hold_is_long() - should a hold end before its bound?
 * @lock: what is held
 * @seen: how many files or sockets were looked at under it
 * @wanted: did somebody want the lock before?
 *
 * Context: with the lock.
 * Return: true if it should.
 */
static inline bool sko_hold_is_long(spinlock_t *lock, unsigned int seen,
				    bool wanted)
{
	return seen >= SKO_HOLD_LEAST && (wanted || spin_is_contended(lock));
}

#endif
