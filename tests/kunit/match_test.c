// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * What a query means: each key against a handful of rows that differ in all that
 * can be asked for, and what may be passed over before there is a row.
 */
#include "ask.h"
#include "suites.h"
#include "../../module/line.h"
#include "../../module/row.h"

#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/in.h>
#include <linux/inet.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/net.h>
#include <linux/prandom.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <net/sock.h>

/*
 * Where each access and each allocation is checked fewer of them have to do: all take
 * minutes there, and insmod, which KUnit has wait for a test, is called hung after two.
 */
#define MUTATIONS	20000
#define MUTATE_FOR	(30 * HZ)
#define SEED		20260101

static const struct sko_process sshd = {
	.pid = 4711, .uid = 1000, .comm = "sshd",
};

static const struct sko_process awkward = {
	.pid = 4712, .uid = 0, .cgroup = 5, .comm = "a,b c\\=\303",
};

static const struct sko_process dash = { .pid = 1, .comm = "-" };

static const struct sko_process nameless = {
	.pid = INT_MAX, .uid = U32_MAX - 1, .cgroup = U64_MAX,
	.comm = "\0behind the end",
};

/* Rows are named by letters, from "a" on. */
static const struct {
	struct sko_row row;
	const char *laddr, *raddr;
} rows[] = {
	{ /* a: a listener */
		.row = {
			.held = { .process = &sshd }, .fd = 3, .inode = 101,
			.netns = 4026531840U, .lport = 22,
			.protocol = IPPROTO_TCP, .type = SOCK_STREAM,
			.family = AF_INET, .state = TCP_LISTEN,
		},
		.laddr = "0.0.0.0",
	}, { /* b: its client, in another namespace */
		.row = {
			.held = { .process = &awkward }, .fd = 4, .inode = 102,
			.netns = 4026532000U, .lport = 50000,
			.rport = htons(22), .protocol = IPPROTO_TCP,
			.type = SOCK_STREAM, .family = AF_INET,
			.state = TCP_ESTABLISHED, .has_peer = true,
			.extras = { .cookie = 7 },
		},
		.laddr = "10.1.2.3", .raddr = "192.168.0.9",
	}, { /* c: held by a thread */
		.row = {
			.held = { .holder = SKO_HOLDER_THREAD, .via = 4713,
				  .process = &sshd },
			.fd = 5, .inode = 103, .netns = 4026531840U,
			.lport = 8080, .protocol = IPPROTO_TCP,
			.type = SOCK_STREAM, .family = AF_INET6,
			.state = TCP_LISTEN,
		},
		.laddr = "::",
	}, { /* d: v4-mapped, in flight */
		.row = {
			.held = { .holder = SKO_HOLDER_SCM, .via = 99,
				  .process = &awkward },
			.fd = -1, .inode = 104, .netns = 4026531840U,
			.lport = 8081, .rport = htons(22),
			.protocol = IPPROTO_MPTCP, .type = SOCK_STREAM,
			.family = AF_INET6, .state = TCP_CLOSE_WAIT,
			.has_peer = true, .extras = { .cookie = U64_MAX },
		},
		.laddr = "::ffff:10.1.2.3", .raddr = "::ffff:10.255.0.1",
	}, { /* e: link-local */
		.row = {
			.held = { .process = &dash }, .fd = 6, .inode = 105,
			.netns = 4026531840U, .lport = 546,
			.protocol = IPPROTO_UDP, .type = SOCK_DGRAM,
			.family = AF_INET6, .state = SKO_STATE_UNCONNECTED,
			.dev = "eth0",
		},
		.laddr = "fe80::1",
	}, { /* f: raw, with the protocol where the port would be */
		.row = {
			.held = { .process = &dash }, .fd = 7, .inode = 106,
			.netns = 4026531840U, .lport = 22,
			.rport = htons(8080), .protocol = 22, .type = SOCK_RAW,
			.family = AF_INET, .state = TCP_ESTABLISHED,
			.has_peer = true,
		},
		.laddr = "127.0.0.1", .raddr = "127.0.0.2",
	}, { /* g: no socket any more */
		.row = {
			.held = { .holder = SKO_HOLDER_TIMEWAIT }, .fd = -1,
			.netns = 4026531840U, .lport = 80,
			.rport = htons(40000), .protocol = IPPROTO_TCP,
			.type = SOCK_STREAM, .family = AF_INET,
			.state = TCP_TIME_WAIT, .has_peer = true,
		},
		.laddr = "127.0.0.1", .raddr = "127.0.0.1",
	}, { /* h: no socket yet */
		.row = {
			.held = { .holder = SKO_HOLDER_SYNRECV, .via = 103 },
			.fd = -1, .netns = 4026531840U, .lport = 8080,
			.rport = htons(65535), .protocol = IPPROTO_TCP,
			.type = SOCK_STREAM, .family = AF_INET6,
			.state = TCP_SYN_RECV, .has_peer = true,
			.dev = "a,b",
		},
		.laddr = "2001:db8::1", .raddr = "2001:db8::ff",
	}, { /* i: a protocol without a name here, and without ports */
		.row = {
			.held = { .holder = SKO_HOLDER_KERNEL }, .fd = -1,
			.inode = U64_MAX, .netns = 4026531840U,
			.protocol = 68, .type = SOCK_DGRAM,
			.family = AF_INET, .state = SKO_STATE_UNCONNECTED,
		},
		.laddr = "255.255.255.255",
	}, { /* j: a ping socket */
		.row = {
			.held = { .process = &nameless }, .fd = 8, .inode = 110,
			.netns = 4026531840U, .lport = 1,
			.protocol = IPPROTO_ICMPV6, .type = SOCK_DGRAM,
			.family = AF_INET6, .state = TCP_ESTABLISHED,
			.has_peer = true, .dev = "a",
		},
		.laddr = "::1", .raddr = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	}, { /* k: another protocol without a name */
		.row = {
			.held = { .holder = SKO_HOLDER_HIDDEN }, .fd = -1,
			.inode = 111, .netns = 4026531840U,
			.protocol = 8, .type = SOCK_SEQPACKET,
			.family = AF_INET6, .state = TCP_CLOSE,
		},
		.laddr = "::127.0.0.1",
	},
};

static void parse_addr(struct kunit *test, const struct sko_row *row,
		       union sko_addr *addr, const char *text)
{
	if (!text)
		return;
	if (row->family == AF_INET6)
		KUNIT_ASSERT_EQ_MSG(test, 1, in6_pton(text, -1, addr->v6.s6_addr,
						      '\0', NULL), "%s", text);
	else
		KUNIT_ASSERT_EQ_MSG(test, 1, in4_pton(text, -1, (u8 *)&addr->v4,
						      '\0', NULL), "%s", text);
}

/* The row with the addresses that it has as text. */
static void row_at(struct kunit *test, int i, struct sko_row *row)
{
	*row = rows[i].row;
	parse_addr(test, row, &row->laddr, rows[i].laddr);
	parse_addr(test, row, &row->raddr, rows[i].raddr);
	/* As strscpy() leaves it. */
	if (strlen(row->dev) < 8)
		strscpy(row->dev + 8, "before", 8);
}

/* The first bytes of the socket that it is about. */
static void socket_of(const struct sko_row *row, struct sock_common *skc)
{
	*skc = (struct sock_common){};
	skc->skc_family = row->family;
	skc->skc_num = row->lport;
	skc->skc_dport = row->rport;
}

/*
 * Which rows match, as letters. Whatever may be asked before a row is finished
 * says yes to those that do.
 */
static void matching(struct kunit *test, const struct sko_query *query,
		     const char *text, char *letters)
{
	struct sock_common skc;
	struct sko_row row;
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		row_at(test, i, &row);
		if (!sko_query_matches(query, &row))
			continue;
		*letters++ = 'a' + i;
		socket_of(&row, &skc);
		KUNIT_EXPECT_TRUE_MSG(test, sko_query_wants_socket(query, &skc),
				      "'%s': socket of row %d", text, i);
		skc.skc_num = 0;	/* as after a reset */
		KUNIT_EXPECT_TRUE_MSG(test, sko_query_wants_socket(query, &skc),
				      "'%s': socket of row %d", text, i);
		KUNIT_EXPECT_TRUE_MSG(test, sko_query_wants_row(query, &row),
				      "'%s': row %d", text, i);
		KUNIT_EXPECT_TRUE_MSG(test,
				      sko_query_wants_proto(query, row.type,
							    row.protocol),
				      "'%s': protocol of row %d", text, i);
		KUNIT_EXPECT_TRUE_MSG(test,
				      sko_query_wants_process(query,
							      row.held.process),
				      "'%s': process of row %d", text, i);
		if (!row.held.process)
			KUNIT_EXPECT_TRUE_MSG(test,
					      sko_query_wants_holderless(query),
					      "'%s': row %d", text, i);
		else
			KUNIT_EXPECT_EQ_MSG(test, row.held.process->pid,
					    sko_query_next_pid(query,
							       row.held.process->pid),
					    "'%s': row %d", text, i);
	}
	*letters = '\0';
}

static void expect_rows(struct kunit *test, const char *text, const char *want)
{
	struct sko_query *query = ask(test, text);
	char letters[ARRAY_SIZE(rows) + 1];

	matching(test, query, text, letters);
	KUNIT_EXPECT_TRUE_MSG(test, !strcmp(letters, want),
			      "'%s' gives '%s' and not '%s'", text, letters,
			      want);
	sko_query_free(query);
}

/* All rows but these. */
static void other_rows(const char *letters, char *others)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (!strchr(letters, 'a' + i))
			*others++ = 'a' + i;
	*others = '\0';
}

static const struct {
	const char *query, *rows;
} one_term[] = {
	{ "pid=4711", "ac" },
	{ "pid=1", "ef" },
	{ "pid=2147483647", "j" },
	{ "pid=4711,1", "acef" },
	{ "pid=1,1,1", "ef" },
	{ "pid=4710", "" },
	{ "pid=-", "ghik" },
	{ "pid=-,4712", "bdghik" },
	{ "comm=sshd", "ac" },
	{ "comm=ssh", "" },
	{ "comm=sshdd", "" },
	{ "comm=SSHD", "" },
	{ "comm=\\163\\163\\150d", "ac" },
	{ "comm=a\\054b\\040c\\134=\\303", "bd" },
	{ "comm=a,b", "" },
	{ "comm=\\055", "ef" },
	{ "comm=-", "ghik" },
	{ "comm=\\000", "j" },
	{ "comm=sshd,\\055,-", "acefghik" },
	{ "comm=!=!", "" },
	{ "comm=123456789012345", "" },
	{ "uid=0", "bdef" },
	{ "uid=1000,0", "abcdef" },
	{ "uid=4294967294", "j" },
	{ "uid=4294967295", "" },
	{ "uid=-", "ghik" },
	{ "cgroup=5", "bd" },
	{ "cgroup=18446744073709551615", "j" },
	{ "cgroup=-", "acefghik" },
	{ "holder=fd", "abefj" },
	{ "holder=thread,scm", "cd" },
	{ "holder=timewait,synrecv", "gh" },
	{ "holder=hidden", "k" },
	{ "holder=kernel", "i" },
	{ "holder=accept,orphan,mptcp,assoc,elsewhere", "" },
	{ "proto=tcp", "abg" },
	{ "proto=tcp6", "ch" },
	{ "proto=tcp,tcp6", "abcgh" },
	{ "proto=mptcp6", "d" },
	{ "proto=udp", "" },
	{ "proto=udp6", "e" },
	{ "proto=raw", "f" },
	{ "proto=raw6", "" },
	{ "proto=icmp6", "j" },
	{ "proto=icmp", "" },
	{ "proto=udplite,udplite6,sctp,sctp6,dccp,dccp6,mptcp", "" },
	{ "proto=inet68", "ik" },
	{ "proto=inet8", "" },
	{ "proto=inet668", "" },
	{ "proto=inet60", "" },
	{ "proto=inet65535,inet665535", "" },
	{ "family=inet", "abfgi" },
	{ "family=inet6", "cdehjk" },
	{ "family=inet,inet6", "abcdefghijk" },
	{ "state=LISTEN", "ac" },
	{ "state=ESTABLISHED", "bfj" },
	{ "state=SYN_RECV", "h" },
	{ "state=UNCONNECTED,TIME_WAIT", "egi" },
	{ "state=CLOSE", "k" },
	{ "state=CLOSE_WAIT", "d" },
	{ "state=BOUND,SYN_SENT,FIN_WAIT1,FIN_WAIT2,LAST_ACK,CLOSING", "" },
	{ "lport=22", "a" },
	{ "lport=8080", "ch" },
	{ "lport=8080-8081", "cdh" },
	{ "lport=80,8000-8999", "cdgh" },
	{ "lport=0-65535", "abcdeghj" },
	{ "lport=-", "fik" },
	{ "lport=65535,0", "" },
	{ "rport=22", "bd" },
	{ "rport=65535", "h" },
	{ "rport=8080", "" },
	{ "rport=-", "acefijk" },
	{ "port=22", "abd" },
	{ "port=8080", "ch" },
	{ "port=1-21,40000", "gj" },
	{ "port=-", "acefijk" },
	{ "port=-,65535", "acefhijk" },
	{ "port=23", "" },
	{ "laddr=0.0.0.0", "a" },
	{ "laddr=::", "c" },
	{ "laddr=10.1.2.3", "bd" },
	{ "laddr=::ffff:10.1.2.3", "d" },
	{ "laddr=::FFFF:0a01:203", "d" },
	{ "laddr=10.0.0.0/8", "bd" },
	{ "laddr=10.1.2.3/8", "bd" },
	{ "laddr=10.1.2.2/31", "bd" },
	{ "laddr=10.1.2.0/31", "" },
	{ "laddr=127.0.0.0/8,10.1.2.3/32", "bdfg" },
	{ "laddr=0.0.0.0/0", "abdfgi" },
	{ "laddr=128.0.0.0/1", "i" },
	{ "laddr=::/0", "cdehjk" },
	{ "laddr=::ffff:0:0/96", "d" },
	{ "laddr=::/96", "cjk" },
	{ "laddr=::/128", "c" },
	{ "laddr=::1", "j" },
	{ "laddr=::/127", "cj" },
	{ "laddr=::127.0.0.1", "k" },
	{ "laddr=::7f00:1", "k" },
	{ "laddr=127.0.0.1", "fg" },
	{ "laddr=fe80::/10", "e" },
	{ "laddr=fe80::/64", "e" },
	{ "laddr=fe80:0:0:1::/63", "e" },
	{ "laddr=fe80:0:0:1::/64", "" },
	{ "laddr=2001:db8::/32,fe80::1", "eh" },
	{ "raddr=192.168.0.9", "b" },
	{ "raddr=10.0.0.0/8", "d" },
	{ "raddr=-", "aceik" },
	{ "raddr=-,127.0.0.2", "acefik" },
	{ "raddr=0.0.0.0/0", "bdfg" },
	{ "raddr=::/0", "dhj" },
	{ "raddr=ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "j" },
	{ "raddr=2001:db8::80/121", "h" },
	{ "raddr=2001:db8::/121", "" },
	{ "addr=127.0.0.1", "fg" },
	{ "addr=127.0.0.2", "f" },
	{ "addr=10.255.0.1", "d" },
	{ "addr=10.0.0.0/8", "bd" },
	{ "addr=2001:db8::ff,192.168.0.0/16", "bh" },
	{ "addr=-", "aceik" },
	{ "addr=::", "c" },
	{ "addr=1.2.3.4", "" },
	{ "dev=eth0", "e" },
	{ "dev=a\\054b", "h" },
	{ "dev=a", "j" },
	{ "dev=a,b", "j" },
	{ "dev=-", "abcdfgik" },
	{ "inode=101", "a" },
	{ "inode=101,102,103,104,105,106,107,108,109,110", "abcdefj" },
	{ "inode=18446744073709551615", "i" },
	{ "inode=-", "gh" },
	{ "cookie=7", "b" },
	{ "cookie=18446744073709551615", "d" },
	{ "cookie=-", "acefghijk" },
	{ "netns=4026532000", "b" },
	{ "netns=4026531840", "acdefghijk" },
	{ "netns=4294967295", "" },
};

static void each_key_matches_what_it_names(struct kunit *test)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(one_term); i++)
		expect_rows(test, one_term[i].query, one_term[i].rows);
}

/* Whatever a term matches, its opposite matches the other rows. */
static void excluding_is_the_opposite(struct kunit *test)
{
	char others[ARRAY_SIZE(rows) + 1];
	char opposite[128];
	int i;

	for (i = 0; i < ARRAY_SIZE(one_term); i++) {
		const char *query = one_term[i].query;
		int len = strcspn(query, "=");

		snprintf(opposite, sizeof(opposite), "%.*s!%s", len, query,
			 query + len);
		other_rows(one_term[i].rows, others);
		expect_rows(test, opposite, others);
	}
}

static void all_terms_must_match(struct kunit *test)
{
	static const struct {
		const char *query, *rows;
	} cases[] = {
		{ "", "abcdefghijk" },
		{ "\n", "abcdefghijk" },
		{ "columns=pid", "abcdefghijk" },
		{ "pid=4711 lport=22", "a" },
		{ "pid=4711 lport=22\n", "a" },
		{ "lport=22 columns=pid,fd pid=4711", "a" },
		{ "pid=4711 lport=80", "" },
		{ "pid=4711 pid=4712", "" },
		{ "pid=4711,4712,1 pid=4711,1 pid=1,4711,2", "acef" },
		{ "pid!=4711 pid!=4712", "efghijk" },
		{ "pid!=4711 pid!=-", "bdefj" },
		{ "pid=4711,- pid!=4711", "ghik" },
		{ "port=22 port=50000", "b" },
		{ "port=22 port=22 port=8081", "d" },
		{ "port=22 port!=50000", "ad" },
		{ "port!=22 port!=8080", "efgijk" },
		{ "port!=22 lport!=8080,80", "efijk" },
		{ "port=22 lport=22", "a" },
		{ "port!=-", "bdgh" },
		{ "addr=10.0.0.0/8 addr=192.168.0.0/16", "b" },
		{ "addr=10.0.0.0/8 addr=10.255.0.0/16", "d" },
		{ "addr=10.0.0.0/8 addr!=192.168.0.0/16", "d" },
		{ "addr=10.0.0.0/8 family=inet", "b" },
		{ "addr=127.0.0.1 port=40000", "g" },
		{ "raddr!=- raddr!=127.0.0.0/8", "bdhj" },
		{ "laddr=0.0.0.0/0,::/0 laddr!=0.0.0.0,::", "bdefghijk" },
		{ "laddr!=::/0", "abfgi" },
		{ "laddr!=0.0.0.0/0", "cehjk" },
		{ "proto=tcp,tcp6,udp6 state=LISTEN,UNCONNECTED holder=fd", "ae" },
		{ "lport=1-9999 lport!=22-8080 lport!=8081", "j" },
		{ "lport=1-100 lport=50-9999", "g" },
		{ "pid=1 comm=\\055 uid=0 proto=udp6 family=inet6 cgroup=-", "e" },
		{ "state=UNCONNECTED port=546 lport=546 rport=- dev=eth0", "e" },
		{ "addr=fe80::1 laddr=fe80::1 raddr=- inode=105 cookie=-", "e" },
		{ "port=1 port=1 port=1 port=1 port=1-9 addr=:: addr=::", "" },
		{ "port=1 port=1 port=1 port=1 addr=::1 addr=::1 addr=::1", "j" },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		expect_rows(test, cases[i].query, cases[i].rows);
}

/* A comma in a name is the only byte that a list needs for itself. */
static void without_commas(char *text)
{
	char *comma;

	while ((comma = strchr(text, ','))) {
		memmove(comma + 4, comma + 1, strlen(comma));
		memcpy(comma, "\\054", 4);
	}
}

static void what_the_listing_shows_can_be_asked_for(struct kunit *test)
{
	static const enum sko_column columns[] = {
		SKO_COL_PID, SKO_COL_COMM, SKO_COL_UID, SKO_COL_PROTO,
		SKO_COL_STATE, SKO_COL_LPORT, SKO_COL_RPORT, SKO_COL_LADDR,
		SKO_COL_RADDR, SKO_COL_DEV, SKO_COL_INODE, SKO_COL_COOKIE,
		SKO_COL_NETNS, SKO_COL_CGROUP, SKO_COL_HOLDER,
	};
	char *line = kunit_kzalloc(test, SKO_LINE_MAX + 64, GFP_KERNEL);
	struct sko_lines *lines = kunit_kzalloc(test, sizeof(*lines),
						GFP_KERNEL);
	struct sko_query *query;
	struct sko_row row;
	char text[128];
	int i, j;

	KUNIT_ASSERT_NOT_NULL(test, line);
	KUNIT_ASSERT_NOT_NULL(test, lines);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		row_at(test, i, &row);
		for (j = 0; j < ARRAY_SIZE(columns); j++) {
			const struct sko_columns one = {
				.count = 1, .column = { columns[j] },
			};
			const char *name = sko_column_names[columns[j]];
			bool want = row.type != SOCK_RAW ||
				    (columns[j] != SKO_COL_LPORT &&
				     columns[j] != SKO_COL_RPORT);

			sko_lines_init(lines, &one);
			sko_line(line, &row, lines)[-1] = '\0';
			without_commas(line);
			snprintf(text, sizeof(text), "%s=%s", name, line);
			query = ask(test, text);
			KUNIT_EXPECT_EQ_MSG(test, want,
					    sko_query_matches(query, &row),
					    "'%s': row %d", text, i);
			sko_query_free(query);
			snprintf(text, sizeof(text), "%s!=%s", name, line);
			query = ask(test, text);
			KUNIT_EXPECT_EQ_MSG(test, !want,
					    sko_query_matches(query, &row),
					    "'%s': row %d", text, i);
			sko_query_free(query);
		}
	}
}

static void both_states_of_one_name(struct kunit *test)
{
	struct sko_query *query = ask(test, "state=SYN_RECV");
	struct sko_row row;

	row_at(test, 0, &row);
	row.state = TCP_NEW_SYN_RECV;
	KUNIT_EXPECT_TRUE(test, sko_query_matches(query, &row));
	sko_query_free(query);
	/* One that has no name is none of those that have one. */
	query = ask(test, "state!=SYN_RECV,LISTEN,ESTABLISHED,CLOSE");
	row.state = 63;
	KUNIT_EXPECT_TRUE(test, sko_query_matches(query, &row));
	sko_query_free(query);
}

/* Many values of one key: every second port, and the same as many terms. */
static void many_values(struct kunit *test)
{
	char *text = kunit_kzalloc(test, SKO_QUERY_MAX + 1, GFP_KERNEL);
	struct sko_query *query;
	struct sko_row row;
	int port, at;

	KUNIT_ASSERT_NOT_NULL(test, text);
	at = sprintf(text, "lport=1");
	for (port = 3; port < 1400; port += 2)
		at += sprintf(text + at, ",%d", port);
	query = ask(test, text);
	row_at(test, 0, &row);
	for (port = 1; port < 1500; port++) {
		row.lport = port;
		KUNIT_EXPECT_EQ_MSG(test, port < 1400 && port & 1,
				    sko_query_matches(query, &row), "%d", port);
	}
	sko_query_free(query);

	at = sprintf(text, "lport!=1");
	for (port = 3; port < 500; port += 2)
		at += sprintf(text + at, " lport!=%d", port);
	query = ask(test, text);
	for (port = 1; port < 600; port++) {
		row.lport = port;
		KUNIT_EXPECT_EQ_MSG(test, port >= 500 || !(port & 1),
				    sko_query_matches(query, &row), "%d", port);
	}
	sko_query_free(query);
}

static void no_query_asks_for_everything(struct kunit *test)
{
	char letters[ARRAY_SIZE(rows) + 1];

	matching(test, NULL, "none", letters);
	KUNIT_EXPECT_STREQ(test, letters, "abcdefghijk");
	KUNIT_EXPECT_EQ(test, 5, sko_query_next_pid(NULL, 5));
	sko_query_free(NULL);
}

static void rows_without_a_process(struct kunit *test)
{
	static const struct {
		const char *query;
		bool want;
	} cases[] = {
		{ "", true }, { "lport=22", true }, { "state=LISTEN", true },
		{ "pid=1", false }, { "pid=1,-", true }, { "pid!=1", true },
		{ "pid!=-", false }, { "pid!=1,-", false },
		{ "comm=a", false }, { "comm!=a", true }, { "uid=0", false },
		{ "uid=- pid=1", false }, { "cgroup=5", false },
		{ "cgroup!=5", true }, { "holder=fd", false },
		{ "holder=fd,thread,scm", false }, { "holder=fd,hidden", true },
		{ "holder=timewait", true }, { "holder!=fd", true },
		{ "holder!=accept,synrecv,timewait,orphan,mptcp,assoc", true },
		{ "holder!=fd,thread holder=scm,fd", false },
		{ "holder=timewait pid=1", false },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sko_query *query = ask(test, cases[i].query);

		KUNIT_EXPECT_EQ_MSG(test, cases[i].want,
				    sko_query_wants_holderless(query), "'%s'",
				    cases[i].query);
		sko_query_free(query);
	}
}

static void processes_to_walk(struct kunit *test)
{
	static const struct {
		const char *query;
		pid_t from, want;
	} cases[] = {
		{ "", 1, 1 }, { "", 77, 77 }, { "lport=22", 77, 77 },
		{ "pid=5,9", 1, 5 }, { "pid=5,9", 5, 5 }, { "pid=5,9", 6, 9 },
		{ "pid=9,5", 9, 9 }, { "pid=5,9", 10, 0 },
		{ "pid=5 pid=9", 1, 0 }, { "pid=2147483647", 1, INT_MAX },
		/* these have to be known, so that the others can be told */
		{ "pid=-,5", 1, 1 }, { "pid!=5", 5, 5 }, { "comm=a", 3, 3 },
		{ "pid!=5,-", 5, 6 }, { "pid!=5,6,7 pid!=-", 5, 8 },
		{ "pid!=2147483647,-", INT_MAX, 0 },
		{ "pid!=5 holder=fd", 5, 6 }, { "pid=-,5 holder=fd", 1, 5 },
		{ "pid=- holder=fd", 1, 0 },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sko_query *query = ask(test, cases[i].query);

		KUNIT_EXPECT_EQ_MSG(test, cases[i].want,
				    sko_query_next_pid(query, cases[i].from),
				    "'%s' from %d", cases[i].query,
				    cases[i].from);
		sko_query_free(query);
	}
}

/* Early answers are worth something: these are passed over. */
static void sockets_passed_over(struct kunit *test)
{
	static const struct {
		const char *query, *rows;
	} cases[] = {
		{ "lport=8080", "abdefgj" },	/* i, k: maybe after a reset */
		{ "rport=22", "acefghijk" },
		{ "port=22", "ceghj" },
		{ "port=8080 family=inet", "abcdeghjk" },
		{ "family=inet6", "abfgi" },
		{ "lport=22 rport=22", "abcdefghijk" },
		{ "lport!=22", "" },		/* maybe raw */
		{ "pid=1", "" },
		{ "laddr=1.2.3.4", "" },
	};
	char letters[ARRAY_SIZE(rows) + 1];
	struct sock_common skc;
	struct sko_row row;
	int i, j;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sko_query *query = ask(test, cases[i].query);
		char *p = letters;

		for (j = 0; j < ARRAY_SIZE(rows); j++) {
			row_at(test, j, &row);
			socket_of(&row, &skc);
			if (!sko_query_wants_socket(query, &skc))
				*p++ = 'a' + j;
		}
		*p = '\0';
		KUNIT_EXPECT_TRUE_MSG(test, !strcmp(letters, cases[i].rows),
				      "'%s' gives '%s' and not '%s'",
				      cases[i].query, letters, cases[i].rows);
		sko_query_free(query);
	}
}

static void rows_passed_over(struct kunit *test)
{
	static const struct {
		const char *query, *rows;
	} cases[] = {
		{ "inode=101 pid=1 comm=x uid=5 cgroup=9 holder=kernel",
		  "bcdefghijk" },
		{ "addr=127.0.0.1 state=TIME_WAIT", "abcdefhijk" },
		{ "pid=1", "" },
		{ "holder=fd", "" },
	};
	char letters[ARRAY_SIZE(rows) + 1];
	struct sko_row row;
	int i, j;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sko_query *query = ask(test, cases[i].query);
		char *p = letters;

		for (j = 0; j < ARRAY_SIZE(rows); j++) {
			row_at(test, j, &row);
			if (!sko_query_wants_row(query, &row))
				*p++ = 'a' + j;
		}
		*p = '\0';
		KUNIT_EXPECT_TRUE_MSG(test, !strcmp(letters, cases[i].rows),
				      "'%s' gives '%s' and not '%s'",
				      cases[i].query, letters, cases[i].rows);
		sko_query_free(query);
	}
}

static void processes_passed_over(struct kunit *test)
{
	static const struct {
		const char *query;
		bool sshd, awkward, none;
	} cases[] = {
		{ "lport=1", true, true, true },
		{ "pid=4711", true, false, false },
		{ "pid!=4711", false, true, true },
		{ "uid=1000", true, false, false },
		{ "comm!=sshd", false, true, true },
		{ "cgroup=5", false, true, false },
		{ "cgroup=-", true, false, true },
		{ "comm=- uid=-", false, false, true },
		{ "holder=timewait", true, true, true },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *text = cases[i].query;
		struct sko_query *query = ask(test, text);

		KUNIT_EXPECT_EQ_MSG(test, cases[i].sshd,
				    sko_query_wants_process(query, &sshd),
				    "'%s'", text);
		KUNIT_EXPECT_EQ_MSG(test, cases[i].awkward,
				    sko_query_wants_process(query, &awkward),
				    "'%s'", text);
		KUNIT_EXPECT_EQ_MSG(test, cases[i].none,
				    sko_query_wants_process(query, NULL),
				    "'%s'", text);
		sko_query_free(query);
	}
}

static void protocols_passed_over(struct kunit *test)
{
	struct sko_query *query = ask(test, "proto=udp6,raw");

	KUNIT_EXPECT_TRUE(test, sko_query_wants_proto(query, 0, IPPROTO_UDP));
	KUNIT_EXPECT_TRUE(test, sko_query_wants_proto(query, SOCK_RAW, 0));
	KUNIT_EXPECT_FALSE(test, sko_query_wants_proto(query, 0, IPPROTO_TCP));
	KUNIT_EXPECT_FALSE(test, sko_query_wants_proto(query, 0,
						       IPPROTO_UDPLITE));
	sko_query_free(query);
	query = ask(test, "proto!=tcp,tcp6 proto!=raw");
	KUNIT_EXPECT_TRUE(test, sko_query_wants_proto(query, 0, IPPROTO_UDP));
	KUNIT_EXPECT_TRUE(test, sko_query_wants_proto(query, SOCK_RAW, 0));
	KUNIT_EXPECT_FALSE(test, sko_query_wants_proto(query, 0, IPPROTO_TCP));
	sko_query_free(query);
}

/* Bytes that a query may well have, and some that it must not. */
static char odd_byte(struct rnd_state *random)
{
	static const char likely[] = "\n =!,-/.:\\0123456789abcdefinetLISTEN";
	u32 r = prandom_u32_state(random);

	if (r & 0x300)
		return likely[r % (sizeof(likely) - 1)];
	return r;
}

/* One change of @text of @len bytes, with room for one more. Returns its length. */
static size_t mutate(char *text, size_t len, struct rnd_state *random)
{
	size_t at = prandom_u32_state(random) % (len + 1);

	switch (prandom_u32_state(random) % 4) {
	case 0:		/* another byte */
		if (at < len)
			text[at] = odd_byte(random);
		return len;
	case 1:		/* one more */
		memmove(text + at + 1, text + at, len - at);
		text[at] = odd_byte(random);
		return len + 1;
	case 2:		/* one less */
		if (at == len)
			return len;
		memmove(text + at, text + at + 1, len - at - 1);
		return len - 1;
	default:	/* cut off */
		return prandom_u32_state(random) % 8 ? len : at;
	}
}

/*
 * Valid queries of some terms with a few changes: either they are refused, or
 * they mean something, and then all functions agree on what.
 */
static void mutated_queries_do_no_harm(struct kunit *test)
{
	char letters[ARRAY_SIZE(rows) + 1];
	unsigned long end = jiffies + MUTATE_FOR;
	unsigned int valid = 0, i, n;
	struct rnd_state random;
	char text[512];

	prandom_seed_state(&random, SEED);
	for (i = 0; i < MUTATIONS && time_before(jiffies, end); i++) {
		struct sko_query *query;
		size_t len = 0;

		for (n = prandom_u32_state(&random) % 4 + 1; n; n--) {
			u32 which = prandom_u32_state(&random) %
				    ARRAY_SIZE(one_term);

			len += scnprintf(text + len, sizeof(text) - 16 - len,
					 "%s%s", len ? " " : "",
					 one_term[which].query);
		}
		for (n = prandom_u32_state(&random) % 8; n; n--)
			len = mutate(text, len, &random);
		query = ask_bytes(test, text, len);
		if (IS_ERR(query)) {
			KUNIT_ASSERT_EQ_MSG(test, (long)-EINVAL, PTR_ERR(query),
					    "'%.*s'", (int)len, text);
			continue;
		}
		valid++;
		matching(test, query, "mutated", letters);
		sko_query_free(query);
	}
	KUNIT_EXPECT_GT(test, valid, i / 20);
	KUNIT_EXPECT_LT(test, valid, i / 2);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(each_key_matches_what_it_names),
	KUNIT_CASE(excluding_is_the_opposite),
	KUNIT_CASE(all_terms_must_match),
	KUNIT_CASE(what_the_listing_shows_can_be_asked_for),
	KUNIT_CASE(both_states_of_one_name),
	KUNIT_CASE(many_values),
	KUNIT_CASE(no_query_asks_for_everything),
	KUNIT_CASE(rows_without_a_process),
	KUNIT_CASE(processes_to_walk),
	KUNIT_CASE(sockets_passed_over),
	KUNIT_CASE(rows_passed_over),
	KUNIT_CASE(processes_passed_over),
	KUNIT_CASE(protocols_passed_over),
	KUNIT_CASE(mutated_queries_do_no_harm),
	{}
};

struct kunit_suite sko_match_suite = {
	.name = "sockowners-match",
	.test_cases = cases,
};
