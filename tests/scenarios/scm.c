// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Sockets in flight: sent with SCM_RIGHTS and not received yet. One row for each
 * waiting reference, under the lowest process that holds the unix socket it
 * waits in, or the outermost one around that; without a descriptor.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/deadline.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

static struct expect expect;

static void pair(int type, int ends[2])
{
	if (socketpair(AF_UNIX, type, 0, ends))
		tap_bail_errno("socketpair");
}

static void expect_waiting(unsigned long via, int sock)
{
	struct expected_row row;

	row_of_scm(&row, getpid(), via, sock);
	expect_row(&expect, &row);
}

__attribute__((format(printf, 1, 2))) static void check(const char *claim, ...)
{
	char text[200];
	va_list args;

	va_start(args, claim);
	vsnprintf(text, sizeof(text), claim, args);
	va_end(args);
	expect_namespace(&expect);
	expect_listed(&expect, "%s", text);
	expect_clear(&expect);
}

static void check_type(int type, const char *name)
{
	int ends[2], sock = udp_open("127.0.0.1"), other = tcp_listen("::1", 1);

	pair(type, ends);
	send_descriptor(ends[0], sock);
	expect_fd(&expect, sock);
	expect_waiting(sock_inode(ends[1]), sock);
	expect_fd(&expect, other);
	check("%s: the sender still has it: two rows", name);

	send_descriptor(ends[0], sock);
	send_descriptor(ends[0], other);
	expect_waiting(sock_inode(ends[1]), sock);
	expect_waiting(sock_inode(ends[1]), sock);
	expect_waiting(sock_inode(ends[1]), other);
	close(sock);
	close(other);
	check("%s: closed by the sender, one of them twice in flight", name);

	sock = receive_descriptor(ends[1]);
	close(receive_descriptor(ends[1]));
	other = receive_descriptor(ends[1]);
	expect_fd(&expect, sock);
	expect_fd(&expect, other);
	check("%s: received", name);
	close(sock);
	close(other);
	close(ends[0]);
	close(ends[1]);
}

static void check_among_messages(int type, const char *name)
{
	int ends[2], sock = udp_open("127.0.0.1");

	pair(type, ends);
	for (int i = 0; i < 2; i++) {
		if (write(ends[0], "text", 4) != 4)
			tap_bail_errno("write");
		send_descriptor(ends[0], sock);
		expect_waiting(sock_inode(ends[1]), sock);
	}
	close(sock);
	check("%s: among messages without a descriptor", name);
	close(ends[0]);
	close(ends[1]);
}

/* A unix socket in flight that holds one in flight that holds an inet socket. */
static void check_nested(void)
{
	int sock = udp_open("127.0.0.1");
	int outer[2], middle[2], inner[2];

	pair(SOCK_STREAM, outer);
	pair(SOCK_DGRAM, middle);
	pair(SOCK_SEQPACKET, inner);
	send_descriptor(inner[0], sock);
	send_descriptor(middle[0], inner[1]);
	send_descriptor(outer[0], middle[1]);
	expect_waiting(sock_inode(inner[1]), sock);
	close(sock);
	close(inner[0]);
	close(inner[1]);
	close(middle[0]);
	close(middle[1]);
	check("three unix sockets deep");
	close(outer[0]);
	close(outer[1]);
	check("the outermost one is closed: nothing left");
}

/*
 * Garbage is collected in the background, and a close() that comes while it is does
 * not have it done again (gc_in_progress): the next one does.
 */
static bool garbage_is_gone(void *arg)
{
	close(socket(AF_UNIX, SOCK_STREAM, 0));
	return expect_nothing_left(arg);
}

static void check_circle(void)
{
	int sock = udp_open("127.0.0.1");
	int one[2], two[2];

	pair(SOCK_STREAM, one);
	pair(SOCK_STREAM, two);
	send_descriptor(one[0], two[1]);
	send_descriptor(two[0], one[1]);
	send_descriptor(two[0], sock);
	expect_waiting(sock_inode(two[1]), sock);
	close(sock);
	close(two[1]);
	check("two unix sockets in each other's queue");
	close(one[0]);
	close(one[1]);
	close(two[0]);
	tap_ok(wait_until(garbage_is_gone, NULL),
	       "the circle is garbage and goes: no row");
}

static void check_not_accepted(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX,
				    .sun_path = "\0sockowners-scm" };
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);
	int clients[3], sock = udp_open("127.0.0.1");

	if (bind(listener, (struct sockaddr *)&name, sizeof(name)) ||
	    listen(listener, 3))
		tap_bail_errno("a unix listener");
	for (int i = 0; i < 3; i++) {
		clients[i] = socket(AF_UNIX, SOCK_STREAM, 0);
		if (connect(clients[i], (struct sockaddr *)&name, sizeof(name)))
			tap_bail_errno("connect to a unix listener");
	}
	send_descriptor(clients[1], sock);
	expect_waiting(sock_inode(listener), sock);
	close(sock);
	check("in a connection nobody has accepted: by its listener");
	for (int i = 0; i < 3; i++)
		close(clients[i]);
	close(listener);
}

static void hold(int control, void *arg)
{
	(void)arg;
	tell(control, 0);
	stay(control);
}

static void check_shared(void)
{
	int ends[2], sock = udp_open("127.0.0.1");
	struct child child;

	pair(SOCK_STREAM, ends);
	send_descriptor(ends[0], sock);
	expect_waiting(sock_inode(ends[1]), sock);
	close(sock);
	child_start(&child, hold, NULL);
	hear(child.control);
	check("two processes hold the unix socket: the lowest has the row");
	child_finish(&child);
	close(ends[0]);
	close(ends[1]);
}

static void check_peeked(void)
{
	int ends[2], sock = udp_open("127.0.0.1");
	char byte;

	pair(SOCK_STREAM, ends);
	send_descriptor(ends[0], sock);
	expect_waiting(sock_inode(ends[1]), sock);
	close(sock);
	if (recv(ends[1], &byte, 1, MSG_PEEK) != 1)
		tap_bail_errno("MSG_PEEK");
	check("peeked at, and still waiting");
	close(ends[0]);
	close(ends[1]);
}

/* More than one hold of a lock or one batch of rows takes. */
static void check_many(void)
{
	enum {
		EACH = 250,
		MESSAGES = 12
	};
	int ends[2], socks[EACH];

	pair(SOCK_STREAM, ends);
	for (int i = 0; i < EACH; i++)
		socks[i] = udp_open("127.0.0.1");
	for (int i = 0; i < MESSAGES; i++) {
		send_descriptors(ends[0], socks, EACH);
		for (int j = 0; j < EACH; j++)
			expect_waiting(sock_inode(ends[1]), socks[j]);
	}
	for (int i = 0; i < EACH; i++)
		close(socks[i]);
	check("%d references in one queue", EACH * MESSAGES);
	close(ends[0]);
	close(ends[1]);
}

/* A message whose unix sockets do not all have room: it is looked at again, as a whole. */
static void check_many_queues(void)
{
	enum {
		EACH = 100
	};
	int outer[2], inner[EACH][2], fds[EACH];

	pair(SOCK_STREAM, outer);
	for (int i = 0; i < EACH; i++) {
		int sock = udp_open("127.0.0.1");

		pair(SOCK_STREAM, inner[i]);
		send_descriptor(inner[i][0], sock);
		expect_waiting(sock_inode(inner[i][1]), sock);
		fds[i] = inner[i][1];
		close(sock);
	}
	send_descriptors(outer[0], fds, EACH);
	for (int i = 0; i < EACH; i++)
		close(inner[i][1]);
	check("%d unix sockets in one message", EACH);
	for (int i = 0; i < EACH; i++)
		close(inner[i][0]);
	close(outer[0]);
	close(outer[1]);
}

static int connected(const struct sockaddr_un *name)
{
	int sock = socket(AF_UNIX, SOCK_DGRAM, 0);

	if (connect(sock, (const struct sockaddr *)name, sizeof(*name)))
		tap_bail_errno("connect to a unix socket");
	return sock;
}

/*
 * A queue of datagrams may be of any length, as one sender's buffer is no limit for
 * others. Its beginning is looked at.
 */
static void check_far_back(void)
{
	enum {
		LOOKED_AT = 2048,
		SENDERS = 64
	};
	struct sockaddr_un name = { .sun_family = AF_UNIX,
				    .sun_path = "\0sockowners-far" };
	int near = udp_open("127.0.0.1"), far = udp_open("127.0.0.1");
	int receiver, last, senders[SENDERS], nr = 0, sent = 0;
	struct expected_row row;

	sysctl_set("net/unix/max_dgram_qlen", "100000");
	receiver = socket(AF_UNIX, SOCK_DGRAM, 0);
	if (bind(receiver, (struct sockaddr *)&name, sizeof(name)))
		tap_bail_errno("binding a unix socket");
	while (nr < SENDERS && sent < LOOKED_AT - 1) {
		senders[nr] = connected(&name);
		while (sent < LOOKED_AT - 1 &&
		       send(senders[nr], "", 1, MSG_DONTWAIT) == 1)
			sent++;
		nr++;
	}
	last = connected(&name);
	send_descriptor(last, near);
	send_descriptor(last, far);
	expect_waiting(sock_inode(receiver), near);
	row_of_nobody(&row, "elsewhere", far);
	expect_row(&expect, &row);
	close(near);
	close(far);
	check("behind %d messages; and one behind %d: elsewhere", sent,
	      sent + 1);
	while (nr)
		close(senders[--nr]);
	close(last);
	close(receiver);
}

static void check_other_files(void)
{
	int ends[2], pipe_ends[2];

	pair(SOCK_STREAM, ends);
	if (pipe(pipe_ends))
		tap_bail_errno("pipe");
	send_descriptor(ends[0], pipe_ends[0]);
	check("a pipe in flight: no row");
}

int main(void)
{
	tap_plan(3 * 3 + 2 + 2 + 2 + 1 + 1 + 1 + 1 + 1 + 1 + 1);
	allow_descriptors(4096);
	net_enter_new();
	check_type(SOCK_STREAM, "stream");
	check_type(SOCK_SEQPACKET, "seqpacket");
	check_type(SOCK_DGRAM, "datagram");
	check_among_messages(SOCK_STREAM, "stream");
	check_among_messages(SOCK_DGRAM, "datagram");
	check_nested();
	check_circle();
	check_not_accepted();
	check_shared();
	check_peeked();
	check_many();
	check_many_queues();
	check_far_back();
	check_other_files();
	return tap_done();
}
