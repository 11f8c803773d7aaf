/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * A set of values, as ranges: ports, prefixes of addresses, and single numbers
 * and names, which are ranges of one. All of them fit into 128 bits, where a
 * prefix is a range too. "None" may be a member: what a listing shows as "-".
 *
 * A set that is added to is ready for the other functions after
 * sko_ranges_settle(): then the ranges are in order and do not touch, and a
 * look-up is a binary search.
 */
#ifndef SOCKOWNERS_RANGES_H
#define SOCKOWNERS_RANGES_H

#include <linux/types.h>

struct sko_value {
	u64 high;
	u64 low;
};

struct sko_range {
	struct sko_value first;
	struct sko_value last;	/* inclusive */
};

struct sko_ranges {
	bool none;		/* is a member */
	unsigned int count;
	unsigned int capacity;
	struct sko_range *range;
};

int sko_ranges_init(struct sko_ranges *ranges, unsigned int capacity);
void sko_ranges_destroy(struct sko_ranges *ranges);
int sko_ranges_add(struct sko_ranges *ranges, const struct sko_value *first,
		   const struct sko_value *last);
void sko_ranges_settle(struct sko_ranges *ranges);
void sko_ranges_invert(struct sko_ranges *ranges);
int sko_ranges_intersect(struct sko_ranges *ranges,
			 const struct sko_ranges *with);
bool sko_ranges_has(const struct sko_ranges *ranges,
		    const struct sko_value *value);
bool sko_ranges_from(const struct sko_ranges *ranges, struct sko_value *value);

#endif
