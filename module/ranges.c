// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "ranges.h"
#include "memory.h"

#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sort.h>

static const struct sko_value lowest;
static const struct sko_value highest = { U64_MAX, U64_MAX };

static int compare(const struct sko_value *a, const struct sko_value *b)
{
	if (a->high != b->high)
		return a->high < b->high ? -1 : 1;
	if (a->low != b->low)
		return a->low < b->low ? -1 : 1;
	return 0;
}

/* The value behind one that is not the highest. */
static struct sko_value after(struct sko_value value)
{
	if (!++value.low)
		value.high++;
	return value;
}

/* The value before one that is not the lowest. */
static struct sko_value before(struct sko_value value)
{
	if (!value.low--)
		value.high--;
	return value;
}

/**
 * sko_ranges_init() - an empty set
 * @ranges: zeroed memory
 * @capacity: ranges that it will hold; sko_ranges_invert() needs one more than
 *	there are
 *
 * Context: may sleep. The memory is charged to the caller's cgroup.
 * Return: 0, or -ENOMEM.
 */
int sko_ranges_init(struct sko_ranges *ranges, unsigned int capacity)
{
	ranges->range = kvmalloc_array(capacity, sizeof(*ranges->range), SKO_GFP);
	if (!ranges->range)
		return -ENOMEM;
	ranges->capacity = capacity;
	return 0;
}

/**
 * sko_ranges_destroy() - free the memory
 * @ranges: initialised or zeroed
 *
 * Context: may sleep.
 */
void sko_ranges_destroy(struct sko_ranges *ranges)
{
	kvfree(ranges->range);
	*ranges = (struct sko_ranges){};
}

/**
 * sko_ranges_add() - make a range of values members
 * @ranges: not ready before sko_ranges_settle()
 * @first: the lowest one
 * @last: the highest one, not lower
 *
 * Return: 0, or -ENOSPC if there are as many as it was initialised for.
 */
int sko_ranges_add(struct sko_ranges *ranges, const struct sko_value *first,
		   const struct sko_value *last)
{
	if (ranges->count == ranges->capacity)
		return -ENOSPC;
	ranges->range[ranges->count++] = (struct sko_range){ *first, *last };
	return 0;
}

static int compare_ranges(const void *a, const void *b)
{
	const struct sko_range *left = a, *right = b;

	return compare(&left->first, &right->first);
}

/* Does a range begin before or right behind the end of another one? */
static bool touches(const struct sko_range *range, const struct sko_value *end)
{
	struct sko_value next;

	if (!compare(end, &highest))
		return true;
	next = after(*end);
	return compare(&range->first, &next) <= 0;
}

/**
 * sko_ranges_settle() - put the ranges in order and join those that touch
 * @ranges: the set, ready afterwards
 */
void sko_ranges_settle(struct sko_ranges *ranges)
{
	struct sko_range *range = ranges->range;
	unsigned int i, kept = 0;

	sort(range, ranges->count, sizeof(*range), compare_ranges, NULL);
	for (i = 0; i < ranges->count; i++) {
		if (!kept || !touches(&range[i], &range[kept - 1].last))
			range[kept++] = range[i];
		else if (compare(&range[i].last, &range[kept - 1].last) > 0)
			range[kept - 1].last = range[i].last;
	}
	ranges->count = kept;
}

/**
 * sko_ranges_invert() - let members and all others change places, also "none"
 * @ranges: ready, with room for one more range
 */
void sko_ranges_invert(struct sko_ranges *ranges)
{
	struct sko_range *range = ranges->range, member;
	struct sko_value next = lowest;
	unsigned int i, gaps = 0;
	bool more = true;

	for (i = 0; i < ranges->count; i++) {
		member = range[i];
		if (compare(&next, &member.first) < 0)
			range[gaps++] = (struct sko_range){
				next, before(member.first),
			};
		more = compare(&member.last, &highest) != 0;
		next = after(member.last);
	}
	if (more)
		range[gaps++] = (struct sko_range){ next, highest };
	ranges->count = gaps;
	ranges->none = !ranges->none;
}

/**
 * sko_ranges_intersect() - keep those members that another set has too
 * @ranges: ready, also afterwards; left alone after an error
 * @with: ready
 *
 * Context: may sleep. The memory is charged to the caller's cgroup.
 * Return: 0, or -ENOMEM.
 */
int sko_ranges_intersect(struct sko_ranges *ranges,
			 const struct sko_ranges *with)
{
	struct sko_ranges both = { .none = ranges->none && with->none };
	unsigned int i = 0, j = 0;
	int err;

	/* Each range of it ends where one of the two ends. */
	err = sko_ranges_init(&both, ranges->count + with->count + 1);
	if (err)
		return err;
	while (i < ranges->count && j < with->count) {
		const struct sko_range *a = &ranges->range[i];
		const struct sko_range *b = &with->range[j];
		bool a_first = compare(&a->last, &b->last) < 0;
		const struct sko_value *first, *last;

		first = compare(&a->first, &b->first) > 0 ? &a->first
							  : &b->first;
		last = a_first ? &a->last : &b->last;
		if (compare(first, last) <= 0)
			both.range[both.count++] = (struct sko_range){
				*first, *last,
			};
		if (a_first)
			i++;
		else
			j++;
	}
	sko_ranges_destroy(ranges);
	*ranges = both;
	return 0;
}

/* The first range that does not end before a value; the count if there is none. */
static unsigned int find(const struct sko_ranges *ranges,
			 const struct sko_value *value)
{
	unsigned int low = 0, high = ranges->count;

	while (low < high) {
		unsigned int middle = (low + high) / 2;

		if (compare(&ranges->range[middle].last, value) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/**
 * sko_ranges_has() - is this a member?
 * @ranges: ready
 * @value: the value; NULL: "none"
 *
 * Context: any.
 */
bool sko_ranges_has(const struct sko_ranges *ranges,
		    const struct sko_value *value)
{
	unsigned int i;

	if (!value)
		return ranges->none;
	i = find(ranges, value);
	return i < ranges->count &&
	       compare(&ranges->range[i].first, value) <= 0;
}

/**
 * sko_ranges_from() - the lowest member that is not below a value
 * @ranges: ready
 * @value: the value; set to the member
 *
 * Context: any.
 * Return: false if there is none.
 */
bool sko_ranges_from(const struct sko_ranges *ranges, struct sko_value *value)
{
	unsigned int i = find(ranges, value);

	if (i == ranges->count)
		return false;
	if (compare(&ranges->range[i].first, value) > 0)
		*value = ranges->range[i].first;
	return true;
}
