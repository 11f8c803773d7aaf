// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Sockets that a process holds in a way that ss, lsof and netstat do not look
 * for. Each is measured; the lines "# |" are part of the table of the README.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/child.h"
#include "lib/deadline.h"
#include "lib/net.h"
#include "lib/peer.h"
#include "lib/ring.h"
#include "lib/situation.h"
#include "lib/sock.h"
#include "lib/tap.h"
#include "lib/thread.h"

static void pair(int ends[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		tap_bail_errno("socketpair");
}

static void check_in_flight(void)
{
	int ends[2], sock = tcp_listen("127.0.0.1", 1);
	unsigned int port = sock_port(sock);

	pair(ends);
	send_descriptor(ends[0], sock);
	close(sock);
	situation((struct situation){
		.name = "in flight through SCM_RIGHTS",
		.proto = "tcp",
		.port = port,
		.ss = "no owner",
		.lsof = "nothing",
		.netstat = "no owner",
		.ours = "`scm`",
	});
	close(ends[0]);
	close(ends[1]);
}

static void check_nested(void)
{
	int inner[2], outer[2], sock = tcp_listen("127.0.0.1", 1);
	unsigned int port = sock_port(sock);

	pair(inner);
	pair(outer);
	send_descriptor(inner[0], sock);
	send_descriptor(outer[0], inner[1]);
	close(sock);
	close(inner[0]);
	close(inner[1]);
	situation((struct situation){
		.name = "in flight in a unix socket that is itself in flight",
		.proto = "tcp",
		.port = port,
		.ss = "no owner",
		.lsof = "nothing",
		.netstat = "no owner",
		.ours = "`scm`",
	});
	close(outer[0]);
	close(outer[1]);
}

static void check_not_accepted(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX,
				    .sun_path = "\0sockowners-unseen" };
	int listener = sock_open(AF_UNIX, SOCK_STREAM, 0);
	int client = sock_open(AF_UNIX, SOCK_STREAM, 0);
	int sock = tcp_listen("127.0.0.1", 1);
	unsigned int port = sock_port(sock);

	if (bind(listener, (struct sockaddr *)&name, sizeof(name)) ||
	    listen(listener, 1) ||
	    connect(client, (struct sockaddr *)&name, sizeof(name)))
		tap_bail_errno("a unix connection");
	send_descriptor(client, sock);
	close(sock);
	situation((struct situation){
		.name = "in flight in a unix connection that nobody has accepted",
		.proto = "tcp",
		.port = port,
		.ss = "no owner",
		.lsof = "nothing",
		.netstat = "no owner",
		.ours = "`scm`",
	});
	close(client);
	close(listener);
}

static void have_own(struct thread *thread)
{
	thread_own_table();
	*(unsigned int *)thread->arg = sock_port(tcp_listen("127.0.0.1", 1));
}

static void check_thread(void)
{
	struct thread thread;
	unsigned int port;

	thread_start(&thread, have_own, &port);
	situation((struct situation){
		.name = "in a thread's own file table",
		.proto = "tcp",
		.port = port,
		.ss = "no owner",
		.lsof = "nothing",
		.netstat = "no owner",
		.ours = "`thread`",
	});
	thread_stop(&thread);
}

/* The main thread exits, another one stays. */
static void lose_leader(int control, void *arg)
{
	static struct thread stays;

	(void)arg;
	tell(control, sock_port(tcp_listen("127.0.0.1", 1)));
	thread_start(&stays, NULL, NULL);
	syscall(SYS_exit, 0);
}

static void check_leader_exited(void)
{
	struct child child;
	unsigned int port;

	child_start(&child, lose_leader, NULL);
	port = hear(child.control);
	if (!wait_until(child_leader_has_exited, &child))
		tap_bail("the main thread does not exit");
	situation((struct situation){
		.name = "of a process whose main thread has exited",
		.proto = "tcp",
		.port = port,
		.owner = child.pid,
		.ss = "no owner",
		.lsof = "nothing",
		.netstat = "no owner",
		.ours = "`fd`",
	});
	child_stop(&child);
}

static void hold(int control, void *arg)
{
	(void)arg;
	tell(control, 0);
	stay(control);
}

static void check_second_holder(void)
{
	int sock = tcp_listen("127.0.0.1", 1);
	struct child child;

	child_start(&child, hold, NULL);
	hear(child.control);
	situation((struct situation){
		.name = "shared by fork: the second process",
		.proto = "tcp",
		.port = sock_port(sock),
		.owner = child.pid,
		.ss = "owner",
		.lsof = "owner",
		.netstat = "another owner",
		.ours = "`fd`",
	});
	child_stop(&child);
	close(sock);
}

static void check_ring(void)
{
	int sock = tcp_listen("127.0.0.1", 1);
	unsigned int port = sock_port(sock);
	int ring = ring_keep(&sock, 1);

	close(sock);
	situation((struct situation){
		.name = "registered with an io_uring",
		.proto = "tcp",
		.port = port,
		.ss = "no owner",
		.lsof = "nothing",
		.netstat = "no owner",
		.ours = "`elsewhere`",
	});
	close(ring);
}

static void check_mapping(void)
{
	int listener = tcp_listen("127.0.0.1", 1);
	struct connection c = tcp_connection(listener, "127.0.0.1");
	unsigned int port = sock_port(c.client);
	void *pages = mmap(NULL, 4096, PROT_READ, MAP_SHARED, c.client, 0);

	if (pages == MAP_FAILED)
		tap_bail_errno("mmap");
	close(listener);
	close(c.client);
	situation((struct situation){
		.name = "kept by a mapping only",
		.proto = "tcp",
		.port = port,
		.ss = "no owner",
		.lsof = "nothing",
		.netstat = "no owner",
		.ours = "`elsewhere`",
	});
	tcp_reset_on_close(c.server);
	close(c.server);
	munmap(pages, 4096);
}

static void check_netns(void)
{
	int sock = tcp_listen("127.0.0.1", 1);
	unsigned long netns = net_inode();

	net_enter_new();
	situation((struct situation){
		.name = "in another network namespace",
		.proto = "tcp",
		.port = sock_port(sock),
		.netns = netns,
		.ss = "nothing",
		.lsof = "nothing",
		.netstat = "nothing",
		.ours = "`fd`",
	});
	close(sock);
}

int main(void)
{
	static void (*const checks[])(void) = {
		check_in_flight, check_nested,	      check_not_accepted,
		check_thread,	 check_leader_exited, check_second_holder,
		check_ring,	 check_mapping,	      check_netns,
	};

	tap_plan(ARRAY_SIZE(checks));
	peers_prepare();
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		net_enter_new();
		checks[i]();
	}
	return tap_done();
}
