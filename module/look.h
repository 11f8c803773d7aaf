/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * What a listing remembers of the sockets it has come across, and what it makes
 * of one that it meets in a hash table.
 *
 * First the file tables are walked, then the hash tables. A socket of a hash
 * table that is listed already is passed over; for the others their own state
 * says why no process holds them. Only one with an open file that no walk has
 * found leaves a doubt: it may be held by no process, or it was created behind
 * the walk's back. So all is walked again for the sake of these alone, and they
 * are listed where they are found then. What is met in the hash tables once more,
 * and is still the same socket, is held elsewhere.
 */
#ifndef SOCKOWNERS_LOOK_H
#define SOCKOWNERS_LOOK_H

#include "pointers.h"
#include "row.h"

struct net;
struct sko_access;
struct sko_batch;
struct sko_query;
struct sock;
struct user_namespace;

/*
 * A socket that changes its holder while it is looked for is looked for again,
 * so often in all. A busy accept queue needs three.
 */
#define SKO_LOOKS 4

/*
 * Pointers in here are compared, never followed. A socket that has got the
 * memory of one that is listed is younger than the listing.
 */
struct sko_look {
	unsigned int number;		/* 1: the first; 0: outside a listing */
	unsigned long undecided;	/* for the next one */
	struct sko_pointers listed;	/* sockets */
	struct sko_pointers doubtful;	/* socket: inode and look, see look.c */
	struct sko_pointers waiting;	/* child: see sko_look_queued() */
	struct sko_pointers queues;	/* unix sockets that were looked into */
	struct sko_access *access;	/* of the opener; NULL: sees all */
	const struct sko_query *query;	/* what was asked for; NULL: all */
	u32 columns;			/* bit n: column n is shown or compared */
	struct user_namespace *user_ns;	/* of the opener's credentials */
};

enum sko_verdict {
	SKO_PASS_OVER,
	SKO_LIST,
	SKO_DOUBT,
};

void sko_look_rewind(struct sko_look *look);
bool sko_look_again(struct sko_look *look);
bool sko_look_may_see(const struct sko_look *look, const struct net *net);
bool sko_look_wants(const struct sko_look *look, const struct sock *sk);
void sko_look_held(struct sko_batch *batch, const struct sko_row *row);
bool sko_look_asks(const struct sko_look *look, const struct sock *sk);
bool sko_look_keeps(struct sko_batch *batch, const struct sko_row *row);
enum sko_verdict sko_look_judge(struct sko_look *look, const struct sock *sk,
				struct sko_held *held, u64 *inode);
unsigned int sko_look_collect(struct sko_batch *batch, struct sock *sk);
int sko_look_settle(struct sko_look *look, struct sko_batch *batch);
u64 sko_look_inode(const struct sock *sk);
u64 sko_look_queued(const struct sock *sk, u64 listener);

#endif
