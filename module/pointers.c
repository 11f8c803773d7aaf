// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "pointers.h"
#include "memory.h"

#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#define SIZE_AT_FIRST 16

/* A segment that grows is copied in pieces: two cache misses for each pointer. */
#define SLOTS_AT_ONCE 1024

static u64 hash_of(unsigned long key)
{
	return (u64)key * GOLDEN_RATIO_64;
}

static struct sko_segment *segment_of(struct sko_pointers *p, unsigned long key)
{
	return &p->segment[hash_of(key) >> (64 - ilog2(SKO_POINTERS_SEGMENTS))];
}

/* The slot that has the key, or the unused one where it belongs. */
static struct sko_slot *slot_of(const struct sko_segment *segment,
				unsigned long key)
{
	/* The bits below those that chose the segment, as a fraction of size. */
	u32 fraction = hash_of(key) >> (32 - ilog2(SKO_POINTERS_SEGMENTS));
	struct sko_slot *slot = segment->slots +
				(((u64)fraction * segment->size) >> 32);

	while (slot->key && slot->key != key)
		if (++slot == segment->slots + segment->size)
			slot = segment->slots;
	return slot;
}

static int grow(struct sko_segment *segment)
{
	struct sko_segment larger = {
		.size = segment->size ? segment->size + segment->size / 2
				      : SIZE_AT_FIRST,
		.count = segment->count,
	};
	u32 i;

	if (larger.size < segment->size)
		return -ENOMEM;
	larger.slots = kvcalloc(larger.size, sizeof(*larger.slots), SKO_GFP);
	if (!larger.slots)
		return -ENOMEM;
	for (i = 0; i < segment->size; i++) {
		const struct sko_slot *slot = &segment->slots[i];

		if (!(i % SLOTS_AT_ONCE))
			cond_resched();
		if (slot->key)
			*slot_of(&larger, slot->key) = *slot;
	}
	kvfree(segment->slots);
	*segment = larger;
	return 0;
}

/**
 * sko_pointers_put() - add a pointer
 * @p: map; zeroed memory is an empty one
 * @pointer: not NULL; it is never followed
 * @value: its number; replaces the one it had
 *
 * Context: may sleep. The memory is charged to the caller's cgroup.
 * Return: 0, or -ENOMEM, and then nothing has changed.
 */
int sko_pointers_put(struct sko_pointers *p, const void *pointer, u64 value)
{
	unsigned long key = (unsigned long)pointer;
	struct sko_segment *segment = segment_of(p, key);
	struct sko_slot *slot;
	int err;

	if (segment->count >= segment->size - segment->size / 8) {
		err = grow(segment);
		if (err)
			return err;
	}
	slot = slot_of(segment, key);
	if (!slot->key) {
		slot->key = key;
		segment->count++;
		p->count++;
	}
	slot->value = value;
	return 0;
}

/**
 * sko_pointers_value() - the number of a pointer
 * @p: map
 * @pointer: the pointer
 *
 * Context: any.
 * Return: where its number is, until the next sko_pointers_put(); NULL if the
 *	pointer is not there.
 */
u64 *sko_pointers_value(const struct sko_pointers *p, const void *pointer)
{
	unsigned long key = (unsigned long)pointer;
	const struct sko_segment *segment;
	struct sko_slot *slot;

	segment = segment_of((struct sko_pointers *)p, key);
	if (!segment->size)
		return NULL;
	slot = slot_of(segment, key);
	return slot->key ? &slot->value : NULL;
}

/**
 * sko_pointers_clear() - forget all of them and free the memory
 * @p: map
 *
 * Context: may sleep.
 */
void sko_pointers_clear(struct sko_pointers *p)
{
	int i;

	for (i = 0; i < SKO_POINTERS_SEGMENTS; i++) {
		kvfree(p->segment[i].slots);
		p->segment[i] = (struct sko_segment){};
	}
	p->count = 0;
}
