// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * Sets and maps of pointers that the test makes up; nothing is behind them.
 */
#include "suites.h"
#include "../../module/pointers.h"

#include <linux/prandom.h>
#include <linux/sched.h>

#define MANY	200000
#define SEED	20260101

static int set_up(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct sko_pointers),
				   GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void tear_down(struct kunit *test)
{
	sko_pointers_clear(test->priv);
}

/* As the allocator of a slab of sockets gives them out. */
static const void *neighbour(unsigned long number)
{
	return (const void *)(0xffff888000000000UL + number * 2304);
}

static const void *shifted(unsigned long number, unsigned int shift)
{
	return (const void *)((number + 1) << shift);
}

static void empty_set_has_nothing(struct kunit *test)
{
	struct sko_pointers *p = test->priv;

	KUNIT_EXPECT_FALSE(test, sko_pointers_has(p, neighbour(0)));
	KUNIT_EXPECT_NULL(test, sko_pointers_value(p, neighbour(0)));
	KUNIT_EXPECT_EQ(test, 0UL, p->count);
	sko_pointers_clear(p);
}

static void what_was_put_is_there(struct kunit *test)
{
	struct sko_pointers *p = test->priv;

	KUNIT_ASSERT_EQ(test, 0, sko_pointers_put(p, neighbour(0), 0));
	KUNIT_EXPECT_TRUE(test, sko_pointers_has(p, neighbour(0)));
	KUNIT_EXPECT_FALSE(test, sko_pointers_has(p, neighbour(1)));
	KUNIT_EXPECT_FALSE(test, sko_pointers_has(p, NULL));
	KUNIT_EXPECT_EQ(test, 1UL, p->count);
}

static void duplicate_counts_once(struct kunit *test)
{
	struct sko_pointers *p = test->priv;
	unsigned long i;

	for (i = 0; i < 3000; i++)
		KUNIT_ASSERT_EQ(test, 0,
				sko_pointers_put(p, neighbour(i % 300), 0));
	KUNIT_EXPECT_EQ(test, 300UL, p->count);
}

static unsigned long slots_of(const struct sko_pointers *p)
{
	unsigned long slots = 0;
	int i;

	for (i = 0; i < SKO_POINTERS_SEGMENTS; i++)
		slots += p->segment[i].size;
	return slots;
}

static unsigned long counted(const struct sko_pointers *p)
{
	unsigned long count = 0;
	int i;

	for (i = 0; i < SKO_POINTERS_SEGMENTS; i++)
		count += p->segment[i].count;
	return count;
}

/* Each that is expected is there and each that is not is not. */
static void expect_these(struct kunit *test, unsigned long count,
			 unsigned int shift)
{
	struct sko_pointers *p = test->priv;
	unsigned long i, lost = 0, wrong = 0;

	for (i = 0; i < count; i++) {
		const void *in = shift ? shifted(i, shift) : neighbour(i);
		const void *out = shift ? shifted(i + count, shift)
					: neighbour(i + count);

		lost += !sko_pointers_has(p, in);
		wrong += sko_pointers_has(p, out);
	}
	KUNIT_EXPECT_EQ_MSG(test, 0UL, lost, "shift %u", shift);
	KUNIT_EXPECT_EQ_MSG(test, 0UL, wrong, "shift %u", shift);
	KUNIT_EXPECT_EQ_MSG(test, count, p->count, "shift %u", shift);
	KUNIT_EXPECT_EQ_MSG(test, count, counted(p), "shift %u", shift);
}

static void set_grows_and_loses_none(struct kunit *test)
{
	struct sko_pointers *p = test->priv;
	unsigned long i;

	for (i = 0; i < MANY; i++) {
		KUNIT_ASSERT_EQ(test, 0, sko_pointers_put(p, neighbour(i), 0));
		if (i % 8192 == 0)
			cond_resched();
	}
	expect_these(test, MANY, 0);
}

static void random_pointers_are_found_again(struct kunit *test)
{
	struct sko_pointers *p = test->priv;
	struct rnd_state random;
	unsigned long i, lost = 0;

	prandom_seed_state(&random, SEED);
	for (i = 0; i < MANY / 4; i++) {
		unsigned long key = prandom_u32_state(&random);

		key = (key << 32 | prandom_u32_state(&random)) | 1;
		KUNIT_ASSERT_EQ(test, 0,
				sko_pointers_put(p, (const void *)key, 0));
	}
	prandom_seed_state(&random, SEED);
	for (i = 0; i < MANY / 4; i++) {
		unsigned long key = prandom_u32_state(&random);

		key = (key << 32 | prandom_u32_state(&random)) | 1;
		lost += !sko_pointers_has(p, (const void *)key);
	}
	KUNIT_EXPECT_EQ(test, 0UL, lost);
	KUNIT_EXPECT_EQ(test, counted(p), p->count);
}

/*
 * Neighbours of all kinds: bytes, cache lines, slab objects, pages, and what
 * only the topmost bits tell apart. None may end in one heap.
 */
static void any_bits_may_differ(struct kunit *test)
{
	static const struct {
		unsigned int shift;
		unsigned long count;
	} cases[] = {
		{ 1, 20000 }, { 3, 20000 }, { 6, 20000 }, { 11, 20000 },
		{ 12, 20000 }, { 16, 20000 }, { 21, 20000 }, { 32, 20000 },
		{ 40, 20000 }, { 48, 20000 }, { 50, 8000 }, { 58, 30 },
	};
	struct sko_pointers *p = test->priv;
	unsigned long i;
	size_t n;

	for (n = 0; n < ARRAY_SIZE(cases); n++) {
		sko_pointers_clear(p);
		for (i = 0; i < cases[n].count; i++)
			KUNIT_ASSERT_EQ(test, 0,
					sko_pointers_put(p, shifted(i, cases[n].shift),
							 0));
		expect_these(test, cases[n].count, cases[n].shift);
		cond_resched();
	}
}

/* The longest run of used slots is the most that a look-up can cost. */
static void look_up_is_short(struct kunit *test)
{
	struct sko_pointers *p = test->priv;
	unsigned int longest = 0, run = 0;
	unsigned long i;
	u32 slot;

	for (i = 0; i < MANY / 4; i++)
		KUNIT_ASSERT_EQ(test, 0, sko_pointers_put(p, neighbour(i), 0));
	for (i = 0; i < SKO_POINTERS_SEGMENTS; i++) {
		const struct sko_segment *segment = &p->segment[i];

		for (slot = 0; slot < segment->size; slot++) {
			run = segment->key[slot] ? run + 1 : 0;
			longest = max(longest, run);
		}
		run = 0;
	}
	KUNIT_EXPECT_LT(test, longest, 500U);
}

static void memory_stays_within_the_promise(struct kunit *test)
{
	struct sko_pointers *p = test->priv;
	unsigned long i, bytes;

	for (i = 0; i < MANY; i++) {
		KUNIT_ASSERT_EQ(test, 0, sko_pointers_put(p, neighbour(i), 0));
		if (p->count < MANY / 10 || p->count % 1000)
			continue;
		bytes = slots_of(p) * sizeof(unsigned long);
		KUNIT_ASSERT_GE_MSG(test, 10 * bytes, 90 * p->count,
				    "%lu bytes for %lu", bytes, p->count);
		KUNIT_ASSERT_LE_MSG(test, 10 * bytes, 142 * p->count,
				    "%lu bytes for %lu", bytes, p->count);
		cond_resched();
	}
	for (i = 0; i < SKO_POINTERS_SEGMENTS; i++)
		KUNIT_EXPECT_NULL(test, p->segment[i].value);
}

static void map_keeps_its_values_while_it_grows(struct kunit *test)
{
	struct sko_pointers *p = test->priv;
	unsigned long i, wrong = 0;

	p->map = true;
	for (i = 0; i < MANY / 4; i++)
		KUNIT_ASSERT_EQ(test, 0, sko_pointers_put(p, neighbour(i),
							  U64_MAX - i));
	for (i = 0; i < MANY / 4; i++) {
		const u64 *value = sko_pointers_value(p, neighbour(i));

		wrong += !value || *value != U64_MAX - i;
	}
	KUNIT_EXPECT_EQ(test, 0UL, wrong);
	KUNIT_EXPECT_NULL(test, sko_pointers_value(p, neighbour(MANY / 4)));
}

static void value_is_replaced(struct kunit *test)
{
	struct sko_pointers *p = test->priv;
	unsigned long i, wrong = 0;
	u64 *value;

	p->map = true;
	for (i = 0; i < 1000; i++)
		KUNIT_ASSERT_EQ(test, 0, sko_pointers_put(p, neighbour(i), i));
	for (i = 0; i < 1000; i += 2)
		KUNIT_ASSERT_EQ(test, 0,
				sko_pointers_put(p, neighbour(i), 5000 + i));
	for (i = 0; i < 1000; i++) {
		value = sko_pointers_value(p, neighbour(i));
		wrong += !value || *value != (i % 2 ? i : 5000 + i);
	}
	KUNIT_EXPECT_EQ(test, 0UL, wrong);
	KUNIT_EXPECT_EQ(test, 1000UL, p->count);

	value = sko_pointers_value(p, neighbour(7));
	KUNIT_ASSERT_NOT_NULL(test, value);
	*value = 42;
	KUNIT_EXPECT_EQ(test, (u64)42, *sko_pointers_value(p, neighbour(7)));
}

static void cleared_set_is_a_new_one(struct kunit *test)
{
	struct sko_pointers *p = test->priv;
	unsigned long i, left = 0;

	p->map = true;
	for (i = 0; i < 10000; i++)
		KUNIT_ASSERT_EQ(test, 0, sko_pointers_put(p, neighbour(i), i));
	sko_pointers_clear(p);
	KUNIT_EXPECT_EQ(test, 0UL, p->count);
	KUNIT_EXPECT_EQ(test, 0UL, slots_of(p));
	KUNIT_EXPECT_TRUE(test, p->map);
	for (i = 0; i < 10000; i++)
		left += sko_pointers_has(p, neighbour(i));
	KUNIT_EXPECT_EQ(test, 0UL, left);

	KUNIT_ASSERT_EQ(test, 0, sko_pointers_put(p, neighbour(3), 33));
	KUNIT_ASSERT_NOT_NULL(test, sko_pointers_value(p, neighbour(3)));
	KUNIT_EXPECT_EQ(test, (u64)33, *sko_pointers_value(p, neighbour(3)));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(empty_set_has_nothing),
	KUNIT_CASE(what_was_put_is_there),
	KUNIT_CASE(duplicate_counts_once),
	KUNIT_CASE(set_grows_and_loses_none),
	KUNIT_CASE(random_pointers_are_found_again),
	KUNIT_CASE(any_bits_may_differ),
	KUNIT_CASE(look_up_is_short),
	KUNIT_CASE(memory_stays_within_the_promise),
	KUNIT_CASE(map_keeps_its_values_while_it_grows),
	KUNIT_CASE(value_is_replaced),
	KUNIT_CASE(cleared_set_is_a_new_one),
	{}
};

struct kunit_suite sko_pointers_suite = {
	.name = "sockowners-pointers",
	.init = set_up,
	.exit = tear_down,
	.test_cases = cases,
};
