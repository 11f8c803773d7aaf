// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "listed.h"

/**
 * sko_listed_enter() - go to the region of a socket
 * @listed: set
 * @sk: the socket
 *
 * Context: any.
 * Return: false if nothing of it is a member; then nothing has changed.
 */
bool sko_listed_enter(struct sko_listed *listed, const struct sock *sk)
{
	const void *region = sko_listed_region(sk);
	u64 *bits = sko_pointers_value(&listed->regions, region);

	if (!bits)
		return false;
	listed->last = region;
	listed->bits = bits;
	return true;
}

/**
 * sko_listed_add() - the first socket of a region
 * @listed: set
 * @sk: the socket
 *
 * Context: may sleep. The memory is charged to the caller's cgroup.
 * Return: 0, or -ENOMEM, and then nothing has changed.
 */
int sko_listed_add(struct sko_listed *listed, const struct sock *sk)
{
	int err;

	/* The bits of the region that was met last may move. */
	listed->last = NULL;
	err = sko_pointers_put(&listed->regions, sko_listed_region(sk),
			       sko_listed_bit(sk));
	if (!err)
		listed->count++;
	return err;
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
