// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * A socket that fork() shared with other processes. Each process that holds
 * it has a row of its own, all with the same inode and tuple.
 */
#define _GNU_SOURCE
#include <unistd.h>

#include "lib/child.h"
#include "lib/expect.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define NR_CHILDREN 4

static void hold(int control, void *arg)
{
	(void)arg;
	tell(control, 0);
	stay(control);
}

/* Holds what the parent holds, moved to another number. */
static void hold_elsewhere(int control, void *arg)
{
	int *sock = arg;

	if (dup2(*sock, 100) < 0)
		tap_bail_errno("dup2");
	close(*sock);
	tell(control, 0);
	stay(control);
}

/* A child whose child holds the socket while it does not. */
static void hold_below(int control, void *arg)
{
	int *sock = arg;
	struct child grandchild;

	child_start(&grandchild, hold, NULL);
	hear(grandchild.control);
	close(*sock);
	tell(control, grandchild.pid);
	stay(control);
	child_stop(&grandchild);
}

int main(void)
{
	struct child children[NR_CHILDREN], moved, above;
	struct expect expect = { 0 };
	pid_t below;
	int sock;

	tap_plan(4);
	sock = tcp_listen("127.0.0.1", 1);

	for (int i = 0; i < NR_CHILDREN; i++) {
		child_start(&children[i], hold, NULL);
		hear(children[i].control);
		expect_shared(&expect, children[i].pid, sock, sock);
	}
	expect_fd(&expect, sock);
	expect_listed(&expect, "a socket of %d processes has %d rows",
		      NR_CHILDREN + 1, NR_CHILDREN + 1);

	child_start(&moved, hold_elsewhere, &sock);
	hear(moved.control);
	expect_shared(&expect, moved.pid, 100, sock);
	expect_listed(&expect, "and one more in a process that moved it");

	child_start(&above, hold_below, &sock);
	below = hear(above.control);
	expect_process(&expect, above.pid);
	expect_shared(&expect, below, sock, sock);
	expect_listed(&expect, "and in a process whose parent has closed it");
	tell(above.control, 0);
	child_finish(&above);

	for (int i = 1; i < NR_CHILDREN; i++)
		child_stop(&children[i]);
	child_stop(&moved);
	close(sock);
	/* What the child says of the socket through a copy of its descriptor. */
	expect_clear(&expect);
	expect_fd_of(&expect, children[0].pid, sock);
	expect_process(&expect, getpid());
	expect_listed(&expect,
		      "the last process that holds it has the last row");
	child_stop(&children[0]);
	return tap_done();
}
