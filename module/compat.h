/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * Differences between kernel versions: here, and nowhere else.
 */
#ifndef SOCKOWNERS_COMPAT_H
#define SOCKOWNERS_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "sockowners needs Linux 6.1 or newer"
#endif

#include <linux/sched.h>
#include <linux/sched/coredump.h>
#ifdef SKO_EXEC_STATE
#include <linux/sched/exec_state.h>
#endif
#include <linux/skbuff.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>
#include <net/af_unix.h>
#include <net/inet6_hashtables.h>
#include <net/inet_connection_sock.h>
#include <net/inet_hashtables.h>
#include <net/inet_timewait_sock.h>
#include <net/net_namespace.h>
#include <net/raw.h>
#include <net/sock.h>
#include <net/tcp.h>
#include <net/udp.h>
#ifdef SKO_UDPLITE
#include <net/udplite.h>
#endif

/*
 * May a task be looked into by whoever is its user, and if not, over which user
 * namespace is CAP_SYS_PTRACE needed? As task_still_dumpable() in kernel/ptrace.c
 * has it, but a task that has lost its mm counts as not dumpable where it is kept
 * there. Under task_lock() and rcu_read_lock(). Newer kernels keep it in a place
 * of its own: module/Kbuild looks for its header.
 */
static inline bool sko_task_dumpable(const struct task_struct *task,
				     struct user_namespace **user_ns)
{
#ifdef SKO_EXEC_STATE
	const struct task_exec_state *state = rcu_dereference(task->exec_state);

	*user_ns = state->user_ns;
	return READ_ONCE(state->dumpable) == TASK_DUMPABLE_OWNER;
#else
	*user_ns = task->mm ? task->mm->user_ns : &init_user_ns;
	return task->mm && get_dumpable(task->mm) == SUID_DUMP_USER;
#endif
}

/* So it was before, and is again since 6.3 and in the stable releases of then. */
static_assert(__same_type(((struct raw_hashinfo *)NULL)->ht[0], struct hlist_head),
	      "sockowners needs a later stable release of this kernel");

/* DCCP's header is private; the protocol is gone in 7.x. */
extern struct inet_hashinfo dccp_hashinfo;

/*
 * The lists of a port's sockets and time-waits, by sk_bind_node: until 6.7 there is one,
 * since then one for each address. To be gone through under the lock of bhash.
 */
static inline struct hlist_head *sko_first_owners(struct inet_bind_bucket *tb)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
	return &tb->owners;
#else
	struct inet_bind2_bucket *tb2;

	tb2 = hlist_entry_safe(tb->bhash2.first, struct inet_bind2_bucket,
			       bhash_node);
	return tb2 ? &tb2->owners : NULL;
#endif
}

static inline struct hlist_head *sko_next_owners(struct hlist_head *owners)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
	return NULL;
#else
	struct inet_bind2_bucket *tb2;

	tb2 = hlist_entry(owners, struct inet_bind2_bucket, owners);
	tb2 = hlist_entry_safe(tb2->bhash_node.next, struct inet_bind2_bucket,
			       bhash_node);
	return tb2 ? &tb2->owners : NULL;
#endif
}

/* The one that a socket is in, or a time-wait, and its port; NULL: none. */
static inline const struct hlist_head *sko_owners_of(const struct sock *sk)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
	struct inet_bind_bucket *tb = sk_fullsock(sk) ?
					      inet_csk(sk)->icsk_bind_hash :
					      inet_twsk(sk)->tw_tb;
#else
	struct inet_bind2_bucket *tb = sk_fullsock(sk) ?
					       inet_csk(sk)->icsk_bind2_hash :
					       inet_twsk(sk)->tw_tb2;
#endif

	return tb ? &tb->owners : NULL;
}

static inline const struct inet_bind_bucket *sko_port_of(const struct sock *sk)
{
	return sk_fullsock(sk) ? inet_csk(sk)->icsk_bind_hash
			       : inet_twsk(sk)->tw_tb;
}

/*
 * May a socket be bound to a port and no more? Not to one that connect() has taken
 * (__inet_hash_connect()), until somebody binds to it (inet_csk_update_fastreuse()).
 * Since 6.18, and where that was ported back, it does not tell: the port is taken for
 * one of connections again while a socket that was bound is connected, and may lose
 * that (inet_bind_bucket_destroy(), __inet_bhash2_update_saddr()).
 */
static inline bool sko_may_be_bound(const struct inet_bind_bucket *tb)
{
#ifdef SOCK_CONNECT_BIND
	return true;
#else
	return tb->fastreuseport >= 0;
#endif
}

/* For unit tests: an address of a port, if there is such a thing. */
static inline void sko_add_owners(struct inet_bind_bucket *tb,
				  struct inet_bind2_bucket *tb2)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
	hlist_add_head(&tb2->bhash_node, &tb->bhash2);
#endif
}

/* The table of a namespace: until 6.2 there was only one. */
static inline struct udp_table *sko_udp_table_of(const struct net *net)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
	return &udp_table;
#else
	return net->ipv4.udp_table;
#endif
}

/* UDP-Lite's own table, NULL where it is gone: module/Kbuild looks for its header. */
static inline struct udp_table *sko_udplite_table(void)
{
#ifdef SKO_UDPLITE
	return &udplite_table;
#else
	return NULL;
#endif
}

/*
 * The lookups of net/ipv4/inet_hashtables.c and udp.c and their siblings, all inside
 * rcu_read_lock(), of a packet of which there is no skb. Newer ones find their table
 * by themselves: module/Kbuild looks which header this is. Without IPv6 nobody gets
 * a packet of it.
 */
#ifdef SKO_LOOKUP_HASHINFO
#define sko_lookup_tcp(lookup, net, ...) \
	lookup(net, (net)->ipv4.tcp_death_row.hashinfo, __VA_ARGS__)
#else
#define sko_lookup_tcp(lookup, net, ...) lookup(net, __VA_ARGS__)
#endif
#ifdef SKO_LOOKUP_UDP_TABLE
#define sko_lookup_udp(lookup, net, ...) \
	lookup(net, __VA_ARGS__, sko_udp_table_of(net), NULL)
#else
#define sko_lookup_udp(lookup, net, ...) lookup(net, __VA_ARGS__, NULL)
#endif

#define sko_inet_lookup_established(net, ...) \
	sko_lookup_tcp(__inet_lookup_established, net, __VA_ARGS__)
#define sko_inet_lookup_listener(net, ...) \
	sko_lookup_tcp(__inet_lookup_listener, net, NULL, 0, __VA_ARGS__)
#define sko_udp4_lookup(net, saddr, sport, daddr, dport, dif, sdif)	\
	sko_lookup_udp(__udp4_lib_lookup, net, saddr, sport, daddr,	\
		       htons(dport), dif, sdif)
#if IS_ENABLED(CONFIG_IPV6)
#define sko_inet6_lookup_established(net, ...) \
	sko_lookup_tcp(__inet6_lookup_established, net, __VA_ARGS__)
#define sko_inet6_lookup_listener(net, ...) \
	sko_lookup_tcp(inet6_lookup_listener, net, NULL, 0, __VA_ARGS__)
#define sko_udp6_lookup(net, saddr, sport, daddr, dport, dif, sdif)	\
	sko_lookup_udp(__udp6_lib_lookup, net, saddr, sport, daddr,	\
		       htons(dport), dif, sdif)
#else
#define sko_inet6_lookup_established(...) NULL
#define sko_inet6_lookup_listener(...) NULL
#define sko_udp6_lookup(...) NULL
#endif

/*
 * TCP's keepalive timer has got a place of its own, also in stable releases:
 * module/Kbuild looks which header this is.
 */
static inline const struct timer_list *sko_keepalive_timer(const struct sock *sk)
{
#ifdef SKO_KEEPALIVE_TIMER
	return &inet_csk(sk)->icsk_keepalive_timer;
#else
	return &sk->sk_timer;
#endif
}

/*
 * How long TCP waits at most before it sends again, in jiffies. Newer kernels have a
 * setting for it: module/Kbuild looks which header this is.
 */
static inline unsigned int sko_rto_max(const struct sock *sk)
{
#ifdef SKO_RTO_MAX
	return tcp_rto_max(sk);
#else
	return TCP_RTO_MAX;
#endif
}

/* Since 6.18 the count may be kept for each NUMA node. */
static inline int sko_drops(const struct sock *sk)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)
	return atomic_read(&sk->sk_drops);
#else
	return sk_drops_read(sk);
#endif
}

/*
 * What a unix socket writes into the skb's control block. Newer kernels keep it
 * to themselves; where the compiler shuffles it nobody can know it.
 */
#ifdef UNIXCB
#define SKO_UNIXCB 1
#elif !defined(CONFIG_RANDSTRUCT)
struct unix_skb_parms {
	struct pid *pid;
	kuid_t uid;
	kgid_t gid;
	struct scm_fp_list *fp;
#ifdef CONFIG_SECURITY_NETWORK
	u32 secid;
#endif
	u32 consumed;
};

#define UNIXCB(skb) (*(struct unix_skb_parms *)&((skb)->cb))
#define SKO_UNIXCB 1
#else
#define UNIXCB(skb) (*(struct { struct scm_fp_list *fp; } *)&((skb)->cb))
#define SKO_UNIXCB 0
#endif

#endif
