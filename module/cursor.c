// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "cursor.h"

#include <linux/err.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

/*
 * Fill the empty batch from the present walk: 1 if it may have more, also when
 * it gave nothing now, 0 at its end, or an error.
 */
static int collect(struct sko_cursor *cursor)
{
	switch (cursor->walk) {
	case SKO_WALK_DESCRIPTORS:
		return sko_descriptors_collect(&cursor->descriptors,
					       &cursor->batch);
	case SKO_WALK_TCP:
		return sko_tcp_collect(&cursor->tcp, &cursor->batch);
	case SKO_WALKS:
		break;
	}
	return 0;
}

/**
 * sko_cursor_init() - a cursor at the beginning of a listing
 * @cursor: zeroed memory
 * @pid_ns: pid namespace of the procfs mount, kept by the open file's mount
 * @user_ns: that of the opener's credentials, kept by the open file
 *
 * Context: may sleep; memory is charged to the caller's cgroup.
 * Return: 0, or -ENOMEM.
 */
int sko_cursor_init(struct sko_cursor *cursor, struct pid_namespace *pid_ns,
		    struct user_namespace *user_ns)
{
	cursor->collect = collect;
	cursor->descriptors.pid_ns = pid_ns;
	cursor->descriptors.user_ns = user_ns;
	sko_cursor_rewind(cursor);
	return sko_batch_init(&cursor->batch, SKO_BATCH_ROWS);
}

/**
 * sko_cursor_destroy() - free what it holds
 * @cursor: initialised or zeroed
 *
 * Context: may sleep.
 */
void sko_cursor_destroy(struct sko_cursor *cursor)
{
	sko_tables_destroy(&cursor->descriptors.tables);
	sko_batch_destroy(&cursor->batch);
}

/**
 * sko_cursor_rewind() - begin a new listing
 * @cursor: the cursor
 */
void sko_cursor_rewind(struct sko_cursor *cursor)
{
	cursor->walk = SKO_WALK_DESCRIPTORS;
	cursor->error = 0;
	cursor->at = 0;
	cursor->batch.count = 0;
	sko_descriptors_rewind(&cursor->descriptors);
	sko_tcp_rewind(&cursor->tcp);
}

/**
 * sko_cursor_row() - the present row
 * @cursor: the cursor
 *
 * The same row until sko_cursor_step(), so that a line that did not fit into
 * the reader's buffer can be written again. When the batch is used up the next
 * one is collected from where the walk stands; nothing is walked twice.
 *
 * seq_file forgets an error that ->next() returns once it has shown a row, and
 * asks again. So an error stays until the next listing: what failed never looks
 * like what ended. A fatal signal is one reader's alone, and nothing is lost:
 * another one that shares the descriptor goes on.
 *
 * Context: may sleep. A fatal signal ends it between two batches.
 * Return: the row, NULL at the end, or ERR_PTR: -ENOMEM, -EINTR.
 */
struct sko_row *sko_cursor_row(struct sko_cursor *cursor)
{
	int ret;

	while (cursor->at == cursor->batch.count) {
		if (cursor->error)
			return ERR_PTR(cursor->error);
		if (cursor->walk == SKO_WALKS)
			return NULL;

		if (fatal_signal_pending(current))
			return ERR_PTR(-EINTR);

		cursor->at = 0;
		cursor->batch.count = 0;
		ret = cursor->collect(cursor);
		if (ret < 0)
			cursor->error = ret;
		else if (!ret)
			cursor->walk++;
		cond_resched();
	}
	return &cursor->batch.rows[cursor->at];
}

/**
 * sko_cursor_step() - go on to the next row
 * @cursor: has a present row
 */
void sko_cursor_step(struct sko_cursor *cursor)
{
	cursor->at++;
}
