// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * From a socket to a row. The fields are read without the socket's own lock,
 * as inet_sk_diag_fill() and /proc/net/tcp read them: a socket that connects at
 * this moment may show its state from before and its address from after, and
 * an interface that is renamed at this moment a part of both names.
 */
#include "row.h"
#include "look.h"

#include <linux/in.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <net/inet_sock.h>
#include <net/inet_timewait_sock.h>
#include <net/net_namespace.h>
#include <net/request_sock.h>
#include <net/sock.h>

#define PROTOCOL_SMC 256	/* IPPROTO_SMC, since 6.11 */

/*
 * Protocols that use the names of TCP's states for their own, and have more:
 * enum dccp_state in <linux/dccp.h>, enum smc_state in net/smc/smc.h.
 */
static u8 state_as_tcp_names_it(u16 protocol, u8 state)
{
	switch (protocol) {
	case IPPROTO_DCCP:
		if (state == TCP_MAX_STATES)		/* PARTOPEN */
			return TCP_ESTABLISHED;
		if (state == TCP_MAX_STATES + 1)	/* PASSIVE_CLOSEREQ */
			return TCP_CLOSE_WAIT;
		return state;
	case PROTOCOL_SMC:
		switch (state) {
		case 20:	/* PEERCLOSEWAIT1 */
			return TCP_FIN_WAIT1;
		case 21:	/* PEERCLOSEWAIT2 */
			return TCP_FIN_WAIT2;
		case 22:	/* APPCLOSEWAIT1 */
		case 23:	/* APPCLOSEWAIT2 */
			return TCP_CLOSE_WAIT;
		case 24:	/* APPFINCLOSEWAIT */
			return TCP_LAST_ACK;
		case 25:	/* PEERFINCLOSEWAIT */
			return TCP_CLOSING;
		case TCP_ESTABLISHED:
		case TCP_LISTEN:
			return state;
		}
		return TCP_CLOSE;	/* also INIT, which is SYN_SENT's number */
	}
	return state;
}

/**
 * sko_row_state() - the state a row shows
 * @type: SOCK_STREAM, SOCK_DGRAM…
 * @protocol: IPPROTO_TCP…
 * @state: the socket's sk_state
 * @num: the port it holds in its protocol's bind table, 0 for none
 *
 * The kernel keeps TCP_CLOSE for all that is not connected. For a datagram
 * socket that is its ordinary life; for the others it makes a difference
 * whether the socket still holds a port that another bind() then cannot have.
 *
 * Return: one of <net/tcp_states.h> or enum sko_state.
 */
u8 sko_row_state(u16 type, u16 protocol, u8 state, u16 num)
{
	if (type == SOCK_DGRAM || type == SOCK_RAW)
		return state == TCP_ESTABLISHED ? TCP_ESTABLISHED
						: SKO_STATE_UNCONNECTED;
	state = state_as_tcp_names_it(protocol, state);
	if (state == TCP_CLOSE && num)
		return SKO_STATE_BOUND;
	return state;
}

/* A datagram socket may be connected to port 0, a stream to none. */
static bool has_peer(const struct sko_row *row, __be16 dport)
{
	if (row->type == SOCK_DGRAM || row->type == SOCK_RAW)
		return row->state == TCP_ESTABLISHED;
	return dport && row->state != TCP_CLOSE &&
	       row->state != TCP_LISTEN && row->state != SKO_STATE_BOUND;
}

/**
 * sko_row_dev() - name of the interface a socket is bound to
 * @dev: IFNAMSIZ bytes for the name; "" for none
 * @net: the socket's network namespace
 * @ifindex: sk_bound_dev_if: set by SO_BINDTODEVICE, and by bind(), connect()
 *	and accept() with a link-local address
 *
 * An interface that is gone is written ifN, as ss does.
 *
 * Context: inside rcu_read_lock(), which keeps the device.
 */
void sko_row_dev(char *dev, struct net *net, int ifindex)
{
	const struct net_device *netdev;

	*dev = '\0';
	if (!ifindex)
		return;
	netdev = dev_get_by_index_rcu(net, ifindex);
	if (netdev)
		strscpy(dev, netdev->name, IFNAMSIZ);
	else
		snprintf(dev, IFNAMSIZ, "if%d", ifindex);
}

/*
 * Full and time-wait sockets begin with the same struct. The local address is
 * inet_rcv_saddr, what packets are matched against, as ss shows it; inet_saddr
 * is what they are sent from, and a multicast bind() leaves that at zero.
 */
static void copy_addresses(struct sko_row *row, const struct sock_common *skc)
{
#if IS_ENABLED(CONFIG_IPV6)
	if (row->family == AF_INET6) {
		row->laddr.v6 = skc->skc_v6_rcv_saddr;
		row->raddr.v6 = skc->skc_v6_daddr;
		return;
	}
#endif
	row->laddr.v4 = READ_ONCE(skc->skc_rcv_saddr);
	row->raddr.v4 = READ_ONCE(skc->skc_daddr);
}

/**
 * sko_row_from_sock() - copy what a row shows of a full socket
 * @row: all fields but @held, @key, @fd, @inode and @doubtful are set
 * @sk: a socket of which sko_row_is_inet() is true
 *
 * The port is the one held in the bind table; a connection that was reset has
 * given it back and shows its former one, as getsockname() does.
 *
 * Context: inside rcu_read_lock(), and with something that keeps @sk: the lock
 * of the file table that holds its file, or of the hash chain it is in.
 */
void sko_row_from_sock(struct sko_row *row, const struct sock *sk)
{
	const struct inet_sock *inet = inet_sk(sk);
	struct net *net = sock_net(sk);
	__be16 dport = READ_ONCE(inet->inet_dport);
	u16 num = READ_ONCE(inet->inet_num);

	row->family = READ_ONCE(sk->sk_family);
	row->type = sk->sk_type;
	row->protocol = sk->sk_protocol;
	row->state = sko_row_state(row->type, row->protocol,
				   inet_sk_state_load(sk), num);
	row->has_peer = has_peer(row, dport);
	row->lport = num ? num : ntohs(READ_ONCE(inet->inet_sport));
	if (row->protocol == IPPROTO_L2TP && row->type == SOCK_DGRAM)
		row->lport = 0;	/* l2tp_ip_open() has the protocol there */
	row->rport = row->has_peer ? dport : 0;
	copy_addresses(row, &sk->__sk_common);
	row->netns = net->ns.inum;
	sko_row_dev(row->dev, net, READ_ONCE(sk->sk_bound_dev_if));
}

/**
 * sko_row_from_timewait() - copy what a row shows of a time-wait socket
 * @row: all fields are set
 * @tw: such a socket: it has a tuple and a namespace, no inode and no holder
 * @protocol: IPPROTO_TCP or IPPROTO_DCCP, whose table it is in
 *
 * Context: inside rcu_read_lock() and under the lock of the hash chain that
 * @tw is in. That keeps the namespace too: tcp_sk_exit_batch() takes every
 * time-wait socket out of its chain before the namespace goes.
 */
void sko_row_from_timewait(struct sko_row *row,
			   const struct inet_timewait_sock *tw, u16 protocol)
{
	struct net *net = twsk_net(tw);

	row->held = (struct sko_held){ .holder = SKO_HOLDER_TIMEWAIT };
	row->key = NULL;
	row->doubtful = false;
	row->fd = -1;
	row->inode = 0;
	row->family = tw->tw_family;
	row->type = SOCK_STREAM;
	row->protocol = protocol;
	row->state = READ_ONCE(tw->tw_substate);
	row->has_peer = true;
	row->lport = tw->tw_num;
	row->rport = tw->tw_dport;
	copy_addresses(row, &tw->__tw_common);
	row->netns = net->ns.inum;
	sko_row_dev(row->dev, net, tw->tw_bound_dev_if);
}

/**
 * sko_row_from_request() - copy what a row shows of a half-open connection
 * @row: all fields are set
 * @req: a request socket: it has a tuple, a namespace and a listener
 * @protocol: IPPROTO_TCP or IPPROTO_DCCP, whose table it is in
 *
 * Context: inside rcu_read_lock() and under the lock of the hash chain that
 * @req is in. That keeps the reference on its listener, which may be closed.
 */
void sko_row_from_request(struct sko_row *row, const struct request_sock *req,
			  u16 protocol)
{
	const struct inet_request_sock *ireq = inet_rsk(req);
	const struct sock *listener = READ_ONCE(req->rsk_listener);
	struct net *net = read_pnet(&ireq->ireq_net);

	row->held = (struct sko_held){
		.holder = SKO_HOLDER_SYNRECV,
		.via = listener ? sko_look_inode(listener) : 0,
	};
	row->key = NULL;
	row->doubtful = false;
	row->fd = -1;
	row->inode = 0;
	row->family = ireq->ireq_family;
	row->type = protocol == IPPROTO_DCCP ? SOCK_DCCP : SOCK_STREAM;
	row->protocol = protocol;
	row->state = TCP_SYN_RECV;
	row->has_peer = true;
	row->lport = ireq->ir_num;
	row->rport = ireq->ir_rmt_port;
	copy_addresses(row, &req->__req_common);
	row->netns = net->ns.inum;
	sko_row_dev(row->dev, net, ireq->ir_iif);
}
