/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * A row: one socket and one holder of it. It is a copy, taken under somebody
 * else's lock, and holds no pointer into the kernel's own data, so that it can
 * be formatted after the lock is gone.
 */
#ifndef SOCKOWNERS_ROW_H
#define SOCKOWNERS_ROW_H

#include <linux/if.h>
#include <linux/in6.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <net/tcp_states.h>

struct inet_timewait_sock;
struct net;
struct sock;

/* How the socket is held: a new reason is a value here and a name in line.c. */
enum sko_holder {
	SKO_HOLDER_FD,		/* in the process's file table */
	SKO_HOLDER_THREAD,	/* in the private file table of one thread */
	SKO_HOLDER_TIMEWAIT,	/* nobody: the tuple is still reserved */
};

/*
 * The states of <net/tcp_states.h>, and those it has no name for; out of the
 * way of those that other protocols put behind TCP_MAX_STATES.
 */
enum sko_state {
	SKO_STATE_BOUND = 64,
	SKO_STATE_UNCONNECTED,
};

/* The process that holds the sockets of a batch. */
struct sko_process {
	pid_t pid;		/* in the pid namespace of the procfs mount */
	uid_t uid;		/* effective, in the opener's user namespace */
	char comm[TASK_COMM_LEN];	/* untrusted bytes */
};

union sko_addr {
	__be32 v4;
	struct in6_addr v6;
};

/* What a row says about the socket's holder, the same for all of one table. */
struct sko_held {
	enum sko_holder holder;
	u64 via;		/* 0: none */
	const struct sko_process *process;	/* NULL: none */
};

struct sko_row {
	struct sko_held held;
	int fd;			/* -1: none */
	u32 netns;
	u64 inode;		/* 0: none */
	union sko_addr laddr;	/* which member: by @family */
	union sko_addr raddr;
	__be16 rport;
	u16 lport;
	u16 protocol;
	u16 type;
	u16 family;
	u8 state;		/* of enum sko_state or <net/tcp_states.h> */
	bool has_peer;
	char dev[IFNAMSIZ];	/* "": none */
};

bool sko_row_is_inet(const struct sock *sk);
void sko_row_from_sock(struct sko_row *row, const struct sock *sk);
void sko_row_from_timewait(struct sko_row *row,
			   const struct inet_timewait_sock *tw);
u8 sko_row_state(u16 type, u16 protocol, u8 state, u16 num);
void sko_row_dev(char *dev, struct net *net, int ifindex);

#endif
