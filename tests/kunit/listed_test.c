// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * The set of sockets.
 */
#include "suites.h"
#include "../../module/listed.h"

#include <linux/slab.h>

#define MANY 100000
#define FIRST 0xffff888000000000UL

/* Addresses as a slab of order 3 has them; none of them is followed. */
static const struct sock *address(unsigned long number, unsigned long size)
{
	unsigned long each = 32768 / size;

	return (const struct sock *)(FIRST + number / each * 32768 +
				     number % each * size);
}

/* Each in a region of its own. */
static const struct sock *lone_address(unsigned long number)
{
	return (const struct sock *)(FIRST + number * 64 * SKO_LISTED_SPACE);
}

static u64 bytes_of(const struct sko_listed *listed)
{
	u64 bytes = 0;
	int i;

	for (i = 0; i < SKO_POINTERS_SEGMENTS; i++)
		bytes += (u64)listed->regions.segment[i].size * 16;
	return bytes;
}

static void put(struct kunit *test, const struct sock *sk)
{
	KUNIT_ASSERT_EQ(test, 0, sko_listed_put(test->priv, sk));
}

static void empty_set_has_nothing(struct kunit *test)
{
	struct sko_listed *listed = test->priv;

	KUNIT_EXPECT_FALSE(test, sko_listed_has(listed, address(0, 2368)));
	sko_listed_clear(listed);
	KUNIT_EXPECT_FALSE(test, sko_listed_has(listed, address(0, 2368)));
}

static void none_of_many_is_mistaken(struct kunit *test)
{
	static const unsigned long sizes[] = { SKO_LISTED_SPACE, 1088, 2368 };
	struct sko_listed *listed = test->priv;
	unsigned long i, size, wrong = 0;

	for (size = 0; size < ARRAY_SIZE(sizes); size++) {
		for (i = 0; i < MANY; i++)
			put(test, address(2 * i, sizes[size]));
		for (i = 0; i < 2 * MANY; i++)
			wrong += sko_listed_has(listed, address(i, sizes[size])) ==
				 i % 2;
		KUNIT_EXPECT_EQ(test, 0UL, wrong);
		KUNIT_EXPECT_EQ(test, (unsigned long)MANY, listed->count);
		sko_listed_clear(listed);
		KUNIT_EXPECT_EQ(test, 0UL, listed->count);
	}
}

static void twice_counts_once(struct kunit *test)
{
	struct sko_listed *listed = test->priv;
	int i;

	for (i = 0; i < 1000; i++)
		put(test, address(i % 7, 2368));
	KUNIT_EXPECT_EQ(test, 7UL, listed->count);
}

/* The one that was met last is remembered by its place, which is another one now. */
static void region_that_moves_is_found_again(struct kunit *test)
{
	const struct sock *second = (const void *)(FIRST + SKO_LISTED_SPACE);
	const struct sock *first = (const void *)FIRST;
	struct sko_listed *listed = test->priv;
	unsigned long i;

	put(test, first);
	KUNIT_EXPECT_TRUE(test, sko_listed_has(listed, first));
	for (i = 1; i < MANY; i++)
		put(test, lone_address(i));
	put(test, second);
	KUNIT_EXPECT_TRUE(test, sko_listed_has(listed, lone_address(1)));
	KUNIT_EXPECT_TRUE(test, sko_listed_has(listed, first));
	KUNIT_EXPECT_TRUE(test, sko_listed_has(listed, second));
	sko_listed_clear(listed);
	KUNIT_EXPECT_FALSE(test, sko_listed_has(listed, second));
}

/* As the header says. */
static void side_by_side_they_cost_little(struct kunit *test)
{
	struct sko_listed *listed = test->priv;
	unsigned long i;

	for (i = 0; i < MANY; i++)
		put(test, address(i, 2368));
	KUNIT_EXPECT_LE(test, bytes_of(listed), 220ULL * MANY / 100);
	sko_listed_clear(listed);

	for (i = 0; i < MANY; i++)
		put(test, lone_address(i));
	KUNIT_EXPECT_GE(test, bytes_of(listed), 1820ULL * MANY / 100);
	KUNIT_EXPECT_LE(test, bytes_of(listed), 2744ULL * MANY / 100);
}

static int set_up(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct sko_listed), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void tear_down(struct kunit *test)
{
	sko_listed_clear(test->priv);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(empty_set_has_nothing),
	KUNIT_CASE(none_of_many_is_mistaken),
	KUNIT_CASE(twice_counts_once),
	KUNIT_CASE(region_that_moves_is_found_again),
	KUNIT_CASE(side_by_side_they_cost_little),
	{}
};

struct kunit_suite sko_listed_suite = {
	.name = "sockowners-listed",
	.init = set_up,
	.exit = tear_down,
	.test_cases = cases,
};
