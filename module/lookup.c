// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * Locks: the kernel's functions go through their tables under rcu_read_lock()
 * alone. Softirqs are off meanwhile, as they are where packets come from: what
 * chooses by the processor (SO_INCOMING_CPU) stays on one, and a BPF program of
 * type sk_lookup, which these functions run, is not run by a softirq on top of
 * itself. A connection is returned referenced. Listeners and UDP sockets are not;
 * they are freed by RCU (SOCK_RCU_FREE).
 */
#include "lookup.h"
#include "arrival.h"
#include "compat.h"
#include "packet.h"

#include <linux/bottom_half.h>
#include <linux/errno.h>
#include <linux/in.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sock_diag.h>
#include <linux/socket.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include <net/sock_reuseport.h>

/* What tcp_v4_rcv() and tcp_v6_rcv() look for first; referenced. */
static struct sock *find_connection(const struct sko_packet *packet,
				    const struct sko_arrival *arrival,
				    struct net *net)
{
	if (packet->family == AF_INET6)
		return sko_inet6_lookup_established(net, &packet->v6.saddr,
						    packet->sport,
						    &packet->v6.daddr,
						    packet->dport, arrival->dif,
						    arrival->sdif);
	return sko_inet_lookup_established(net, packet->v4.saddr, packet->sport,
					   packet->v4.daddr, packet->dport,
					   arrival->dif, arrival->sdif);
}

static struct sock *find_listener(const struct sko_packet *packet,
				  const struct sko_arrival *arrival,
				  struct net *net)
{
	if (packet->family == AF_INET6)
		return sko_inet6_lookup_listener(net, &packet->v6.saddr,
						 packet->sport,
						 &packet->v6.daddr,
						 packet->dport, arrival->dif,
						 arrival->sdif);
	return sko_inet_lookup_listener(net, packet->v4.saddr, packet->sport,
					packet->v4.daddr, packet->dport,
					arrival->dif, arrival->sdif);
}

static struct sock *find_udp(const struct sko_packet *packet,
			     const struct sko_arrival *arrival, struct net *net)
{
	if (packet->family == AF_INET6)
		return sko_udp6_lookup(net, &packet->v6.saddr, packet->sport,
				       &packet->v6.daddr, packet->dport,
				       arrival->dif, arrival->sdif);
	return sko_udp4_lookup(net, packet->v4.saddr, packet->sport,
			       packet->v4.daddr, packet->dport, arrival->dif,
			       arrival->sdif);
}

/* Count on when there is no room left. Making a cookie takes no lock. */
static void add(struct sko_lookup *lookup, struct sock *sk, unsigned int *found)
{
	struct sko_value value = {};
	u32 cookie[2];

	sock_diag_save_cookie(sk, cookie);
	value.low = cookie[0] | (u64)cookie[1] << 32;
	sko_ranges_add(&lookup->cookies, &value, &value);
	++*found;
}

/*
 * The kernel asks a group's BPF program about the packet itself, of which there
 * is none here, and then chooses as if the group had no program. A member that
 * leaves makes room for the last one: from the end to the beginning none is
 * passed over. A group has no more than 65,535 of them (reuseport_grow()), and no
 * lock is held.
 */
static bool add_group(struct sko_lookup *lookup, const struct sock *sk,
		      unsigned int *found)
{
	const struct sock_reuseport *group;
	unsigned int i;

	if (sk->sk_state == TCP_ESTABLISHED)
		return false;
	group = rcu_dereference(sk->sk_reuseport_cb);
	if (!group || !rcu_access_pointer(group->prog))
		return false;
	i = READ_ONCE(group->num_socks);
	smp_rmb();	/* pairs with __reuseport_add_sock() */
	while (i--)
		add(lookup, group->socks[i], found);
	return true;
}

/* Inside rcu_read_lock(). */
static int collect(struct sko_lookup *lookup, const struct sko_packet *packet,
		   struct net *net, unsigned int *found)
{
	struct sock *sk, *connection = NULL;
	struct sko_arrival arrival;
	int err;

	*found = 0;
	err = sko_arrival(&arrival, packet, net);
	if (err || !arrival.local)
		return err;
	local_bh_disable();
	if (packet->protocol == IPPROTO_UDP) {
		sk = find_udp(packet, &arrival, net);
	} else {
		connection = find_connection(packet, &arrival, net);
		sk = connection ? NULL : find_listener(packet, &arrival, net);
	}
	local_bh_enable();
	if (sk && !add_group(lookup, sk, found))
		add(lookup, sk, found);
	if (connection) {
		add(lookup, connection, found);
		sock_gen_put(connection);
	}
	return 0;
}

/**
 * sko_lookup_check() - may a packet be asked about?
 * @packet: the packet
 * @net: in which network namespace
 *
 * Context: process.
 * Return: 0, or an error of sko_arrival().
 */
int sko_lookup_check(const struct sko_packet *packet, struct net *net)
{
	struct sko_arrival arrival;
	int err;

	rcu_read_lock();
	err = sko_arrival(&arrival, packet, net);
	rcu_read_unlock();
	return err;
}

/**
 * sko_lookup() - find who would get a packet now
 * @lookup: zeroed memory, or used; what was found before is forgotten
 * @packet: the packet
 * @net: the network namespace where it arrives, referenced
 *
 * Context: may sleep. The memory is charged to the caller's cgroup.
 * Return: 0, also if nobody would; -ENOMEM; an error of sko_arrival().
 */
int sko_lookup(struct sko_lookup *lookup, const struct sko_packet *packet,
	       struct net *net)
{
	unsigned int found = 1, room;
	int err;

	do {
		room = found + found / 4;
		sko_ranges_destroy(&lookup->cookies);
		err = sko_ranges_init(&lookup->cookies, room);
		if (err)
			return err;
		rcu_read_lock();
		err = collect(lookup, packet, net, &found);
		rcu_read_unlock();
		if (err)
			return err;
		cond_resched();
	} while (found > room);
	sko_ranges_settle(&lookup->cookies);
	return 0;
}

/**
 * sko_lookup_destroy() - free the memory
 * @lookup: used or zeroed
 *
 * Context: may sleep.
 */
void sko_lookup_destroy(struct sko_lookup *lookup)
{
	sko_ranges_destroy(&lookup->cookies);
}

/**
 * sko_lookup_has() - is this one of the sockets that were found?
 * @lookup: after sko_lookup(); NULL: nothing was looked for, and all are wanted
 * @sk: a socket, time-wait or request socket
 *
 * One that has no cookie yet was not found.
 *
 * Context: any, with what keeps @sk.
 */
bool sko_lookup_has(const struct sko_lookup *lookup, const struct sock *sk)
{
	struct sko_value cookie = {};

	if (!lookup)
		return true;
	cookie.low = atomic64_read(&sk->__sk_common.skc_cookie);
	return cookie.low && sko_ranges_has(&lookup->cookies, &cookie);
}
