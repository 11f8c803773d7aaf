// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Further descriptors of one socket, made with dup(), dup2(), fcntl(),
 * SCM_RIGHTS and pidfd_getfd(). Each has a row of its own.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/expect.h"
#include "lib/sock.h"
#include "lib/tap.h"

static int copy_from(pid_t pid, int fd)
{
	int pidfd = syscall(SYS_pidfd_open, pid, 0);
	int copy = syscall(SYS_pidfd_getfd, pidfd, fd, 0);

	if (copy < 0)
		tap_bail_errno("pidfd_getfd");
	close(pidfd);
	return copy;
}

static void receive(int control, void *arg)
{
	int *sock = arg;

	/* What fork() gave is not what this is about. */
	close(*sock);
	tell(control, receive_descriptor(control));
	stay(control);
}

static void open_own(int control, void *arg)
{
	int *sock = arg;
	int own;

	close(*sock);
	own = sock_open(AF_INET6, SOCK_DGRAM, 0);
	sock_bind(own, "::1", 0);
	tell(control, own);
	stay(control);
}

int main(void)
{
	struct expect expect = { 0 };
	struct child receiver, owner;
	int sock, copies[5];
	int received, own;
	int ends[2];

	tap_plan(7);
	sock = tcp_listen("127.0.0.1", 1);
	expect_fd(&expect, sock);

	copies[0] = dup(sock);
	expect_fd(&expect, copies[0]);
	expect_listed(&expect, "dup(): a row for each of 2 descriptors");

	copies[1] = dup2(sock, 50);
	expect_fd(&expect, copies[1]);
	copies[2] = fcntl(sock, F_DUPFD_CLOEXEC, 60);
	expect_fd(&expect, copies[2]);
	expect_listed(&expect,
		      "dup2(), F_DUPFD: a row for each of 4 descriptors");

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		tap_bail_errno("socketpair");
	send_descriptor(ends[0], sock);
	copies[3] = receive_descriptor(ends[1]);
	expect_fd(&expect, copies[3]);
	expect_listed(&expect, "SCM_RIGHTS to itself: one more");

	copies[4] = copy_from(getpid(), sock);
	expect_fd(&expect, copies[4]);
	expect_listed(&expect, "pidfd_getfd() of itself: one more");

	for (int i = 0; i < 5; i++)
		close(copies[i]);
	expect_clear(&expect);
	expect_fd(&expect, sock);
	expect_listed(&expect, "all closed but one: one row");

	child_start(&receiver, receive, &sock);
	send_descriptor(receiver.control, sock);
	received = hear(receiver.control);
	expect_shared(&expect, receiver.pid, received, sock);
	expect_listed(&expect, "SCM_RIGHTS to another process: a row there");
	child_stop(&receiver);
	expect_clear(&expect);
	expect_fd(&expect, sock);

	child_start(&owner, open_own, &sock);
	own = hear(owner.control);
	expect_fd_of(&expect, owner.pid, own);
	expect_fd(&expect, copy_from(owner.pid, own));
	expect_listed(&expect,
		      "pidfd_getfd() of another process: a row in each");
	child_stop(&owner);
	return tap_done();
}
