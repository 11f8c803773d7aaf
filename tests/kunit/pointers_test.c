// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * The map from pointers to numbers.
 */
#include "suites.h"
#include "../../module/pointers.h"

#include <linux/slab.h>

#define MANY 200000

/* Addresses as a slab has them; none of them is followed. */
static const void *address(unsigned long number)
{
	return (const void *)(0xffff888000000000UL + number * 2368);
}

static u64 bytes_of(const struct sko_pointers *p)
{
	u64 bytes = 0;
	int i;

	for (i = 0; i < SKO_POINTERS_SEGMENTS; i++)
		bytes += (u64)p->segment[i].size * 16;
	return bytes;
}

static void empty_map_has_nothing(struct kunit *test)
{
	struct sko_pointers *p = test->priv;

	KUNIT_EXPECT_NULL(test, sko_pointers_value(p, address(0)));
	sko_pointers_clear(p);
	KUNIT_EXPECT_NULL(test, sko_pointers_value(p, address(0)));
}

static void none_of_many_is_lost(struct kunit *test)
{
	struct sko_pointers *p = test->priv;
	unsigned long i, wrong = 0;

	for (i = 0; i < MANY; i++)
		KUNIT_ASSERT_EQ(test, 0, sko_pointers_put(p, address(2 * i), 0));
	for (i = 0; i < 2 * MANY; i++)
		wrong += !!sko_pointers_value(p, address(i)) == i % 2;
	KUNIT_EXPECT_EQ(test, 0UL, wrong);
	KUNIT_EXPECT_EQ(test, (unsigned long)MANY, p->count);
	/* What the header says of its cost, for each hundred. */
	KUNIT_EXPECT_GE(test, 100 * bytes_of(p), 1820ULL * MANY);
	KUNIT_EXPECT_LE(test, 100 * bytes_of(p), 2744ULL * MANY);
}

static void twice_counts_once(struct kunit *test)
{
	struct sko_pointers *p = test->priv;
	int i;

	for (i = 0; i < 1000; i++)
		KUNIT_ASSERT_EQ(test, 0, sko_pointers_put(p, address(i % 7), 0));
	KUNIT_EXPECT_EQ(test, 7UL, p->count);
}

static void map_keeps_the_numbers(struct kunit *test)
{
	struct sko_pointers *p = test->priv;
	unsigned long i, wrong = 0;

	for (i = 0; i < 20000; i++)
		KUNIT_ASSERT_EQ(test, 0, sko_pointers_put(p, address(i), i));
	for (i = 0; i < 20000; i += 3)
		KUNIT_ASSERT_EQ(test, 0, sko_pointers_put(p, address(i), ~i));
	for (i = 0; i < 20000; i++) {
		const u64 *value = sko_pointers_value(p, address(i));

		wrong += !value || *value != (i % 3 ? i : ~i);
	}
	KUNIT_EXPECT_EQ(test, 0UL, wrong);
	KUNIT_EXPECT_NULL(test, sko_pointers_value(p, address(20000)));
}

static void bits_that_differ_high_or_low(struct kunit *test)
{
	struct sko_pointers *p = test->priv;
	int i;

	for (i = 0; i < BITS_PER_LONG; i++)
		KUNIT_ASSERT_EQ(test, 0,
				sko_pointers_put(p, (void *)BIT(i), 0));
	for (i = 0; i < BITS_PER_LONG; i++)
		KUNIT_EXPECT_NOT_NULL(test,
				      sko_pointers_value(p, (void *)BIT(i)));
	KUNIT_EXPECT_NULL(test, sko_pointers_value(p, (void *)3));
}

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

static struct kunit_case cases[] = {
	KUNIT_CASE(empty_map_has_nothing),
	KUNIT_CASE(none_of_many_is_lost),
	KUNIT_CASE(twice_counts_once),
	KUNIT_CASE(map_keeps_the_numbers),
	KUNIT_CASE(bits_that_differ_high_or_low),
	{}
};

struct kunit_suite sko_pointers_suite = {
	.name = "sockowners-pointers",
	.init = set_up,
	.exit = tear_down,
	.test_cases = cases,
};
