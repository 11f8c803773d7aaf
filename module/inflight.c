// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * A unix socket may hold sockets in its receive queue, and among these unix
 * sockets that hold more, in any depth and in circles. A work list and the set
 * of those that were looked into stand in for recursion.
 *
 * Locks: unix_sock.iolock, and in it the receive queue's spinlock, as
 * unix_stream_read_generic() nests them. Every receiver holds iolock while it
 * takes a message out and until it has detached the descriptors from it, so
 * under both a queued message has its descriptors, and under iolock alone the
 * queue only grows, or goes as a whole when the socket is closed, connected to
 * another one or found to be garbage. iolock is held across copies to user space,
 * which may take for ever: it is only tried. A listener's queue has no data but
 * connections, which hold theirs in queues of their own; accept() takes them out
 * under the queue's spinlock alone.
 *
 * Both locks are given up after some files. Where to go on is told by the last message
 * that was looked at and the one behind it: these are found again by comparing pointers,
 * and never followed, since they may be gone. Messages leave at the front (but for urgent
 * bytes), so that with them all before them have left.
 *
 * A file in a queued message is referenced by the message, and keeps its socket.
 * Only unix sockets are referenced here, with sock_hold(): that keeps the
 * memory and the namespace, but not the file, whose count the garbage collector goes by.
 * Where there are more than ROWS_AT_ONCE in flight, until the reader goes on.
 */
#include "inflight.h"
#include "batch.h"
#include "compat.h"
#include "extras.h"
#include "look.h"
#include "memory.h"

#include <linux/build_bug.h>
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/net.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <net/af_unix.h>
#include <net/scm.h>
#include <net/sock.h>

/*
 * What one hold of a queue's locks goes through. make latency: 110 us. The messages before
 * these files are passed over, each a cache miss. The sender's buffer bounds how many there
 * are, but of datagrams there may be many senders, and root of a user namespace says how
 * many wait (net.unix.max_dgram_qlen). So no more than the first MESSAGES of a queue are
 * looked at: some 200 us.
 */
#define FILES_AT_ONCE		512
#define MESSAGES		2048U
#define CONNECTIONS_AT_ONCE	256
static_assert(FILES_AT_ONCE > SCM_MAX_FD);

/*
 * With so many rows one call ends. Who sends one socket half a million times would have
 * them take 80 MB of every reader; this is 240 KB at most.
 */
#define ROWS_AT_ONCE		1024

/* A receiver is copying: so often it is tried again, some 100 us later. */
#define TRIES 5

bool sko_inflight_visible __read_mostly;

/**
 * sko_inflight_init() - an empty work list
 * @inflight: zeroed memory
 *
 * Context: may sleep. The memory is charged to the caller's cgroup.
 * Return: 0, or -ENOMEM.
 */
int sko_inflight_init(struct sko_inflight *inflight)
{
	inflight->queue = kvmalloc_array(SKO_INFLIGHT_WINDOW,
					 sizeof(*inflight->queue), SKO_GFP);
	if (!inflight->queue)
		return -ENOMEM;
	inflight->capacity = SKO_INFLIGHT_WINDOW;
	return 0;
}

/* Give up those that were put on the list since it had @count. */
static void shorten(struct sko_inflight *inflight, unsigned int count)
{
	while (inflight->count > count) {
		sock_put(inflight->queue[--inflight->count].sk);
		cond_resched();
	}
}

static void leave_queue(struct sko_inflight *inflight)
{
	sock_put(inflight->midway.sk);
	inflight->midway.sk = NULL;
}

/**
 * sko_inflight_empty() - give up the work list
 * @inflight: the work list
 *
 * Context: may sleep.
 */
void sko_inflight_empty(struct sko_inflight *inflight)
{
	if (inflight->midway.sk)
		leave_queue(inflight);
	shorten(inflight, 0);
}

/**
 * sko_inflight_destroy() - free the memory
 * @inflight: used or zeroed
 *
 * Context: may sleep.
 */
void sko_inflight_destroy(struct sko_inflight *inflight)
{
	sko_inflight_empty(inflight);
	kvfree(inflight->queue);
	*inflight = (struct sko_inflight){};
}

static int make_room(struct sko_inflight *inflight, unsigned int wanted)
{
	struct sko_queue *queue;
	unsigned int i;

	if (inflight->capacity - inflight->count >= wanted)
		return 0;
	wanted = max(inflight->count + wanted, 2 * inflight->capacity);
	queue = kvmalloc_array(wanted, sizeof(*queue), SKO_GFP);
	if (!queue)
		return -ENOMEM;
	for (i = 0; i < inflight->count; i++) {
		queue[i] = inflight->queue[i];
		if (!(i % FILES_AT_ONCE))
			cond_resched();
	}
	kvfree(inflight->queue);
	inflight->queue = queue;
	inflight->capacity = wanted;
	return 0;
}

static bool has_descriptors(const struct sock *sk)
{
	return atomic_read(&unix_sk(sk)->scm_stat.nr_fds) > 0;
}

/**
 * sko_inflight_wants() - may there be something in flight in this socket?
 * @sk: any full socket
 *
 * Context: any, with what keeps @sk.
 */
bool sko_inflight_wants(const struct sock *sk)
{
	if (!sko_inflight_visible || READ_ONCE(sk->sk_family) != AF_UNIX)
		return false;
	if (READ_ONCE(sk->sk_state) == TCP_LISTEN)
		return !skb_queue_empty_lockless(&sk->sk_receive_queue);
	return has_descriptors(sk);
}

static bool hold(struct sko_inflight *inflight, struct sock *sk, u64 via)
{
	if (inflight->count == inflight->capacity)
		return false;
	sock_hold(sk);
	inflight->queue[inflight->count++] = (struct sko_queue){
		.sk = sk,
		.via = via,
	};
	return true;
}

/**
 * sko_inflight_hold() - put a unix socket on the work list
 * @inflight: the work list
 * @file: its file
 * @sk: the socket, which sko_inflight_wants()
 *
 * Context: any, under the lock of the table or queue that keeps @file.
 * Return: false if there is no room.
 */
bool sko_inflight_hold(struct sko_inflight *inflight, struct file *file,
		       struct sock *sk)
{
	return hold(inflight, sk, file_inode(file)->i_ino);
}

/* One file of a message. Returns false if there is no room for what it is. */
static bool look_at_file(struct sko_inflight *inflight, struct file *file,
			 const struct sko_held *held, struct sko_batch *batch)
{
	struct socket *sock = sock_from_file(file);
	struct sock *sk = sock ? READ_ONCE(sock->sk) : NULL;
	struct sko_row *row;

	if (!sk)
		return true;
	if (sko_inflight_wants(sk))
		return sko_inflight_hold(inflight, file, sk);
	if (!sko_row_is_inet(sk) || !sko_look_wants(batch->look, sk))
		return true;
	row = sko_batch_row(batch);
	if (!row)
		return false;
	row->held = *held;
	row->key = sk;
	row->doubtful = false;
	row->fd = -1;
	row->inode = file_inode(file)->i_ino;
	sko_row_from_sock(row, sk);
	sko_row_extras(row, sk, batch->look);
	sko_look_held(batch, row);
	return true;
}

/*
 * The first message that was not looked at, behind no more than MESSAGES that were. If
 * that is gone, so are all before it. Its memory may be another message by now: then it
 * is not where it was.
 */
static const struct sk_buff *find_next(const struct sk_buff_head *queue,
				       const struct sko_position *position)
{
	const struct sk_buff *skb;
	unsigned int seen = 0;

	if (!position->next)
		return queue->next;
	skb_queue_walk(queue, skb) {
		if (skb == position->next && skb->prev == position->last)
			return skb;
		if (++seen > MESSAGES)
			break;
	}
	return queue->next;
}

/* All files of a message, or, if there is no room for them, none. */
static bool look_at_message(struct sko_inflight *inflight,
			    const struct scm_fp_list *fp,
			    const struct sko_held *held,
			    struct sko_batch *batch)
{
	unsigned int queues = inflight->count, rows = batch->count;
	int i;

	for (i = 0; i < fp->count; i++) {
		if (look_at_file(inflight, fp->fp[i], held, batch))
			continue;
		batch->count = rows;
		while (inflight->count > queues)
			__sock_put(inflight->queue[--inflight->count].sk);
		return false;
	}
	return true;
}

/*
 * One hold of a queue's lock: messages with FILES_AT_ONCE descriptors together, or those
 * there is room for. Returns true if there may be more.
 */
static bool queue_window(struct sko_inflight *inflight, struct sock *sk,
			 struct sko_position *position,
			 const struct sko_held *held, struct sko_batch *batch)
{
	const struct sk_buff_head *queue = &sk->sk_receive_queue;
	const struct sk_buff *end = (const struct sk_buff *)queue;
	const struct sk_buff *skb;
	unsigned int seen = 0;
	bool more;

	rcu_read_lock();
	spin_lock(&sk->sk_receive_queue.lock);
	if (!position->next)
		position->left = min(queue->qlen, MESSAGES);
	skb = find_next(queue, position);
	for (; skb != end && position->left; skb = skb->next, position->left--) {
		const struct scm_fp_list *fp = UNIXCB(skb).fp;

		if (!fp)
			continue;
		if (seen + fp->count > FILES_AT_ONCE ||
		    !look_at_message(inflight, fp, held, batch))
			break;
		seen += fp->count;
	}
	position->next = skb;
	position->last = skb->prev;
	more = skb != end && position->left;
	spin_unlock(&sk->sk_receive_queue.lock);
	rcu_read_unlock();
	return more;
}

static bool try_iolock(struct unix_sock *u)
{
	int i;

	for (i = 0; i < TRIES; i++) {
		if (mutex_trylock(&u->iolock))
			return true;
		usleep_range(50, 150);
	}
	return false;
}

/*
 * A queue that stays busy keeps what it has to itself, and so does a long one what is
 * behind its first MESSAGES: elsewhere. What comes into it meanwhile may be left out, or
 * a ring of messages would have no end. Returns 1 if there is more, for another call.
 */
static int collect_messages(struct sko_inflight *inflight, struct sock *sk,
			    const struct sko_held *held,
			    struct sko_batch *batch)
{
	struct unix_sock *u = unix_sk(sk);
	bool more;
	int err = 0;

	while (!err && try_iolock(u)) {
		more = queue_window(inflight, sk, &inflight->position, held,
				    batch);
		mutex_unlock(&u->iolock);
		cond_resched();
		if (!more)
			break;
		if (batch->count >= ROWS_AT_ONCE)
			return 1;
		err = make_room(inflight, FILES_AT_ONCE);
		if (!err)
			err = sko_batch_extend(batch, FILES_AT_ONCE);
	}
	return err;
}

/*
 * One hold of a listener's queue, from behind the message @mark on, which is
 * referenced; from the beginning if it is NULL or has left: connections leave at
 * the front. Of those that were there at first @left are still to be looked at, and what
 * came meanwhile is behind them. Returns the message to go on from, referenced, or NULL
 * at the end.
 */
static struct sk_buff *connections_window(struct sko_inflight *inflight,
					  struct sock *sk, struct sk_buff *mark,
					  unsigned int *left, u64 via)
{
	struct sk_buff_head *queue = &sk->sk_receive_queue;
	struct sk_buff *skb, *last = mark;
	unsigned int seen = 0;
	bool more = false;

	spin_lock(&queue->lock);
	if (!mark)
		*left = queue->qlen;
	skb = mark && mark->next ? mark->next : queue->next;
	for (; skb != (struct sk_buff *)queue && *left; skb = skb->next) {
		struct sock *child = skb->sk;

		if (seen++ == CONNECTIONS_AT_ONCE ||
		    (child && has_descriptors(child) &&
		     !hold(inflight, child, via))) {
			more = true;
			break;
		}
		last = skb;
		--*left;
	}
	last = more && last ? skb_get(last) : NULL;
	spin_unlock(&queue->lock);
	return last;
}

static int collect_connections(struct sko_inflight *inflight, struct sock *sk,
			       u64 via)
{
	struct sk_buff *mark = NULL, *next;
	unsigned int left = 0;
	int err;

	do {
		err = make_room(inflight, CONNECTIONS_AT_ONCE);
		if (err)
			break;
		next = connections_window(inflight, sk, mark, &left, via);
		if (mark)
			consume_skb(mark);
		mark = next;
		cond_resched();
	} while (mark && !err);
	if (mark)
		consume_skb(mark);
	return err;
}

/* Begin with the next one. Returns 1 if it is to be looked into. */
static int enter_queue(struct sko_inflight *inflight, struct sko_look *look)
{
	inflight->midway = inflight->queue[--inflight->count];
	inflight->position = (struct sko_position){};
	if (!look)
		return 1;
	if (sko_listed_has(&look->queues, inflight->midway.sk))
		return 0;
	return sko_listed_put(&look->queues, inflight->midway.sk) ?: 1;
}

/* Go on with the one that is midway. Returns 1 if it still is. */
static int collect_queue(struct sko_inflight *inflight,
			 const struct sko_process *process,
			 struct sko_batch *batch)
{
	struct sko_queue *queue = &inflight->midway;
	struct sko_held held = {
		.holder = SKO_HOLDER_SCM,
		.via = queue->via,
		.process = process,
	};

	if (READ_ONCE(queue->sk->sk_state) == TCP_LISTEN)
		return collect_connections(inflight, queue->sk, queue->via);
	return collect_messages(inflight, queue->sk, &held, batch);
}

/**
 * sko_inflight_collect() - the inet sockets in flight in some unix sockets
 * @inflight: the unix sockets, all held by @process. If it is not empty afterwards, go on
 *	with another call, with an empty batch, or after -EINTR
 * @process: whom the rows are about
 * @batch: takes the rows behind those that are there; made larger if needed
 *
 * Each unix socket is looked into once in a look, by who is met first: that is
 * the lowest pid.
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, -EINTR after a fatal signal.
 */
int sko_inflight_collect(struct sko_inflight *inflight,
			 const struct sko_process *process,
			 struct sko_batch *batch)
{
	int ret = 0;

	while (ret >= 0 && !sko_inflight_is_empty(inflight)) {
		if (fatal_signal_pending(current))
			return -EINTR;
		ret = 1;
		if (!inflight->midway.sk)
			ret = enter_queue(inflight, batch->look);
		if (ret > 0)
			ret = collect_queue(inflight, process, batch);
		if (ret > 0)
			return 0;
		leave_queue(inflight);
		cond_resched();
	}
	sko_inflight_empty(inflight);
	return ret;
}
