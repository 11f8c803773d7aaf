// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * Which columns somebody asks for, and what is no such list.
 */
#include "suites.h"
#include "../../module/columns.h"

#include <linux/string.h>

static const enum sko_column some[] = {
	SKO_COL_COMM, SKO_COL_PID, SKO_COL_TIMER, SKO_COL_LADDR,
};

static void expect_columns(struct kunit *test, const struct sko_columns *columns,
			   const enum sko_column *want, unsigned int count)
{
	unsigned int i;

	KUNIT_ASSERT_EQ(test, count, (unsigned int)columns->count);
	for (i = 0; i < count; i++)
		KUNIT_EXPECT_EQ_MSG(test, (int)want[i], (int)columns->column[i],
				    "column %u", i);
}

/* The first of them all, in their order. */
static void expect_first(struct kunit *test, const struct sko_columns *columns,
			 unsigned int count)
{
	unsigned int i;

	KUNIT_ASSERT_EQ(test, count, (unsigned int)columns->count);
	for (i = 0; i < count; i++)
		KUNIT_EXPECT_EQ(test, i, (unsigned int)columns->column[i]);
}

static void default_is_what_a_plain_read_shows(struct kunit *test)
{
	struct sko_columns columns = {};

	sko_columns_default(&columns);
	expect_first(test, &columns, SKO_COLUMNS_DEFAULT);
	memset(&columns, 0xff, sizeof(columns));
	KUNIT_EXPECT_EQ(test, 0, sko_columns_parse(&columns, "default"));
	expect_first(test, &columns, SKO_COLUMNS_DEFAULT);
	KUNIT_EXPECT_EQ(test, 0U,
			sko_columns_mask(&columns) & (u32)SKO_COLUMNS_EXTRA);
}

static void all_is_every_column(struct kunit *test)
{
	struct sko_columns columns = {};

	KUNIT_EXPECT_EQ(test, 0, sko_columns_parse(&columns, "all"));
	expect_first(test, &columns, SKO_COLUMNS);
	KUNIT_EXPECT_EQ(test, (u32)GENMASK(SKO_COLUMNS - 1, 0),
			sko_columns_mask(&columns));
}

static void every_column_has_a_name_of_its_own(struct kunit *test)
{
	struct sko_columns columns = {};
	enum sko_column i;

	for (i = 0; i < SKO_COLUMNS; i++) {
		KUNIT_ASSERT_NOT_NULL(test, sko_column_names[i]);
		KUNIT_EXPECT_EQ(test, 0, sko_columns_parse(&columns,
							   sko_column_names[i]));
		expect_columns(test, &columns, &i, 1);
		KUNIT_EXPECT_EQ(test, (u32)BIT(i), sko_columns_mask(&columns));
	}
}

static void list_is_in_any_order(struct kunit *test)
{
	struct sko_columns columns = {};

	KUNIT_EXPECT_EQ(test, 0, sko_columns_parse(&columns,
						   "comm,pid,timer,laddr"));
	expect_columns(test, &columns, some, ARRAY_SIZE(some));
	KUNIT_EXPECT_EQ(test, (u32)(BIT(SKO_COL_COMM) | BIT(SKO_COL_PID) |
				    BIT(SKO_COL_TIMER) | BIT(SKO_COL_LADDR)),
			sko_columns_mask(&columns));
}

static void append(char *text, const char *more)
{
	memcpy(text + strlen(text), more, strlen(more) + 1);
}

static void all_of_them_backwards(struct kunit *test)
{
	struct sko_columns columns = {};
	char text[512] = "";
	int i;

	for (i = SKO_COLUMNS - 1; i >= 0; i--) {
		append(text, sko_column_names[i]);
		if (i)
			append(text, ",");
	}
	KUNIT_ASSERT_EQ(test, 0, sko_columns_parse(&columns, text));
	KUNIT_ASSERT_EQ(test, (int)SKO_COLUMNS, (int)columns.count);
	for (i = 0; i < SKO_COLUMNS; i++)
		KUNIT_EXPECT_EQ(test, SKO_COLUMNS - 1 - i,
				(int)columns.column[i]);

	/* One more would be one twice. */
	append(text, ",pid");
	KUNIT_EXPECT_EQ(test, -EINVAL, sko_columns_parse(&columns, text));
}

static void what_is_no_list_changes_nothing(struct kunit *test)
{
	static const char * const wrong[] = {
		"", ",", "nothing", "pid,nothing", "nothing,pid",
		"pid,", ",pid", "pid,,fd", "pid,fd,", "pid, fd", " pid", "pid ",
		"pid\n", "pid;fd", "pid fd", "pi", "pidd", "PID", "Pid",
		"pid,pid", "pid,fd,pid", "timer,timer",
		"all,pid", "pid,all", "default,pid", "pid,default", "all,",
		"default,", "ALL", "al", "alll", "defaul", "-", "*",
	};
	struct sko_columns columns = {};
	size_t i;

	KUNIT_ASSERT_EQ(test, 0, sko_columns_parse(&columns,
						   "comm,pid,timer,laddr"));
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL,
				    sko_columns_parse(&columns, wrong[i]),
				    "for \"%s\"", wrong[i]);
		expect_columns(test, &columns, some, ARRAY_SIZE(some));
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(default_is_what_a_plain_read_shows),
	KUNIT_CASE(all_is_every_column),
	KUNIT_CASE(every_column_has_a_name_of_its_own),
	KUNIT_CASE(list_is_in_any_order),
	KUNIT_CASE(all_of_them_backwards),
	KUNIT_CASE(what_is_no_list_changes_nothing),
	{}
};

struct kunit_suite sko_columns_suite = {
	.name = "sockowners-columns",
	.test_cases = cases,
};
