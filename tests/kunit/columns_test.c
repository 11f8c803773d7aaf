// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * Asking for columns.
 */
#include "suites.h"
#include "../../module/columns.h"

#include <linux/errno.h>
#include <linux/kernel.h>

static void default_and_all(struct kunit *test)
{
	struct sko_columns columns;

	KUNIT_EXPECT_EQ(test, 0, sko_columns_parse(&columns, "default"));
	KUNIT_EXPECT_EQ(test, 15, (int)columns.count);
	KUNIT_EXPECT_EQ(test, (u32)0,
			sko_columns_mask(&columns) & (u32)SKO_COLUMNS_EXTRA);
	KUNIT_EXPECT_EQ(test, 0, sko_columns_parse(&columns, "all"));
	KUNIT_EXPECT_EQ(test, (int)SKO_COLUMNS, (int)columns.count);
	KUNIT_EXPECT_EQ(test, (u32)SKO_COLUMNS_EXTRA,
			sko_columns_mask(&columns) & (u32)SKO_COLUMNS_EXTRA);
}

static void each_by_its_name(struct kunit *test)
{
	struct sko_columns columns;
	int i;

	for (i = 0; i < SKO_COLUMNS; i++) {
		KUNIT_EXPECT_EQ(test, 0,
				sko_columns_parse(&columns,
						  sko_column_names[i]));
		KUNIT_EXPECT_EQ(test, 1, (int)columns.count);
		KUNIT_EXPECT_EQ(test, i, (int)columns.column[0]);
	}
}

static void order_is_that_of_the_list(struct kunit *test)
{
	struct sko_columns columns;

	KUNIT_EXPECT_EQ(test, 0, sko_columns_parse(&columns, "timer,pid,comm"));
	KUNIT_EXPECT_EQ(test, 3, (int)columns.count);
	KUNIT_EXPECT_EQ(test, (int)SKO_COL_TIMER, (int)columns.column[0]);
	KUNIT_EXPECT_EQ(test, (int)SKO_COL_PID, (int)columns.column[1]);
	KUNIT_EXPECT_EQ(test, (int)SKO_COL_COMM, (int)columns.column[2]);
}

static void bad_list_changes_nothing(struct kunit *test)
{
	static const char * const bad[] = {
		"", ",", "pid,", ",pid", "pid,,fd", "pid,pid", "pid fd",
		"nonsense", "pi", "pidd", "PID", "all,pid", "default,pid",
	};
	struct sko_columns columns = { .count = 1, .column = { SKO_COL_VIA } };
	int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
				    sko_columns_parse(&columns, bad[i]),
				    "'%s'", bad[i]);
		KUNIT_EXPECT_EQ(test, 1, (int)columns.count);
		KUNIT_EXPECT_EQ(test, (int)SKO_COL_VIA, (int)columns.column[0]);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(default_and_all),
	KUNIT_CASE(each_by_its_name),
	KUNIT_CASE(order_is_that_of_the_list),
	KUNIT_CASE(bad_list_changes_nothing),
	{}
};

struct kunit_suite sko_columns_suite = {
	.name = "sockowners-columns",
	.test_cases = cases,
};
