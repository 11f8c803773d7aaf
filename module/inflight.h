/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * Descriptors in flight: sent with SCM_RIGHTS, waiting in a unix socket.
 */
#ifndef SOCKOWNERS_INFLIGHT_H
#define SOCKOWNERS_INFLIGHT_H

#include <linux/types.h>

struct file;
struct sk_buff;
struct sko_batch;
struct sko_process;
struct sock;

/* Unix sockets that one hold of a file table's lock finds at most. */
#define SKO_INFLIGHT_WINDOW 64

/* A unix socket, referenced, and the inode number that rows give for it. */
struct sko_queue {
	struct sock *sk;
	u64 via;
};

/* Where the walk of a queue stands. Messages are only compared. */
struct sko_position {
	const struct sk_buff *last;	/* that was looked at */
	const struct sk_buff *next;	/* it was behind that; NULL: nothing yet */
	unsigned int left;		/* so many messages will be looked at, at most */
};

/* The unix sockets that are still to be looked into. */
struct sko_inflight {
	struct sko_queue *queue;
	unsigned int count;
	unsigned int capacity;
	struct sko_queue midway;	/* before these; its sk is NULL: none */
	struct sko_position position;	/* in that one */
};

/* Set when the module is loaded. */
extern bool sko_inflight_visible;

/**
 * sko_inflight_is_empty() - has all been looked into?
 * @inflight: the work list
 */
static inline bool sko_inflight_is_empty(const struct sko_inflight *inflight)
{
	return !inflight->count && !inflight->midway.sk;
}

void sko_inflight_probe(void);
int sko_inflight_init(struct sko_inflight *inflight);
void sko_inflight_destroy(struct sko_inflight *inflight);
void sko_inflight_empty(struct sko_inflight *inflight);
bool sko_inflight_wants(const struct sock *sk);
bool sko_inflight_hold(struct sko_inflight *inflight, struct file *file,
		       struct sock *sk);
int sko_inflight_collect(struct sko_inflight *inflight,
			 const struct sko_process *process,
			 struct sko_batch *batch);

#endif
