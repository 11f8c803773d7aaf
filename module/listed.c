// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "listed.h"

#include <linux/bits.h>

#define REGION_SIZE (64 * SKO_LISTED_SPACE)

static const void *region_of(const struct sock *sk)
{
	return (const void *)((unsigned long)sk / REGION_SIZE);
}

static u64 bit_of(const struct sock *sk)
{
	return BIT_ULL((unsigned long)sk % REGION_SIZE / SKO_LISTED_SPACE);
}

/* Of the region that was asked for last it is known where its bits are. */
static u64 *bits_of_region(struct sko_listed *listed, const void *region)
{
	u64 *bits;

	if (listed->last == region)
		return listed->bits;
	bits = sko_pointers_value(&listed->regions, region);
	if (bits) {
		listed->last = region;
		listed->bits = bits;
	}
	return bits;
}

/**
 * sko_listed_put() - add a socket
 * @listed: set; zeroed memory is an empty one
 * @sk: the socket, which is never looked into and may be gone
 *
 * Context: may sleep. The memory is charged to the caller's cgroup.
 * Return: 0, or -ENOMEM, and then nothing has changed.
 */
int sko_listed_put(struct sko_listed *listed, const struct sock *sk)
{
	const void *region = region_of(sk);
	u64 *bits = bits_of_region(listed, region);
	int err;

	if (!bits) {
		listed->last = NULL;
		err = sko_pointers_put(&listed->regions, region, bit_of(sk));
		if (err)
			return err;
		listed->count++;
	} else if (!(*bits & bit_of(sk))) {
		*bits |= bit_of(sk);
		listed->count++;
	}
	return 0;
}

/**
 * sko_listed_has() - is it a member?
 * @listed: set
 * @sk: the socket
 *
 * Context: any.
 */
bool sko_listed_has(struct sko_listed *listed, const struct sock *sk)
{
	const u64 *bits = bits_of_region(listed, region_of(sk));

	return bits && *bits & bit_of(sk);
}

/**
 * sko_listed_clear() - forget all of them and free the memory
 * @listed: set
 *
 * Context: may sleep.
 */
void sko_listed_clear(struct sko_listed *listed)
{
	sko_pointers_clear(&listed->regions);
	listed->last = NULL;
	listed->count = 0;
}
