// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "cursor.h"
#include "query.h"

#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/in.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

/*
 * Fill the empty batch from the present walk: 1 if it may have more, also when
 * it gave nothing now, 0 at its end, or an error. After -EINTR the walk goes on
 * with the next call, and what is in the batch is whole.
 */
static int collect(struct sko_cursor *cursor)
{
	switch (cursor->walk) {
	case SKO_WALK_LOOKUP:
		return sko_lookup(&cursor->lookup, &cursor->query->packet,
				  cursor->access.net);
	case SKO_WALK_DESCRIPTORS:
		return sko_descriptors_collect(&cursor->descriptors,
					       &cursor->batch);
	case SKO_WALK_TCP_ACCEPT:
	case SKO_WALK_DCCP_ACCEPT:
		return sko_accept_collect(&cursor->accept, &cursor->look);
	case SKO_WALK_TCP:
	case SKO_WALK_DCCP:
		return sko_inet_collect(&cursor->inet, &cursor->batch);
	case SKO_WALK_UDP:
		return sko_udp_collect(&cursor->udp, &cursor->batch);
	case SKO_WALK_RAW:
		return sko_raw_collect(&cursor->raw, &cursor->batch);
	case SKO_WALK_SCTP:
		return sko_sctp_collect(&cursor->sctp, &cursor->batch);
	case SKO_WALKS:
		break;
	}
	return 0;
}

/* Go to the beginning of a walk. */
static void enter(struct sko_cursor *cursor, enum sko_walk walk)
{
	cursor->walk = walk;
	switch (walk) {
	case SKO_WALK_DESCRIPTORS:
		sko_descriptors_rewind(&cursor->descriptors);
		break;
	case SKO_WALK_TCP_ACCEPT:
		sko_accept_rewind(&cursor->accept, IPPROTO_TCP);
		break;
	case SKO_WALK_DCCP_ACCEPT:
		sko_accept_rewind(&cursor->accept, IPPROTO_DCCP);
		break;
	case SKO_WALK_TCP:
		sko_inet_rewind(&cursor->inet, IPPROTO_TCP);
		break;
	case SKO_WALK_DCCP:
		sko_inet_rewind(&cursor->inet, IPPROTO_DCCP);
		break;
	case SKO_WALK_UDP:
		sko_udp_rewind(&cursor->udp);
		break;
	case SKO_WALK_RAW:
		sko_raw_rewind(&cursor->raw);
		break;
	case SKO_WALK_SCTP:
		sko_sctp_rewind(&cursor->sctp);
		break;
	case SKO_WALK_LOOKUP:
	case SKO_WALKS:
		break;
	}
}

/**
 * sko_cursor_init() - a cursor at the beginning of a listing
 * @cursor: zeroed memory
 * @file: the file that is opened, which keeps the opener's credentials
 * @pid_ns: pid namespace of the procfs mount, kept by the open file's mount
 * @columns: of each line
 *
 * Context: in open(); may sleep; memory is charged to the caller's cgroup.
 * Return: 0, -ENOMEM, or an error of sko_access_init(); in any case
 *	sko_cursor_destroy() it.
 */
int sko_cursor_init(struct sko_cursor *cursor, const struct file *file,
		    struct pid_namespace *pid_ns,
		    const struct sko_columns *columns)
{
	struct user_namespace *user_ns = file->f_cred->user_ns;
	int err;

	err = sko_access_init(&cursor->access, file, pid_ns);
	if (err)
		return err;
	cursor->collect = collect;
	sko_lines_init(&cursor->lines, columns);
	cursor->look.columns = sko_columns_mask(columns);
	cursor->look.user_ns = user_ns;
	cursor->look.access = &cursor->access;
	cursor->batch.look = &cursor->look;
	cursor->descriptors.pid_ns = pid_ns;
	cursor->descriptors.user_ns = user_ns;
	cursor->descriptors.access = &cursor->access;
	sko_cursor_rewind(cursor);
	err = sko_inflight_init(&cursor->descriptors.inflight);
	return err ?: sko_batch_init(&cursor->batch, SKO_BATCH_ROWS);
}

/**
 * sko_cursor_destroy() - free what it holds
 * @cursor: initialised or zeroed
 *
 * Context: may sleep.
 */
void sko_cursor_destroy(struct sko_cursor *cursor)
{
	sko_inflight_destroy(&cursor->descriptors.inflight);
	sko_tables_destroy(&cursor->descriptors.tables);
	sko_accept_destroy(&cursor->accept);
	sko_batch_destroy(&cursor->batch);
	sko_look_rewind(&cursor->look);
	sko_lookup_destroy(&cursor->lookup);
	sko_query_free(cursor->query);
	sko_access_destroy(&cursor->access);
}

/**
 * sko_cursor_ask() - begin a new listing of what is asked for
 * @cursor: the cursor
 * @query: from now on; freed with the cursor or by the next one
 *
 * Context: may sleep.
 */
void sko_cursor_ask(struct sko_cursor *cursor, struct sko_query *query)
{
	sko_query_free(cursor->query);
	cursor->query = query;
	sko_lines_init(&cursor->lines, &query->columns);
	cursor->look.columns = query->wanted;
	cursor->look.query = query;
	cursor->look.lookup = query->packet.family ? &cursor->lookup : NULL;
	cursor->descriptors.query = query;
	sko_cursor_rewind(cursor);
}

/**
 * sko_cursor_rewind() - begin a new listing
 * @cursor: the cursor
 *
 * Context: may sleep.
 */
void sko_cursor_rewind(struct sko_cursor *cursor)
{
	cursor->error = 0;
	cursor->at = 0;
	cursor->shown = 0;
	sko_batch_empty(&cursor->batch);
	sko_look_rewind(&cursor->look);
	enter(cursor, cursor->look.lookup ? SKO_WALK_LOOKUP
					  : SKO_WALK_DESCRIPTORS);
}

/* May there be a row that is asked for? */
static bool wants_walk(const struct sko_cursor *cursor, enum sko_walk walk)
{
	const struct sko_query *query = cursor->query;

	if (cursor->look.lookup && !cursor->lookup.cookies.count)
		return false;
	if (walk == SKO_WALK_DESCRIPTORS)
		return true;
	if (!sko_query_wants_holderless(query))
		return false;
	switch (walk) {
	case SKO_WALK_TCP_ACCEPT:
	case SKO_WALK_TCP:
		return sko_query_wants_proto(query, SOCK_STREAM, IPPROTO_TCP);
	case SKO_WALK_DCCP_ACCEPT:
	case SKO_WALK_DCCP:
		return sko_query_wants_proto(query, SOCK_DCCP, IPPROTO_DCCP);
	case SKO_WALK_UDP:
		return sko_query_wants_proto(query, SOCK_DGRAM, IPPROTO_UDP) ||
		       sko_query_wants_proto(query, SOCK_DGRAM,
					     IPPROTO_UDPLITE);
	case SKO_WALK_RAW:
		return sko_query_wants_proto(query, SOCK_RAW, IPPROTO_RAW);
	case SKO_WALK_SCTP:
		return sko_query_wants_proto(query, SOCK_STREAM, IPPROTO_SCTP);
	default:
		return true;
	}
}

/* The walk is at its end. After the last one there may be another look. */
static void next_walk(struct sko_cursor *cursor)
{
	enum sko_walk walk = cursor->walk;

	do
		walk++;
	while (walk < SKO_WALKS && !wants_walk(cursor, walk));
	enter(cursor, walk);
	if (cursor->walk < SKO_WALKS)
		return;
	if (sko_look_again(&cursor->look))
		enter(cursor, SKO_WALK_DESCRIPTORS);
	else	/* nothing of it is needed any more */
		sko_look_rewind(&cursor->look);
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
	int err, ret;

	while (cursor->at == cursor->batch.count) {
		if (cursor->error)
			return ERR_PTR(cursor->error);
		if (cursor->walk == SKO_WALKS)
			return NULL;

		if (fatal_signal_pending(current))
			return ERR_PTR(-EINTR);

		cursor->at = 0;
		sko_batch_empty(&cursor->batch);
		sko_lines_forget(&cursor->lines);
		ret = cursor->collect(cursor);
		err = sko_look_settle(&cursor->look, &cursor->batch);
		if (err)
			ret = err;
		if (ret == -EINTR)
			return ERR_PTR(ret);
		if (ret < 0)
			cursor->error = ret;
		else if (!ret)
			next_walk(cursor);
		cond_resched();
	}
	return sko_batch_at(&cursor->batch, cursor->at);
}

/**
 * sko_cursor_lines() - the present row and those behind it as lines
 * @cursor: has a present row
 * @p: where to write
 * @room: bytes there, more than SKO_LINE_MAX
 *
 * As many as there is room for and are in one piece of the batch. It stays the present row,
 * so that they can be written again.
 *
 * Context: any.
 * Return: the place behind the last line.
 */
char *sko_cursor_lines(struct sko_cursor *cursor, char *p, size_t room)
{
	unsigned int rows = min(cursor->batch.count - cursor->at,
				SKO_PIECE_ROWS - cursor->at % SKO_PIECE_ROWS);
	const struct sko_row *row = sko_batch_at(&cursor->batch, cursor->at);
	char *last = p + room - SKO_LINE_MAX;
	unsigned int i;

	for (i = 0; i < rows && p < last; i++)
		p = sko_line(p, &row[i], &cursor->lines);
	cursor->shown = i;
	return p;
}

/**
 * sko_cursor_step() - go on to the row behind those that were shown
 * @cursor: has a present row
 *
 * Context: may sleep. seq_file itself makes text until its buffer is full.
 */
void sko_cursor_step(struct sko_cursor *cursor)
{
	cursor->at += cursor->shown;
	cursor->shown = 0;
	cond_resched();
}
