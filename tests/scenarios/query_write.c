// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * What a write does: it asks, and a new listing begins at its first line. One
 * that is refused leaves everything as it was: the query, and where the reading
 * stands. The ways of write(2), and the shell's.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/ask.h"
#include "lib/child.h"
#include "lib/command.h"
#include "lib/deadline.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define PARAMETER  "/sys/module/sockowners/parameters/columns"
#define QUERY_MAX  4096
#define NR_COPIES  3000
#define COPIES	   "columns=pid,fd,lport lport=8081"
#define ONE	   "columns=lport,state lport=8080"
#define ONE_ANSWER "lport\tstate\n8080\tLISTEN\n"

static bool is(const char *got, const char *want)
{
	bool same = !strcmp(got, want);
	size_t at = 0;

	while (!same && got[at] && got[at] == want[at])
		at++;
	if (!same)
		tap_diag("%zu bytes, not %zu; at %zu %.40s, not %.40s",
			 strlen(got), strlen(want), at, got + at, want + at);
	return same;
}

/* The same, of what can be read from here on. */
static bool rest_is(int fd, const char *want)
{
	char *rest = ask_rest(fd);
	bool same = is(rest, want);

	free(rest);
	return same;
}

static bool answers(int fd, const char *query, const char *want)
{
	int error = ask_try(fd, query);

	if (error)
		tap_diag("'%s': %s", query, strerror(error));
	return !error && rest_is(fd, want);
}

static void skip(int fd, size_t length)
{
	char bytes[65536];

	while (length) {
		ssize_t got =
			read(fd, bytes,
			     length < sizeof(bytes) ? length : sizeof(bytes));

		if (got <= 0)
			tap_bail_errno("%zu more bytes of a listing", length);
		length -= got;
	}
}

static void check_shell(void)
{
	struct command command;
	char text[100] = "";

	command_start(&command, "exec 3<>/proc/sockowners; "
				"echo '" ONE "' >&3; cat <&3");
	text[fread(text, 1, sizeof(text) - 1, command.output)] = '\0';
	command_end(&command);
	tap_is_text(text, ONE_ANSWER, "exec 3<>FILE; echo QUERY >&3; cat <&3");
	command_start(&command, "exec 3<>/proc/sockowners; "
				"echo lport=8081 >&3; read -r a <&3; "
				"echo '" ONE "' >&3; read -r b <&3; "
				"read -r c <&3; echo \"$b,$c\"");
	text[fread(text, 1, sizeof(text) - 1, command.output)] = '\0';
	command_end(&command);
	tap_is_text(text, "lport\tstate,8080\tLISTEN\n",
		    "read, then another query: from its first line on");
}

static void check_again(const char *copies)
{
	size_t length = strlen(copies);
	const size_t places[] = { 1, 20, 5000, length / 2, length - 1, length };
	int fd = ask_open(O_RDWR);
	size_t good = 0;
	char byte;
	bool passed;

	tap_ok(answers(fd, ONE, ONE_ANSWER), "a query, and its answer");
	tap_ok(answers(fd, ONE "\n", ONE_ANSWER),
	       "with a newline, on the same descriptor: the same");
	passed = answers(fd, COPIES, copies) && answers(fd, ONE, ONE_ANSWER) &&
		 answers(fd, COPIES, copies);
	tap_ok(passed, "another one takes the place of the one before");
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		ask_on(fd, COPIES);
		skip(fd, places[i]);
		good += answers(fd, ONE, ONE_ANSWER) &&
			lseek(fd, 0, SEEK_CUR) == sizeof(ONE_ANSWER) - 1;
	}
	tap_is_number(good, ARRAY_SIZE(places),
		      "in the midst and at the end: begins at the first line");
	ask_on(fd, COPIES);
	skip(fd, length);
	tap_ok(read(fd, &byte, 1) == 0 && answers(fd, COPIES, copies),
	       "after the end was read: begins again");
	ask_on(fd, COPIES);
	ask_on(fd, ONE);
	tap_ok(rest_is(fd, ONE_ANSWER), "two before a read: the last one");
	close(fd);
}

/* lseek() and pread() are as without a query. */
static void check_seek(const char *copies)
{
	size_t half = strlen(copies) / 2;
	int fd = ask_open(O_RDWR);
	char piece[5000];
	bool passed;

	ask_on(fd, COPIES);
	skip(fd, half);
	tap_ok(lseek(fd, 0, SEEK_SET) == 0 && rest_is(fd, copies),
	       "lseek() to the beginning keeps the query");
	passed = lseek(fd, half, SEEK_SET) == (off_t)half &&
		 rest_is(fd, copies + half);
	tap_ok(passed, "lseek() to the midst");
	passed = pread(fd, piece, sizeof(piece), half) == sizeof(piece) &&
		 !memcmp(piece, copies + half, sizeof(piece));
	tap_ok(passed, "pread() from the midst");
	ask_on(fd, ONE);
	passed = pread(fd, piece, sizeof(piece), 6) ==
			 sizeof(ONE_ANSWER) - 1 - 6 &&
		 rest_is(fd, ONE_ANSWER);
	tap_ok(passed,
	       "pread() after a query, then read(): each from its place");
	close(fd);
}

static const char *const malformed[] = {
	/* No term, or more than terms. */
	" ",
	"\n\n",
	"lport=80\n\n",
	"lport=80\nuid=0",
	" lport=80",
	"lport=80 ",
	"lport=80  uid=0",
	"\tlport=80",
	"lport=80\tuid=0",
	"lport=80\r\n",
	"lport",
	"=",
	"=80",
	"!=80",
	"lport!80",
	"lport==80",
	"lport!!=80",
	"lport =80",
	"lport= 80",
	"# lport=80",
	"x\n",
	/* Keys. */
	"nonsense=1",
	"LPORT=80",
	"fd=3",
	"via=1",
	"start=1",
	"flags=-",
	"sport=80",
	"columns!=pid",
	/* Lists. */
	"lport=",
	"lport!=",
	"lport=,",
	"lport=80,",
	"lport=,80",
	"lport=80,,81",
	"lport=80,x",
	/* Numbers. */
	"lport=65536",
	"lport=-1",
	"lport=+1",
	"lport=080",
	"lport=0x50",
	"lport=80-",
	"lport=-80",
	"lport=81-80",
	"lport=80-90-100",
	"lport=80-65536",
	"lport=--",
	"port=http",
	"pid=0",
	"pid=2147483648",
	"pid=1-2",
	"uid=4294967296",
	"uid=root",
	"inode=0",
	"inode=18446744073709551616",
	"netns=-",
	"netns=4294967296",
	"cookie=0",
	"cgroup=x",
	/* Words. */
	"proto=TCP",
	"proto=ip",
	"proto=-",
	"proto=inet6",
	"proto=tcp4",
	"proto=6",
	"family=ipv4",
	"family=-",
	"family=10",
	"state=listen",
	"state=-",
	"state=10",
	"holder=-",
	"holder=nobody",
	"holder=process",
	/* Addresses. */
	"laddr=-",
	"laddr=localhost",
	"laddr=127.1",
	"laddr=127.0.0.0.1",
	"laddr=256.0.0.1",
	"laddr=010.0.0.1",
	"laddr=10.0.0.0/33",
	"laddr=10.0.0.0/",
	"laddr=10.0.0.0/08",
	"laddr=10.0.0.0/8/8",
	"laddr=/8",
	"laddr=::/129",
	"laddr=[::1]",
	"laddr=fe80::1%lo",
	"laddr=00001::",
	"laddr=::ffff:010.0.0.1",
	"laddr=:::",
	"laddr=1:2:3",
	"laddr=::1-::2",
	"addr=127.0.0.1:80",
	"addr=*",
	"raddr=10.0.0.1-10.0.0.2",
	/* Names. */
	"comm=0123456789abcdef",
	"comm=a b",
	"comm=\\",
	"comm=\\04",
	"comm=\\400",
	"comm=\\x41",
	"comm=a\\000",
	"comm=\\000a",
	"comm=\303\251",
	"dev=0123456789abcdef",
	"comm=a\177",
	/* Packets. */
	"packet=",
	"packet=tcp",
	"packet=tcp,127.0.0.1:1",
	"packet=tcp,127.0.0.1:1,127.0.0.1",
	"packet=tcp,127.0.0.1:1,127.0.0.1:65536",
	"packet=tcp,127.0.0.1:1,127.0.0.1:2,",
	"packet=tcp,127.0.0.1:1,127.0.0.1:2,lo,lo",
	"packet=tcp,127.0.0.1:1,127.0.0.1:2,0123456789abcdef",
	"packet=tcp,127.0.0.1:1,[::1]:2",
	"packet=tcp,::1:1,::1:2",
	"packet=tcp,[::01.2.3.4]:1,[::1]:2",
	"packet=tcp,[::ffff:127.0.0.1]:1,[::1]:2",
	"packet=icmp,127.0.0.1:1,127.0.0.1:2",
	"packet=tcp6,[::1]:1,[::1]:2",
	"packet!=tcp,127.0.0.1:1,127.0.0.1:2",
	"packet=tcp,127.0.0.1:1,127.0.0.1:2 packet=udp,127.0.0.1:1,127.0.0.1:2",
	/* Columns. */
	"columns=",
	"columns=nonsense",
	"columns=pid,",
	"columns=pid,pid",
	"columns=ALL",
	"columns=all,pid",
	"columns=pid columns=fd",
	/* What is right before or behind it does not help. */
	"lport=80 nonsense=1",
	"nonsense=1 lport=80",
	"columns=pid lport=80 uid=x",
	/* One more than may be. */
	"port=1 port=2 port=3 port=4 addr=::1 addr=::2 addr=::3 addr=::4 port=9",
};

#define NR_MALFORMED ARRAY_SIZE(malformed)

/* Writes what is refused with @error where the reading stands, and goes on. */
static bool refused(int fd, const void *bytes, size_t length, int error,
		    const char *rest)
{
	off_t place = lseek(fd, 0, SEEK_CUR);
	ssize_t written = write(fd, bytes, length);

	if (written >= 0 || errno != error) {
		tap_diag("%.60s: %zd, %s", length ? (const char *)bytes : "",
			 written, strerror(errno));
		return false;
	}
	return lseek(fd, 0, SEEK_CUR) == place && (!rest || rest_is(fd, rest));
}

static void check_malformed(const char *copies)
{
	int fd = ask_open(O_RDWR);
	size_t good = 0;
	bool passed;

	for (size_t i = 0; i < NR_MALFORMED; i++) {
		size_t length = strlen(malformed[i]);
		size_t at = i * 7919 % strlen(copies);

		ask_on(fd, COPIES);
		if (i % 8) {
			good += refused(fd, malformed[i], length, EINVAL, NULL);
			continue;
		}
		skip(fd, at);
		good += refused(fd, malformed[i], length, EINVAL, copies + at);
	}
	tap_is_number(good, NR_MALFORMED, "malformed queries: EINVAL");

	ask_on(fd, COPIES);
	for (size_t i = 0; i < NR_MALFORMED; i++) {
		skip(fd, 50);
		good -= refused(fd, malformed[i], strlen(malformed[i]), EINVAL,
				NULL);
	}
	tap_ok(!good && rest_is(fd, copies + 50 * NR_MALFORMED),
	       "between the pieces of a listing: it goes on, whole");
	passed = refused(fd, "x", 1, EINVAL, "") &&
		 lseek(fd, 0, SEEK_SET) == 0 && rest_is(fd, copies);
	tap_ok(passed, "at its end: it stays there, and so does the query");
	passed = refused(fd, "lport=80\0", 9, EINVAL, NULL) &&
		 refused(fd, "\0", 1, EINVAL, NULL) &&
		 refused(fd, "lport=80\0lport=81", 17, EINVAL, NULL);
	tap_ok(passed, "a NUL: EINVAL");
	close(fd);
}

/* COPIES in @length bytes: not of two users who are not there, many times. */
static void fill(char *query, size_t length)
{
	size_t used = sprintf(query, "%s uid!=2", COPIES);

	if ((length - used) % 2)
		query[used++] = '2';
	while (used < length)
		used += sprintf(query + used, ",2");
}

static void check_length(const char *copies)
{
	static char query[2 * QUERY_MAX];
	int fd = ask_open(O_RDWR);
	bool passed;

	fill(query, QUERY_MAX);
	tap_ok(strlen(query) == QUERY_MAX && answers(fd, query, copies),
	       "4,096 bytes");
	strcat(query, "\n");
	ask_on(fd, COPIES);
	skip(fd, 5000);
	tap_ok(refused(fd, query, QUERY_MAX + 1, EINVAL, copies + 5000),
	       "4,096 bytes and a newline: EINVAL");
	fill(query, QUERY_MAX - 1);
	strcat(query, "\n");
	tap_ok(strlen(query) == QUERY_MAX && answers(fd, query, copies),
	       "4,095 bytes and a newline");
	memset(query, '0', sizeof(query));
	passed = refused(fd, query, sizeof(query), EINVAL, NULL) &&
		 refused(fd, query, QUERY_MAX + 1, EINVAL, NULL) &&
		 refused(fd, NULL, 1 << 30, EINVAL, NULL);
	tap_ok(passed, "many more: EINVAL, wherever they are");
	close(fd);
}

struct written {
	int fd;
	const char *bytes;
	size_t size;
};

static bool gives_everything(void *arg)
{
	const struct written *written = arg;
	char *plain = ask_text(NULL);
	bool passed;

	ask_on(written->fd, ONE);
	passed = syscall(SYS_write, written->fd, written->bytes,
			 written->size) == (long)written->size &&
		 rest_is(written->fd, plain);
	free(plain);
	return passed;
}

/* What was left of other namespaces may vanish between the two. */
static bool asks_everything(int fd, const char *bytes, size_t size)
{
	struct written written = { .fd = fd, .bytes = bytes, .size = size };

	return wait_until(gives_everything, &written);
}

static void check_pointers(const char *copies)
{
	int fd = ask_open(O_RDWR);
	bool passed;

	ask_on(fd, COPIES);
	skip(fd, 777);
	/* Not by the C library, which may be told that it is never NULL. */
	tap_ok(syscall(SYS_write, fd, NULL, 5) < 0 && errno == EFAULT,
	       "no memory there: EFAULT");
	passed = syscall(SYS_write, fd, (void *)-4096L, 5) < 0 &&
		 errno == EFAULT && rest_is(fd, copies + 777);
	tap_ok(passed, "nor there: and the reading goes on");
	tap_ok(asks_everything(fd, "", 0), "no bytes: everything");
	tap_ok(asks_everything(fd, "\n", 1), "a newline: everything");
	tap_ok(asks_everything(fd, NULL, 0),
	       "no bytes of no memory: everything");
	close(fd);
}

static void check_modes(void)
{
	char byte;
	int fd;
	bool passed;

	fd = ask_open(O_WRONLY);
	passed = !ask_try(fd, ONE) && ask_try(fd, "x") == EINVAL &&
		 read(fd, &byte, 1) < 0 && errno == EBADF;
	tap_ok(passed, "open to write: a query is taken, a read is EBADF");
	close(fd);
	fd = ask_open(O_RDONLY);
	tap_is_number(ask_try(fd, ONE), EBADF, "open to read: EBADF");
	close(fd);
	fd = ask_open(O_RDWR | O_APPEND);
	tap_ok(answers(fd, ONE, ONE_ANSWER) && answers(fd, ONE, ONE_ANSWER),
	       "O_APPEND");
	close(fd);
	fd = ask_open(O_RDWR | O_CREAT | O_TRUNC);
	tap_ok(answers(fd, ONE, ONE_ANSWER), "O_CREAT, O_TRUNC");
	passed = pwrite(fd, COPIES, strlen(COPIES), 0) < 0 && errno == ESPIPE &&
		 lseek(fd, 0, SEEK_SET) == 0 && rest_is(fd, ONE_ANSWER);
	tap_ok(passed, "pwrite(): ESPIPE");
	close(fd);
}

static void check_vectors(void)
{
	struct iovec two[] = { { COPIES, strlen(COPIES) },
			       { ONE, strlen(ONE) } };
	struct iovec cut[] = { { ONE, strlen(ONE) }, { "0", 1 } };
	int fd = ask_open(O_RDWR);
	bool passed;

	passed = writev(fd, two, 2) ==
			 (ssize_t)(strlen(COPIES) + strlen(ONE)) &&
		 rest_is(fd, ONE_ANSWER);
	tap_ok(passed,
	       "writev(): each segment is a query, the last one counts");
	ask_on(fd, COPIES);
	passed = writev(fd, cut, 2) == (ssize_t)strlen(ONE) &&
		 rest_is(fd, ONE_ANSWER);
	tap_ok(passed, "writev(): one that is refused ends it");
	close(fd);
}

static void ask_one(int control, void *arg)
{
	tell(control, ask_try(*(int *)arg, ONE));
	stay(control);
}

static void check_sharing(const char *copies)
{
	int fd = ask_open(O_RDWR), other = ask_open(O_RDWR), copy = dup(fd);
	struct child child;
	bool asked;

	ask_on(fd, COPIES);
	ask_on(other, COPIES);
	skip(fd, 1000);
	skip(other, 1000);
	child_start(&child, ask_one, &fd);
	asked = !hear(child.control);
	/* It has the sockets too. */
	child_stop(&child);
	tap_ok(asked && rest_is(fd, ONE_ANSWER),
	       "asked by another process that shares the descriptor");
	tap_ok(rest_is(other, copies + 1000),
	       "a descriptor of its own does not notice");
	ask_on(copy, ONE);
	tap_ok(rest_is(fd, ONE_ANSWER), "asked through a copy of it");
	close(fd);
	close(other);
	close(copy);
}

static void set_columns(const char *columns)
{
	int fd = open(PARAMETER, O_WRONLY | O_CLOEXEC);

	if (write(fd, columns, strlen(columns)) < 0)
		tap_bail_errno(PARAMETER);
	close(fd);
}

/* What the parameter says is meant where a query says nothing. */
static void check_parameter(void)
{
	int fd = ask_open(O_RDWR);

	set_columns("state,lport");
	tap_ok(answers(fd, "lport=8080", "state\tlport\nLISTEN\t8080\n"),
	       "the parameter columns is for a query without columns=");
	tap_ok(answers(fd, ONE, ONE_ANSWER), "not for one with columns=");
	set_columns("default");
	tap_ok(lseek(fd, 0, SEEK_SET) == 0 && rest_is(fd, ONE_ANSWER),
	       "it does not change what was asked before");
	close(fd);
}

int main(void)
{
	char *copies;
	int sock;

	tap_plan(2 + 6 + 4 + 4 + 4 + 5 + 5 + 2 + 3 + 3);
	allow_descriptors(NR_COPIES + 100);
	net_enter_new();
	sock = sock_open(AF_INET, SOCK_STREAM, 0);
	sock_bind(sock, "127.0.0.1", 8080);
	if (listen(sock, 1))
		tap_bail_errno("listen");
	sock = sock_open(AF_INET, SOCK_DGRAM, 0);
	sock_bind(sock, "127.0.0.1", 8081);
	for (int i = 1; i < NR_COPIES; i++)
		if (dup(sock) < 0)
			tap_bail_errno("dup");
	copies = ask_text(COPIES);
	check_shell();
	check_again(copies);
	check_seek(copies);
	check_malformed(copies);
	check_length(copies);
	check_pointers(copies);
	check_modes();
	check_vectors();
	check_sharing(copies);
	check_parameter();
	free(copies);
	return tap_done();
}
