// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Sockets of several network namespaces in one listing. Each row has the
 * namespace that the socket was made in, wherever its holder is now.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/expect.h"
#include "lib/link.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define NR_NETNS 3

static void expect_in_netns(struct expect *expect, pid_t pid, int sock,
			    unsigned long netns, const char *dev)
{
	struct expected_row row;

	row_of_socket(&row, pid, sock, sock);
	row_set(&row, NETNS, "%lu", netns);
	row_set(&row, DEV, "%s", dev);
	expect_row(expect, &row);
}

/* The same port of the same address can be had once in each. */
static int make(void)
{
	int sock = sock_open(AF_INET, SOCK_STREAM, 0);

	sock_bind(sock, "127.0.0.1", 8080);
	if (listen(sock, 1))
		tap_bail_errno("listen");
	return sock;
}

static void live_elsewhere(int control, void *arg)
{
	(void)arg;
	net_enter_new();
	tell(control, net_inode());
	tell(control, make());
	stay(control);
}

static void check_one_process(int home)
{
	struct expect expect = { 0 };
	int socks[NR_NETNS];
	unsigned long last = 0;
	bool differ = true;

	for (int i = 0; i < NR_NETNS; i++) {
		net_enter_new();
		socks[i] = make();
		expect_in_netns(&expect, getpid(), socks[i], net_inode(), "-");
		differ = differ && net_inode() != last;
		last = net_inode();
	}
	net_enter(home);
	tap_ok(differ, "three namespaces have three inode numbers");
	expect_listed(&expect,
		      "one process, a socket in each of three namespaces");
	expect_clear(&expect);
	for (int i = 0; i < NR_NETNS; i++)
		close(socks[i]);
}

/* The name of an interface is looked up in the socket's namespace. */
static void check_device(int home)
{
	const char *name = "there";
	struct expect expect = { 0 };
	unsigned long netns;
	int sock;

	if (unshare(CLONE_NEWNET))
		tap_bail_errno("a network namespace");
	link_rename("lo", name);
	netns = net_inode();
	sock = sock_open(AF_INET, SOCK_DGRAM, 0);
	if (setsockopt(sock, SOL_SOCKET, SO_BINDTODEVICE, name, strlen(name)))
		tap_bail_errno("SO_BINDTODEVICE");
	net_enter(home);
	expect_in_netns(&expect, getpid(), sock, netns, name);
	expect_listed(&expect, "an interface has another name there than here");
	expect_clear(&expect);
	close(sock);
}

static void check_other_process(void)
{
	struct expect expect = { 0 };
	struct child child;
	unsigned long netns;
	int own = make();
	int fd;

	child_start(&child, live_elsewhere, NULL);
	netns = hear(child.control);
	fd = hear(child.control);
	tap_ok(netns != net_inode(),
	       "the other process is in another namespace");
	expect_fd_of(&expect, child.pid, fd);
	expect_in_netns(&expect, getpid(), own, net_inode(), "-");
	/* The child has this one from fork(). */
	expect_shared(&expect, child.pid, own, own);
	expect_listed(&expect, "sockets of a process in another namespace");
	expect_clear(&expect);
	child_stop(&child);
	close(own);
}

int main(void)
{
	int home;

	tap_plan(5);
	home = net_open();
	check_one_process(home);
	check_device(home);
	check_other_process();
	return tap_done();
}
