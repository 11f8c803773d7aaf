// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "look.h"
#include "access.h"
#include "batch.h"
#include "extras.h"
#include "query.h"

#include <linux/fs.h>
#include <linux/in.h>
#include <linux/net.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <net/mptcp.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include <net/tcp.h>

/*
 * The number of a doubtful socket: in which look it was met first and last, and with
 * what inode.
 */
#define FIRST_SHIFT 60
#define LAST_SHIFT 56

/* Looks after the first one that met a socket, and did not find out who holds it. */
#define CONFIRMATIONS 2

static u64 doubt(unsigned int first, unsigned int last, u64 inode)
{
	return (u64)first << FIRST_SHIFT | (u64)last << LAST_SHIFT |
	       (inode & (BIT_ULL(LAST_SHIFT) - 1));
}

/**
 * sko_look_rewind() - begin a new listing
 * @look: zeroed memory, or used
 *
 * Context: may sleep.
 */
void sko_look_rewind(struct sko_look *look)
{
	sko_listed_clear(&look->listed);
	sko_pointers_clear(&look->doubtful);
	sko_pointers_clear(&look->waiting);
	sko_listed_clear(&look->queues);
	look->undecided = 0;
	look->number = 1;
}

/**
 * sko_look_again() - after all has been walked, is another look needed?
 * @look: what is known
 *
 * Context: may sleep.
 */
bool sko_look_again(struct sko_look *look)
{
	if (!look->undecided || look->number == SKO_LOOKS)
		return false;
	look->number++;
	look->undecided = 0;
	sko_pointers_clear(&look->waiting);
	sko_listed_clear(&look->queues);
	return true;
}

/* In which look was there a doubt about it at last, and since when? 0: in none. */
static unsigned int last_doubt(const struct sko_look *look, const struct sock *sk,
			       unsigned int *first, u64 *inode)
{
	const u64 *value = sko_pointers_value(&look->doubtful, sk);

	if (!value)
		return 0;
	*first = *value >> FIRST_SHIFT;
	*inode = *value & (BIT_ULL(LAST_SHIFT) - 1);
	return *value >> LAST_SHIFT & 0xf;
}

/* Was there one in the look before this one? */
static bool is_doubtful(const struct sko_look *look, const struct sock *sk,
			unsigned int *first, u64 *inode)
{
	unsigned int last = last_doubt(look, sk, first, inode);

	return last && last == look->number - 1;
}

/**
 * sko_look_may_see() - may what no visible process holds in a namespace be seen?
 * @look: what is known
 * @net: the namespace
 *
 * Context: any, with what keeps @net.
 */
bool sko_look_may_see(const struct sko_look *look, const struct net *net)
{
	return sko_access_net(look->access, net);
}

/* May a process hold the socket that is out of the reader's sight? */
static bool sees_every_process(const struct sko_look *look)
{
	return !look->access || look->access->complete;
}

/**
 * sko_look_doubts() - was there a doubt about this socket in the former look?
 * @look: what is known
 * @sk: the socket
 *
 * Context: any, with what keeps @sk.
 */
bool sko_look_doubts(const struct sko_look *look, const struct sock *sk)
{
	unsigned int first;
	u64 inode;

	return is_doubtful(look, sk, &first, &inode);
}

/* A raw socket may have that protocol too. */
static bool is_tcp(const struct sock *sk)
{
	return sk->sk_type == SOCK_STREAM && sk->sk_protocol == IPPROTO_TCP;
}

/* struct socket is freed by RCU, together with its inode. */
static u64 inode_of(struct socket *socket)
{
	return socket ? SOCK_INODE(socket)->i_ino : 0;
}

/**
 * sko_look_inode() - inode number of a socket
 * @sk: a full socket
 *
 * Context: inside rcu_read_lock(), with what keeps @sk.
 * Return: the number, 0 if it has none.
 */
u64 sko_look_inode(const struct sock *sk)
{
	return inode_of(READ_ONCE(sk->sk_socket));
}

/**
 * sko_look_has_net() - may what a socket's namespace is be followed?
 * @look: what is known
 * @sk: a full socket
 *
 * The kernel's own sockets do not keep theirs. One may be closed and finish its connection
 * after its namespace has gone; that of a 9p mount even stays open. A namespace that is
 * still in the list stays as long as RCU does. Of the sockets that follow each other in a
 * chain most are of one namespace, so that few need to have the list gone through.
 *
 * Context: between sko_look_lock() and sko_look_unlock(), with what keeps @sk.
 */
bool sko_look_has_net(struct sko_look *look, const struct sock *sk)
{
	const struct net *net, *its = sock_net(sk);

	if (sk->sk_net_refcnt || its == &init_net || its == look->alive)
		return true;
	for_each_net_rcu(net) {
		if (net == its) {
			look->alive = net;
			return true;
		}
	}
	return false;
}

/**
 * sko_look_queued() - what is remembered of a child in an accept queue
 * @sk: the child
 * @listener: inode number of its listener
 *
 * Its memory may become another child's while the listing is read, whose hash is
 * another one. Inode numbers of sockets have 32 bits.
 *
 * Context: any, with what keeps @sk.
 */
u64 sko_look_queued(const struct sock *sk, u64 listener)
{
	return ((u64)READ_ONCE(sk->sk_hash) << 32) | (u32)listener;
}

/* Was it found in an accept queue, and whose? */
static bool waits(const struct sko_look *look, const struct sock *sk, u64 *via)
{
	const u64 *value = sko_pointers_value(&look->waiting, sk);

	if (!value || *value != sko_look_queued(sk, *value))
		return false;
	*via = (u32)*value;
	return true;
}

/**
 * sko_look_judge() - why is a socket of a hash table not held by a process?
 * @look: what is known
 * @sk: a full socket
 * @held: set if it is to be listed
 * @inode: its inode number, 0 for none; set unless it is passed over
 *
 * A child in an accept queue has no struct socket yet and is not SOCK_DEAD; one
 * that no queue has shown, because it was long, is listed without a listener. A
 * subflow's struct socket has the inode number of the MPTCP socket. A file that
 * nobody references is being closed, and lingers. NFS and 9p give the sockets
 * that they create a file, as a process would; others, iSCSI and NVMe targets
 * among them, make theirs as for a process, and that one never comes to have a
 * file. A file that a process out of sight holds cannot be told from one that none
 * does. One that exits has no table any more while it closes its files, one by one
 * and with pauses, so that it takes more than one look to say that a file is in no
 * table.
 *
 * Context: after sko_look_lock(), and under the lock of the chain that @sk is
 *	in. RCU keeps its struct socket; a struct file stays one that long.
 */
enum sko_verdict sko_look_judge(struct sko_look *look, const struct sock *sk,
				struct sko_held *held, u64 *inode)
{
	struct socket *socket = READ_ONCE(sk->sk_socket);
	struct file *file = socket ? READ_ONCE(socket->file) : NULL;
	bool dead = sock_flag(sk, SOCK_DEAD);
	bool same, surely;
	unsigned int first = 0;
	u64 before = 0;

	if (sko_listed_has(&look->listed, sk))
		return SKO_PASS_OVER;
	if (look->number > 1 && !is_doubtful(look, sk, &first, &before))
		return SKO_PASS_OVER;
	if (!sko_look_has_net(look, sk) ||
	    !sko_look_may_see(look, sock_net(sk)))
		return SKO_PASS_OVER;

	*held = (struct sko_held){};
	*inode = inode_of(socket);
	same = look->number > 1 && socket && *inode == before;
	surely = same && look->number - first >= CONFIRMATIONS;
	if (dead || (file && !file_count(file)))
		held->holder = SKO_HOLDER_ORPHAN;
	else if (!socket && waits(look, sk, &held->via))
		held->holder = SKO_HOLDER_ACCEPT;
	else if (is_tcp(sk) && sk_is_mptcp(sk))
		*held = (struct sko_held){
			.holder = SKO_HOLDER_MPTCP,
			.via = *inode,
		};
	else if (sk->sk_kern_sock || (surely && !file))
		held->holder = SKO_HOLDER_KERNEL;
	else if (same && file && !sees_every_process(look))
		held->holder = SKO_HOLDER_HIDDEN;
	else if (surely)
		held->holder = SKO_HOLDER_ELSEWHERE;
	else if (look->number == SKO_LOOKS && !socket)
		held->holder = SKO_HOLDER_ACCEPT;
	else
		return SKO_DOUBT;
	return SKO_LIST;
}

/**
 * sko_look_collect() - copy a socket of a hash table, if it is to be listed
 * @batch: takes the row
 * @sk: a full socket
 *
 * Context: as sko_look_judge().
 * Return: how many rows it has, 0 or 1, also when there was no room for it.
 */
unsigned int sko_look_collect(struct sko_batch *batch, struct sock *sk)
{
	enum sko_verdict verdict;
	struct sko_held held;
	struct sko_row *row;
	u64 inode;

	if (!sko_row_is_inet(sk) || !sko_look_asks(batch->look, sk))
		return 0;
	verdict = sko_look_judge(batch->look, sk, &held, &inode);
	if (verdict == SKO_PASS_OVER)
		return 0;
	row = sko_batch_row(batch);
	if (!row)
		return 1;
	row->key = sk;
	row->inode = inode;
	row->doubtful = verdict == SKO_DOUBT;
	row->held = held;
	/* A doubt about what is not asked for would cost another look. */
	if (row->doubtful && !batch->look->query)
		return 1;
	row->fd = -1;
	sko_row_from_sock(row, sk);
	sko_row_extras(row, sk, batch->look);
	return sko_look_keeps(batch, row);
}

/*
 * It could not be said who holds the socket of a row: the next look may tell. One look
 * may meet it twice: sctp.c goes over endpoints and over transports.
 */
static int remember_doubt(struct sko_look *look, const struct sko_row *row)
{
	unsigned int first, last;
	u64 inode;

	last = last_doubt(look, row->key, &first, &inode);
	if (!last || last + 1 < look->number || inode != row->inode)
		first = look->number;
	look->undecided++;
	return sko_pointers_put(&look->doubtful, row->key,
				doubt(first, look->number, row->inode));
}

/**
 * sko_look_settle() - remember the sockets of a batch
 * @look: where
 * @batch: with rows that were collected since the last time; those that are only
 *	a doubt go, those of a hash table that is met twice, and at last those that
 *	are not asked for
 *
 * Context: may sleep. The memory is charged to the caller's cgroup.
 * Return: 0, or -ENOMEM.
 */
int sko_look_settle(struct sko_look *look, struct sko_batch *batch)
{
	bool remembers = sko_query_wants_holderless(look->query);
	unsigned int i, kept = batch->settled;
	int err = 0;

	for (i = kept; i < batch->count && !err; i++) {
		struct sko_row *row = sko_batch_at(batch, i);

		if (!(i % SKO_BATCH_ROWS))
			cond_resched();
		if (row->doubtful) {
			err = remember_doubt(look, row);
			continue;
		}
		if (row->key && !row->held.process &&
		    sko_listed_has(&look->listed, row->key))
			continue;
		if (row->key && remembers)
			err = sko_listed_put(&look->listed, row->key);
		if (!sko_query_matches(look->query, row))
			continue;
		if (kept != i)
			*sko_batch_at(batch, kept) = *row;
		kept++;
	}
	batch->count = kept;
	batch->settled = kept;
	return err;
}
