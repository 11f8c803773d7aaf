// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * Room for rows: what keeps them and what gives them up.
 */
#include "suites.h"
#include "../../module/batch.h"

#define ROOM 8

static int set_up(struct kunit *test)
{
	struct sko_batch *batch = kunit_kzalloc(test, sizeof(*batch),
						GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, batch);
	test->priv = batch;
	return sko_batch_init(batch, ROOM);
}

static void tear_down(struct kunit *test)
{
	sko_batch_destroy(test->priv);
}

/* Rows with the numbers from @from on. Returns how many there was room for. */
static unsigned int fill(struct sko_batch *batch, unsigned int from,
			 unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		struct sko_row *row = sko_batch_row(batch);

		if (!row)
			break;
		*row = (struct sko_row){
			.fd = from + i, .inode = ~(u64)(from + i),
		};
	}
	return i;
}

static void expect_rows(struct kunit *test, unsigned int count)
{
	const struct sko_batch *batch = test->priv;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, count, batch->count);
	KUNIT_ASSERT_LE(test, batch->count, batch->capacity);
	for (i = 0; i < count; i++) {
		KUNIT_EXPECT_EQ(test, (int)i, sko_batch_at(batch, i)->fd);
		KUNIT_EXPECT_EQ(test, ~(u64)i, sko_batch_at(batch, i)->inode);
	}
}

static void full_batch_has_no_row(struct kunit *test)
{
	struct sko_batch *batch = test->priv;

	KUNIT_EXPECT_EQ(test, (unsigned int)ROOM, fill(batch, 0, ROOM + 3));
	KUNIT_EXPECT_NULL(test, sko_batch_row(batch));
	expect_rows(test, ROOM);
}

static void empty_gives_all_up(struct kunit *test)
{
	struct sko_batch *batch = test->priv;

	fill(batch, 0, 5);
	batch->settled = 3;
	sko_batch_empty(batch);
	KUNIT_EXPECT_EQ(test, 0U, batch->count);
	KUNIT_EXPECT_EQ(test, 0U, batch->settled);
	KUNIT_EXPECT_EQ(test, (unsigned int)ROOM, batch->capacity);
}

static void grow_gives_all_up(struct kunit *test)
{
	struct sko_batch *batch = test->priv;

	fill(batch, 0, 5);
	batch->settled = 3;
	KUNIT_ASSERT_EQ(test, 0, sko_batch_grow(batch, 3 * ROOM));
	KUNIT_EXPECT_EQ(test, 0U, batch->count);
	KUNIT_EXPECT_EQ(test, 0U, batch->settled);
	KUNIT_EXPECT_EQ(test, 3U * ROOM, fill(batch, 0, 4 * ROOM));
	expect_rows(test, 3 * ROOM);
}

static void extend_keeps_the_rows(struct kunit *test)
{
	struct sko_batch *batch = test->priv;
	unsigned int count = 0, rows = 1;

	while (count < 1000) {
		count += fill(batch, count, UINT_MAX);
		batch->settled = count - 1;
		KUNIT_ASSERT_EQ(test, 0, sko_batch_extend(batch, rows));
		KUNIT_ASSERT_EQ(test, count + rows, batch->capacity);
		KUNIT_EXPECT_EQ(test, count - 1, batch->settled);
		expect_rows(test, count);
		rows = rows * 2 + 1;
	}
}

static void extend_takes_the_room_there_is(struct kunit *test)
{
	struct sko_batch *batch = test->priv;

	fill(batch, 0, 3);
	KUNIT_ASSERT_EQ(test, 0, sko_batch_extend(batch, ROOM - 3));
	KUNIT_EXPECT_EQ(test, (unsigned int)ROOM, batch->capacity);
	KUNIT_ASSERT_EQ(test, 0, sko_batch_extend(batch, ROOM - 2));
	KUNIT_EXPECT_EQ(test, ROOM + 1U, batch->capacity);
}

static void extend_keeps_listing_and_process(struct kunit *test)
{
	struct sko_batch *batch = test->priv;
	struct sko_look *look = (struct sko_look *)batch; /* to compare */

	batch->look = look;
	batch->process.pid = 4711;
	KUNIT_ASSERT_EQ(test, 0, sko_batch_extend(batch, 2 * ROOM));
	KUNIT_EXPECT_PTR_EQ(test, look, batch->look);
	KUNIT_EXPECT_EQ(test, 4711, batch->process.pid);
}

static void chain_that_fits_is_done(struct kunit *test)
{
	struct sko_batch *batch = test->priv;

	KUNIT_EXPECT_EQ(test, 0, sko_batch_retry(batch, 0, 0));
	fill(batch, 0, 3);
	KUNIT_EXPECT_EQ(test, 0, sko_batch_retry(batch, 0, 3));
	KUNIT_EXPECT_EQ(test, 0, sko_batch_retry(batch, 3, 0));
	fill(batch, 3, ROOM - 3);
	KUNIT_EXPECT_EQ(test, 0, sko_batch_retry(batch, 3, ROOM - 3));
	KUNIT_EXPECT_EQ(test, (unsigned int)ROOM, batch->capacity);
	expect_rows(test, ROOM);
}

/* What was there goes out first, and then the chain has the whole batch. */
static void chain_behind_others_is_taken_back(struct kunit *test)
{
	struct sko_batch *batch = test->priv;

	fill(batch, 0, 5);
	batch->settled = 2;
	fill(batch, 100, 10);
	KUNIT_EXPECT_EQ(test, 1, sko_batch_retry(batch, 5, 10));
	KUNIT_EXPECT_EQ(test, 2U, batch->settled);
	KUNIT_EXPECT_EQ(test, (unsigned int)ROOM, batch->capacity);
	expect_rows(test, 5);
}

static void chain_alone_gets_more_room(struct kunit *test)
{
	struct sko_batch *batch = test->priv;

	fill(batch, 0, ROOM + 1);
	KUNIT_EXPECT_EQ(test, 1, sko_batch_retry(batch, 0, ROOM + 1));
	KUNIT_EXPECT_EQ(test, 0U, batch->count);
	KUNIT_EXPECT_GE(test, batch->capacity, ROOM + 1U);
	KUNIT_EXPECT_EQ(test, ROOM + 1U, fill(batch, 0, ROOM + 1));
	KUNIT_EXPECT_EQ(test, 0, sko_batch_retry(batch, 0, ROOM + 1));
	expect_rows(test, ROOM + 1);

	/* A chain that has doubled meanwhile. */
	sko_batch_empty(batch);
	fill(batch, 0, 40);
	KUNIT_EXPECT_EQ(test, 1, sko_batch_retry(batch, 0, 40));
	KUNIT_EXPECT_GE(test, batch->capacity, 40U);
}

static void destroyed_batch_is_zeroed(struct kunit *test)
{
	struct sko_batch *batch = test->priv;

	fill(batch, 0, 5);
	sko_batch_destroy(batch);
	KUNIT_EXPECT_NULL(test, batch->pieces);
	KUNIT_EXPECT_EQ(test, 0U, batch->count);
	KUNIT_EXPECT_NULL(test, sko_batch_row(batch));
	sko_batch_destroy(batch);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(full_batch_has_no_row),
	KUNIT_CASE(empty_gives_all_up),
	KUNIT_CASE(grow_gives_all_up),
	KUNIT_CASE(extend_keeps_the_rows),
	KUNIT_CASE(extend_takes_the_room_there_is),
	KUNIT_CASE(extend_keeps_listing_and_process),
	KUNIT_CASE(chain_that_fits_is_done),
	KUNIT_CASE(chain_behind_others_is_taken_back),
	KUNIT_CASE(chain_alone_gets_more_room),
	KUNIT_CASE(destroyed_batch_is_zeroed),
	{}
};

struct kunit_suite sko_batch_suite = {
	.name = "sockowners-batch",
	.init = set_up,
	.exit = tear_down,
	.test_cases = cases,
};
