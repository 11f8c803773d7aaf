// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * A queue with more descriptors than one hold of its lock takes, whose first half is
 * received while it is read. A message is there as a whole or not at all, and what
 * waits behind it all the time is neither lost nor doubled. Where the receiver was in
 * the way, its sockets are said to be elsewhere.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/ask.h"
#include "lib/child.h"
#include "lib/deadline.h"
#include "lib/effort.h"
#include "lib/net.h"
#include "lib/processor.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define EACH	 250
#define MESSAGES 16
#define TAKEN	 8
#define LISTINGS 6
#define QUERY	 "columns=inode,holder"

static int ends[2];

union rights {
	struct cmsghdr header;
	char space[CMSG_SPACE(EACH * sizeof(int))];
};

static ssize_t pass(ssize_t (*call)(int, struct msghdr *), int fd,
		    union rights *rights)
{
	char byte = 0;
	struct iovec part = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = rights,
		.msg_controllen = sizeof(*rights),
	};

	return call(fd, &message);
}

static ssize_t out(int fd, struct msghdr *message)
{
	return sendmsg(fd, message, 0);
}

static ssize_t in(int fd, struct msghdr *message)
{
	return recvmsg(fd, message, MSG_CMSG_CLOEXEC);
}

static void take(int messages)
{
	union rights rights;
	int fds[EACH];

	while (messages--) {
		if (pass(in, ends[1], &rights) != 1)
			tap_bail_errno("recvmsg");
		memcpy(fds, CMSG_DATA(&rights.header), sizeof(fds));
		for (int i = 0; i < EACH; i++)
			close(fds[i]);
	}
}

/* At real-time priority it comes as soon as it wakes up; else when it is its turn. */
static void set_priority(bool real_time)
{
	struct sched_param param = { .sched_priority = real_time };

	if (sched_setscheduler(0, real_time ? SCHED_FIFO : SCHED_OTHER, &param))
		tap_bail_errno("sched_setscheduler");
}

static void receive(int control, void *arg)
{
	long pause;

	(void)arg;
	close(ends[0]);
	tell(control, 0);
	while (hear_if_alive(control, &pause)) {
		set_priority(hear(control));
		/* At real-time priority it sleeps before the other one goes on. */
		tell(control, 0);
		usleep(pause);
		take(TAKEN);
		tell(control, 0);
		hear(control);
		take(MESSAGES - TAKEN);
		tell(control, 0);
	}
}

static void send_all(unsigned long *inodes)
{
	union rights rights = {
		.header = {
			.cmsg_level = SOL_SOCKET,
			.cmsg_type = SCM_RIGHTS,
			.cmsg_len = CMSG_LEN(EACH * sizeof(int)),
		},
	};
	int fds[EACH];

	for (int i = 0; i < MESSAGES; i++) {
		int sock = udp_open("127.0.0.1");

		inodes[i] = sock_inode(sock);
		for (int j = 0; j < EACH; j++)
			fds[j] = sock;
		memcpy(CMSG_DATA(&rights.header), fds, sizeof(fds));
		if (pass(out, ends[0], &rights) != 1)
			tap_bail_errno("sendmsg");
		close(sock);
	}
}

struct counts {
	unsigned int waiting[MESSAGES];
	unsigned int elsewhere[MESSAGES];
};

static void count(struct counts *counts, const unsigned long *inodes)
{
	struct table table;

	memset(counts, 0, sizeof(*counts));
	ask(&table, QUERY);
	for (size_t row = 0; row < table.nr_rows; row++) {
		unsigned long inode =
			strtoul(table_cell(&table, row, "inode"), NULL, 10);
		const char *holder = table_cell(&table, row, "holder");

		for (int i = 0; i < MESSAGES; i++) {
			if (inodes[i] != inode)
				continue;
			counts->waiting[i] += !strcmp(holder, "scm");
			counts->elsewhere[i] += !strcmp(holder, "elsewhere");
		}
	}
	table_free(&table);
}

static unsigned int parts, lost, doubled, whole, midway, listings;

/* When the first half was received, as far as a listing tells. */
enum when {
	BEFORE,
	MIDWAY,
	AFTER
};

/* They are received from the first one on: one that was seen, and then one that was not. */
static enum when when_received(const struct counts *counts)
{
	for (int i = 1; i < TAKEN; i++)
		if (counts->waiting[i - 1] && !counts->waiting[i])
			return MIDWAY;
	return counts->waiting[0] ? AFTER : BEFORE;
}

static void judge(const struct counts *counts)
{
	bool all = true;

	for (int i = 0; i < MESSAGES; i++) {
		unsigned int waiting = counts->waiting[i];

		doubled += waiting > EACH;
		parts += waiting && waiting < EACH;
		if (i < TAKEN)
			continue;
		lost += !waiting && counts->elsewhere[i] != 1;
		all &= waiting == EACH;
	}
	whole += all;
	midway += when_received(counts) == MIDWAY;
	listings++;
}

/* Returns what the first listing tells. */
static enum when read_while_received(const struct child *child, long pause,
				     bool real_time)
{
	unsigned long inodes[MESSAGES];
	enum when when = BEFORE;
	struct counts counts;

	send_all(inodes);
	tell(child->control, pause);
	tell(child->control, real_time);
	hear(child->control);
	for (int i = 0; i < LISTINGS; i++) {
		count(&counts, inodes);
		judge(&counts);
		when = i ? when : when_received(&counts);
	}
	hear(child->control);
	tell(child->control, 0);
	hear(child->control);
	return when;
}

/* In microseconds: when the first byte is there, the queue has been gone through. */
static long first_byte_takes(const struct child *child)
{
	unsigned long inodes[MESSAGES];
	int fd = ask_open(O_RDWR);
	double begun;
	char byte;

	send_all(inodes);
	begun = now();
	ask_on(fd, QUERY);
	if (read(fd, &byte, 1) != 1)
		tap_bail_errno("read");
	begun = now() - begun;
	close(fd);
	tell(child->control, 0);
	tell(child->control, false);
	hear(child->control);
	hear(child->control);
	tell(child->control, 0);
	hear(child->control);
	return begun * 1e6;
}

/*
 * Looks for the pause after which the receiver comes in the middle, by halves, over and
 * over. What comes when it is its turn tells nothing.
 */
static void read_while_received_often(const struct child *child, int rounds)
{
	long takes = first_byte_takes(child), low = 0, high = takes;

	for (int i = 0; i < rounds || (!midway && i < 4 * rounds); i++) {
		long pause = (low + high) / 2;
		bool real_time = i % 2 == 0;
		enum when when = read_while_received(child, pause, real_time);

		if (!real_time)
			continue;
		if (when == BEFORE)
			low = pause;
		else if (when == AFTER)
			high = pause;
		if (when == MIDWAY || high - low < takes / 32) {
			low = 0;
			high = takes / 2 + rand() % takes;
		}
	}
	tap_diag("the first byte takes %ld us", takes);
}

/* On one processor the receiver, when it wakes up, comes between two holds. */
static void share_processor(void)
{
	run_on(sched_getcpu());
}

int main(void)
{
	int rounds = times(400, 60, 15);
	struct child child;

	tap_plan(5);
	allow_descriptors(1024);
	net_enter_new();
	share_processor();
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		tap_bail_errno("socketpair");
	child_start(&child, receive, NULL);
	close(ends[1]);
	hear(child.control);
	read_while_received_often(&child, rounds);
	child_finish(&child);
	tap_diag("%u of %u listings with all that stayed", whole, listings);
	tap_ok(midway > 0, "some is received in the middle: %u times", midway);
	tap_is_number(parts, 0, "a message is listed as a whole");
	tap_is_number(doubled, 0, "and once");
	tap_is_number(lost, 0,
		      "what stays in the queue is in it, or elsewhere");
	tap_ok(2 * whole > listings, "most listings have all that stayed");
	return tap_done();
}
