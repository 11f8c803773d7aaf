// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * A row as a line: each family, protocol, state and holder, written out.
 */
#include "suites.h"
#include "../../module/line.h"

#include <linux/in.h>
#include <linux/inet.h>
#include <linux/minmax.h>
#include <linux/net.h>
#include <linux/prandom.h>
#include <linux/socket.h>
#include <linux/string.h>

static const struct sko_process sshd = {
	.pid = 4711, .uid = 1000, .comm = "sshd",
};

/* An ordinary row, which each test changes in one respect. */
static struct sko_row ordinary(void)
{
	return (struct sko_row){
		.held = { .holder = SKO_HOLDER_FD, .process = &sshd },
		.fd = 3, .netns = 4026531840U, .inode = 12345,
		.laddr.v4 = htonl(0x7f000001), .lport = 22,
		.raddr.v4 = htonl(0x0a000002), .rport = htons(50000),
		.protocol = IPPROTO_TCP, .type = SOCK_STREAM, .family = AF_INET,
		.state = TCP_ESTABLISHED, .has_peer = true,
	};
}

static struct sko_lines *lines_of(struct kunit *test,
				  const struct sko_columns *columns)
{
	struct sko_lines *lines = kunit_kzalloc(test, sizeof(*lines),
						GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, lines);
	sko_lines_init(lines, columns);
	return lines;
}

/* With the columns of a plain read. */
static struct sko_lines *plain_lines(struct kunit *test)
{
	struct sko_columns columns;

	sko_columns_default(&columns);
	return lines_of(test, &columns);
}

static void expect_line(struct kunit *test, const struct sko_row *row,
			const char *want)
{
	char *line = kunit_kzalloc(test, SKO_LINE_MAX + 1, GFP_KERNEL);
	char *end;

	KUNIT_ASSERT_NOT_NULL(test, line);
	end = sko_line(line, row, plain_lines(test));
	KUNIT_ASSERT_LE(test, end - line, (ptrdiff_t)SKO_LINE_MAX);
	KUNIT_EXPECT_STREQ(test, line, want);
}

static void header_names_the_columns(struct kunit *test)
{
	char *line = kunit_kzalloc(test, SKO_LINE_MAX + 1, GFP_KERNEL);
	struct sko_columns columns;

	KUNIT_ASSERT_NOT_NULL(test, line);
	sko_columns_default(&columns);
	*sko_line_header(line, &columns) = '\0';
	KUNIT_EXPECT_STREQ(test, line,
			   "pid\tfd\tproto\tstate\tladdr\tlport\traddr\trport\tdev\t"
			   "inode\tnetns\tuid\tholder\tvia\tcomm\n");
}

static void ordinary_row(struct kunit *test)
{
	struct sko_row row = ordinary();

	expect_line(test, &row,
		    "4711\t3\ttcp\tESTABLISHED\t127.0.0.1\t22\t10.0.0.2\t50000\t-\t"
		    "12345\t4026531840\t1000\tfd\t-\tsshd\n");
}

static void ipv6_row(struct kunit *test)
{
	struct sko_row row = ordinary();

	row.family = AF_INET6;
	in6_pton("fe80::1", -1, row.laddr.v6.s6_addr, -1, NULL);
	in6_pton("::ffff:1.2.3.4", -1, row.raddr.v6.s6_addr, -1, NULL);
	strscpy(row.dev, "eth0", sizeof(row.dev));
	expect_line(test, &row,
		    "4711\t3\ttcp6\tESTABLISHED\tfe80::1\t22\t::ffff:1.2.3.4\t"
		    "50000\teth0\t12345\t4026531840\t1000\tfd\t-\tsshd\n");
}

static void row_of_a_thread(struct kunit *test)
{
	struct sko_row row = ordinary();

	row.held.holder = SKO_HOLDER_THREAD;
	row.held.via = 4712;
	expect_line(test, &row,
		    "4711\t3\ttcp\tESTABLISHED\t127.0.0.1\t22\t10.0.0.2\t50000\t-\t"
		    "12345\t4026531840\t1000\tthread\t4712\tsshd\n");
}

static void row_without_a_process(struct kunit *test)
{
	struct sko_row row = ordinary();

	row.held = (struct sko_held){ .holder = SKO_HOLDER_TIMEWAIT };
	row.fd = -1;
	row.inode = 0;
	row.state = TCP_TIME_WAIT;
	expect_line(test, &row,
		    "-\t-\ttcp\tTIME_WAIT\t127.0.0.1\t22\t10.0.0.2\t50000\t-\t"
		    "-\t4026531840\t-\ttimewait\t-\t-\n");
}

static void row_without_a_peer(struct kunit *test)
{
	struct sko_row row = ordinary();

	row.has_peer = false;
	row.rport = 0;
	row.lport = 0;
	row.state = TCP_CLOSE;
	row.laddr.v4 = 0;
	expect_line(test, &row,
		    "4711\t3\ttcp\tCLOSE\t0.0.0.0\t-\t-\t-\t-\t"
		    "12345\t4026531840\t1000\tfd\t-\tsshd\n");
}

static void numbers_at_their_limits(struct kunit *test)
{
	static const struct sko_process last = {
		.pid = PID_MAX_LIMIT, .uid = U32_MAX, .comm = "-",
	};
	struct sko_row row = ordinary();

	row.held = (struct sko_held){ .holder = SKO_HOLDER_THREAD,
				      .process = &last, .via = U64_MAX };
	row.fd = INT_MAX;
	row.netns = U32_MAX;
	row.inode = U64_MAX;
	row.lport = U16_MAX;
	row.rport = htons(U16_MAX);
	expect_line(test, &row,
		    "4194304\t2147483647\ttcp\tESTABLISHED\t127.0.0.1\t65535\t"
		    "10.0.0.2\t65535\t-\t18446744073709551615\t4294967295\t"
		    "4294967295\tthread\t18446744073709551615\t\\055\n");
}

static void longest_line_fits(struct kunit *test)
{
	struct sko_process process = { .pid = INT_MAX, .uid = U32_MAX };
	struct sko_row row = ordinary();
	char *line = kunit_kzalloc(test, SKO_LINE_MAX, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, line);
	memset(process.comm, '\n', sizeof(process.comm));
	memset(row.dev, ' ', sizeof(row.dev));
	memset(&row.laddr, 0xff, sizeof(row.laddr));
	memset(&row.raddr, 0xff, sizeof(row.raddr));
	row.held = (struct sko_held){ .holder = SKO_HOLDER_TIMEWAIT,
				      .process = &process, .via = U64_MAX };
	row.family = AF_INET6;
	row.protocol = U16_MAX;
	row.state = SKO_STATE_UNCONNECTED;
	row.fd = INT_MAX;
	row.netns = U32_MAX;
	row.inode = U64_MAX;
	row.lport = U16_MAX;
	row.rport = htons(U16_MAX);
	KUNIT_EXPECT_LE(test, sko_line(line, &row, plain_lines(test)) - line,
			(ptrdiff_t)SKO_LINE_MAX);
}

/* The fields of a line that a test looks at, from the third on. */
static void expect_fields(struct kunit *test, const struct sko_row *row,
			  const char *want)
{
	char *line = kunit_kzalloc(test, SKO_LINE_MAX + 1, GFP_KERNEL);
	char *field;

	KUNIT_ASSERT_NOT_NULL(test, line);
	sko_line(line, row, plain_lines(test));
	field = strchr(line, '\t');
	KUNIT_ASSERT_NOT_NULL(test, field);
	field = strchr(field + 1, '\t');
	KUNIT_ASSERT_NOT_NULL(test, field);
	KUNIT_EXPECT_EQ_MSG(test, 0, strncmp(field + 1, want, strlen(want)),
			    "%s does not begin with %s", field + 1, want);
}

static void every_protocol_has_a_name(struct kunit *test)
{
	static const struct {
		u16 type, protocol;
		const char *v4, *v6;
	} cases[] = {
		{ SOCK_STREAM, IPPROTO_TCP, "tcp\t", "tcp6\t" },
		{ SOCK_DGRAM, IPPROTO_UDP, "udp\t", "udp6\t" },
		{ SOCK_DGRAM, IPPROTO_UDPLITE, "udplite\t", "udplite6\t" },
		{ SOCK_DGRAM, IPPROTO_ICMP, "icmp\t", "icmp6\t" },
		{ SOCK_DGRAM, IPPROTO_ICMPV6, "icmp\t", "icmp6\t" },
		{ SOCK_RAW, IPPROTO_ICMP, "raw\t", "raw6\t" },
		{ SOCK_RAW, IPPROTO_TCP, "raw\t", "raw6\t" },
		{ SOCK_RAW, IPPROTO_RAW, "raw\t", "raw6\t" },
		{ SOCK_STREAM, IPPROTO_MPTCP, "mptcp\t", "mptcp6\t" },
		{ SOCK_STREAM, IPPROTO_SCTP, "sctp\t", "sctp6\t" },
		{ SOCK_SEQPACKET, IPPROTO_SCTP, "sctp\t", "sctp6\t" },
		{ SOCK_DCCP, IPPROTO_DCCP, "dccp\t", "dccp6\t" },
		{ SOCK_DGRAM, IPPROTO_L2TP, "inet115\t", "inet6115\t" },
		{ SOCK_STREAM, 256, "inet256\t", "inet6256\t" },
	};
	struct sko_row row = ordinary();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		row.type = cases[i].type;
		row.protocol = cases[i].protocol;
		row.family = AF_INET;
		expect_fields(test, &row, cases[i].v4);
		row.family = AF_INET6;
		expect_fields(test, &row, cases[i].v6);
	}
}

static void every_state_has_a_name(struct kunit *test)
{
	static const struct {
		u8 state;
		const char *want;
	} cases[] = {
		{ TCP_ESTABLISHED, "tcp\tESTABLISHED\t" },
		{ TCP_SYN_SENT, "tcp\tSYN_SENT\t" },
		{ TCP_SYN_RECV, "tcp\tSYN_RECV\t" },
		{ TCP_FIN_WAIT1, "tcp\tFIN_WAIT1\t" },
		{ TCP_FIN_WAIT2, "tcp\tFIN_WAIT2\t" },
		{ TCP_TIME_WAIT, "tcp\tTIME_WAIT\t" },
		{ TCP_CLOSE, "tcp\tCLOSE\t" },
		{ TCP_CLOSE_WAIT, "tcp\tCLOSE_WAIT\t" },
		{ TCP_LAST_ACK, "tcp\tLAST_ACK\t" },
		{ TCP_LISTEN, "tcp\tLISTEN\t" },
		{ TCP_CLOSING, "tcp\tCLOSING\t" },
		{ TCP_NEW_SYN_RECV, "tcp\tSYN_RECV\t" },
		{ SKO_STATE_BOUND, "tcp\tBOUND\t" },
		{ SKO_STATE_UNCONNECTED, "tcp\tUNCONNECTED\t" },
		{ 0, "tcp\t0\t" },
		{ 200, "tcp\t200\t" },
	};
	struct sko_row row = ordinary();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		row.state = cases[i].state;
		expect_fields(test, &row, cases[i].want);
	}
}

#define NEIGHBOURS 10

/* Neighbours that differ in one respect, there and back, against each alone. */
static void what_neighbours_share_is_told_apart(struct kunit *test)
{
	static const struct sko_process other = {
		.pid = 9, .uid = 0, .comm = "a longer name",
	};
	struct sko_lines *alone, *together;
	struct sko_columns columns;
	struct sko_row *rows;
	char *want, *got;
	int i;

	want = kunit_kzalloc(test, SKO_LINE_MAX + 1, GFP_KERNEL);
	got = kunit_kzalloc(test, SKO_LINE_MAX + 1, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, want);
	KUNIT_ASSERT_NOT_NULL(test, got);
	rows = kunit_kcalloc(test, NEIGHBOURS, sizeof(*rows), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, rows);
	for (i = 0; i < NEIGHBOURS; i++)
		rows[i] = ordinary();
	rows[1].family = AF_INET6;
	rows[2].type = SOCK_RAW;
	rows[3].protocol = IPPROTO_UDP;
	rows[4].state = TCP_LISTEN;
	rows[5].netns++;
	rows[6].held.holder = SKO_HOLDER_THREAD;
	rows[7].held.via = 12;
	rows[8].held.process = &other;
	rows[9].held = (struct sko_held){ .holder = SKO_HOLDER_ORPHAN };

	KUNIT_ASSERT_EQ(test, 0, sko_columns_parse(&columns, "all"));
	alone = lines_of(test, &columns);
	together = lines_of(test, &columns);
	for (i = 0; i < 4 * NEIGHBOURS; i++) {
		struct sko_row *row = &rows[i % 2 ? 0 : i / 2 % NEIGHBOURS];

		sko_lines_init(alone, &columns);
		*sko_line(want, row, alone) = '\0';
		*sko_line(got, row, together) = '\0';
		KUNIT_EXPECT_STREQ(test, got, want);
	}
}

/* What a column alone shows, without its newline. */
static char *put_column(struct kunit *test, char *p, const struct sko_row *row,
			enum sko_column column)
{
	const struct sko_columns one = { .count = 1, .column = { column } };

	return sko_line(p, row, lines_of(test, &one)) - 1;
}

#define ORDERS 300

/* Columns in whatever order, the four of a tuple often in theirs, against each alone. */
static void order_of_columns_is_theirs(struct kunit *test)
{
	static const u8 tuple[] = {
		SKO_COL_LADDR, SKO_COL_LPORT, SKO_COL_RADDR, SKO_COL_RPORT,
	};
	struct sko_columns columns;
	struct rnd_state random;
	char *want, *got, *p;
	struct sko_row row;
	int i, j, k;

	want = kunit_kzalloc(test, SKO_LINE_MAX + 1, GFP_KERNEL);
	got = kunit_kzalloc(test, SKO_LINE_MAX + 1, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, want);
	KUNIT_ASSERT_NOT_NULL(test, got);
	prandom_seed_state(&random, 20260101);
	for (i = 0; i < ORDERS; i++) {
		for (j = 0; j < SKO_COLUMNS; j++)
			columns.column[j] = j;
		for (j = SKO_COLUMNS - 1; j > 0; j--) {
			k = prandom_u32_state(&random) % (j + 1);
			swap(columns.column[j], columns.column[k]);
		}
		columns.count = 1 + prandom_u32_state(&random) % SKO_COLUMNS;
		/* In place of what is there, which may then come twice. */
		k = prandom_u32_state(&random) % SKO_COLUMNS;
		if (k + ARRAY_SIZE(tuple) <= columns.count)
			memcpy(columns.column + k, tuple, sizeof(tuple));

		row = ordinary();
		row.has_peer = i % 3;
		p = want;
		for (j = 0; j < columns.count; j++) {
			p = put_column(test, p, &row, columns.column[j]);
			*p++ = '\t';
		}
		p[-1] = '\n';
		*p = '\0';
		*sko_line(got, &row, lines_of(test, &columns)) = '\0';
		KUNIT_EXPECT_STREQ(test, got, want);
	}
}

/* A batch has one process, which becomes another one with the next batch. */
static void process_that_changes_is_forgotten(struct kunit *test)
{
	struct sko_process process = sshd;
	struct sko_row row = ordinary();
	struct sko_lines *lines = plain_lines(test);
	char *line;

	line = kunit_kzalloc(test, SKO_LINE_MAX + 1, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, line);
	row.held.process = &process;
	sko_line(line, &row, lines);
	process = (struct sko_process){ .pid = 5, .uid = 6, .comm = "new" };
	sko_lines_forget(lines);
	*sko_line(line, &row, lines) = '\0';
	KUNIT_EXPECT_STREQ(test, line,
			   "5\t3\ttcp\tESTABLISHED\t127.0.0.1\t22\t10.0.0.2\t50000\t"
			   "-\t12345\t4026531840\t6\tfd\t-\tnew\n");
}

static struct kunit_case cases[] = {
	KUNIT_CASE(header_names_the_columns),
	KUNIT_CASE(ordinary_row),
	KUNIT_CASE(ipv6_row),
	KUNIT_CASE(row_of_a_thread),
	KUNIT_CASE(row_without_a_process),
	KUNIT_CASE(row_without_a_peer),
	KUNIT_CASE(numbers_at_their_limits),
	KUNIT_CASE(longest_line_fits),
	KUNIT_CASE(what_neighbours_share_is_told_apart),
	KUNIT_CASE(order_of_columns_is_theirs),
	KUNIT_CASE(process_that_changes_is_forgotten),
	KUNIT_CASE(every_protocol_has_a_name),
	KUNIT_CASE(every_state_has_a_name),
	{}
};

struct kunit_suite sko_line_suite = {
	.name = "sockowners-line",
	.test_cases = cases,
};
