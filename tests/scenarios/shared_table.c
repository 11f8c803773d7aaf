// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Two processes on one file table, made with clone(CLONE_FILES). Both have
 * rows for every descriptor in it.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/expect.h"
#include "lib/sock.h"
#include "lib/tap.h"

static void open_one(int control, void *arg)
{
	(void)arg;
	tell(control, tcp_listen("::1", 1));
	stay(control);
}

int main(void)
{
	struct expect expect = { 0 };
	struct child child;
	int before, after, by_child;

	tap_plan(2);
	before = tcp_listen("127.0.0.1", 1);
	child_start_flags(&child, CLONE_FILES, open_one, NULL);
	by_child = hear(child.control);
	after = sock_open(AF_INET, SOCK_DGRAM, 0);

	expect_fd(&expect, before);
	expect_fd(&expect, by_child);
	expect_fd(&expect, after);
	expect_shared(&expect, child.pid, before, before);
	expect_shared(&expect, child.pid, by_child, by_child);
	expect_shared(&expect, child.pid, after, after);
	expect_listed(&expect, "both processes have a row for each descriptor");

	child_stop(&child);
	expect_clear(&expect);
	expect_fd(&expect, before);
	expect_fd(&expect, by_child);
	expect_fd(&expect, after);
	expect_listed(&expect, "one has gone: the other has them alone");
	return tap_done();
}
