// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * The cursor under seq_file, at every size of buffer and of read, on rows that
 * the test gives in the place of the walks.
 */
#include "suites.h"
#include "../../module/cursor.h"
#include "../../module/line.h"
#include "../../module/proc.h"

#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/in.h>
#include <linux/mm.h>
#include <linux/net.h>
#include <linux/pid_namespace.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uio.h>

#define ROWS		37
#define TEXT_SIZE	(SKO_LINE_MAX * (ROWS + 1))

struct made {
	struct sko_cursor cursor;
	struct seq_file m;
	struct file file;
	struct sko_process process;
	unsigned int collected;		/* calls since it was set to 0 */
	unsigned int fail_at;		/* the row that cannot be collected */
	char *want, *got;
	size_t len;
};

/* Rows of many lengths, the position in descriptors.fd, which a rewind resets. */
static int collect_made(struct sko_cursor *cursor)
{
	struct made *made = container_of(cursor, struct made, cursor);
	unsigned int i, *at = &cursor->descriptors.fd;

	made->collected++;
	if (*at >= ROWS)
		return 0;
	if (made->collected % 3 == 0)	/* a walk may give nothing for a while */
		return 1;
	for (i = 0; i < 1 + *at % 5 && *at < ROWS; i++, ++*at) {
		struct sko_row *row;

		if (*at == made->fail_at)
			return i ? 1 : -ENOMEM;
		row = sko_batch_row(&cursor->batch);
		*row = (struct sko_row){
			.held = { .holder = SKO_HOLDER_FD,
				  .process = &made->process },
			.fd = *at, .inode = 1ULL << *at, .family = AF_INET6,
			.type = SOCK_STREAM, .protocol = IPPROTO_TCP,
			.state = TCP_LISTEN,
		};
		memset(row->dev, 'd', *at % IFNAMSIZ);
		memset(&row->laddr, 0x11, *at % sizeof(row->laddr));
	}
	return 1;
}

static ssize_t read_at(struct made *made, char *to, size_t size, loff_t pos)
{
	struct kvec vec = { .iov_base = to, .iov_len = size };
	struct kiocb kiocb = { .ki_filp = &made->file, .ki_pos = pos };
	struct iov_iter iter;

	iov_iter_kvec(&iter, ITER_DEST, &vec, 1, size);
	return seq_read_iter(&kiocb, &iter);
}

/* From the beginning to the end or an error, which is returned. */
static ssize_t read_all(struct made *made, size_t size)
{
	ssize_t got;
	loff_t pos = 0;

	memset(made->got, 0, TEXT_SIZE);
	do {
		size_t room = min_t(size_t, size, TEXT_SIZE - pos);

		got = read_at(made, made->got + pos, room, pos);
		if (got > 0)
			pos += got;
	} while (got > 0);
	made->len = pos;
	return got;
}

static void set_buffer(struct kunit *test, size_t size)
{
	struct made *made = test->priv;

	kvfree(made->m.buf);
	made->m.buf = kvmalloc(size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, made->m.buf);
	made->m.size = size;
	made->m.count = 0;
	made->m.from = 0;
}

static int set_up(struct kunit *test)
{
	struct made *made = kunit_kzalloc(test, sizeof(*made), GFP_KERNEL);
	struct sko_columns columns;
	unsigned int row;
	char *end;

	KUNIT_ASSERT_NOT_NULL(test, made);
	sko_columns_default(&columns);
	test->priv = made;
	made->want = kvzalloc(TEXT_SIZE + 1, GFP_KERNEL);
	made->got = kvzalloc(TEXT_SIZE + 1, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, made->want);
	KUNIT_ASSERT_NOT_NULL(test, made->got);
	made->file.f_cred = current_cred();
	KUNIT_ASSERT_EQ(test, 0, sko_cursor_init(&made->cursor, &made->file,
						 &init_pid_ns, &columns));
	made->cursor.collect = collect_made;
	made->process = (struct sko_process){ .pid = 1, .comm = "made" };
	made->fail_at = UINT_MAX;
	made->file.private_data = &made->m;
	made->m.op = &sko_seq_ops;
	made->m.private = &made->cursor;
	made->m.file = &made->file;
	mutex_init(&made->m.lock);

	/* What is to come out: one line after the other, in one piece. */
	end = sko_line_header(made->want, &columns);
	for (row = 0; row < ROWS; row++) {
		struct sko_row *present = sko_cursor_row(&made->cursor);

		KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(present));
		KUNIT_ASSERT_EQ(test, (int)row, present->fd);
		end = sko_line(end, present, &made->cursor.lines);
		made->cursor.at++;
	}
	KUNIT_ASSERT_NULL(test, sko_cursor_row(&made->cursor));
	return 0;
}

static void tear_down(struct kunit *test)
{
	struct made *made = test->priv;

	sko_cursor_destroy(&made->cursor);
	kvfree(made->m.buf);
	kvfree(made->want);
	kvfree(made->got);
}

static void expect_whole(struct kunit *test, size_t buffer, size_t size)
{
	struct made *made = test->priv;

	KUNIT_ASSERT_EQ_MSG(test, 0, (int)read_all(made, size),
			    "buffer %zu, read %zu", buffer, size);
	KUNIT_ASSERT_EQ_MSG(test, strlen(made->want), made->len,
			    "buffer %zu, read %zu", buffer, size);
	KUNIT_ASSERT_EQ_MSG(test, 0, strcmp(made->want, made->got),
			    "buffer %zu, read %zu", buffer, size);
}

/* From one byte on; around each size a line just fits or just does not. */
static void every_buffer_gives_the_same_rows(struct kunit *test)
{
	size_t size;

	for (size = 1; size <= 2 * SKO_LINE_MAX + 300; size++) {
		set_buffer(test, size);
		expect_whole(test, size, TEXT_SIZE);
	}
}

static void every_read_gives_the_same_rows(struct kunit *test)
{
	size_t size;

	set_buffer(test, 4096);
	for (size = 1; size <= SKO_LINE_MAX; size++)
		expect_whole(test, 4096, size);
}

static void small_reads_of_a_small_buffer(struct kunit *test)
{
	size_t size;

	for (size = 1; size <= 64; size++) {
		set_buffer(test, 1);
		expect_whole(test, 1, size);
	}
}

static void reading_at_an_offset_agrees_with_the_whole(struct kunit *test)
{
	struct made *made = test->priv;
	size_t whole = strlen(made->want), pos;
	char piece[64];

	set_buffer(test, 4096);
	for (pos = 0; pos < whole; pos++) {
		ssize_t got = read_at(made, piece, sizeof(piece), pos);

		KUNIT_ASSERT_GT_MSG(test, got, (ssize_t)0, "at %zu", pos);
		KUNIT_ASSERT_EQ_MSG(test, 0, memcmp(made->want + pos, piece, got),
				    "at %zu", pos);
	}
	KUNIT_EXPECT_EQ(test, 0, (int)read_at(made, piece, sizeof(piece), whole));
}

static void nothing_is_collected_twice(struct kunit *test)
{
	struct made *made = test->priv;
	unsigned int at_once;

	set_buffer(test, TEXT_SIZE);
	made->collected = 0;
	expect_whole(test, TEXT_SIZE, TEXT_SIZE);
	at_once = made->collected;

	set_buffer(test, TEXT_SIZE);
	made->collected = 0;
	expect_whole(test, TEXT_SIZE, 1);
	KUNIT_EXPECT_EQ(test, at_once, made->collected);
}

/* Of two lines there is room for one; a step goes on behind what was shown last. */
static void row_stays_until_the_next_step(struct kunit *test)
{
	struct made *made = test->priv;
	struct sko_row *row;
	char *line, *end;

	line = kunit_kzalloc(test, 2 * SKO_LINE_MAX, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, line);
	sko_cursor_rewind(&made->cursor);
	row = sko_cursor_row(&made->cursor);
	KUNIT_EXPECT_PTR_EQ(test, row, sko_cursor_row(&made->cursor));
	KUNIT_EXPECT_EQ(test, 0, row->fd);
	/* Five were collected together. */
	end = sko_cursor_lines(&made->cursor, line, 2 * SKO_LINE_MAX);
	KUNIT_EXPECT_PTR_NE(test, end - 1, strchr(line, '\n'));
	end = sko_cursor_lines(&made->cursor, line, SKO_LINE_MAX + 1);
	KUNIT_EXPECT_PTR_EQ(test, end - 1, strchr(line, '\n'));
	KUNIT_EXPECT_PTR_EQ(test, row, sko_cursor_row(&made->cursor));
	sko_cursor_step(&made->cursor);
	KUNIT_EXPECT_EQ(test, 1, sko_cursor_row(&made->cursor)->fd);
}

static void end_stays_the_end(struct kunit *test)
{
	struct made *made = test->priv;
	char byte;

	set_buffer(test, 4096);
	expect_whole(test, 4096, TEXT_SIZE);
	made->collected = 0;
	KUNIT_EXPECT_EQ(test, 0, (int)read_at(made, &byte, 1, made->len));
	KUNIT_EXPECT_EQ(test, 0, (int)read_at(made, &byte, 1, made->len));
	KUNIT_EXPECT_EQ(test, 0U, made->collected);
}

/* seq_file forgets an error after a row; the reader must see it all the same. */
static void failure_is_never_a_shorter_listing(struct kunit *test)
{
	struct made *made = test->priv;
	char byte;

	for (made->fail_at = 0; made->fail_at < ROWS; made->fail_at++) {
		set_buffer(test, 4096);
		KUNIT_ASSERT_EQ_MSG(test, -ENOMEM, (int)read_all(made, 512),
				    "at row %u", made->fail_at);
		KUNIT_EXPECT_EQ(test, 0, strncmp(made->want, made->got,
						 made->len));
		KUNIT_EXPECT_EQ(test, -ENOMEM,
				(int)read_at(made, &byte, 1, made->len));
	}
	made->fail_at = UINT_MAX;
	set_buffer(test, 4096);
	expect_whole(test, 4096, 512);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(every_buffer_gives_the_same_rows),
	KUNIT_CASE(every_read_gives_the_same_rows),
	KUNIT_CASE(small_reads_of_a_small_buffer),
	KUNIT_CASE(reading_at_an_offset_agrees_with_the_whole),
	KUNIT_CASE(nothing_is_collected_twice),
	KUNIT_CASE(row_stays_until_the_next_step),
	KUNIT_CASE(end_stays_the_end),
	KUNIT_CASE(failure_is_never_a_shorter_listing),
	{}
};

struct kunit_suite sko_cursor_suite = {
	.name = "sockowners-cursor",
	.init = set_up,
	.exit = tear_down,
	.test_cases = cases,
};
