/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * How long the spinlocks of file tables, bound ports and chains are held, which others
 * need. Each hold has a bound by the work that is done under it; where somebody else wants
 * the lock, it ends long before. A busy server takes the locks of its file table and of
 * its port some times for each connection.
 *
 * Who waits shows in a queued spinlock. In others, as those of s390 and PREEMPT_RT, no
 * waiter shows, and on x86 in a virtual machine whose hypervisor has no paravirtual ones
 * (virt_spin_lock(), a test-and-set lock) none has a turn, either. There a lock that was
 * not free when it was asked for is one that others want, and is left alone for a moment
 * before it is taken again.
 */
#ifndef SOCKOWNERS_HOLD_H
#define SOCKOWNERS_HOLD_H

#include <linux/processor.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/*
 * Sockets in the hold of a lock that somebody wants: some 10 us. Not one, since a reader
 * beside many such would wait for all of them at each.
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

/*
 * Not spin_trylock(): s390's tries it a thousand times, and lockdep learns of no order
 * from it.
 */
static inline void sko_hold_look(spinlock_t *lock, bool *wanted)
{
	if (*wanted)
		sko_hold_pause();
	if (spin_is_locked(lock))
		*wanted = true;
}

/*
 * Softirqs are off under a lock that they take, too, and under no other. On PREEMPT_RT
 * that they are off is a lock of each processor (local_bh_disable()), which the kernel
 * takes inside those of listeners and of raw sockets: see inet_unhash().
 */

/**
 * sko_hold() - take a lock that softirqs do not take
 * @lock: the lock
 * @wanted: did somebody else have it before? Set if so now
 *
 * Context: as spin_lock(), and with softirqs on.
 */
static inline void sko_hold(spinlock_t *lock, bool *wanted)
{
	sko_hold_look(lock, wanted);
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
	sko_hold_look(lock, wanted);
	spin_lock_bh(lock);
}

/**
 * sko_hold_is_long() - should a hold end before its bound?
 * @lock: what is held
 * @seen: how many sockets were looked at under it
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
