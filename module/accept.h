/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * Accept queues: which child waits for which listener.
 */
#ifndef SOCKOWNERS_ACCEPT_H
#define SOCKOWNERS_ACCEPT_H

#include <linux/types.h>

struct sko_look;
struct sock;

/* Compared and remembered, not followed. */
struct sko_child {
	const struct sock *sk;
	u64 queued;		/* of sko_look_queued() */
};

struct sko_accept {
	u16 protocol;
	unsigned int bucket;	/* next one of the table of listeners */
	struct sock **listener;	/* of one bucket, referenced within a call */
	unsigned int room;
	struct sko_child *child;	/* of one queue */
	unsigned int child_room;
};

void sko_accept_rewind(struct sko_accept *accept, u16 protocol);
void sko_accept_destroy(struct sko_accept *accept);
int sko_accept_collect(struct sko_accept *accept, struct sko_look *look);

#endif
