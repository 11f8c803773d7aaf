/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * A row: one socket and one holder of it. It is a copy, taken under somebody
 * else's lock, and follows no pointer into the kernel's own data, so that it can
 * be formatted after the lock is gone.
 */
#ifndef SOCKOWNERS_ROW_H
#define SOCKOWNERS_ROW_H

#include <linux/if.h>
#include <linux/in6.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <net/sock.h>
#include <net/tcp_states.h>

struct inet_timewait_sock;
struct net;
struct request_sock;

/* How the socket is held: a new reason is a value here and a name in line.c. */
enum sko_holder {
	SKO_HOLDER_FD,		/* in the process's file table */
	SKO_HOLDER_THREAD,	/* in the private file table of one thread */
	SKO_HOLDER_SCM,		/* in flight, in the queue of a unix socket */
	SKO_HOLDER_ACCEPT,	/* nobody has accepted it yet */
	SKO_HOLDER_SYNRECV,	/* nobody: it is half-open */
	SKO_HOLDER_TIMEWAIT,	/* nobody: the tuple is still reserved */
	SKO_HOLDER_ORPHAN,	/* nobody: the kernel finishes the connection */
	SKO_HOLDER_MPTCP,	/* an MPTCP socket */
	SKO_HOLDER_ASSOC,	/* an SCTP socket, as one of many associations */
	SKO_HOLDER_KERNEL,	/* the kernel itself */
	SKO_HOLDER_ELSEWHERE,	/* a file that is in no file table */
	SKO_HOLDER_HIDDEN,	/* maybe a process that has no number here */
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
	u64 start;		/* clock ticks since boot */
	u64 cgroup;		/* 0: none */
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

/* Columns that are filled in only if they are wanted. */
struct sko_extras {
	u64 cookie;		/* 0: none */
	u64 cgroup;		/* of the socket's creator; 0: none */
	u32 recvq;
	u32 sendq;
	u32 drops;
	u32 timer;		/* milliseconds */
	uid_t uid;
	u8 flags;		/* bits of enum sko_flag */
	bool has_queues;
	bool has_timer;
	bool has_uid;
	bool has_drops;
};

enum sko_flag {
	SKO_FLAG_REUSEADDR = 1,
	SKO_FLAG_REUSEPORT = 2,
	SKO_FLAG_V6ONLY = 4,
};

struct sko_row {
	struct sko_held held;
	const void *key;	/* the socket, to compare; NULL: not a full one */
	int fd;			/* -1: none */
	u32 netns;
	u64 inode;		/* 0: none */
	union sko_addr laddr;	/* which member: by @family */
	union sko_addr raddr;
	union {
		struct {
			u16 protocol;
			u16 type;
			u16 family;
			u8 state;	/* of enum sko_state or <net/tcp_states.h> */
			bool has_peer;
		};
		u64 kind;	/* all five, to compare */
	};
	__be16 rport;
	u16 lport;
	bool doubtful;		/* no row yet: see look.h */
	struct sko_extras extras;
	char dev[IFNAMSIZ];	/* "": none */
};

void sko_row_from_sock(struct sko_row *row, const struct sock *sk);
void sko_row_from_timewait(struct sko_row *row,
			   const struct inet_timewait_sock *tw, u16 protocol);
void sko_row_from_request(struct sko_row *row, const struct request_sock *req,
			  u16 protocol);
u8 sko_row_state(u16 type, u16 protocol, u8 state, u16 num);
void sko_row_dev(char *dev, struct net *net, int ifindex);

/**
 * sko_row_is_inet() - is this a socket that belongs into the listing?
 * @sk: a full socket
 *
 * A SCTP or L2TP socket is one as well as a TCP socket: what counts is the
 * address family, which is also what says how to read its addresses.
 */
static inline bool sko_row_is_inet(const struct sock *sk)
{
	u16 family = READ_ONCE(sk->sk_family);

	return family == AF_INET ||
	       (IS_ENABLED(CONFIG_IPV6) && family == AF_INET6);
}

#endif
