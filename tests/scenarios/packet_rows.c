// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * The query packet=: it lists all holders of one socket, whatever holds it, for
 * whom they may be seen; all of a group whose program decides; nobody where nobody
 * gets it. It is looked up when a listing begins, in the opener's namespace. What
 * cannot be asked is refused, and changes nothing.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/ask.h"
#include "lib/child.h"
#include "lib/link.h"
#include "lib/net.h"
#include "lib/rights.h"
#include "lib/sock.h"
#include "lib/syn.h"
#include "lib/tap.h"

#define PORT	 8080
#define NR_GROUP 300 /* more than there is room for at first */
#define NR_FEW	 3
#define USER	 1000
#define DATAGRAM "packet=udp,127.0.0.1:1,127.0.0.1:8080"
#define TO_ONE	 "packet=tcp,127.0.0.1:1,127.0.0.1:8080"

/* The only row's cells, with a space between two; else how many rows. */
static void is_row(const char *query, const char *want, const char *claim)
{
	char text[256] = "";
	struct table answer;

	ask(&answer, query);
	if (answer.nr_rows != 1)
		snprintf(text, sizeof(text), "%zu rows", answer.nr_rows);
	for (size_t i = 0; answer.nr_rows == 1 && i < answer.nr_columns; i++) {
		strcat(text, i ? " " : "");
		strcat(text, answer.cells[i]);
	}
	tap_is_text(text, want, "%s", claim);
	table_free(&answer);
}

static int bound(int type, const char *text, unsigned int port, const char *dev)
{
	int sock = sock_open(address_of(text, 0).any.sa_family, type, 0);

	if (dev &&
	    setsockopt(sock, SOL_SOCKET, SO_BINDTODEVICE, dev, strlen(dev)))
		tap_bail_errno("SO_BINDTODEVICE %s", dev);
	sock_option(sock, SOL_SOCKET, SO_REUSEPORT, 1);
	sock_bind(sock, text, port);
	if (type == SOCK_STREAM && listen(sock, 8))
		tap_bail_errno("listen");
	return sock;
}

static void just_stay(int control, void *arg)
{
	(void)arg;
	tell(control, 0);
	stay(control);
}

static void check_holders(void)
{
	int sock = bound(SOCK_STREAM, "127.0.0.1", PORT, NULL), copy;
	int other = bound(SOCK_STREAM, "0.0.0.0", PORT, NULL);
	char query[200], want[64];
	struct child child;

	child_start(&child, just_stay, NULL);
	hear(child.control);
	copy = dup(sock);
	snprintf(query, sizeof(query), "columns=inode " TO_ONE " inode=%lu",
		 sock_inode(sock));
	tap_ok(ask_count(TO_ONE) == 3 && ask_count(query) == 3,
	       "two descriptors and another process: three rows");
	snprintf(query, sizeof(query), "columns=pid,fd " TO_ONE " pid=%d",
		 child.pid);
	snprintf(want, sizeof(want), "%d %d", child.pid, sock);
	is_row(query, want, "another term: the rows that match both");
	tap_is_number(ask_count(TO_ONE " lport!=8080"), 0,
		      "and none if none does");
	child_stop(&child);
	close(copy);
	close(sock);
	close(other);
}

static void check_devices(void)
{
	int sock = bound(SOCK_DGRAM, "0.0.0.0", PORT, "lo");
	char want[64];

	snprintf(want, sizeof(want), "%d lo", sock);
	is_row("columns=fd,dev " DATAGRAM ",lo", want,
	       "bound to an interface: what arrives there");
	tap_is_number(ask_count(DATAGRAM ",void"), 0,
		      "not what arrives by another one");
	tap_is_number(ask_count(DATAGRAM), 0, "nor what arrives nowhere");
	close(sock);
	sock = bound(SOCK_DGRAM, "0.0.0.0", PORT, NULL);
	tap_is_number(ask_count(DATAGRAM) + ask_count(DATAGRAM ",lo"), 2,
		      "bound to none: it makes no difference");
	close(sock);
}

/* Without a process: half-open, and a time-wait. */
static void check_nobodys(void)
{
	int listener = bound(SOCK_STREAM, "10.99.0.1", PORT, NULL);
	struct connection c;
	char query[200], want[64];
	unsigned int port;

	send_syn("10.99.0.7", 1000, "10.99.0.1", PORT);
	snprintf(want, sizeof(want), "synrecv %lu", sock_inode(listener));
	is_row("columns=holder,via packet=tcp,10.99.0.7:1000,10.99.0.1:8080",
	       want, "half-open: the request, with its listener");

	sysctl_set("net/ipv4/tcp_rfc1337", "1");
	c = tcp_connection(listener, "10.99.0.1");
	port = sock_port(c.client);
	shutdown(c.client, SHUT_WR);
	tcp_wait_state(c.server, TCP_CLOSE_WAIT);
	close(c.server);
	tcp_wait_state(c.client, TCP_CLOSE);
	close(c.client);
	snprintf(query, sizeof(query),
		 "columns=state,holder,pid packet=tcp,%s:%u,%s:%u", "10.99.0.1",
		 PORT, "10.99.0.1", port);
	is_row(query, "TIME_WAIT timewait -", "a time-wait");
	close(listener);
}

/* Of two groups one has a program. */
static void check_group(int type, const char *proto, const char *address,
			const char *written, unsigned int nr)
{
	const char *any = strchr(address, ':') ? "::" : "0.0.0.0";
	int socks[NR_GROUP], others[NR_FEW];
	char query[200];

	for (unsigned int i = 0; i < nr; i++)
		socks[i] = bound(type, address, PORT, NULL);
	for (unsigned int i = 0; i < NR_FEW; i++)
		others[i] = bound(type, any, PORT, NULL);
	snprintf(query, sizeof(query),
		 "columns=inode packet=%s,%s:5,%s:%u laddr=%s", proto, written,
		 written, PORT, address);
	tap_is_number(ask_count(query), 1, "%s, a group of %u: one of them",
		      proto, nr);
	sock_choose_first(socks[nr / 2]);
	tap_is_number(ask_count(query), nr, "a program decides: all");
	close(socks[--nr]);
	tap_is_number(ask_count(query), nr, "all that are left");
	if (setsockopt(socks[0], SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, &nr,
		       sizeof(nr)))
		tap_bail_errno("SO_DETACH_REUSEPORT_BPF");
	tap_is_number(ask_count(query), 1, "without it: one of them again");
	while (nr)
		close(socks[--nr]);
	for (unsigned int i = 0; i < NR_FEW; i++)
		close(others[i]);
}

static void check_nobody(void)
{
	int tcp = bound(SOCK_STREAM, "0.0.0.0", PORT, NULL);
	int tcp6 = bound(SOCK_STREAM, "::", PORT + 1, NULL);
	int udp = bound(SOCK_DGRAM, "::", PORT + 1, NULL);
	static const char *const queries[] = {
		"columns=fd packet=tcp,127.0.0.1:1,127.0.0.1:8079",
		"columns=fd packet=udp,127.0.0.1:1,127.0.0.1:8080",
		"columns=fd packet=tcp,[::1]:1,[::1]:8080",
		/* Nowhere here. */
		"columns=fd packet=tcp,127.0.0.1:1,192.0.2.1:8080",
		"columns=fd packet=tcp,10.99.0.7:1,0.0.0.0:8080",
		"columns=fd packet=udp,0.0.0.0:1,0.1.2.3:8081",
		"columns=fd packet=tcp,127.0.0.1:1,10.99.0.2:8080,lo",
		"columns=fd packet=tcp,[::1]:1,[2001:db8::1]:8081",
		"columns=fd packet=udp,[::1]:1,[2001:db8::1]:8081",
		"columns=fd packet=udp,[fe80::1]:1,[fe80::7]:8081,lo",
	};
	size_t nr = 0;

	for (size_t i = 0; i < ARRAY_SIZE(queries); i++) {
		char *text = ask_text(queries[i]);

		if (!strcmp(text, "fd\n"))
			nr++;
		else
			tap_diag("%s: %s", queries[i], text);
		free(text);
	}
	tap_is_number(nr, ARRAY_SIZE(queries), "nobody: no rows");
	tap_is_number(ask_count("packet=tcp,[::1]:1,[::1]:8081") +
			      ask_count("packet=udp,[::1]:1,[::1]:8081") +
			      ask_count("packet=udp,1.1.1.1:1,10.99.0.1:8081"),
		      3, "but somebody where they are");
	close(tcp);
	close(tcp6);
	close(udp);
}

static const struct refusal {
	const char *query;
	int error;
} refusals[] = {
	{ "packet=tcp,127.0.0.1:1,127.0.0.1:8080,none", ENODEV },
	{ "packet=udp,[::1]:1,[::1]:8080,v\\157ide", ENODEV },
	{ "packet=udp,127.0.0.1:1,224.0.0.1:8080", EOPNOTSUPP },
	{ "packet=tcp,127.0.0.1:1,239.255.255.255:8080,void", EOPNOTSUPP },
	{ "packet=udp,[::1]:1,[ff02::1]:8080,void", EOPNOTSUPP },
	{ "packet=tcp,[::1]:1,[ff0e::1]:8080", EOPNOTSUPP },
	{ "packet=udp,127.0.0.1:1,255.255.255.255:8080", EOPNOTSUPP },
	{ "packet=udp,0.0.0.0:1,0.0.0.0:8080", EOPNOTSUPP },
	{ "packet=udp,10.99.0.7:1,10.255.255.255:8080,void", EOPNOTSUPP },
	{ "packet=udp,10.99.0.7:1,10.255.255.255:8080", EOPNOTSUPP },
	/* What is malformed is so before it is looked at. */
	{ "packet=udp,127.0.0.1:1,224.0.0.1:8080,", EINVAL },
	{ "packet=udp,127.0.0.1:1,224.0.0.1:8080 nonsense=1", EINVAL },
	{ "packet!=udp,127.0.0.1:1,224.0.0.1:8080", EINVAL },
};

static void check_refused(void)
{
	int sock = bound(SOCK_DGRAM, "0.0.0.0", PORT, NULL);
	int fd = ask_open(O_RDWR);
	char want[64], header[8], *rest;
	size_t good = 0;

	ask_on(fd, "columns=inode,pid " DATAGRAM);
	if (read(fd, header, 6) != 6)
		tap_bail_errno("reading");
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		int error = ask_try(fd, refusals[i].query);

		if (error == refusals[i].error)
			good++;
		else
			tap_diag("%s: %s", refusals[i].query, strerror(error));
	}
	tap_is_number(good, ARRAY_SIZE(refusals),
		      "no such interface, multicast, broadcast, malformed");
	rest = ask_rest(fd);
	snprintf(want, sizeof(want), "pid\n%lu\t%d\n", sock_inode(sock),
		 getpid());
	tap_is_text(rest, want, "and the reading goes on");
	free(rest);
	close(fd);
	close(sock);
}

/* Each listing finds for itself. */
static void check_again(void)
{
	int any = bound(SOCK_DGRAM, "0.0.0.0", PORT, NULL);
	int one = bound(SOCK_DGRAM, "127.0.0.1", PORT, NULL);
	int fd = ask_open(O_RDWR);
	char want[64], *rest;
	bool passed;

	ask_on(fd, "columns=fd " DATAGRAM);
	snprintf(want, sizeof(want), "fd\n%d\n", one);
	rest = ask_rest(fd);
	passed = !strcmp(rest, want);
	free(rest);
	close(one);
	snprintf(want, sizeof(want), "fd\n%d\n", any);
	passed &= lseek(fd, 0, SEEK_SET) == 0;
	rest = ask_rest(fd);
	tap_ok(passed && !strcmp(rest, want),
	       "after lseek() to the beginning: who would get it now");
	free(rest);
	close(any);
	passed = lseek(fd, 0, SEEK_SET) == 0;
	rest = ask_rest(fd);
	tap_ok(passed && !strcmp(rest, "fd\n"), "or nobody");
	free(rest);
	close(fd);
}

static void check_gone(void)
{
	int sock = bound(SOCK_DGRAM, "0.0.0.0", PORT, NULL);
	int fd = ask_open(O_RDWR);
	char bytes[64], want[64], *rest;
	bool passed;

	if (!link_add("gone", "dummy"))
		tap_bail("no dummy device");
	ask_on(fd, "columns=fd " DATAGRAM ",gone");
	link_delete(if_nametoindex("gone"));
	passed = read(fd, bytes, sizeof(bytes)) == 3 &&
		 read(fd, bytes, sizeof(bytes)) < 0 && errno == ENODEV &&
		 read(fd, bytes, sizeof(bytes)) < 0 && errno == ENODEV;
	tap_ok(passed, "the interface has gone before it is read: ENODEV");
	ask_on(fd, "columns=fd " DATAGRAM);
	rest = ask_rest(fd);
	snprintf(want, sizeof(want), "fd\n%d\n", sock);
	tap_is_text(rest, want, "and another query is answered");
	free(rest);
	close(fd);
	close(sock);
}

static void check_namespace(void)
{
	int here = net_open(), fd = ask_open(O_RDWR), sock, other;
	char want[64], *rest;

	sock = bound(SOCK_DGRAM, "127.0.0.1", PORT, NULL);
	net_enter_new();
	other = bound(SOCK_DGRAM, "127.0.0.1", PORT, NULL);
	ask_on(fd, "columns=fd " DATAGRAM);
	rest = ask_rest(fd);
	snprintf(want, sizeof(want), "fd\n%d\n", sock);
	tap_is_text(rest, want, "in the namespace of who opened the file");
	free(rest);
	snprintf(want, sizeof(want), "%d", other);
	is_row("columns=fd " DATAGRAM, want,
	       "another opener's: another socket");
	net_enter(here);
	close(here);
	close(fd);
	close(sock);
	close(other);
}

static void ask_as_user(int control, void *arg)
{
	struct table answer;

	close(*(int *)arg);
	rights_user(USER, USER);
	ask(&answer, "columns=holder,pid,fd,lport " TO_ONE);
	tell_text(control, answer.nr_rows == 1 ? answer.cells[0] : "");
	tell_text(control, answer.nr_rows == 1 ? answer.cells[1] : "");
	stay(control);
}

static void check_user(void)
{
	int sock = bound(SOCK_STREAM, "0.0.0.0", PORT, NULL);
	char holder[32] = "", pid[32] = "";
	struct child child;

	child_start(&child, ask_as_user, &sock);
	hear_text(child.control, holder, sizeof(holder));
	hear_text(child.control, pid, sizeof(pid));
	tap_ok(!strcmp(holder, "hidden") && !strcmp(pid, "-"),
	       "a user who may not look into its holder: hidden");
	child_stop(&child);
	close(sock);
}

static void enter(void)
{
	net_enter_new();
	if (!link_add("void", "dummy"))
		tap_bail("no dummy device");
	net_bring_up("void");
	link_set_address4("void", "10.99.0.1");
}

int main(void)
{
	tap_plan(3 + 4 + 2 + 4 * 4 + 2 + 2 + 2 + 2 + 2 + 1);
	allow_descriptors(2 * NR_GROUP);
	enter();
	check_holders();
	check_devices();
	check_nobodys();
	check_group(SOCK_STREAM, "tcp", "127.0.0.1", "127.0.0.1", NR_FEW);
	check_group(SOCK_STREAM, "tcp", "::1", "[::1]", NR_GROUP);
	check_group(SOCK_DGRAM, "udp", "127.0.0.1", "127.0.0.1", NR_GROUP);
	check_group(SOCK_DGRAM, "udp", "::1", "[::1]", NR_FEW);
	check_nobody();
	check_refused();
	check_again();
	check_gone();
	check_namespace();
	check_user();
	return tap_done();
}
