// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Each key of a query, each kind of value, and pairs of them at random, asked of
 * sockets of all kinds: the answer has those rows of the full listing that match
 * in the eyes of another program, which knows only their text.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/answer.h"
#include "lib/array.h"
#include "lib/ask.h"
#include "lib/effort.h"
#include "lib/population.h"
#include "lib/tap.h"

/* Of each key some values that are worth a look. */
static const struct key {
	const char *name;
	const char *column; /* where values are found; port and addr have two */
	bool none;
	const char *queries[16];
} keys[] = {
	{ "pid",
	  "pid",
	  true,
	  { "pid=-", "pid!=-", "pid=1", "pid!=1", "pid=-,1", "pid!=-,1",
	    "pid=2147483647", "pid!=2147483647" } },
	{ "comm",
	  "comm",
	  true,
	  { "comm=-", "comm!=-", "comm=\\055", "comm!=\\055", "comm=\\000",
	    "comm!=\\000", "comm=a\\040b", "comm=x\\054y,plain", "comm!=plain",
	    "comm=\\303\\251t\\303\\251", "comm=back\\134slash,-",
	    "comm=fifteen\\040bytes..", "comm=\\160lain", "comm=plai",
	    "comm=\\055,-", "comm!=\\055,-" } },
	{ "uid",
	  "uid",
	  true,
	  { "uid=0", "uid!=0", "uid=1000,1001", "uid=4294967294", "uid=-",
	    "uid!=-", "uid=4294967295", "uid=-,0" } },
	{ "proto",
	  "proto",
	  false,
	  { "proto=tcp", "proto=tcp6", "proto=tcp,tcp6", "proto!=tcp",
	    "proto!=tcp,tcp6", "proto=udp", "proto=udp6,udplite", "proto=raw",
	    "proto=raw6", "proto=icmp,icmp6", "proto=mptcp", "proto=mptcp6",
	    "proto=sctp,sctp6,dccp", "proto=inet115", "proto!=raw,raw6",
	    "proto=inet682" } },
	{ "family",
	  NULL,
	  false,
	  { "family=inet", "family=inet6", "family!=inet", "family!=inet6",
	    "family=inet,inet6", "family!=inet,inet6" } },
	{ "state",
	  "state",
	  false,
	  { "state=LISTEN", "state!=LISTEN", "state=ESTABLISHED",
	    "state=BOUND,CLOSE", "state=UNCONNECTED", "state!=UNCONNECTED",
	    "state=TIME_WAIT,FIN_WAIT2", "state=SYN_RECV", "state=SYN_SENT",
	    "state=CLOSE_WAIT", "state=CLOSING",
	    "state!=LISTEN,ESTABLISHED,UNCONNECTED" } },
	{ "port",
	  "lport",
	  true,
	  { "port=-", "port!=-", "port=1001", "port!=1001", "port=0",
	    "port=0-65535", "port!=0-65535", "port=-,1001", "port!=-,1001",
	    "port=4242", "port=4242 port=1000-1200", "port=2000-2999,4242",
	    "port!=2000-2999,1001", "port=6", "port=99" } },
	{ "lport",
	  "lport",
	  true,
	  { "lport=-", "lport!=-", "lport=1001", "lport!=1001", "lport=1-1005",
	    "lport=1005-1005", "lport=0-65535", "lport!=0-65535",
	    "lport=1001,1002-1004,-", "lport=6",
	    "lport=1000-1100 lport!=1005-1008", "lport=65535" } },
	{ "rport",
	  "rport",
	  true,
	  { "rport=-", "rport!=-", "rport=4242", "rport!=4242", "rport=1-1005",
	    "rport=2001,2003", "rport=0-65535", "rport=-,4242", "rport!=-,4242",
	    "rport=99" } },
	{ "addr",
	  "laddr",
	  true,
	  { "addr=-", "addr!=-", "addr=127.0.0.1", "addr!=127.0.0.1",
	    "addr=127.0.0.0/8", "addr=::1", "addr!=::1", "addr=10.0.0.0/8",
	    "addr=0.0.0.0/0", "addr=::/0", "addr!=::/0", "addr=fe80::/10",
	    "addr=10.99.0.7,10.99.0.8", "addr=10.99.0.0/24 addr!=10.99.0.1",
	    "addr=-,::1", "addr=127.0.0.1 addr=::1" } },
	{ "laddr",
	  "laddr",
	  false,
	  { "laddr=0.0.0.0", "laddr=::", "laddr!=::", "laddr=10.1.2.3",
	    "laddr=::ffff:10.1.2.3", "laddr=::5efe:10.1.2.3",
	    "laddr=10.0.0.0/8", "laddr=10.1.2.3/30", "laddr!=10.0.0.0/8",
	    "laddr=2001:db8::/32", "laddr=2001:db8::/31",
	    "laddr=2001:db8::/64,2001:db9::", "laddr=0.0.0.0/0,::/0",
	    "laddr=::ffff:0.0.0.0/96", "laddr!=0.0.0.0/0",
	    "laddr=128.0.0.0/1,8000::/1" } },
	{ "raddr",
	  "raddr",
	  true,
	  { "raddr=-", "raddr!=-", "raddr=127.0.0.1", "raddr!=127.0.0.1",
	    "raddr=::1,-", "raddr!=::1,-", "raddr=10.99.0.0/29",
	    "raddr=0.0.0.0/0", "raddr=::/0", "raddr=fe80::5", "raddr=0.0.0.0",
	    "raddr=::" } },
	{ "dev",
	  "dev",
	  true,
	  { "dev=-", "dev!=-", "dev=lo", "dev!=lo", "dev=\\055", "dev=\\055,-",
	    "dev=back\\134s\\054x", "dev=d\\303\\251v,lo", "dev=\\000",
	    "dev=void" } },
	{ "inode",
	  "inode",
	  true,
	  { "inode=-", "inode!=-", "inode=1", "inode=18446744073709551615",
	    "inode!=1,2,3" } },
	{ "cookie",
	  "cookie",
	  true,
	  { "cookie=-", "cookie!=-", "cookie=1,2,3",
	    "cookie=18446744073709551615", "cookie!=1" } },
	{ "netns", "netns", false, { "netns=1", "netns!=1" } },
	{ "cgroup",
	  "cgroup",
	  true,
	  { "cgroup=-", "cgroup!=-", "cgroup=1", "cgroup!=1", "cgroup=-,1",
	    "cgroup=18446744073709551615" } },
	{ "holder",
	  "holder",
	  false,
	  { "holder=fd", "holder!=fd", "holder=thread", "holder=scm",
	    "holder!=fd,thread,scm", "holder=accept", "holder=synrecv",
	    "holder=timewait", "holder=orphan", "holder=mptcp", "holder=assoc",
	    "holder=kernel", "holder=elsewhere", "holder!=elsewhere",
	    "holder=hidden", "holder=elsewhere,fd" } },
};

#define NR_KEYS ARRAY_SIZE(keys)

struct text {
	char bytes[900];
	size_t length;
};

__printf(2, 3) static void append(struct text *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text->length += vsnprintf(text->bytes + text->length,
				  sizeof(text->bytes) - text->length, format,
				  args);
	va_end(args);
	if (text->length >= sizeof(text->bytes))
		tap_bail("a query is too long for this test");
}

static unsigned int random_below(unsigned int limit)
{
	return random() % limit;
}

/* A comma stands between values. */
static void append_name(struct text *query, const char *name)
{
	for (; *name; name++)
		append(query, *name == ',' ? "\\054" : "%c", *name);
}

static void append_port(struct text *query, const char *shown)
{
	unsigned int port = atoi(shown);

	if (random_below(2))
		append(query, "%u", port);
	else
		append(query, "%u-%u", port - random_below(port + 1) / 8,
		       port + random_below(65536 - port) / 8);
}

static void append_address(struct text *query, const char *shown)
{
	unsigned int bits = strchr(shown, ':') ? 128 : 32;

	append(query, "%s", shown);
	if (random_below(2))
		append(query, "/%u", random_below(bits + 1));
}

/* A value that some row has, or one that none has. */
static void append_value(struct text *query, const struct key *key)
{
	const struct table *full = answer_full();
	const char *column = key->column, *shown;

	if (!column) {
		append(query, random_below(2) ? "inet" : "inet6");
		return;
	}
	/* port and addr are about both ends. */
	if (strcmp(column, key->name) && random_below(2))
		column = *column == 'l' && column[1] == 'p' ? "rport" : "raddr";
	shown = table_cell(full, random_below(full->nr_rows), column);
	if (!strcmp(shown, "-"))
		append(query, "-");
	else if (strstr(key->name, "port"))
		append_port(query, shown);
	else if (strstr(key->name, "addr"))
		append_address(query, shown);
	else
		append_name(query, shown);
}

static void append_term(struct text *query, const struct key *key)
{
	unsigned int nr = random_below(3) ? 1 : 1 + random_below(4);

	append(query, "%s%s", key->name, random_below(3) ? "=" : "!=");
	for (unsigned int i = 0; i < nr; i++) {
		if (i)
			append(query, ",");
		append_value(query, key);
	}
}

static void append_columns(struct text *query)
{
	static const char *const columns[] = {
		"all",
		"default",
		STEADY_COLUMNS,
		"inode",
		"comm,pid",
		"timer,cookie,lport,holder",
		"via,uid,netns,dev,raddr",
	};

	append(query, "columns=%s", columns[random_below(ARRAY_SIZE(columns))]);
}

/* One term or two, and sometimes columns, first or last. */
static void check_random(struct answers *answers, size_t *wrong,
			 const struct key *one, const struct key *two)
{
	struct text query = { 0 };
	unsigned int where = random_below(4);

	if (where == 1) {
		append_columns(&query);
		append(&query, " ");
	}
	append_term(&query, one);
	if (two) {
		append(&query, " ");
		append_term(&query, two);
	}
	if (where == 2) {
		append(&query, " ");
		append_columns(&query);
	}
	if (random_below(2))
		append(&query, "\n");
	*wrong += answer_differences(answers, query.bytes) != 0;
}

static void check_key(const struct key *key)
{
	const int nr_random = times(40, 10, 10);
	struct answers answers = { 0 };
	size_t wrong = 0;

	for (size_t i = 0; i < ARRAY_SIZE(key->queries); i++)
		if (key->queries[i])
			wrong += answer_differences(&answers,
						    key->queries[i]) != 0;
	for (int i = 0; i < nr_random; i++)
		check_random(&answers, &wrong, key, NULL);
	tap_diag("%s: %zu queries, %zu with rows, %zu of them not all",
		 key->name, answers.nr, answers.with_rows, answers.with_some);
	tap_ok(!wrong && answers.with_some >= 4,
	       "%s=, %s!=: the rows that match, and no others", key->name,
	       key->name);
}

static void check_pairs(void)
{
	const int nr_pairs = times(400, 80, 80);
	struct answers answers = { 0 };
	size_t wrong = 0;

	for (int i = 0; i < nr_pairs; i++)
		check_random(&answers, &wrong, &keys[random_below(NR_KEYS)],
			     &keys[random_below(NR_KEYS)]);
	tap_diag("%zu queries, %zu with rows, %zu of them not all", answers.nr,
		 answers.with_rows, answers.with_some);
	tap_ok(!wrong && answers.with_some >= (size_t)nr_pairs / 4,
	       "%d pairs of terms at random", nr_pairs);
}

/*
 * The kernel gives up a time-wait after a minute, and what nobody answers after two,
 * which a slow machine takes to come here.
 */
static bool ends_by_itself(const struct table *table, size_t row)
{
	static const char *const states[] = { "SYN_SENT",  "SYN_RECV",
					      "FIN_WAIT1", "CLOSING",
					      "LAST_ACK",  "TIME_WAIT" };
	const char *state = table_cell(table, row, "state");

	for (size_t i = 0; i < ARRAY_SIZE(states); i++)
		if (!strcmp(state, states[i]))
			return true;
	return !strcmp(table_cell(table, row, "holder"), "orphan");
}

/* Every term there is, each of which is true of all or of one row. */
static void check_many(void)
{
	const struct table *full = answer_full();
	struct answers answers = { 0 };
	size_t wrong = 0;

	for (size_t row = 0; row < full->nr_rows; row++) {
		struct text query = { 0 };

		if (ends_by_itself(full, row))
			continue;
		for (size_t i = 0; i < NR_KEYS; i++) {
			const struct key *key = &keys[i];
			const char *shown;

			if (!key->column || strstr(key->name, "port"))
				continue;
			shown = table_cell(full, row, key->column);
			append(&query, "%s%s=", query.length ? " " : "",
			       key->name);
			append_name(&query, shown);
		}
		wrong += answer_differences(&answers, query.bytes) != 0;
	}
	tap_ok(!wrong && answers.with_some == answers.nr,
	       "all terms that are true of a row, for each of %zu rows",
	       answers.nr);
}

/* The most that 4,096 bytes hold. */
static void check_long(void)
{
	const struct table *full = answer_full();
	struct answers answers = { 0 };
	char query[4097] = "lport!=";
	size_t length = strlen(query);
	size_t wrong = 0;

	for (unsigned int port = 1001; length + 6 <= 4096; port += 2)
		length += sprintf(query + length, "%s%u",
				  port > 1001 ? "," : "", port);
	wrong += answer_differences(&answers, query) != 0;
	strcpy(query, "inode=-");
	length = strlen(query);
	for (size_t row = 0; row < full->nr_rows && length + 21 <= 4096; row++)
		if (row % 2)
			length += sprintf(query + length, ",%s",
					  table_cell(full, row, "inode"));
	wrong += answer_differences(&answers, query) != 0;
	tap_ok(!wrong && answers.with_some == 2,
	       "lists of some 800 ports, and of half of the sockets");
}

static bool has_header(const char *query, const char *header)
{
	char *text = ask_text(query);
	bool has;

	text[strcspn(text, "\n")] = '\0';
	has = !strcmp(text, header);
	if (!has)
		tap_diag("%s: %s", query, text);
	free(text);
	return has;
}

#define DEFAULT                                                    \
	"pid\tfd\tproto\tstate\tladdr\tlport\traddr\trport\tdev\t" \
	"inode\tnetns\tuid\tholder\tvia\tcomm"
#define REQUEST                                                        \
	"\tstart\tcookie\tsockuid\tcgroup\tsockcgroup\trecvq\tsendq\t" \
	"drops\tflags\ttimer"

static void check_columns(void)
{
	static const char *const queries[] = {
		"",
		"\n",
		"columns=all",
		"columns=default",
		"columns=pid",
		"columns=comm,pid,fd",
		"columns=timer,start",
		"columns=" STEADY_COLUMNS,
	};
	struct answers answers = { 0 };
	size_t wrong = 0;
	bool passed;

	passed = has_header(NULL, DEFAULT) && has_header("", DEFAULT) &&
		 has_header("pid=1", DEFAULT) &&
		 has_header("columns=default\n", DEFAULT);
	tap_ok(passed,
	       "without columns=, or with columns=default: the default ones");
	tap_ok(has_header("columns=all", DEFAULT REQUEST), "columns=all: all");
	passed = has_header("columns=timer,pid,cookie", "timer\tpid\tcookie") &&
		 has_header("lport=80 columns=comm", "comm");
	tap_ok(passed, "columns= with a list: these, in this order");
	for (size_t i = 0; i < ARRAY_SIZE(queries); i++)
		wrong += answer_differences(&answers, queries[i]) != 0;
	tap_ok(!wrong && answers.with_rows == answers.nr,
	       "columns=: the cells are those of the full listing");
}

/* What is not there cannot be answered wrongly. */
static void check_population(void)
{
	static const char *const holders[] = {
		"fd",	    "thread", "scm",   "accept",   "synrecv",
		"timewait", "orphan", "mptcp", "elsewhere"
	};
	struct answers answers = { 0 };
	size_t wrong = 0;

	for (size_t i = 0; i < ARRAY_SIZE(holders); i++) {
		struct text query = { 0 };

		append(&query, "holder=%s", holders[i]);
		wrong += answer_differences(&answers, query.bytes) != 0;
	}
	tap_ok(!wrong && answers.with_some == ARRAY_SIZE(holders),
	       "%zu rows, of each kind of holder", answer_full()->nr_rows);
}

int main(void)
{
	unsigned int seed = time(NULL);

	if (getenv("SEED"))
		seed = strtoul(getenv("SEED"), NULL, 10);
	tap_plan(NR_KEYS + 8);
	tap_diag("SEED=%u", seed);
	srandom(seed);
	population_make();
	check_population();
	check_columns();
	for (size_t i = 0; i < NR_KEYS; i++)
		check_key(&keys[i]);
	check_pairs();
	check_many();
	check_long();
	population_end();
	return tap_done();
}
