// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "batch.h"

#include <linux/mm.h>
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
 * Context: may sleep. The memory is charged to the caller's cgroup;
 *	__GFP_RETRY_MAYFAIL since a plain charge calls the OOM killer first.
 * Return: 0, or -ENOMEM, and then the batch is empty and as large as before.
 */
int sko_batch_grow(struct sko_batch *batch, unsigned int capacity)
{
	struct sko_row *rows;

	batch->count = 0;
	rows = kvmalloc_array(capacity, sizeof(*rows),
			      GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL);
	if (!rows)
		return -ENOMEM;
	kvfree(batch->rows);
	batch->rows = rows;
	batch->capacity = capacity;
	return 0;
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
	batch->count = 0;
}
