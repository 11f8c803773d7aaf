/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * A map from pointers to numbers.
 *
 * The kernel's own structures do not fit: rhashtable needs an object, and so an
 * allocation, for each member, and an XArray indexed by sparse addresses has a
 * node of half a kilobyte for one or two of them. A hash table with open
 * addressing has nothing but the pointers and numbers. It is split into segments that grow
 * on their own, so that growing never needs the whole of it twice.
 *
 * Cost: 16 bytes a slot, and of the slots between 7/12 and 7/8 are used: 18.3 to
 * 27.4 bytes for each pointer.
 */
#ifndef SOCKOWNERS_POINTERS_H
#define SOCKOWNERS_POINTERS_H

#include <linux/types.h>

#define SKO_POINTERS_SEGMENTS 64

struct sko_pointers {
	unsigned long count;
	struct sko_segment {
		struct sko_slot *slots;
		u32 size;
		u32 count;
	} segment[SKO_POINTERS_SEGMENTS];
};

/* Side by side, as whoever looks for the one wants the other. */
struct sko_slot {
	u64 key;		/* 0: unused */
	u64 value;
};

void sko_pointers_clear(struct sko_pointers *p);
int sko_pointers_put(struct sko_pointers *p, const void *pointer, u64 value);
u64 *sko_pointers_value(const struct sko_pointers *p, const void *pointer);

#endif
