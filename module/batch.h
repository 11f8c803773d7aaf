/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * A batch: the rows that were copied in one hold of a lock.
 */
#ifndef SOCKOWNERS_BATCH_H
#define SOCKOWNERS_BATCH_H

#include "row.h"

#include <linux/sizes.h>

/*
 * Room at first; a long hash bucket may need more. So many are also settled or made text
 * of before others may run. make latency, under QEMU with an instruction a nanosecond:
 * below 500 us for all of it, whatever the number of descriptors.
 */
#define SKO_BATCH_ROWS 256U

/*
 * Rows are in pieces of memory that fill what the allocator takes for them: all of a large
 * batch in one area would be mapped in one go.
 */
#define SKO_PIECE_ROWS ((unsigned int)(SZ_32K / sizeof(struct sko_row)))

struct sko_look;

struct sko_batch {
	struct sko_look *look;		/* of the listing; NULL: every row */
	struct sko_row **pieces;	/* of SKO_PIECE_ROWS rows */
	unsigned int room;		/* for so many pieces */
	unsigned int pieced;		/* so many are there */
	unsigned int capacity;		/* rows, not more than the pieces have */
	unsigned int count;
	unsigned int settled;		/* of these: see sko_look_settle() */
	struct sko_process process;	/* that the rows point to */
};

int sko_batch_init(struct sko_batch *batch, unsigned int capacity);
void sko_batch_destroy(struct sko_batch *batch);
int sko_batch_grow(struct sko_batch *batch, unsigned int capacity);
int sko_batch_extend(struct sko_batch *batch, unsigned int rows);
int sko_batch_retry(struct sko_batch *batch, unsigned int before,
		    unsigned int found);

/**
 * sko_batch_empty() - give up the rows
 * @batch: the batch
 */
static inline void sko_batch_empty(struct sko_batch *batch)
{
	batch->count = 0;
	batch->settled = 0;
}

/**
 * sko_batch_at() - a row
 * @batch: where it is
 * @i: its number, below the capacity; those up to the next multiple of SKO_PIECE_ROWS
 *	are behind it in memory
 */
static inline struct sko_row *sko_batch_at(const struct sko_batch *batch,
					   unsigned int i)
{
	return &batch->pieces[i / SKO_PIECE_ROWS][i % SKO_PIECE_ROWS];
}

/**
 * sko_batch_row() - the next free row
 * @batch: where it is
 *
 * Context: any; under the lock that the rows are copied under.
 * Return: the row, which counts from now on; NULL if the batch is full.
 */
static inline struct sko_row *sko_batch_row(struct sko_batch *batch)
{
	if (batch->count == batch->capacity)
		return NULL;
	return sko_batch_at(batch, batch->count++);
}

#endif
