// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * Sets of values as ranges, against sets of a few dozen values as bitmaps.
 */
#include "suites.h"
#include "../../module/ranges.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/prandom.h>

#define ROUNDS	2000
#define SEED	20260101

/*
 * The 64 values that the tests look at: half of them around the place where the
 * lower 64 bits end, and some at both ends of all.
 */
static struct sko_value value_at(unsigned int i)
{
	struct sko_value value = { .low = i };

	if (i >= 56)
		return (struct sko_value){ U64_MAX, U64_MAX - (63 - i) };
	if (i >= 8)
		value = (struct sko_value){ i >= 32, U64_MAX - 31 + i };
	return value;
}

/* Are the values at both places next to each other, or is it not known? */
static bool is_gap(unsigned int i)
{
	return i == 7 || i == 55;
}

static void expect_members(struct kunit *test, const struct sko_ranges *ranges,
			   u64 members, const char *what)
{
	unsigned int i;

	for (i = 0; i < 64; i++) {
		struct sko_value value = value_at(i);

		KUNIT_EXPECT_EQ_MSG(test, (bool)(members >> i & 1),
				    sko_ranges_has(ranges, &value),
				    "%s: value %u of %llx", what, i, members);
	}
}

/* In order, and none touches the next one. */
static void expect_settled(struct kunit *test, const struct sko_ranges *ranges)
{
	unsigned int i;

	for (i = 0; i < ranges->count; i++) {
		const struct sko_range *range = &ranges->range[i];
		struct sko_value next = range->last;

		KUNIT_EXPECT_TRUE(test, range->first.high < range->last.high ||
				  (range->first.high == range->last.high &&
				   range->first.low <= range->last.low));
		if (i + 1 == ranges->count)
			break;
		if (!++next.low)
			next.high++;
		KUNIT_EXPECT_TRUE(test, next.high < range[1].first.high ||
				  (next.high == range[1].first.high &&
				   next.low < range[1].first.low));
	}
}

/* Up to eight random ranges between neighbours, and the same as a bitmap. */
static u64 fill(struct kunit *test, struct sko_ranges *ranges,
		struct rnd_state *random)
{
	unsigned int n = prandom_u32_state(random) % 9;
	u64 members = 0;

	KUNIT_ASSERT_EQ(test, 0, sko_ranges_init(ranges, 9));
	while (n--) {
		unsigned int from = prandom_u32_state(random) % 64, to = from;
		unsigned int len = prandom_u32_state(random) % 8;
		struct sko_value first = value_at(from), last;

		members |= BIT_ULL(from);
		while (len-- && to < 63 && !is_gap(to))
			members |= BIT_ULL(++to);
		last = value_at(to);
		KUNIT_ASSERT_EQ(test, 0, sko_ranges_add(ranges, &first, &last));
	}
	ranges->none = prandom_u32_state(random) & 1;
	sko_ranges_settle(ranges);
	return members;
}

static void random_sets_are_what_bitmaps_say(struct kunit *test)
{
	struct rnd_state random;
	int i;

	prandom_seed_state(&random, SEED);
	for (i = 0; i < ROUNDS; i++) {
		struct sko_ranges a = {}, b = {};
		u64 in_a = fill(test, &a, &random);
		u64 in_b = fill(test, &b, &random);
		bool none = a.none;

		expect_settled(test, &a);
		expect_members(test, &a, in_a, "added");
		sko_ranges_invert(&a);
		expect_settled(test, &a);
		expect_members(test, &a, ~in_a, "inverted");
		KUNIT_EXPECT_EQ(test, !none, a.none);
		none = a.none && b.none;
		KUNIT_ASSERT_EQ(test, 0, sko_ranges_intersect(&a, &b));
		expect_settled(test, &a);
		expect_members(test, &a, ~in_a & in_b, "intersected");
		KUNIT_EXPECT_EQ(test, none, sko_ranges_has(&a, NULL));
		sko_ranges_destroy(&a);
		sko_ranges_destroy(&b);
	}
}

static void inverting_twice_changes_nothing(struct kunit *test)
{
	struct sko_ranges ranges = {};
	struct sko_value some = { 1, 2 };

	KUNIT_ASSERT_EQ(test, 0, sko_ranges_init(&ranges, 2));
	sko_ranges_invert(&ranges);
	KUNIT_EXPECT_TRUE(test, sko_ranges_has(&ranges, &some));
	KUNIT_EXPECT_TRUE(test, sko_ranges_has(&ranges, NULL));
	sko_ranges_invert(&ranges);
	KUNIT_EXPECT_EQ(test, 0U, ranges.count);
	KUNIT_EXPECT_FALSE(test, sko_ranges_has(&ranges, NULL));
	sko_ranges_destroy(&ranges);
}

static void no_more_than_its_capacity(struct kunit *test)
{
	struct sko_ranges ranges = {};
	struct sko_value some = { 1, 2 };

	KUNIT_ASSERT_EQ(test, 0, sko_ranges_init(&ranges, 1));
	KUNIT_EXPECT_EQ(test, 0, sko_ranges_add(&ranges, &some, &some));
	KUNIT_EXPECT_EQ(test, -ENOSPC, sko_ranges_add(&ranges, &some, &some));
	KUNIT_EXPECT_EQ(test, 1U, ranges.count);
	sko_ranges_destroy(&ranges);
}

static void next_member_from_a_value_on(struct kunit *test)
{
	static const struct {
		u64 from, want;
	} cases[] = {
		{ 0, 5 }, { 4, 5 }, { 5, 5 }, { 6, 10 }, { 10, 10 },
		{ 15, 15 }, { 20, 20 },
	};
	struct sko_value five = { 0, 5 }, ten = { 0, 10 }, twenty = { 0, 20 };
	struct sko_ranges ranges = {};
	struct sko_value value;
	int i;

	KUNIT_ASSERT_EQ(test, 0, sko_ranges_init(&ranges, 2));
	KUNIT_ASSERT_EQ(test, 0, sko_ranges_add(&ranges, &ten, &twenty));
	KUNIT_ASSERT_EQ(test, 0, sko_ranges_add(&ranges, &five, &five));
	sko_ranges_settle(&ranges);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		value = (struct sko_value){ .low = cases[i].from };
		KUNIT_EXPECT_TRUE(test, sko_ranges_from(&ranges, &value));
		KUNIT_EXPECT_EQ_MSG(test, cases[i].want, value.low,
				    "from %llu", cases[i].from);
	}
	value = (struct sko_value){ .low = 21 };
	KUNIT_EXPECT_FALSE(test, sko_ranges_from(&ranges, &value));
	sko_ranges_destroy(&ranges);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(random_sets_are_what_bitmaps_say),
	KUNIT_CASE(inverting_twice_changes_nothing),
	KUNIT_CASE(no_more_than_its_capacity),
	KUNIT_CASE(next_member_from_a_value_on),
	{}
};

struct kunit_suite sko_ranges_suite = {
	.name = "sockowners-ranges",
	.test_cases = cases,
};
