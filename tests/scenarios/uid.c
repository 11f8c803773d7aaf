// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Processes of several users that hold one socket. A row has the effective
 * user id of the holder, not of the socket's creator.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/expect.h"
#include "lib/sock.h"
#include "lib/tap.h"

struct ids {
	uid_t real, effective, saved;
};

static void be(int control, void *arg)
{
	const struct ids *ids = arg;

	if (setresuid(ids->real, ids->effective, ids->saved))
		tap_bail_errno("setresuid");
	/* Changing the user takes this back. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	tell(control, 0);
	stay(control);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		tap_bail_errno("%s", path);
	close(fd);
}

/* Its own root, who is user 100000 outside. */
static void be_contained(int control, void *arg)
{
	(void)arg;
	if (unshare(CLONE_NEWUSER))
		tap_bail_errno("a user namespace");
	tell(control, 0);
	hear(control);
	if (setresuid(0, 0, 0) || geteuid())
		tap_bail_errno("becoming root in the user namespace");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	tell(control, 0);
	stay(control);
}

static void expect_uid(struct expect *expect, pid_t pid, int sock, uid_t uid)
{
	struct expected_row row;

	row_of_socket(&row, pid, sock, sock);
	row_set(&row, OWNER, "%u", uid);
	expect_row(expect, &row);
}

int main(void)
{
	struct ids plain = { 1000, 1000, 1000 };
	struct ids mixed = { 1001, 1002, 1003 };
	struct ids high = { 4294967294u, 4294967294u, 4294967294u };
	struct child as_plain, as_mixed, as_high, contained;
	struct expect expect = { 0 };
	char path[64];
	int sock;

	tap_plan(2);
	sock = tcp_listen("127.0.0.1", 1);
	expect_uid(&expect, getpid(), sock, 0);
	child_start(&as_plain, be, &plain);
	child_start(&as_mixed, be, &mixed);
	child_start(&as_high, be, &high);
	hear(as_plain.control);
	hear(as_mixed.control);
	hear(as_high.control);
	expect_uid(&expect, as_plain.pid, sock, 1000);
	expect_uid(&expect, as_mixed.pid, sock, 1002);
	expect_uid(&expect, as_high.pid, sock, 4294967294u);
	expect_listed(&expect,
		      "a socket of four users: the effective id of each");

	child_start(&contained, be_contained, NULL);
	hear(contained.control);
	snprintf(path, sizeof(path), "/proc/%d/uid_map", contained.pid);
	write_file(path, "0 100000 1");
	tell(contained.control, 0);
	hear(contained.control);
	expect_uid(&expect, contained.pid, sock, 100000);
	expect_listed(&expect, "root of a user namespace: its id outside");

	child_stop(&as_plain);
	child_stop(&as_mixed);
	child_stop(&as_high);
	child_stop(&contained);
	return tap_done();
}
