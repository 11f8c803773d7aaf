/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * A set of sockets.
 *
 * Sockets that were created one after the other lie side by side in their slab, and
 * no two of them begin in the same SKO_LISTED_SPACE bytes. So one number says
 * which of those of a region are members, a bit for each: less to allocate and to
 * move than a slot for each socket, and what is looked for next is mostly where
 * the last one was.
 *
 * Cost: see pointers.h, for each region of 64 spaces. TCP sockets fill one with a
 * dozen and cost two bytes each; one that is alone in its region costs 18 to 27.
 */
#ifndef SOCKOWNERS_LISTED_H
#define SOCKOWNERS_LISTED_H

#include "pointers.h"

#include <linux/bits.h>
#include <linux/log2.h>
#include <net/sock.h>

/*
 * Nor does anything else that is in a hash table begin there: a slab is of one size. SLOB
 * (CONFIG_SLOB, up to 6.3, for machines of a few megabytes) mixes them, and may make a
 * time-wait socket look like one that is listed.
 *
 * What is no larger than any socket, and a power of two: 512 bytes on 64 bits, more
 * where struct sock has what debugging needs.
 */
#define SKO_LISTED_SPACE BIT(ilog2(sizeof(struct sock)))

struct sko_listed {
	unsigned long count;
	struct sko_pointers regions;
	const void *last;	/* the region that was met last; NULL: none */
	u64 *bits;		/* of that one, in @regions */
};

#define SKO_LISTED_REGION (64 * SKO_LISTED_SPACE)

void sko_listed_clear(struct sko_listed *listed);
bool sko_listed_enter(struct sko_listed *listed, const struct sock *sk);
int sko_listed_add(struct sko_listed *listed, const struct sock *sk);

static inline const void *sko_listed_region(const struct sock *sk)
{
	return (const void *)((unsigned long)sk / SKO_LISTED_REGION);
}

static inline u64 sko_listed_bit(const struct sock *sk)
{
	return BIT_ULL((unsigned long)sk % SKO_LISTED_REGION / SKO_LISTED_SPACE);
}

/* Is it in the region that was met last, or in another one that is there? */
static inline bool sko_listed_find(struct sko_listed *listed,
				   const struct sock *sk)
{
	return listed->last == sko_listed_region(sk) ||
	       sko_listed_enter(listed, sk);
}

/**
 * sko_listed_put() - add a socket
 * @listed: set; zeroed memory is an empty one
 * @sk: the socket, which is never looked into and may be gone
 *
 * Context: may sleep. The memory is charged to the caller's cgroup.
 * Return: 0, or -ENOMEM, and then nothing has changed.
 */
static inline int sko_listed_put(struct sko_listed *listed,
				 const struct sock *sk)
{
	if (!sko_listed_find(listed, sk))
		return sko_listed_add(listed, sk);
	listed->count += !(*listed->bits & sko_listed_bit(sk));
	*listed->bits |= sko_listed_bit(sk);
	return 0;
}

/**
 * sko_listed_has() - is it a member?
 * @listed: set
 * @sk: the socket
 *
 * Context: any.
 */
static inline bool sko_listed_has(struct sko_listed *listed,
				  const struct sock *sk)
{
	return sko_listed_find(listed, sk) &&
	       *listed->bits & sko_listed_bit(sk);
}

#endif
