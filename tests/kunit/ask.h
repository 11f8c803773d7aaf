/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * A query from text, for the tests that are about what it means.
 */
#ifndef SOCKOWNERS_ASK_H
#define SOCKOWNERS_ASK_H

#include <kunit/test.h>
#include <linux/err.h>
#include <linux/string.h>

#include "../../module/query.h"

/* Of bytes that need not be a string. */
static inline struct sko_query *ask_bytes(struct kunit *test, const char *text,
					  size_t len)
{
	char *copy = kunit_kzalloc(test, len + 1, GFP_KERNEL);
	struct sko_columns columns;
	struct sko_query *query;

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, text, len);
	sko_columns_default(&columns);
	query = sko_query_parse(copy, len, &columns);
	kunit_kfree(test, copy);
	return query;
}

/* Of text that is one. */
static inline struct sko_query *ask(struct kunit *test, const char *text)
{
	struct sko_query *query = ask_bytes(test, text, strlen(text));

	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(query), "'%s' gives %ld", text,
			       PTR_ERR(query));
	return query;
}

#endif
