// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * From text to sets of values. Terms with the same key are joined at once, so
 * that a row is compared with one set for each key, however long the query is.
 */
#include "query.h"
#include "line.h"
#include "memory.h"
#include "packet.h"
#include "parse.h"
#include "row.h"

#include <linux/bits.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/if.h>
#include <linux/in.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <linux/string.h>

/* For one value: a protocol by number may be one of either family. */
#define RANGES_MAX 2

/* A name has its own bytes in the place of a number. */
static_assert(TASK_COMM_LEN <= sizeof(struct sko_value));
static_assert(IFNAMSIZ <= sizeof(struct sko_value));

struct sko_key {
	const char *name;
	int (*parse)(struct sko_ranges *set, char *text, const struct sko_key *key);
	u64 min, max;
	bool none;		/* the listing may show "-" */
	bool addresses;		/* two sets, the second one of AF_INET6's */
	enum sko_condition what;
	enum sko_condition remote;	/* 0, or what is about either end */
};

static int add_numbers(struct sko_ranges *set, u64 first, u64 last)
{
	return sko_ranges_add(set, &(struct sko_value){ .low = first },
			      &(struct sko_value){ .low = last });
}

static int add_value(struct sko_ranges *set, struct sko_value value)
{
	return sko_ranges_add(set, &value, &value);
}

static int parse_id(struct sko_ranges *set, char *text, const struct sko_key *key)
{
	u64 value;

	return sko_parse_number(text, key->min, key->max, &value) ?:
	       add_numbers(set, value, value);
}

static int parse_port(struct sko_ranges *set, char *text, const struct sko_key *key)
{
	char *rest = text, *low = strsep(&rest, "-");
	u64 first, last;
	int err;

	err = sko_parse_number(low, key->min, key->max, &first);
	if (err)
		return err;
	last = first;
	if (rest)
		err = sko_parse_number(rest, key->min, key->max, &last);
	if (err || last < first)
		return -EINVAL;
	return add_numbers(set, first, last);
}

static int parse_family(struct sko_ranges *set, char *text,
			const struct sko_key *key)
{
	if (!strcmp(text, "inet"))
		return add_numbers(set, AF_INET, AF_INET);
	if (!strcmp(text, "inet6"))
		return add_numbers(set, AF_INET6, AF_INET6);
	return -EINVAL;
}

/* Two of the kernel's states have the same word. */
static int parse_state(struct sko_ranges *set, char *text,
		       const struct sko_key *key)
{
	int state, err = -EINVAL;

	for (state = 0; state <= U8_MAX; state++) {
		const char *name = sko_state_name(state);

		if (!name || strcmp(name, text))
			continue;
		err = add_numbers(set, state, state);
		if (err)
			break;
	}
	return err;
}

static int parse_holder(struct sko_ranges *set, char *text,
			const struct sko_key *key)
{
	const char *name;
	int i;

	for (i = 0; (name = sko_holder_name(i)); i++)
		if (!strcmp(name, text))
			return add_numbers(set, i, i);
	return -EINVAL;
}

/* inetN and inet6N; the listing has no number for a protocol with a name. */
static int parse_proto_number(struct sko_ranges *set, const char *digits,
			      u16 family)
{
	u64 protocol;

	if (sko_parse_number(digits, 0, U16_MAX, &protocol) ||
	    sko_proto_name(0, protocol))
		return -EINVAL;
	return add_value(set, sko_value_of_proto(family, 0, protocol));
}

static bool is_proto(const char *text, size_t len, u16 type, u16 protocol)
{
	const char *name = sko_proto_name(type, protocol);

	return strlen(name) == len && !memcmp(name, text, len);
}

static int parse_proto(struct sko_ranges *set, char *text,
		       const struct sko_key *key)
{
	static const u16 named[] = {
		IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDPLITE, IPPROTO_ICMP,
		IPPROTO_ICMPV6, IPPROTO_MPTCP, IPPROTO_SCTP, IPPROTO_DCCP,
	};
	size_t len = strlen(text);
	u16 family = AF_INET;
	int i, err = -EINVAL;

	if (!strncmp(text, "inet", 4)) {
		err = parse_proto_number(set, text + 4, AF_INET);
		if (text[4] == '6' &&
		    !parse_proto_number(set, text + 5, AF_INET6))
			err = 0;
		return err;
	}
	if (text[len - 1] == '6') {
		family = AF_INET6;
		len--;
	}
	if (is_proto(text, len, SOCK_RAW, 0))
		return add_value(set, sko_value_of_proto(family, SOCK_RAW, 0));
	for (i = 0; i < ARRAY_SIZE(named); i++) {
		if (!is_proto(text, len, 0, named[i]))
			continue;
		err = add_value(set, sko_value_of_proto(family, 0, named[i]));
		if (err)
			break;
	}
	return err;
}

/* All that have the first @len of 128 bits in common with an address. */
static int add_prefix(struct sko_ranges *set, struct sko_value addr,
		      unsigned int len)
{
	u64 high = len >= 64 ? 0 : U64_MAX >> len;
	u64 low = len >= 128 ? 0 : len <= 64 ? U64_MAX : U64_MAX >> (len - 64);
	struct sko_value first = { addr.high & ~high, addr.low & ~low };
	struct sko_value last = { addr.high | high, addr.low | low };

	return sko_ranges_add(set, &first, &last);
}

static int parse_address(struct sko_ranges *set, char *text,
			 const struct sko_key *key)
{
	char *prefix = text, *addr = strsep(&prefix, "/");
	struct sko_value value;
	struct in6_addr v6;
	u64 len = 128;
	__be32 v4;

	if (sko_parse_ipv4(addr, &v4)) {
		if (prefix) {
			if (sko_parse_number(prefix, 0, 32, &len))
				return -EINVAL;
			len += 96;
		}
		value = sko_value_of_ipv4(v4);
		return add_prefix(&set[0], value, len) ?:
		       add_prefix(&set[1], value, len);
	}
	if (!sko_parse_ipv6(addr, &v6) ||
	    (prefix && sko_parse_number(prefix, 0, 128, &len)))
		return -EINVAL;
	return add_prefix(&set[1], sko_value_of_bytes(&v6, sizeof(v6)), len);
}

static int parse_name(struct sko_ranges *set, char *text, const struct sko_key *key)
{
	u8 bytes[sizeof(struct sko_value)] = {};
	int len = sko_parse_name(text, bytes, key->max);

	if (len < 0)
		return len;
	return add_value(set, sko_value_of_bytes(bytes, len));
}

static const struct sko_key keys[] = {
	{ "pid", parse_id, 1, INT_MAX, .none = true, .what = SKO_BY_PID },
	{ "comm", parse_name, 0, TASK_COMM_LEN - 1, .none = true,
	  .what = SKO_BY_COMM },
	{ "uid", parse_id, 0, U32_MAX, .none = true, .what = SKO_BY_UID },
	{ "proto", parse_proto, .what = SKO_BY_PROTO },
	{ "family", parse_family, .what = SKO_BY_FAMILY },
	{ "state", parse_state, .what = SKO_BY_STATE },
	{ "port", parse_port, 0, U16_MAX, .none = true, .what = SKO_BY_LPORT,
	  .remote = SKO_BY_RPORT },
	{ "lport", parse_port, 0, U16_MAX, .none = true, .what = SKO_BY_LPORT },
	{ "rport", parse_port, 0, U16_MAX, .none = true, .what = SKO_BY_RPORT },
	{ "addr", parse_address, .none = true, .addresses = true,
	  .what = SKO_BY_LADDR, .remote = SKO_BY_RADDR },
	{ "laddr", parse_address, .addresses = true, .what = SKO_BY_LADDR },
	{ "raddr", parse_address, .none = true, .addresses = true,
	  .what = SKO_BY_RADDR },
	{ "dev", parse_name, 0, IFNAMSIZ - 1, .none = true,
	  .what = SKO_BY_DEV },
	{ "inode", parse_id, 1, U64_MAX, .none = true, .what = SKO_BY_INODE },
	{ "cookie", parse_id, 1, U64_MAX, .none = true,
	  .what = SKO_BY_COOKIE },
	{ "netns", parse_id, 1, U32_MAX, .what = SKO_BY_NETNS },
	{ "cgroup", parse_id, 1, U64_MAX, .none = true,
	  .what = SKO_BY_CGROUP },
	{ "holder", parse_holder, .what = SKO_BY_HOLDER },
};

static const struct sko_key *find_key(const char *name)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(keys[i].name, name))
			return &keys[i];
	return NULL;
}

static int parse_values(struct sko_ranges *set, char *text,
			const struct sko_key *key)
{
	char *value;
	int err;

	while ((value = strsep(&text, ","))) {
		if (key->none && !strcmp(value, "-")) {
			set[0].none = true;
			set[1].none = true;
			continue;
		}
		err = *value ? key->parse(set, value, key) : -EINVAL;
		if (err)
			return err;
	}
	return 0;
}

static void destroy_pair(struct sko_ranges *set)
{
	sko_ranges_destroy(&set[0]);
	sko_ranges_destroy(&set[1]);
}

/* Only what is in the set is allowed now, of what was allowed before. */
static int allow(struct sko_query *query, enum sko_condition what,
		 const struct sko_ranges *set)
{
	struct sko_ranges *allowed = &query->allowed[what];
	int err;

	if (!(query->conditions & BIT(what))) {
		err = sko_ranges_init(allowed, 1);
		if (err)
			return err;
		sko_ranges_invert(allowed);
		query->conditions |= BIT(what);
	}
	return sko_ranges_intersect(allowed, set);
}

static int allow_pair(struct sko_query *query, const struct sko_key *key,
		      enum sko_condition what, const struct sko_ranges *set)
{
	int err = allow(query, what, &set[0]);

	if (!err && key->addresses)
		err = allow(query, what + 1, &set[1]);
	return err;
}

/* Takes the sets away. */
static int add_either(struct sko_query *query, const struct sko_key *key,
		      struct sko_ranges *set)
{
	struct sko_either *either;

	if (query->eithers == SKO_QUERY_EITHER)
		return -EINVAL;
	either = &query->either[query->eithers++];
	either->local = key->what;
	either->remote = key->remote;
	either->set[0] = set[0];
	either->set[1] = set[1];
	set[0] = (struct sko_ranges){};
	set[1] = (struct sko_ranges){};
	return 0;
}

/* That neither end is in a set says something about each of the two alone. */
static int add_condition(struct sko_query *query, const struct sko_key *key,
			 bool exclude, struct sko_ranges *set)
{
	int err;

	if (exclude) {
		sko_ranges_invert(&set[0]);
		sko_ranges_invert(&set[1]);
	} else if (key->remote) {
		return add_either(query, key, set);
	}
	err = allow_pair(query, key, key->what, set);
	if (!err && key->remote)
		err = allow_pair(query, key, key->remote, set);
	return err;
}

static int parse_condition(struct sko_query *query, const struct sko_key *key,
			   bool exclude, char *values)
{
	unsigned int capacity = RANGES_MAX + 1;
	struct sko_ranges set[2] = {};
	const char *p;
	int err;

	for (p = values; *p; p++)
		if (*p == ',')
			capacity += RANGES_MAX;
	err = sko_ranges_init(&set[0], capacity) ?:
	      sko_ranges_init(&set[1], key->addresses ? capacity : 1) ?:
	      parse_values(set, values, key);
	if (!err) {
		sko_ranges_settle(&set[0]);
		sko_ranges_settle(&set[1]);
		err = add_condition(query, key, exclude, set);
	}
	destroy_pair(set);
	return err;
}

static int parse_term(struct sko_query *query, char *term)
{
	char *value = strchr(term, '=');
	const struct sko_key *key;
	bool exclude;

	if (!value || value == term)
		return -EINVAL;
	exclude = value[-1] == '!';
	value[exclude ? -1 : 0] = '\0';
	value++;

	if (!strcmp(term, "columns")) {
		if (exclude || query->columns.count)
			return -EINVAL;
		return sko_columns_parse(&query->columns, value);
	}
	if (!strcmp(term, "packet")) {
		if (exclude || query->packet.family)
			return -EINVAL;
		return sko_packet_parse(&query->packet, value);
	}
	key = find_key(term);
	return key ? parse_condition(query, key, exclude, value) : -EINVAL;
}

static bool is_clean(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return true;
}

static int parse(struct sko_query *query, char *text, size_t len)
{
	char *term;
	int err;

	if (len > SKO_QUERY_MAX)
		return -EINVAL;
	if (len && text[len - 1] == '\n')
		len--;
	if (!is_clean(text, len))
		return -EINVAL;
	text[len] = '\0';
	if (!len)
		return 0;
	while ((term = strsep(&text, " "))) {
		err = parse_term(query, term);
		if (err)
			return err;
	}
	return 0;
}

static bool is_of_process(unsigned int holder)
{
	return holder == SKO_HOLDER_FD || holder == SKO_HOLDER_THREAD ||
	       holder == SKO_HOLDER_SCM;
}

static bool allows_holderless(const struct sko_query *query)
{
	unsigned int i;

	if (!sko_query_wants_process(query, NULL))
		return false;
	if (!(query->conditions & BIT(SKO_BY_HOLDER)))
		return true;
	for (i = 0; sko_holder_name(i); i++) {
		const struct sko_value holder = { .low = i };

		if (!is_of_process(i) &&
		    sko_ranges_has(&query->allowed[SKO_BY_HOLDER], &holder))
			return true;
	}
	return false;
}

/* Where "none" is asked for, a socket may show that in spite of its port. */
static void bound_lport(struct sko_query *query)
{
	const struct sko_ranges *set = &query->allowed[SKO_BY_LPORT];

	query->last_lport = U16_MAX;
	if (!(query->conditions & BIT(SKO_BY_LPORT)) || set->none || !set->count)
		return;
	query->first_lport = set->range[0].first.low;
	query->last_lport = set->range[set->count - 1].last.low;
}

/* What must be filled in to be shown or compared. */
static u32 wanted_columns(const struct sko_query *query)
{
	u32 wanted = sko_columns_mask(&query->columns);

	if (query->conditions & BIT(SKO_BY_COOKIE))
		wanted |= BIT(SKO_COL_COOKIE);
	if (query->conditions & BIT(SKO_BY_CGROUP))
		wanted |= BIT(SKO_COL_CGROUP);
	return wanted;
}

/**
 * sko_query_parse() - understand what is asked for
 * @text: the query as it was written, and room for a NUL behind it; cut up
 * @len: its length without that
 * @plain: columns of a query that names none
 *
 * Context: may sleep. The memory, a few times 100 KiB at most, is charged to the
 *	caller's cgroup.
 * Return: the query, which sko_query_free() frees; ERR_PTR: -EINVAL if it is
 *	malformed, -ENOMEM.
 */
struct sko_query *sko_query_parse(char *text, size_t len,
				  const struct sko_columns *plain)
{
	struct sko_query *query;
	int err;

	query = kzalloc(sizeof(*query), SKO_GFP);
	if (!query)
		return ERR_PTR(-ENOMEM);
	err = parse(query, text, len);
	if (err) {
		sko_query_free(query);
		return ERR_PTR(err);
	}
	if (!query->columns.count)
		query->columns = *plain;
	query->wanted = wanted_columns(query);
	query->holderless = allows_holderless(query);
	query->all = !query->conditions && !query->eithers;
	bound_lport(query);
	return query;
}

/**
 * sko_query_free() - free a query
 * @query: from sko_query_parse(), or NULL
 *
 * Context: may sleep.
 */
void sko_query_free(struct sko_query *query)
{
	unsigned int i;

	if (!query)
		return;
	for (i = 0; i < SKO_CONDITIONS; i++)
		sko_ranges_destroy(&query->allowed[i]);
	for (i = 0; i < query->eithers; i++)
		destroy_pair(query->either[i].set);
	kfree(query);
}
