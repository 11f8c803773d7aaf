// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "line.h"

#include <linux/build_bug.h>
#include <linux/in.h>
#include <linux/kernel.h>
#include <linux/net.h>
#include <linux/socket.h>
#include <linux/string.h>

static const char * const holders[] = {
	[SKO_HOLDER_FD]		= "fd",
	[SKO_HOLDER_THREAD]	= "thread",
	[SKO_HOLDER_SCM]	= "scm",
	[SKO_HOLDER_ACCEPT]	= "accept",
	[SKO_HOLDER_SYNRECV]	= "synrecv",
	[SKO_HOLDER_TIMEWAIT]	= "timewait",
	[SKO_HOLDER_ORPHAN]	= "orphan",
	[SKO_HOLDER_MPTCP]	= "mptcp",
	[SKO_HOLDER_ASSOC]	= "assoc",
	[SKO_HOLDER_KERNEL]	= "kernel",
	[SKO_HOLDER_ELSEWHERE]	= "elsewhere",
	[SKO_HOLDER_HIDDEN]	= "hidden",
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

/**
 * sko_holder_name() - the word for a reason
 * @holder: of enum sko_holder
 *
 * Return: the word, NULL behind the last one.
 */
const char *sko_holder_name(unsigned int holder)
{
	return holder < ARRAY_SIZE(holders) ? holders[holder] : NULL;
}

/**
 * sko_state_name() - the word for a state
 * @state: of enum sko_state or <net/tcp_states.h>
 *
 * Return: the word, NULL for one that is shown as a number.
 */
const char *sko_state_name(u8 state)
{
	return state < ARRAY_SIZE(states) ? states[state] : NULL;
}

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

/**
 * sko_proto_name() - the word for a protocol, without the 6 of AF_INET6
 * @type: SOCK_STREAM, SOCK_DGRAM…
 * @protocol: IPPROTO_TCP…
 *
 * A raw socket's protocol is its port; one of SOCK_DGRAM on ICMP is a ping
 * socket. A protocol nobody foresaw is listed by number.
 *
 * Return: the word, NULL for one that is shown as a number.
 */
const char *sko_proto_name(u16 type, u16 protocol)
{
	if (type == SOCK_RAW)
		return "raw";
	switch (protocol) {
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
	const char *name = sko_proto_name(row->type, row->protocol);

	p = sko_put_string(p, name ? name : "inet");
	if (row->family == AF_INET6)
		*p++ = '6';
	return name ? p : sko_put_number(p, row->protocol);
}

static char *col_state(char *p, const struct sko_row *row)
{
	const char *name = sko_state_name(row->state);

	return name ? sko_put_string(p, name) : sko_put_number(p, row->state);
}

static __always_inline char *put_port(char *p, u16 port)
{
	return port ? sko_put_number(p, port) : put_none(p);
}

static __always_inline char *col_laddr(char *p, const struct sko_row *row,
				       struct sko_addresses *addresses)
{
	return sko_addresses_put(addresses, p, row->family, &row->laddr);
}

static __always_inline char *col_lport(char *p, const struct sko_row *row)
{
	return put_port(p, row->lport);
}

static __always_inline char *col_raddr(char *p, const struct sko_row *row,
				       struct sko_addresses *addresses)
{
	if (!row->has_peer)
		return put_none(p);
	return sko_addresses_put(addresses, p, row->family, &row->raddr);
}

static __always_inline char *col_rport(char *p, const struct sko_row *row)
{
	return put_port(p, ntohs(row->rport));
}

static __always_inline char *put_tuple(char *p, const struct sko_row *row,
				       struct sko_addresses *addresses)
{
	p = col_laddr(p, row, addresses);
	*p++ = '\t';
	p = col_lport(p, row);
	*p++ = '\t';
	p = col_raddr(p, row, addresses);
	*p++ = '\t';
	return col_rport(p, row);
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

static char *put_if(char *p, bool is, u64 value)
{
	return is ? sko_put_number(p, value) : put_none(p);
}

/* Bytes of a fixed number, since a copy of so few costs less than a call of memcpy(). */
static __always_inline char *copy(char *p, const char *text, unsigned int len)
{
	unsigned int i;

	memcpy(p, text, SKO_COPY);
	for (i = SKO_COPY; unlikely(i < len); i += SKO_COPY)
		memcpy(p + i, text + i, SKO_COPY);
	return p + len;
}

/* What each set of flags is called, with room for a copy. */
#define FLAGS(string) { .text = string, .len = sizeof(string) - 1 }
static const struct {
	char text[SKO_COPY];
	u8 len;
} flag_sets[] = {
	[0] = FLAGS("-"),
	[SKO_FLAG_REUSEADDR] = FLAGS("reuseaddr"),
	[SKO_FLAG_REUSEPORT] = FLAGS("reuseport"),
	[SKO_FLAG_REUSEADDR | SKO_FLAG_REUSEPORT] = FLAGS("reuseaddr,reuseport"),
	[SKO_FLAG_V6ONLY] = FLAGS("v6only"),
	[SKO_FLAG_V6ONLY | SKO_FLAG_REUSEADDR] = FLAGS("reuseaddr,v6only"),
	[SKO_FLAG_V6ONLY | SKO_FLAG_REUSEPORT] = FLAGS("reuseport,v6only"),
	[SKO_FLAG_V6ONLY | SKO_FLAG_REUSEADDR | SKO_FLAG_REUSEPORT] =
		FLAGS("reuseaddr,reuseport,v6only"),
};

#undef FLAGS

static char *col_flags(char *p, u8 flags)
{
	return copy(p, flag_sets[flags].text, flag_sets[flags].len);
}

static noinline char *put_extra(char *p, const struct sko_row *row,
				enum sko_column column)
{
	const struct sko_extras *extras = &row->extras;

	switch (column) {
	case SKO_COL_COOKIE:
		return put_if(p, extras->cookie, extras->cookie);
	case SKO_COL_SOCKUID:
		return put_if(p, extras->has_uid, extras->uid);
	case SKO_COL_SOCKCGROUP:
		return put_if(p, extras->cgroup, extras->cgroup);
	case SKO_COL_RECVQ:
		return put_if(p, extras->has_queues, extras->recvq);
	case SKO_COL_SENDQ:
		return put_if(p, extras->has_queues, extras->sendq);
	case SKO_COL_DROPS:
		return put_if(p, extras->has_drops, extras->drops);
	case SKO_COL_FLAGS:
		return col_flags(p, extras->flags);
	case SKO_COL_TIMER:
		return put_if(p, extras->has_timer, extras->timer);
	default:
		return p;
	}
}

/*
 * A column that is the socket's own. A switch and not a table of functions, which
 * retpolines make slow.
 */
static __always_inline char *put_own(char *p, const struct sko_row *row,
				     struct sko_addresses *addresses, u8 column)
{
	switch (column) {
	case SKO_TUPLE:
		return put_tuple(p, row, addresses);
	case SKO_COL_FD:
		return col_fd(p, row);
	case SKO_COL_LADDR:
		return col_laddr(p, row, addresses);
	case SKO_COL_LPORT:
		return col_lport(p, row);
	case SKO_COL_RADDR:
		return col_raddr(p, row, addresses);
	case SKO_COL_RPORT:
		return col_rport(p, row);
	case SKO_COL_DEV:
		return col_dev(p, row);
	case SKO_COL_INODE:
		return col_inode(p, row);
	default:
		return put_extra(p, row, column);
	}
}

/* One that neighbours have in common. */
static char *put_shared(char *p, const struct sko_row *row,
			enum sko_column column)
{
	const struct sko_process *process = row->held.process;

	switch (column) {
	case SKO_COL_PID:
		return col_pid(p, row);
	case SKO_COL_PROTO:
		return col_proto(p, row);
	case SKO_COL_STATE:
		return col_state(p, row);
	case SKO_COL_NETNS:
		return col_netns(p, row);
	case SKO_COL_UID:
		return col_uid(p, row);
	case SKO_COL_HOLDER:
		return col_holder(p, row);
	case SKO_COL_VIA:
		return col_via(p, row);
	case SKO_COL_COMM:
		return col_comm(p, row);
	case SKO_COL_START:
		return put_if(p, process, process ? process->start : 0);
	case SKO_COL_CGROUP:
		return put_if(p, process && process->cgroup,
			      process ? process->cgroup : 0);
	default:
		return p;
	}
}

/**
 * sko_line_header() - the first line: the names of the columns
 * @p: where to write, at most SKO_LINE_MAX bytes
 * @columns: which, at least one
 *
 * Return: the place behind the newline.
 */
char *sko_line_header(char *p, const struct sko_columns *columns)
{
	int i;

	for (i = 0; i < columns->count; i++) {
		p = sko_put_string(p, sko_column_names[columns->column[i]]);
		*p++ = '\t';
	}
	p[-1] = '\n';
	return p;
}

/* As put_own() and put_shared() have them. */
static enum sko_part part_of(enum sko_column column)
{
	switch (column) {
	case SKO_COL_PROTO:
	case SKO_COL_STATE:
		return SKO_PART_KIND;
	case SKO_COL_PID:
	case SKO_COL_NETNS:
	case SKO_COL_UID:
	case SKO_COL_HOLDER:
	case SKO_COL_VIA:
	case SKO_COL_COMM:
	case SKO_COL_START:
	case SKO_COL_CGROUP:
		return SKO_PART_HOLDER;
	default:
		return SKO_PART_SOCKET;
	}
}

/* What the text of a column takes, with its tab. */
static unsigned int room_for(enum sko_column column)
{
	return 1 + (column == SKO_COL_COMM ? SKO_NAME_MAX(TASK_COMM_LEN)
					   : SKO_NUMBER_MAX);
}

/* Is it the last column of a tuple that is shown in its order, with nothing between? */
static bool ends_tuple(const struct sko_lines *lines, const struct sko_step *step)
{
	return step - lines->step > 3 && step[0].column == SKO_COL_RPORT &&
	       step[-1].column == SKO_COL_RADDR && !step[-1].count &&
	       step[-2].column == SKO_COL_LPORT && !step[-2].count &&
	       step[-3].column == SKO_COL_LADDR && !step[-3].count;
}

/**
 * sko_lines_init() - get ready to make lines
 * @lines: filled in
 * @columns: which, at least one; not those in @lines
 */
void sko_lines_init(struct sko_lines *lines, const struct sko_columns *columns)
{
	struct sko_step *step = lines->step;
	unsigned int text = 0;
	int i;

	/* An initializer would be made on the stack first, by clang. */
	memset(lines, 0, sizeof(*lines));
	lines->columns = *columns;
	step->column = SKO_NO_COLUMN;
	for (i = 0; i < columns->count; i++) {
		enum sko_part part = part_of(columns->column[i]);

		if (part == SKO_PART_SOCKET) {
			*++step = (struct sko_step){
				.column = columns->column[i],
				.first = i + 1,
				.text = text,
				.len = 1,
			};
			lines->text[text++] = '\t';
			if (ends_tuple(lines, step)) {
				step -= 3;
				step->column = SKO_TUPLE;
				step->first = i + 1;
			}
			continue;
		}
		step->parts |= part;
		step->count++;
		text += room_for(columns->column[i]);
	}
	lines->steps = step - lines->step;
	/* No column comes twice. */
	BUILD_BUG_ON(sizeof(lines->text) <
		     10 * (1 + SKO_NUMBER_MAX) + SKO_NAME_MAX(TASK_COMM_LEN) +
		     (SKO_COLUMNS - 11) + SKO_COPY);
}

/**
 * sko_lines_forget() - the processes that rows point to change
 * @lines: keeps no text of theirs
 */
void sko_lines_forget(struct sko_lines *lines)
{
	lines->known &= ~SKO_PART_HOLDER;
}

static bool same_kind(const struct sko_lines *lines, const struct sko_row *row)
{
	return lines->known & SKO_PART_KIND && lines->kind == row->kind;
}

static bool same_holder(const struct sko_lines *lines,
			const struct sko_row *row)
{
	return lines->known & SKO_PART_HOLDER && lines->netns == row->netns &&
	       lines->held.holder == row->held.holder &&
	       lines->held.via == row->held.via &&
	       lines->held.process == row->held.process;
}

/* The known columns of a step as text; a socket's own are a tab before them. */
static void know_step(struct sko_lines *lines, struct sko_step *step,
		      const struct sko_row *row)
{
	char *start = lines->text + step->text, *p = start;
	int i;

	if (step->column != SKO_NO_COLUMN)
		p++;
	for (i = step->first; i < step->first + step->count; i++) {
		p = put_shared(p, row, lines->columns.column[i]);
		*p++ = '\t';
	}
	step->len = p - start;
}

/* A row that is not like the one before. */
static noinline void know(struct sko_lines *lines, const struct sko_row *row,
			  u8 unknown)
{
	struct sko_step *step;

	for (step = lines->step; step <= lines->step + lines->steps; step++)
		if (step->parts & unknown)
			know_step(lines, step, row);
	lines->known = SKO_PART_KIND | SKO_PART_HOLDER;
	lines->kind = row->kind;
	lines->netns = row->netns;
	lines->held = row->held;
}

/**
 * sko_line() - a row as a line
 * @p: where to write, at most SKO_LINE_MAX bytes
 * @row: the row
 * @lines: how; keeps what the next row may have in common with this one
 *
 * Columns are separated by one tab, and no field is empty.
 *
 * Context: any; touches nothing but @row, the process it points to and @lines.
 * Return: the place behind the newline.
 */
char *sko_line(char *p, const struct sko_row *row, struct sko_lines *lines)
{
	const struct sko_step *step = lines->step, *last = step + lines->steps;
	u8 unknown = 0;

	if (!same_kind(lines, row))
		unknown |= SKO_PART_KIND;
	if (!same_holder(lines, row))
		unknown |= SKO_PART_HOLDER;
	if (unknown)
		know(lines, row, unknown);

	p = copy(p, lines->text + step->text, step->len);
	while (step++ < last) {
		p = put_own(p, row, &lines->addresses, step->column);
		if (step->len == 1)
			*p++ = '\t';
		else
			p = copy(p, lines->text + step->text, step->len);
	}
	p[-1] = '\n';
	return p;
}
