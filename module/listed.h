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

void sko_listed_clear(struct sko_listed *listed);
int sko_listed_put(struct sko_listed *listed, const struct sock *sk);
bool sko_listed_has(struct sko_listed *listed, const struct sock *sk);

#endif
