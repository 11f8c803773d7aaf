// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * A one-to-many socket has many associations, and a listening one-to-one socket
 * has those that nobody has accepted: each is a connection with a tuple, and
 * without a socket of its own. A socket that is one association is found through
 * it as well.
 *
 * SCTP is a module. It is not loaded for this, and cannot go during a call.
 *
 * Locks: none of ours. sctp_for_each_endpoint() calls back with the endpoint
 * referenced, sctp_transport_traverse_process() inside RCU with the transport
 * and its endpoint referenced. A transport keeps its association, an endpoint
 * its socket. A number of transports does not mark a place in their hash table,
 * which may be rebuilt meanwhile, so a namespace is collected in one go; what
 * comes twice in it is dropped. After a signal all of it is collected again.
 */
#include "sctp.h"
#include "batch.h"
#include "extras.h"
#include "listed.h"
#include "look.h"

#include <linux/build_bug.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <net/ipv6.h>
#include <net/net_namespace.h>
#include <net/sctp/sctp.h>

/**
 * sko_sctp_rewind() - back to the first namespace
 * @sctp: the walk
 */
void sko_sctp_rewind(struct sko_sctp *sctp)
{
	*sctp = (struct sko_sctp){};
}

#if IS_ENABLED(CONFIG_IP_SCTP)

/* An association is remembered as if it were a socket. */
static_assert(sizeof(struct sctp_association) >= SKO_LISTED_SPACE);

struct found {
	struct sko_batch *batch;
	unsigned int rows;
};

/* The names that TCP has for what these states mean for the connection. */
static u8 state_of(const struct sctp_association *asoc)
{
	switch (asoc->state) {
	case SCTP_STATE_COOKIE_WAIT:
	case SCTP_STATE_COOKIE_ECHOED:
		return TCP_SYN_SENT;
	case SCTP_STATE_ESTABLISHED:
		return TCP_ESTABLISHED;
	case SCTP_STATE_SHUTDOWN_PENDING:
	case SCTP_STATE_SHUTDOWN_SENT:
		return TCP_FIN_WAIT1;
	case SCTP_STATE_SHUTDOWN_RECEIVED:
		return TCP_CLOSE_WAIT;
	case SCTP_STATE_SHUTDOWN_ACK_SENT:
		return TCP_LAST_ACK;
	default:
		return TCP_CLOSE;
	}
}

/* An IPv6 socket shows its IPv4 addresses mapped. */
static void copy_address(union sko_addr *to, const union sctp_addr *from,
			 u16 family)
{
	if (family == AF_INET)
		to->v4 = from->v4.sin_addr.s_addr;
	else if (from->sa.sa_family == AF_INET)
		ipv6_addr_set_v4mapped(from->v4.sin_addr.s_addr, &to->v6);
	else
		to->v6 = from->v6.sin6_addr;
}

static void row_from_association(struct sko_row *row,
				 const struct sctp_transport *path,
				 struct sock *sk)
{
	const struct sctp_association *asoc = path->asoc;

	sko_row_from_sock(row, sk);
	row->state = state_of(asoc);
	row->has_peer = true;
	row->lport = asoc->base.bind_addr.port;
	row->rport = htons(asoc->peer.port);
	copy_address(&row->laddr, &path->saddr, row->family);
	copy_address(&row->raddr, &path->ipaddr, row->family);
	row->key = asoc;
	row->doubtful = false;
	row->fd = -1;
	row->inode = 0;
	row->extras = (struct sko_extras){};
	row->held = (struct sko_held){
		.holder = READ_ONCE(sk->sk_state) == TCP_LISTEN &&
			  sctp_style(sk, TCP) ? SKO_HOLDER_ACCEPT
					      : SKO_HOLDER_ASSOC,
		.via = sko_look_inode(sk),
	};
}

static int look_at_transport(struct sctp_endpoint *ep,
			     struct sctp_transport *transport, void *arg)
{
	const struct sctp_association *asoc = transport->asoc;
	struct found *found = arg;
	struct sock *sk = ep->base.sk;
	struct sko_row *row;

	if (fatal_signal_pending(current))
		return -EINTR;
	/* An association has one row, however many paths it has. */
	if (transport != READ_ONCE(asoc->peer.primary_path) ||
	    !sko_row_is_inet(sk))
		return 0;
	if (sctp_style(sk, TCP) && READ_ONCE(sk->sk_state) != TCP_LISTEN) {
		sko_look_lock(found->batch->look);
		found->rows += sko_look_collect(found->batch, sk);
		sko_look_unlock();
		return 0;
	}
	if (found->batch->look->number > 1)
		return 0;
	found->rows++;
	row = sko_batch_row(found->batch);
	if (!row)
		return 0;
	row_from_association(row, transport, sk);
	if (!sko_look_keeps(found->batch, row))
		found->rows--;
	return 0;
}

static int look_at_endpoint(struct sctp_endpoint *ep, void *arg)
{
	struct found *found = arg;

	sko_look_lock(found->batch->look);
	found->rows += sko_look_collect(found->batch, ep->base.sk);
	sko_look_unlock();
	cond_resched();
	return fatal_signal_pending(current) ? -EINTR : 0;
}

static bool every_net(const struct net *net)
{
	return true;
}

static int collect_net(struct net *net, struct sko_batch *batch)
{
	typeof(sctp_transport_traverse_process) *traverse;
	struct found found = { .batch = batch };
	typeof(sctp_for_each_endpoint) *each;
	int pos = 0, i;

	each = symbol_get(sctp_for_each_endpoint);
	if (each) {
		/* It counts, and misses one if another has left meanwhile. */
		for (i = 0; i < 2; i++, pos = 0)
			each(look_at_endpoint, net, &pos, &found);
		symbol_put(sctp_for_each_endpoint);
	}
	traverse = symbol_get(sctp_transport_traverse_process);
	if (traverse) {
		traverse(look_at_transport, NULL, net, &pos, &found);
		symbol_put(sctp_transport_traverse_process);
	}
	if (fatal_signal_pending(current)) {
		sko_batch_empty(batch);
		return -EINTR;
	}
	return sko_batch_retry(batch, 0, found.rows);
}

/**
 * sko_sctp_collect() - SCTP's sockets that nobody has listed, and associations
 * @sctp: where the walk stands; moves on
 * @batch: empty; takes the rows
 *
 * Context: may sleep.
 * Return: 1 if there may be more, also when @batch is still empty; 0 at the
 *	end; -ENOMEM; -EINTR after a fatal signal.
 */
int sko_sctp_collect(struct sko_sctp *sctp, struct sko_batch *batch)
{
	bool entered;
	struct net *net;
	int ret;

	if (!symbol_get(sctp_for_each_endpoint))
		return 0;
	symbol_put(sctp_for_each_endpoint);
	net = sko_nets_get(&sctp->nets, batch->look, &entered, every_net);
	if (!net)
		return 0;
	ret = collect_net(net, batch);
	put_net(net);
	if (!ret)
		sko_nets_done(&sctp->nets);
	return ret < 0 ? ret : 1;
}

#else

int sko_sctp_collect(struct sko_sctp *sctp, struct sko_batch *batch)
{
	return 0;
}

#endif
