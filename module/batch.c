// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "batch.h"
#include "memory.h"

#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

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

/**
 * sko_batch_grow() - make room for more rows in one hold of a lock
 * @batch: whose rows are given up
 * @capacity: rows it must hold
 *
 * Context: may sleep. The memory is charged to the caller's cgroup.
 * Return: 0, or -ENOMEM, and then the batch is empty and as large as before.
 */
int sko_batch_grow(struct sko_batch *batch, unsigned int capacity)
{
	struct sko_row *rows;

	sko_batch_empty(batch);
	rows = kvmalloc_array(capacity, sizeof(*rows), SKO_GFP);
	if (!rows)
		return -ENOMEM;
	kvfree(batch->rows);
	batch->rows = rows;
	batch->capacity = capacity;
	return 0;
}

/**
 * sko_batch_extend() - make room for more rows behind those that are there
 * @batch: that is full
 *
 * Context: may sleep. The memory is charged to the caller's cgroup.
 * Return: 0, or -ENOMEM, and then the batch is as before.
 */
int sko_batch_extend(struct sko_batch *batch)
{
	struct sko_batch larger = {};
	unsigned int i;
	int err;

	err = sko_batch_grow(&larger, 2 * batch->capacity);
	if (err)
		return err;
	for (i = 0; i < batch->count; i++) {
		larger.rows[i] = batch->rows[i];
		if (!(i % SKO_BATCH_ROWS))
			cond_resched();
	}
	kvfree(batch->rows);
	batch->rows = larger.rows;
	batch->capacity = larger.capacity;
	return 0;
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
	kvfree(batch->rows);
	batch->rows = NULL;
	batch->capacity = 0;
	sko_batch_empty(batch);
}
