// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "batch.h"
#include "memory.h"

#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

/**
 * sko_batch_init() - an empty batch
 * @batch: zeroed memory
 * @capacity: rows it holds
 *
 * Context: may sleep. The memory is charged to the caller's cgroup.
 * Return: 0, or -ENOMEM.
 */
int sko_batch_init(struct sko_batch *batch, unsigned int capacity)
{
	return sko_batch_grow(batch, capacity);
}

/* Room for the pointers to so many pieces. */
static int make_room(struct sko_batch *batch, unsigned int wanted)
{
	struct sko_row **pieces;

	if (wanted <= batch->room)
		return 0;
	wanted = max(wanted, 2 * batch->room);
	pieces = kvmalloc_array(wanted, sizeof(*pieces), SKO_GFP);
	if (!pieces)
		return -ENOMEM;
	if (batch->pieced)
		memcpy(pieces, batch->pieces, batch->pieced * sizeof(*pieces));
	kvfree(batch->pieces);
	batch->pieces = pieces;
	batch->room = wanted;
	return 0;
}

/* Those behind the rows that are there do not move. */
static int make_larger(struct sko_batch *batch, unsigned int capacity)
{
	unsigned int wanted = DIV_ROUND_UP(capacity, SKO_PIECE_ROWS);
	int err;

	err = make_room(batch, wanted);
	if (err)
		return err;
	while (batch->pieced < wanted) {
		struct sko_row *piece = kvmalloc_array(SKO_PIECE_ROWS,
						       sizeof(*piece), SKO_GFP);

		if (!piece)
			return -ENOMEM;
		batch->pieces[batch->pieced++] = piece;
		cond_resched();
	}
	batch->capacity = capacity;
	return 0;
}

/**
 * sko_batch_grow() - make room for more rows in one hold of a lock
 * @batch: whose rows are given up
 * @capacity: rows it must hold
 *
 * Context: may sleep. The memory is charged to the caller's cgroup.
 * Return: 0, or -ENOMEM, and then the batch is empty and has room for as many as before.
 */
int sko_batch_grow(struct sko_batch *batch, unsigned int capacity)
{
	sko_batch_empty(batch);
	return make_larger(batch, capacity);
}

/**
 * sko_batch_extend() - have room behind the rows that are there
 * @batch: the batch
 * @rows: so many there must be room for
 *
 * Context: may sleep. The memory is charged to the caller's cgroup.
 * Return: 0, or -ENOMEM, and then the batch has room for as many as before.
 */
int sko_batch_extend(struct sko_batch *batch, unsigned int rows)
{
	if (batch->capacity - batch->count >= rows)
		return 0;
	return make_larger(batch, batch->count + rows);
}

/**
 * sko_batch_retry() - must a hash chain that was collected be collected again?
 * @batch: where it was collected
 * @before: rows that were there before
 * @found: rows that the chain has
 *
 * A chain whose rows do not all fit leaves none of them: it is collected again
 * with an empty batch, or a larger one.
 *
 * Context: may sleep.
 * Return: 0 if all is there, 1 if not, -ENOMEM.
 */
int sko_batch_retry(struct sko_batch *batch, unsigned int before,
		    unsigned int found)
{
	if (batch->count - before == found)
		return 0;
	batch->count = before;
	if (before)
		return 1;
	return sko_batch_grow(batch, found + found / 4) ?: 1;
}

/**
 * sko_batch_destroy() - free the rows
 * @batch: initialised or zeroed
 *
 * Context: may sleep.
 */
void sko_batch_destroy(struct sko_batch *batch)
{
	while (batch->pieced) {
		kvfree(batch->pieces[--batch->pieced]);
		cond_resched();
	}
	kvfree(batch->pieces);
	batch->pieces = NULL;
	batch->room = 0;
	batch->capacity = 0;
	sko_batch_empty(batch);
}
