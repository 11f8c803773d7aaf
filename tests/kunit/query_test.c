// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * What is a query and what is none.
 */
#include "ask.h"
#include "suites.h"
#include "../../module/line.h"

#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/net.h>
#include <linux/slab.h>

/* Every word that the listing may show is one that a query may have. */
static void every_word_is_known(struct kunit *test)
{
	char text[64];
	int i;

	for (i = 0; sko_holder_name(i); i++) {
		snprintf(text, sizeof(text), "holder=%s", sko_holder_name(i));
		sko_query_free(ask(test, text));
	}
	for (i = 0; i < 256; i++) {
		if (!sko_state_name(i))
			continue;
		snprintf(text, sizeof(text), "state=%s", sko_state_name(i));
		sko_query_free(ask(test, text));
	}
	for (i = 0; i <= U16_MAX; i++) {
		const char *name = sko_proto_name(SOCK_STREAM, i);

		if (name)
			snprintf(text, sizeof(text), "proto=%s,%s6", name, name);
		else if (i < 300 || i == U16_MAX)
			snprintf(text, sizeof(text), "proto=inet%d,inet6%d", i,
				 i);
		else
			continue;
		sko_query_free(ask(test, text));
	}
}

static void columns_of_a_query(struct kunit *test)
{
	struct sko_columns plain = { .count = 1, .column = { SKO_COL_VIA } };
	struct sko_query *query;
	char text[64] = "pid=1";

	query = sko_query_parse(text, strlen(text), &plain);
	KUNIT_ASSERT_FALSE(test, IS_ERR(query));
	KUNIT_EXPECT_EQ(test, 1, (int)query->columns.count);
	KUNIT_EXPECT_EQ(test, (u32)BIT(SKO_COL_VIA), query->wanted);
	sko_query_free(query);

	query = ask(test, "columns=comm,pid pid=1");
	KUNIT_EXPECT_EQ(test, 2, (int)query->columns.count);
	KUNIT_EXPECT_EQ(test, (int)SKO_COL_COMM, (int)query->columns.column[0]);
	KUNIT_EXPECT_EQ(test, (u32)(BIT(SKO_COL_COMM) | BIT(SKO_COL_PID)),
			query->wanted);
	sko_query_free(query);

	query = ask(test, "columns=all");
	KUNIT_EXPECT_EQ(test, (int)SKO_COLUMNS, (int)query->columns.count);
	sko_query_free(query);
	query = ask(test, "columns=default");
	KUNIT_EXPECT_EQ(test, (int)SKO_COLUMNS_DEFAULT,
			(int)query->columns.count);
	sko_query_free(query);
}

/* What is not shown and is compared must be filled in too. */
static void columns_that_are_compared(struct kunit *test)
{
	struct sko_query *query;

	query = ask(test, "columns=pid cookie=5 cgroup!=6");
	KUNIT_EXPECT_EQ(test, 1, (int)query->columns.count);
	KUNIT_EXPECT_EQ(test, (u32)(BIT(SKO_COL_PID) | BIT(SKO_COL_COOKIE) |
				    BIT(SKO_COL_CGROUP)), query->wanted);
	sko_query_free(query);
}

static void malformed_query_is_refused(struct kunit *test)
{
	static const char * const bad[] = {
		/* terms */
		" ", "  ", " pid=1", "pid=1 ", "pid=1  uid=0", "\npid=1",
		"pid=1\n\n", "\n\n", "pid=1\nuid=0", "pid=1\r\n", "pid=1\tuid=0",
		"pid=1\040\n", "\t", "pid=\0011", "pid=1\177", "comm=\303\244",
		"pid", "=", "!=", "=1", "!=1", "pid 1", "pid= 1", "pid =1",
		"pid:1", "pid<5", "pid==1", "pid=!1", "pid!1", "pid!!=1",
		"pid=1;uid=0", "pid=1&uid=0",
		/* keys */
		"nonsense=1", "Pid=1", "PID=1", "pi=1", "pidd=1", "fd=3",
		"via=1", "start=1", "sockuid=0", "sockcgroup=1", "flags=v6only",
		"timer=1", "recvq=1", "sendq=1", "drops=1", "packet=tcp",
		"column=pid",
		/* columns */
		"columns", "columns=", "columns=,", "columns=pid,",
		"columns=pid,,fd", "columns=pid,pid", "columns=nonsense",
		"columns=all,pid", "columns!=pid", "columns=pid columns=fd",
		"columns=pid columns=pid", "columns=default columns=pid",
		"columns=ALL", "columns=-",
		/* lists */
		"pid=", "pid!=", "pid=,", "pid=1,", "pid=,1", "pid=1,,2",
		"comm=", "comm=a,", "lport=", "laddr=", "state=", "proto=",
		"family=", "holder=", "dev=", "inode=", "cookie=", "netns=",
		"cgroup=", "uid=", "port=", "rport=", "addr=", "raddr=",
		/* numbers */
		"pid=a", "pid=1a", "pid=a1", "pid=+1", "pid=-1", "pid=--",
		"pid=0x1", "pid=0", "pid=01", "pid=00", "pid=1.0", "pid=1-2",
		"pid=2147483648", "pid=4294967297", "pid=1e3",
		"pid=99999999999999999999999999999999", "uid=4294967296",
		"uid=-1", "uid=root", "uid=0-5", "inode=0",
		"inode=18446744073709551616", "inode=1-2", "cookie=0",
		"cookie=0x7", "cookie=184467440737095516150", "netns=0",
		"netns=4294967296", "netns=-", "netns=net:[4026531840]",
		"cgroup=0", "cgroup=/system.slice",
		/* ports */
		"lport=65536", "lport=http", "lport=1-", "lport=-1",
		"lport=1--2", "lport=2-1", "lport=1-65536", "lport=1-2-3",
		"lport=01", "lport=1-02", "lport=--", "lport=*", "lport=:80",
		"port=0x50", "rport=22-a", "port=1,2-", "lport=00-1",
		/* addresses */
		"laddr=1", "laddr=1.2.3", "laddr=1.2.3.4.5", "laddr=1.2.3.256",
		"laddr=1.2.3.", "laddr=.1.2.3", "laddr=1..2.3", "laddr=1.2.3.4.",
		"laddr=01.2.3.4", "laddr=1.2.3.04", "laddr=1.2.3.4:",
		"laddr=1.2.3.4:80", "laddr=1.2.3.4/", "laddr=1.2.3.4/33",
		"laddr=1.2.3.4/-1", "laddr=1.2.3.4/a", "laddr=1.2.3.4/8/8",
		"laddr=1.2.3.4/08", "laddr=1.2.3.4/255.0.0.0", "laddr=/8",
		"laddr=*", "laddr=localhost", "laddr=0x7f000001",
		"laddr=:", "laddr=:::", "laddr=1", "laddr=1:2", "laddr=1::2::3",
		"laddr=::12345", "laddr=::g", "laddr=1:2:3:4:5:6:7",
		"laddr=1:2:3:4:5:6:7:8:9", "laddr=:1:2:3:4:5:6:7:8",
		"laddr=[::1]", "laddr=::1/129", "laddr=::1/", "laddr=::/1/1",
		"laddr=fe80::1%eth0", "laddr=::ffff:1.2.3", "laddr=::1.2.3.4:",
		"laddr=::1.2.3.4.5", "laddr=00001::", "laddr=::00000",
		"laddr=::ffff:01.2.3.4", "laddr=::1.2.3.004", "laddr=1::00002/64",
		"laddr=::ffff:1.2.3.256", "laddr=-",
		"laddr=1.2.3.4-5", "addr=--", "raddr=0",
		/* words */
		"state=listen", "state=LISTEN,", "state=-", "state=10",
		"state=LISTENING", "state=LIST", "state=SYN-RECV",
		"family=4", "family=inet4", "family=INET", "family=-",
		"family=unix", "proto=TCP", "proto=-", "proto=tcp66",
		"proto=tcp4", "proto=6", "proto=66", "proto=inet", "proto=inet6",
		"proto=inet06", "proto=inet017", "proto=inet17", "proto=inet136",
		"proto=inet665536", "proto=inet6inet", "proto=inetx",
		"proto=inet6x", "proto=inet-1", "proto=unix", "proto=rawx",
		"holder=-", "holder=FD", "holder=fds", "holder=process",
		"holder=fd,nonsense",
		/* names */
		"comm=a b", "comm=\\", "comm=\\0", "comm=\\04", "comm=\\8",
		"comm=\\08", "comm=\\048", "comm=\\400", "comm=\\777",
		"comm=\\x41", "comm=\\n", "comm=a\\000", "comm=\\000a",
		"comm=\\000\\000", "comm=a\\", "comm=a\\04",
		"comm=1234567890123456", "dev=1234567890123456",
		"comm=1\\061\\061\\061\\0612345678901\\061", "comm=a,,b",
		/* more of them than there may be */
		"port=1 port=1 port=1 port=1 port=1 port=1 port=1 port=1 port=1",
		"port=1 addr=:: addr=:: addr=:: addr=:: addr=:: addr=:: addr=:: port=1",
		/* the last one is bad */
		"columns=pid,fd pid=1 lport=80 state=LISTEN nonsense=1",
		"port!=1 addr!=:: port=1 addr=:: cookie=1 lport=0x1",
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct sko_query *query = ask_bytes(test, bad[i],
						      strlen(bad[i]));

		KUNIT_EXPECT_EQ_MSG(test, (long)-EINVAL, PTR_ERR(query), "'%s'",
				    bad[i]);
		if (!IS_ERR(query))
			sko_query_free(query);
	}
}

static void nul_byte_is_refused(struct kunit *test)
{
	static const char valid[] = "pid=1 comm=a";
	char text[sizeof(valid)];
	size_t i;

	for (i = 0; i < sizeof(valid); i++) {
		memcpy(text, valid, sizeof(valid));
		text[i] = '\0';
		KUNIT_EXPECT_EQ_MSG(test, (long)-EINVAL,
				    PTR_ERR(ask_bytes(test, text,
						      sizeof(valid))),
				    "at %zu", i);
	}
}

/* Fill a query up with terms that exclude nothing. */
static void fill_up(char *text, size_t len)
{
	size_t at = 0;

	while (len - at > 16)
		at += sprintf(text + at, "inode!=99 ");
	at += sprintf(text + at, "comm!=");
	memset(text + at, 'x', len - at);
}

static void longest_query(struct kunit *test)
{
	char *text = kunit_kzalloc(test, SKO_QUERY_MAX + 2, GFP_KERNEL);
	struct sko_query *query;

	KUNIT_ASSERT_NOT_NULL(test, text);
	fill_up(text, SKO_QUERY_MAX);
	query = ask_bytes(test, text, SKO_QUERY_MAX);
	KUNIT_ASSERT_FALSE(test, IS_ERR(query));
	sko_query_free(query);

	text[SKO_QUERY_MAX - 1] = '\n';
	query = ask_bytes(test, text, SKO_QUERY_MAX);
	KUNIT_ASSERT_FALSE(test, IS_ERR(query));
	sko_query_free(query);

	fill_up(text, SKO_QUERY_MAX);
	text[SKO_QUERY_MAX] = '\n';
	KUNIT_EXPECT_EQ(test, (long)-EINVAL,
			PTR_ERR(ask_bytes(test, text, SKO_QUERY_MAX + 1)));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(every_word_is_known),
	KUNIT_CASE(columns_of_a_query),
	KUNIT_CASE(columns_that_are_compared),
	KUNIT_CASE(malformed_query_is_refused),
	KUNIT_CASE(nul_byte_is_refused),
	KUNIT_CASE(longest_query),
	{}
};

struct kunit_suite sko_query_suite = {
	.name = "sockowners-query",
	.test_cases = cases,
};
