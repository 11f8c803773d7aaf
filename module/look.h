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
 * are listed where they are found then. What is met in the hash tables twice more,
 * and is still the same socket, is held elsewhere.
 */
#ifndef SOCKOWNERS_LOOK_H
#define SOCKOWNERS_LOOK_H

#include "batch.h"
#include "listed.h"
#include "lookup.h"
#include "pointers.h"
#include "query.h"
#include "row.h"

#include <linux/rcupdate.h>
#include <net/sock.h>

struct net;
struct sko_access;
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
	struct sko_listed listed;
	struct sko_pointers doubtful;	/* socket: inode and look, see look.c */
	struct sko_pointers waiting;	/* child: see sko_look_queued() */
	struct sko_listed queues;	/* unix sockets that were looked into */
	struct sko_access *access;	/* of the opener; NULL: sees all */
	const struct sko_query *query;	/* what was asked for; NULL: all */
	const struct sko_lookup *lookup;	/* who gets a packet; NULL: no packet */
	const struct net *alive;	/* see sko_look_lock() */
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
bool sko_look_has_net(struct sko_look *look, const struct sock *sk);
bool sko_look_may_see(const struct sko_look *look, const struct net *net);
bool sko_look_doubts(const struct sko_look *look, const struct sock *sk);
enum sko_verdict sko_look_judge(struct sko_look *look, const struct sock *sk,
				struct sko_held *held, u64 *inode);
unsigned int sko_look_collect(struct sko_batch *batch, struct sock *sk);
int sko_look_settle(struct sko_look *look, struct sko_batch *batch);
u64 sko_look_inode(const struct sock *sk);
u64 sko_look_queued(const struct sock *sk, u64 listener);

/**
 * sko_look_lock() - before the lock of a hash table whose sockets are looked at
 * @look: what is known
 *
 * Not only what is freed by RCU stays until sko_look_unlock(), also the namespaces do
 * that are found in their list meanwhile: sko_look_has_net().
 *
 * Context: process.
 */
static inline void sko_look_lock(struct sko_look *look)
	__acquires(RCU)
{
	rcu_read_lock();
	look->alive = NULL;
}

/**
 * sko_look_unlock() - behind that lock
 */
static inline void sko_look_unlock(void)
	__releases(RCU)
{
	rcu_read_unlock();
}

/**
 * sko_look_asks() - may the row of a socket be asked for?
 * @look: with the query
 * @sk: the socket, time-wait or request socket
 *
 * A first answer from its ports and family, before there is a row; about a packet
 * it is the whole one.
 *
 * Context: any, with what keeps @sk.
 */
static inline bool sko_look_asks(const struct sko_look *look,
				 const struct sock *sk)
{
	return sko_query_wants_socket(look->query, &sk->__sk_common) &&
	       (!look->lookup || sko_lookup_has(look->lookup, sk));
}

/**
 * sko_look_wants() - is a socket that somebody holds to be listed now?
 * @look: what is known; NULL outside a listing
 * @sk: the socket
 *
 * Context: any, with what keeps @sk.
 * Return: true in the first look, if it may be asked for; later only if there was
 *	a doubt about it.
 */
static inline bool sko_look_wants(const struct sko_look *look,
				  const struct sock *sk)
{
	if (!look)
		return true;
	if (look->number <= 1)
		return sko_look_asks(look, sk);
	return sko_look_doubts(look, sk);
}

/**
 * sko_look_knows() - is a socket of a hash table listed already?
 * @look: what is known
 * @sk: the socket, time-wait or request socket, which is not looked into
 *
 * Nearly all of a large table are, so that nothing of them has to be fetched but
 * what leads on to the next one. Where there are conditions nearly none is.
 *
 * Context: any.
 */
static inline bool sko_look_knows(struct sko_look *look, const struct sock *sk)
{
	return (!look->query || look->query->all) &&
	       sko_listed_has(&look->listed, sk);
}

/**
 * sko_look_keeps() - is the row that was just made asked for?
 * @batch: of which it is the last row; if not it is taken back
 * @row: the row, without regard to who holds the socket
 *
 * Context: any.
 */
static inline bool sko_look_keeps(struct sko_batch *batch,
				  const struct sko_row *row)
{
	if (sko_query_wants_row(batch->look->query, row))
		return true;
	batch->count--;
	return false;
}

/**
 * sko_look_held() - the same for a socket that somebody holds
 * @batch: of which it is the last row; it may be taken back
 * @row: the row
 *
 * Only in the first look. A socket may change while it is looked for: one that
 * does not match here and does in a hash table is looked for again, and must be
 * found then, or it would be said that nobody holds it.
 *
 * Context: any.
 */
static inline void sko_look_held(struct sko_batch *batch,
				 const struct sko_row *row)
{
	if (batch->look && batch->look->number <= 1)
		sko_look_keeps(batch, row);
}

#endif
