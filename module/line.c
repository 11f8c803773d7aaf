// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "line.h"

#include <linux/in.h>
#include <linux/kernel.h>
#include <linux/net.h>
#include <linux/socket.h>

static const char * const holders[] = {
	[SKO_HOLDER_FD]		= "fd",
	[SKO_HOLDER_THREAD]	= "thread",
	[SKO_HOLDER_TIMEWAIT]	= "timewait",
};

static const char * const states[] = {
	[TCP_ESTABLISHED]	= "ESTABLISHED",
	[TCP_SYN_SENT]		= "SYN_SENT",
	[TCP_SYN_RECV]		= "SYN_RECV",
	[TCP_FIN_WAIT1]		= "FIN_WAIT1",
	[TCP_FIN_WAIT2]		= "FIN_WAIT2",
	[TCP_TIME_WAIT]		= "TIME_WAIT",
	[TCP_CLOSE]		= "CLOSE",
	[TCP_CLOSE_WAIT]	= "CLOSE_WAIT",
	[TCP_LAST_ACK]		= "LAST_ACK",
	[TCP_LISTEN]		= "LISTEN",
	[TCP_CLOSING]		= "CLOSING",
	[TCP_NEW_SYN_RECV]	= "SYN_RECV",
	[SKO_STATE_BOUND]	= "BOUND",
	[SKO_STATE_UNCONNECTED]	= "UNCONNECTED",
};

static char *put_none(char *p)
{
	*p++ = '-';
	return p;
}

static char *col_pid(char *p, const struct sko_row *row)
{
	if (!row->held.process)
		return put_none(p);
	return sko_put_number(p, row->held.process->pid);
}

static char *col_fd(char *p, const struct sko_row *row)
{
	return row->fd < 0 ? put_none(p) : sko_put_number(p, row->fd);
}

/*
 * A raw socket's protocol is its port; one of SOCK_DGRAM on ICMP is a ping
 * socket. A protocol nobody foresaw is listed by number.
 */
static const char *proto_name(const struct sko_row *row)
{
	if (row->type == SOCK_RAW)
		return "raw";
	switch (row->protocol) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_UDPLITE:
		return "udplite";
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return "icmp";
	case IPPROTO_MPTCP:
		return "mptcp";
	case IPPROTO_SCTP:
		return "sctp";
	case IPPROTO_DCCP:
		return "dccp";
	}
	return NULL;
}

static char *col_proto(char *p, const struct sko_row *row)
{
	const char *name = proto_name(row);

	p = sko_put_string(p, name ? name : "inet");
	if (row->family == AF_INET6)
		*p++ = '6';
	return name ? p : sko_put_number(p, row->protocol);
}

static char *col_state(char *p, const struct sko_row *row)
{
	const char *name = NULL;

	if (row->state < ARRAY_SIZE(states))
		name = states[row->state];
	return name ? sko_put_string(p, name) : sko_put_number(p, row->state);
}

static char *put_addr(char *p, const struct sko_row *row,
		      const union sko_addr *addr)
{
	return row->family == AF_INET6 ? sko_put_ipv6(p, &addr->v6)
				       : sko_put_ipv4(p, addr->v4);
}

static char *put_port(char *p, u16 port)
{
	return port ? sko_put_number(p, port) : put_none(p);
}

static char *col_laddr(char *p, const struct sko_row *row)
{
	return put_addr(p, row, &row->laddr);
}

static char *col_lport(char *p, const struct sko_row *row)
{
	return put_port(p, row->lport);
}

static char *col_raddr(char *p, const struct sko_row *row)
{
	return row->has_peer ? put_addr(p, row, &row->raddr) : put_none(p);
}

static char *col_rport(char *p, const struct sko_row *row)
{
	return put_port(p, ntohs(row->rport));
}

static char *col_dev(char *p, const struct sko_row *row)
{
	return *row->dev ? sko_put_name(p, row->dev, sizeof(row->dev))
			 : put_none(p);
}

static char *col_inode(char *p, const struct sko_row *row)
{
	return row->inode ? sko_put_number(p, row->inode) : put_none(p);
}

static char *col_netns(char *p, const struct sko_row *row)
{
	return sko_put_number(p, row->netns);
}

static char *col_uid(char *p, const struct sko_row *row)
{
	if (!row->held.process)
		return put_none(p);
	return sko_put_number(p, row->held.process->uid);
}

static char *col_holder(char *p, const struct sko_row *row)
{
	return sko_put_string(p, holders[row->held.holder]);
}

static char *col_via(char *p, const struct sko_row *row)
{
	return row->held.via ? sko_put_number(p, row->held.via) : put_none(p);
}

static char *col_comm(char *p, const struct sko_row *row)
{
	const struct sko_process *process = row->held.process;

	if (!process)
		return put_none(p);
	return sko_put_name(p, process->comm, sizeof(process->comm));
}

enum column {
	COL_PID,
	COL_FD,
	COL_PROTO,
	COL_STATE,
	COL_LADDR,
	COL_LPORT,
	COL_RADDR,
	COL_RPORT,
	COL_DEV,
	COL_INODE,
	COL_NETNS,
	COL_UID,
	COL_HOLDER,
	COL_VIA,
	COL_COMM,
	COLUMNS,
};

static const char * const columns[COLUMNS] = {
	[COL_PID]	= "pid",
	[COL_FD]	= "fd",
	[COL_PROTO]	= "proto",
	[COL_STATE]	= "state",
	[COL_LADDR]	= "laddr",
	[COL_LPORT]	= "lport",
	[COL_RADDR]	= "raddr",
	[COL_RPORT]	= "rport",
	[COL_DEV]	= "dev",
	[COL_INODE]	= "inode",
	[COL_NETNS]	= "netns",
	[COL_UID]	= "uid",
	[COL_HOLDER]	= "holder",
	[COL_VIA]	= "via",
	[COL_COMM]	= "comm",
};

/* A switch and not a table of functions, which retpolines make slow. */
static char *put_column(char *p, const struct sko_row *row, enum column column)
{
	switch (column) {
	case COL_PID:
		return col_pid(p, row);
	case COL_FD:
		return col_fd(p, row);
	case COL_PROTO:
		return col_proto(p, row);
	case COL_STATE:
		return col_state(p, row);
	case COL_LADDR:
		return col_laddr(p, row);
	case COL_LPORT:
		return col_lport(p, row);
	case COL_RADDR:
		return col_raddr(p, row);
	case COL_RPORT:
		return col_rport(p, row);
	case COL_DEV:
		return col_dev(p, row);
	case COL_INODE:
		return col_inode(p, row);
	case COL_NETNS:
		return col_netns(p, row);
	case COL_UID:
		return col_uid(p, row);
	case COL_HOLDER:
		return col_holder(p, row);
	case COL_VIA:
		return col_via(p, row);
	case COL_COMM:
		return col_comm(p, row);
	case COLUMNS:
		break;
	}
	return p;
}

/**
 * sko_line_header() - the first line: the names of the columns
 * @p: where to write, at most SKO_LINE_MAX bytes
 *
 * Return: the place behind the newline.
 */
char *sko_line_header(char *p)
{
	enum column column;

	for (column = 0; column < COLUMNS; column++) {
		p = sko_put_string(p, columns[column]);
		*p++ = '\t';
	}
	p[-1] = '\n';
	return p;
}

/**
 * sko_line() - a row as a line
 * @p: where to write, at most SKO_LINE_MAX bytes
 * @row: the row
 *
 * Columns are separated by one tab, and no field is empty.
 *
 * Context: any; touches nothing but @row and the process it points to.
 * Return: the place behind the newline.
 */
char *sko_line(char *p, const struct sko_row *row)
{
	enum column column;

	for (column = 0; column < COLUMNS; column++) {
		p = put_column(p, row, column);
		*p++ = '\t';
	}
	p[-1] = '\n';
	return p;
}
