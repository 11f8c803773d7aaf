/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * What a reader asks for: one line of text, at most SKO_QUERY_MAX bytes with or
 * without a newline at its end. For the manual page:
 *
 * A query is a list of terms with one space between two of them. All must match.
 * The empty query asks for everything, in the columns of a plain read.
 *
 *	columns=all  columns=default  columns=NAME[,NAME...]
 *		the columns, in that order; at most once
 *	KEY=VALUE[,VALUE...]
 *		rows of which one of the values is true
 *	KEY!=VALUE[,VALUE...]
 *		rows of which none of them is
 *
 * A key may come more than once: pid!=1 pid!=2 excludes both processes, and what
 * pid=1 pid=2 asks for does not exist. A row that shows "-" in a column does not
 * match KEY=VALUE for it and always matches KEY!=VALUE; the value "-" stands for
 * just these rows (pid=- no process; raddr!=- has a peer).
 *
 *	pid comm uid	of the holding process; - if there is none
 *	cgroup		of the holding process, the number of its cgroup (v2); or -
 *	holder		as in the listing: fd thread scm accept ...
 *	proto		as in the listing: tcp tcp6 udp ... inet115 inet6115;
 *			tcp is AF_INET only. inetN that can be read in two ways
 *			is both: inet682 is protocol 682, and 82 of AF_INET6
 *	family		inet or inet6
 *	state		as in the listing: LISTEN ESTABLISHED ...
 *	lport rport	a port or a range of them, 8000-8999; - if there is none
 *	port		lport or rport: one of the two. port!=80 excludes rows
 *			with port 80 at either end; port=- is one that lacks one
 *	laddr raddr	an address, 10.1.2.3 or fe80::1, or a prefix, 10.0.0.0/8
 *			or fe80::/10, whose other bits do not matter; raddr also -
 *	addr		laddr or raddr: one of the two, as port
 *	dev		name of the interface; - if there is none
 *	inode cookie	of the socket; - if it has none
 *	netns		inode number of the socket's network namespace
 *
 * For packet= see packet.h.
 *
 * A raw socket has no ports here: what it shows as lport is its protocol number.
 *
 * IPv4 addresses match v4-mapped ones too: 10.0.0.0/8 also ::ffff:10.1.2.3. IPv6
 * addresses match nothing of AF_INET: ::/0 is every address of AF_INET6. An
 * any-address is an address: 0.0.0.0 matches a socket that is bound to it, and
 * not one that is bound to ::. There is no zone: fe80::1 dev=eth0.
 *
 * Numbers are decimal, without a sign and without zeros in front. Words and names
 * are written as in the listing, with the same \ooo for a byte, and \054 for a
 * comma. Names in the listing have at most 15 bytes, and so have these.
 *
 * Anything else is refused with EINVAL, and the former query stays: unknown keys
 * and columns, bad and empty values, a value that the column never has (port
 * 65536, a range that ends before it begins), "-" for a column that is never "-",
 * spaces at the ends or two in a row, control characters, NUL and bytes beyond
 * ASCII, more than SKO_QUERY_EITHER terms of port= and addr=, a query that is too
 * long.
 *
 * With terms about the process that exclude rows without one, only processes
 * that match are walked. A socket in flight is listed under the lowest visible
 * pid that holds its unix socket; then this is the lowest of these processes.
 */
#ifndef SOCKOWNERS_QUERY_H
#define SOCKOWNERS_QUERY_H

#include <net/sock.h>

#include "columns.h"
#include "packet.h"
#include "ranges.h"

struct sko_process;
struct sko_row;

#define SKO_QUERY_MAX 4096

/* port= and addr= cannot be joined into one set for each end, as all else can. */
#define SKO_QUERY_EITHER 8

/* What of a row must be in a set; in the order in which they are tried. */
enum sko_condition {
	SKO_BY_FAMILY,
	SKO_BY_LPORT,
	SKO_BY_RPORT,
	SKO_BY_STATE,
	SKO_BY_PROTO,
	SKO_BY_INODE,
	SKO_BY_NETNS,
	SKO_BY_COOKIE,
	SKO_BY_LADDR,		/* of AF_INET */
	SKO_BY_LADDR6,
	SKO_BY_RADDR,
	SKO_BY_RADDR6,
	SKO_BY_DEV,
	SKO_BY_HOLDER,
	SKO_BY_PID,		/* from here on about the process */
	SKO_BY_UID,
	SKO_BY_CGROUP,
	SKO_BY_COMM,
	SKO_CONDITIONS,
};

/* One of the two ends must be in a set. */
struct sko_either {
	enum sko_condition local, remote;
	struct sko_ranges set[2];	/* the second one of AF_INET6's addresses */
};

/* It does not change after sko_query_parse(). */
struct sko_query {
	struct sko_columns columns;
	struct sko_packet packet;	/* the rows of who would get it; or none */
	u32 wanted;		/* bit n: column n is shown or compared */
	bool holderless;	/* rows without a process may match */
	bool all;		/* there is no condition, which every row matches */
	u64 first_lport;	/* a socket with a port below or above these */
	u64 last_lport;		/* is none that is asked for */
	unsigned long conditions;	/* bit n: allowed[n] counts */
	unsigned int eithers;
	struct sko_ranges allowed[SKO_CONDITIONS];
	struct sko_either either[SKO_QUERY_EITHER];
};

struct sko_query *sko_query_parse(char *text, size_t len,
				  const struct sko_columns *plain);
void sko_query_free(struct sko_query *query);

/* Of match.c, for a query that there is. */
bool sko_query_has(const struct sko_query *query, const struct sko_row *row);
bool sko_query_may_have(const struct sko_query *query, const struct sko_row *row);
bool sko_query_may_have_socket(const struct sko_query *query,
			       const struct sock_common *skc);

/* For each of these a @query that is NULL asks for everything. */
static inline bool sko_query_matches(const struct sko_query *query,
				     const struct sko_row *row)
{
	return !query || query->all || sko_query_has(query, row);
}

static inline bool sko_query_wants_row(const struct sko_query *query,
				       const struct sko_row *row)
{
	return !query || query->all || sko_query_may_have(query, row);
}

/* May a socket with this port be asked for? */
static inline bool sko_query_wants_port(const struct sko_query *query, u16 port)
{
	return !query || query->all ||
	       (port >= query->first_lport && port <= query->last_lport);
}

/* Nearly all of a large listing has another port than the one asked for. */
static inline bool sko_query_wants_socket(const struct sko_query *query,
					  const struct sock_common *skc)
{
	u16 port;

	if (!query || query->all)
		return true;
	port = READ_ONCE(skc->skc_num);
	if (port && !sko_query_wants_port(query, port))
		return false;
	return sko_query_may_have_socket(query, skc);
}

/*
 * May a row without a process be asked for? If not, nothing has to be known about
 * a process that is not wanted: its sockets need not be remembered, and no hash
 * table needs to be walked.
 */
static inline bool sko_query_wants_holderless(const struct sko_query *query)
{
	return !query || query->holderless;
}

bool sko_query_wants_proto(const struct sko_query *query, u16 type,
			   u16 protocol);
bool sko_query_wants_process(const struct sko_query *query,
			     const struct sko_process *process);
pid_t sko_query_next_pid(const struct sko_query *query, pid_t pid);

/* A row's or a query's word or bytes as a member of a set, the same for both. */
struct sko_value sko_value_of_proto(u16 family, u16 type, u16 protocol);
struct sko_value sko_value_of_ipv4(__be32 addr);
struct sko_value sko_value_of_bytes(const void *bytes, size_t len);

#endif
