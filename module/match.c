// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * Does it match? Asked of a finished row, and before there is one of what is
 * known by then: under a lock a process or a socket that cannot match costs a
 * few comparisons. No function here sleeps, allocates or takes a lock.
 */
#include "query.h"
#include "line.h"
#include "row.h"

#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/net.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <net/sock.h>

#define ABOUT_PROCESS	GENMASK(SKO_CONDITIONS - 1, SKO_BY_PID)
#define ABOUT_HOLDER	(BIT(SKO_BY_HOLDER) | ABOUT_PROCESS)

static struct sko_value number(u64 value)
{
	return (struct sko_value){ .low = value };
}

/**
 * sko_value_of_proto() - what the column proto shows, as a number
 * @family: AF_INET or AF_INET6
 * @type: SOCK_STREAM, SOCK_DGRAM…
 * @protocol: IPPROTO_TCP…; of a raw socket it does not matter
 */
struct sko_value sko_value_of_proto(u16 family, u16 type, u16 protocol)
{
	u64 value = type == SOCK_RAW ? U16_MAX + 1 : protocol;

	return (struct sko_value){ .high = family == AF_INET6, .low = value };
}

/**
 * sko_value_of_ipv4() - an IPv4 address, as if it were v4-mapped
 * @addr: the address
 */
struct sko_value sko_value_of_ipv4(__be32 addr)
{
	return number(0xffffULL << 32 | be32_to_cpu(addr));
}

/**
 * sko_value_of_bytes() - an IPv6 address or a name
 * @bytes: the bytes
 * @len: how many, at most 16; the others are zero
 */
struct sko_value sko_value_of_bytes(const void *bytes, size_t len)
{
	__be64 word[2] = {};

	memcpy(word, bytes, min(len, sizeof(word)));
	return (struct sko_value){
		.high = be64_to_cpu(word[0]),
		.low = be64_to_cpu(word[1]),
	};
}

static struct sko_value name(const char *bytes, size_t size)
{
	return sko_value_of_bytes(bytes, strnlen(bytes, size));
}

static struct sko_value address(u16 family, const union sko_addr *addr)
{
	return family == AF_INET6 ? sko_value_of_bytes(&addr->v6, 16)
				  : sko_value_of_ipv4(addr->v4);
}

/* The functions below return false where the listing shows "-". */

static bool is(struct sko_value *value, u64 wanted)
{
	*value = number(wanted);
	return wanted != 0;
}

/* What a raw socket has in place of a port is its protocol, or nothing at all. */
static bool port(struct sko_value *value, const struct sko_row *row, u16 port)
{
	return is(value, port) && row->type != SOCK_RAW;
}

static bool of_process(const struct sko_process *process,
		       enum sko_condition what, struct sko_value *value)
{
	if (!process)
		return false;
	switch (what) {
	case SKO_BY_PID:
		*value = number(process->pid);
		return true;
	case SKO_BY_UID:
		*value = number(process->uid);
		return true;
	case SKO_BY_CGROUP:
		return is(value, process->cgroup);
	case SKO_BY_COMM:
		*value = name(process->comm, sizeof(process->comm));
		return true;
	default:
		return false;
	}
}

static bool of_row(const struct sko_row *row, enum sko_condition what,
		   struct sko_value *value)
{
	switch (what) {
	case SKO_BY_FAMILY:
		return is(value, row->family);
	case SKO_BY_LPORT:
		return port(value, row, row->lport);
	case SKO_BY_RPORT:
		return port(value, row, ntohs(row->rport));
	case SKO_BY_STATE:
		return is(value, row->state);
	case SKO_BY_PROTO:
		*value = sko_value_of_proto(row->family, row->type,
					    row->protocol);
		return true;
	case SKO_BY_INODE:
		return is(value, row->inode);
	case SKO_BY_NETNS:
		return is(value, row->netns);
	case SKO_BY_COOKIE:
		return is(value, row->extras.cookie);
	case SKO_BY_LADDR:
	case SKO_BY_LADDR6:
		*value = address(row->family, &row->laddr);
		return true;
	case SKO_BY_RADDR:
	case SKO_BY_RADDR6:
		*value = address(row->family, &row->raddr);
		return row->has_peer;
	case SKO_BY_DEV:
		*value = name(row->dev, sizeof(row->dev));
		return *row->dev;
	case SKO_BY_HOLDER:
		*value = number(row->held.holder);
		return true;
	default:
		return of_process(row->held.process, what, value);
	}
}

static bool has(const struct sko_ranges *set, const struct sko_row *row,
		enum sko_condition what)
{
	struct sko_value value;

	return sko_ranges_has(set, of_row(row, what, &value) ? &value : NULL);
}

/* A set of addresses is about sockets of one family. */
static bool is_about(enum sko_condition what, u16 family)
{
	switch (what) {
	case SKO_BY_LADDR:
	case SKO_BY_RADDR:
		return family != AF_INET6;
	case SKO_BY_LADDR6:
	case SKO_BY_RADDR6:
		return family == AF_INET6;
	default:
		return true;
	}
}

static bool matches_either(const struct sko_either *either,
			   const struct sko_row *row)
{
	bool second = either->local == SKO_BY_LADDR && row->family == AF_INET6;
	const struct sko_ranges *set = &either->set[second];

	return has(set, row, either->local) || has(set, row, either->remote);
}

static bool matches(const struct sko_query *query, const struct sko_row *row,
		    unsigned long conditions)
{
	unsigned int i;

	conditions &= query->conditions;
	for_each_set_bit(i, &conditions, SKO_CONDITIONS)
		if (is_about(i, row->family) && !has(&query->allowed[i], row, i))
			return false;
	for (i = 0; i < query->eithers; i++)
		if (!matches_either(&query->either[i], row))
			return false;
	return true;
}

/**
 * sko_query_has() - is this row asked for?
 * @query: what is asked for
 * @row: the finished row, with its process and, if they are in @query->wanted,
 *	its extras
 *
 * Context: any.
 */
bool sko_query_has(const struct sko_query *query, const struct sko_row *row)
{
	return matches(query, row, ~0UL);
}

/**
 * sko_query_may_have() - may the socket of this row be asked for?
 * @query: what is asked for
 * @row: the row, as it is without its holder and process
 *
 * Context: any.
 * Return: false if the row does not match, whoever holds it.
 */
bool sko_query_may_have(const struct sko_query *query, const struct sko_row *row)
{
	return matches(query, row, ~ABOUT_HOLDER);
}

/*
 * May a row show a port that is a member? If the socket has one, the row may
 * still show none: one of a raw socket, and a remote one without a peer.
 */
static bool may_have_port(const struct sko_ranges *set, u16 port)
{
	const struct sko_value value = number(port);
	const struct sko_range *range = set->range;

	if (set->none)
		return true;
	/* Nearly all of a large listing is below or above what is asked for. */
	if (!port || !set->count || port < range[0].first.low ||
	    port > range[set->count - 1].last.low)
		return false;
	return sko_ranges_has(set, &value);
}

/* A connection that was reset shows a port that it has given back. */
static bool may_have_local_port(const struct sko_ranges *set, u16 port)
{
	return !port || may_have_port(set, port);
}

/**
 * sko_query_may_have_socket() - may a row of this socket be asked for?
 * @query: what is asked for
 * @skc: a full socket, time-wait socket or request socket of AF_INET or AF_INET6
 *
 * It reads the first 64 bytes only, which whoever meets a socket reads anyway.
 *
 * Context: any, with what keeps @skc.
 * Return: false if a row that were built now would not match.
 */
bool sko_query_may_have_socket(const struct sko_query *query,
			       const struct sock_common *skc)
{
	const struct sko_ranges *allowed = query->allowed;
	u16 local, remote;
	unsigned int i;

	local = READ_ONCE(skc->skc_num);
	remote = ntohs(READ_ONCE(skc->skc_dport));
	if (query->conditions & BIT(SKO_BY_LPORT) &&
	    !may_have_local_port(&allowed[SKO_BY_LPORT], local))
		return false;
	if (query->conditions & BIT(SKO_BY_RPORT) &&
	    !may_have_port(&allowed[SKO_BY_RPORT], remote))
		return false;
	if (query->conditions & BIT(SKO_BY_FAMILY)) {
		const struct sko_value family =
			number(READ_ONCE(skc->skc_family));

		if (!sko_ranges_has(&allowed[SKO_BY_FAMILY], &family))
			return false;
	}
	for (i = 0; i < query->eithers; i++) {
		const struct sko_either *either = &query->either[i];

		if (either->local == SKO_BY_LPORT &&
		    !may_have_local_port(either->set, local) &&
		    !may_have_port(either->set, remote))
			return false;
	}
	return true;
}

/**
 * sko_query_wants_proto() - may a row of a protocol be asked for?
 * @query: what is asked for
 * @type: SOCK_RAW, or any other one for its protocol
 * @protocol: IPPROTO_TCP…
 *
 * Context: any.
 */
bool sko_query_wants_proto(const struct sko_query *query, u16 type,
			   u16 protocol)
{
	const struct sko_ranges *set;
	struct sko_value v4, v6;

	if (query && query->packet.family &&
	    (type == SOCK_RAW || protocol != query->packet.protocol))
		return false;
	if (!query || !(query->conditions & BIT(SKO_BY_PROTO)))
		return true;
	set = &query->allowed[SKO_BY_PROTO];
	v4 = sko_value_of_proto(AF_INET, type, protocol);
	v6 = sko_value_of_proto(AF_INET6, type, protocol);
	return sko_ranges_has(set, &v4) || sko_ranges_has(set, &v6);
}

/**
 * sko_query_wants_process() - may a row of this process be asked for?
 * @query: what is asked for
 * @process: the process; NULL: none. Its cgroup is set if it is in @query->wanted
 *
 * Context: any.
 */
bool sko_query_wants_process(const struct sko_query *query,
			     const struct sko_process *process)
{
	unsigned long conditions;
	unsigned int i;

	if (!query)
		return true;
	conditions = query->conditions & ABOUT_PROCESS;
	for_each_set_bit(i, &conditions, SKO_CONDITIONS) {
		struct sko_value value;
		bool there = of_process(process, i, &value);

		if (!sko_ranges_has(&query->allowed[i], there ? &value : NULL))
			return false;
	}
	return true;
}

/**
 * sko_query_next_pid() - the next process to walk
 * @query: what is asked for
 * @pid: the lowest number it may have, at least 1
 *
 * Context: any.
 * Return: the lowest number from @pid on that may be asked for, 0 if there is
 *	none; @pid itself if all processes have to be walked.
 */
pid_t sko_query_next_pid(const struct sko_query *query, pid_t pid)
{
	struct sko_value value = number(pid);

	if (sko_query_wants_holderless(query) ||
	    !(query->conditions & BIT(SKO_BY_PID)))
		return pid;
	if (!sko_ranges_from(&query->allowed[SKO_BY_PID], &value) ||
	    value.high || value.low > INT_MAX)
		return 0;
	return value.low;
}
