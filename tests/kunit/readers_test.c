// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * How many listings a user may have open, for users that are not there.
 */
#include "suites.h"
#include "../../module/readers.h"

#include <linux/err.h>

#define ONE	KUIDT_INIT(3000000001U)
#define OTHER	KUIDT_INIT(3000000002U)

static struct sko_readers *enter(struct kunit *test, kuid_t uid)
{
	struct sko_readers *readers = sko_readers_enter(uid);

	KUNIT_ASSERT_FALSE(test, IS_ERR(readers));
	return readers;
}

static void a_user_has_so_many_and_no_more(struct kunit *test)
{
	struct sko_readers *one = NULL, *other;
	int i;

	for (i = 0; i < SKO_READERS_MAX; i++)
		one = enter(test, ONE);
	KUNIT_EXPECT_EQ(test, -EMFILE, PTR_ERR(sko_readers_enter(ONE)));
	KUNIT_EXPECT_EQ(test, -EMFILE, PTR_ERR(sko_readers_enter(ONE)));

	other = enter(test, OTHER);
	KUNIT_EXPECT_PTR_NE(test, one, other);
	sko_readers_leave(other);

	sko_readers_leave(one);
	KUNIT_EXPECT_PTR_EQ(test, one, enter(test, ONE));
	KUNIT_EXPECT_EQ(test, -EMFILE, PTR_ERR(sko_readers_enter(ONE)));
	for (i = 0; i < SKO_READERS_MAX; i++)
		sko_readers_leave(one);
	KUNIT_EXPECT_FALSE(test, sko_readers_has(ONE));
	KUNIT_EXPECT_FALSE(test, sko_readers_has(OTHER));
}

static void who_has_none_is_forgotten(struct kunit *test)
{
	struct sko_readers *one;
	int i;

	for (i = 0; i < 3 * SKO_READERS_MAX; i++) {
		one = enter(test, ONE);
		KUNIT_EXPECT_TRUE(test, sko_readers_has(ONE));
		sko_readers_leave(one);
		KUNIT_EXPECT_FALSE(test, sko_readers_has(ONE));
	}
	sko_readers_leave(NULL);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_user_has_so_many_and_no_more),
	KUNIT_CASE(who_has_none_is_forgotten),
	{}
};

struct kunit_suite sko_readers_suite = {
	.name = "sockowners-readers",
	.test_cases = cases,
};
