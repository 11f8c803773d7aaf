// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "extras.h"
#include "compat.h"
#include "look.h"

#include <linux/cgroup.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/user_namespace.h>
#include <linux/sock_diag.h>
#include <linux/time_namespace.h>
#include <linux/refcount.h>
#include <net/inet_connection_sock.h>
#include <net/inet_timewait_sock.h>
#include <net/request_sock.h>
#include <net/tcp.h>
#include <net/udp.h>

static u32 milliseconds_to(unsigned long expires)
{
	long left = expires - jiffies;

	return left > 0 ? jiffies_to_msecs(left) : 0;
}

/*
 * A request is given up at the timeout after its last SYN-ACK, each of which
 * waits twice as long as the one before, as reqsk_timeout() has it, in newer kernels
 * tcp_reqsk_timeout(). Under pressure the kernel tries less often, and with
 * TCP_DEFER_ACCEPT longer.
 */
static void request_timer(struct sko_extras *extras,
			  const struct request_sock *req)
{
	const struct sock *listener = READ_ONCE(req->rsk_listener);
	unsigned int n, retries = 0;
	u64 left, longest;

	/* It comes into its bucket before it has a timer, and then gets references. */
	if (!listener || !refcount_read(&req->rsk_refcnt))
		return;
	smp_rmb();	/* pairs with smp_wmb() in reqsk_queue_hash_req() */
	if (listener->sk_protocol == IPPROTO_TCP)
		retries = READ_ONCE(inet_csk(listener)->icsk_syn_retries) ?:
			READ_ONCE(sock_net(listener)->ipv4.sysctl_tcp_synack_retries);
	left = milliseconds_to(READ_ONCE(req->rsk_timer.expires));
	longest = retries ? sko_rto_max(listener) : 0;
	for (n = req->num_timeout + 1; n <= retries; n++)
		left += jiffies_to_msecs(min((u64)req->timeout << min(n, 31U),
					     longest));
	extras->timer = min_t(u64, left, U32_MAX);
	extras->has_timer = true;
}

/*
 * An orphan in FIN_WAIT2 waits for its keepalive timer, and after that as a
 * time-wait socket for what tcp_keepalive_timer() gives it.
 */
static void orphan_timer(struct sko_extras *extras, const struct sock *sk)
{
	int rest = tcp_fin_time(sk) - TCP_TIMEWAIT_LEN;

	if (!timer_pending(sko_keepalive_timer(sk)))
		return;
	extras->timer = milliseconds_to(sko_keepalive_timer(sk)->expires);
	if (rest > 0 && READ_ONCE(tcp_sk(sk)->linger2) >= 0)
		extras->timer += jiffies_to_msecs(rest);
	extras->has_timer = true;
}

/* Two numbers are not read at once: what comes between must not make it negative. */
static void fill_queues(struct sko_extras *extras, struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u8 state = READ_ONCE(sk->sk_state);

	extras->has_queues = true;
	if (state == TCP_LISTEN && sk->sk_type != SOCK_DGRAM &&
	    sk->sk_type != SOCK_RAW) {
		extras->recvq = READ_ONCE(sk->sk_ack_backlog);
		extras->sendq = READ_ONCE(sk->sk_max_ack_backlog);
		/* MPTCP counts at its subflow, which has a row of its own. */
		extras->has_queues = sk->sk_protocol != IPPROTO_MPTCP;
	} else if (sk->sk_protocol == IPPROTO_TCP && sk->sk_type != SOCK_RAW) {
		extras->recvq = max_t(int, READ_ONCE(tp->rcv_nxt) -
					   READ_ONCE(tp->copied_seq), 0);
		extras->sendq = max_t(int, READ_ONCE(tp->write_seq) -
					   READ_ONCE(tp->snd_una), 0);
		/* These were written when it last had a connection. */
		if (state == TCP_CLOSE || state == TCP_SYN_SENT)
			extras->recvq = 0;
		if (state == TCP_CLOSE)
			extras->sendq = 0;
	} else {
		extras->recvq = sk_rmem_alloc_get(sk);
		extras->sendq = sk_wmem_alloc_get(sk);
		if (sk->sk_type == SOCK_DGRAM &&
		    (sk->sk_protocol == IPPROTO_UDP ||
		     sk->sk_protocol == IPPROTO_UDPLITE))
			extras->recvq = max(udp_rqueue_get(sk), 0);
	}
}

static u64 socket_cgroup(const struct sock *sk)
{
#ifdef CONFIG_SOCK_CGROUP_DATA
	struct cgroup *cgrp;

	cgrp = sock_cgroup_ptr((struct sock_cgroup_data *)&sk->sk_cgrp_data);
	return cgrp ? cgroup_id(cgrp) : 0;
#else
	return 0;
#endif
}

static u8 flags_of(const struct sock *sk)
{
	return (sk->sk_reuse ? SKO_FLAG_REUSEADDR : 0) |
	       (sk->sk_reuseport ? SKO_FLAG_REUSEPORT : 0) |
	       (sk->sk_family == AF_INET6 && sk->sk_ipv6only ? SKO_FLAG_V6ONLY
							     : 0);
}

static void set_uid(struct sko_extras *extras, const struct sock *sk,
		    const struct sko_look *look)
{
	extras->uid = from_kuid_munged(look->user_ns, READ_ONCE(sk->sk_uid));
	extras->has_uid = true;
}

static bool wants(const struct sko_look *look, enum sko_column column)
{
	return look->columns & BIT(column);
}

static void fill_request(struct sko_extras *extras,
			 const struct request_sock *req,
			 const struct sko_look *look)
{
	const struct sock *listener = READ_ONCE(req->rsk_listener);

	if (wants(look, SKO_COL_TIMER))
		request_timer(extras, req);
	if (listener && wants(look, SKO_COL_SOCKUID))
		set_uid(extras, listener, look);
}

static bool is_tcp_orphan(const struct sock *sk)
{
	return READ_ONCE(sk->sk_state) == TCP_FIN_WAIT2 &&
	       sk->sk_type == SOCK_STREAM && sk->sk_protocol == IPPROTO_TCP &&
	       sock_flag(sk, SOCK_DEAD);
}

/* Each is somewhere else in a large struct: what nobody wants is not fetched. */
static void fill_socket(struct sko_extras *extras, struct sock *sk,
			const struct sko_look *look)
{
	if (wants(look, SKO_COL_SOCKUID))
		set_uid(extras, sk, look);
	if (wants(look, SKO_COL_RECVQ) || wants(look, SKO_COL_SENDQ))
		fill_queues(extras, sk);
	if (wants(look, SKO_COL_FLAGS))
		extras->flags = flags_of(sk);
	if (wants(look, SKO_COL_DROPS)) {
		extras->drops = sko_drops(sk);
		extras->has_drops = true;
	}
	if (wants(look, SKO_COL_SOCKCGROUP))
		extras->cgroup = socket_cgroup(sk);
	if (wants(look, SKO_COL_TIMER) && is_tcp_orphan(sk))
		orphan_timer(extras, sk);
}

/**
 * sko_extras_fill() - see sko_row_extras()
 * @row: its @extras are set
 * @sk: the socket, of whatever kind
 * @look: which of them are wanted, and whose user ids
 *
 * A cookie is made when somebody asks for it first, as for ss -e.
 */
void sko_extras_fill(struct sko_row *row, struct sock *sk,
		     const struct sko_look *look)
{
	struct sko_extras *extras = &row->extras;

	*extras = (struct sko_extras){};
	if (wants(look, SKO_COL_COOKIE)) {
		u32 cookie[2];

		sock_diag_save_cookie(sk, cookie);
		extras->cookie = cookie[0] | (u64)cookie[1] << 32;
	}
	switch (READ_ONCE(sk->sk_state)) {
	case TCP_NEW_SYN_RECV:
		fill_request(extras, inet_reqsk(sk), look);
		break;
	case TCP_TIME_WAIT:
		extras->flags = flags_of(sk);
		extras->timer =
			milliseconds_to(inet_twsk(sk)->tw_timer.expires);
		extras->has_timer = true;
		break;
	default:
		fill_socket(extras, sk, look);
	}
}

/**
 * sko_extras_process() - the same for the process that holds a socket
 * @process: its @start and @cgroup are set, if they are wanted
 * @leader: the process
 * @look: which are wanted; NULL: none
 *
 * The start time is that of /proc/PID/stat, in the reader's time namespace.
 *
 * Context: inside rcu_read_lock(), which keeps @leader and its cgroup.
 */
void sko_extras_process(struct sko_process *process, struct task_struct *leader,
			const struct sko_look *look)
{
	if (!look || !(look->columns & SKO_COLUMNS_EXTRA))
		return;
	process->start = div_u64(timens_add_boottime_ns(leader->start_boottime),
				 NSEC_PER_SEC / USER_HZ);
#ifdef CONFIG_CGROUPS
	process->cgroup = cgroup_id(task_dfl_cgroup(leader));
#endif
}
