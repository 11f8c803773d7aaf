// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "storms.h"

#include <fcntl.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "array.h"
#include "child.h"
#include "net.h"
#include "ring.h"
#include "sock.h"
#include "tap.h"

#define MANY  500000
#define SLOTS 1000000

static void begin(int control)
{
	net_enter_new();
	tell(control, 0);
}

static void *execute(void *unused)
{
	execl("/proc/self/exe", "stress", "executed", NULL);
	return unused;
}

/* The second thread becomes the process, and the first one goes. */
static void execute_again(void)
{
	pthread_t thread;

	if (rand() % 2)
		execute(NULL);
	if (!pthread_create(&thread, NULL, execute, NULL))
		pause();
	_exit(1);
}

void storm_executed(void)
{
	srand(getpid() * 31 + time(NULL));
	close(tcp_listen("127.0.0.1", 1));
	execute_again();
}

void storm_execute(int control, void *unused)
{
	(void)unused;
	begin(control);
	tcp_listen("127.0.0.1", 1);
	execute_again();
}

void storm_garbage(int control, void *unused)
{
	(void)unused;
	begin(control);
	for (;;) {
		int one[2], two[2], sock = udp_open("127.0.0.1");

		if (socketpair(AF_UNIX, SOCK_STREAM, 0, one) ||
		    socketpair(AF_UNIX, SOCK_DGRAM, 0, two))
			tap_bail_errno("socketpair");
		send_descriptor(one[0], two[1]);
		send_descriptor(two[0], one[1]);
		send_descriptor(two[0], sock);
		close(sock);
		for (int i = 0; i < 2; i++) {
			close(one[i]);
			close(two[i]);
		}
	}
}

void storm_replace(int control, void *unused)
{
	int fixed;

	(void)unused;
	begin(control);
	fixed = udp_open("127.0.0.1");
	for (;;) {
		int sock = tcp_listen("127.0.0.1", 1);

		if (dup2(sock, fixed) != fixed)
			tap_bail_errno("dup2");
		close(sock);
	}
}

void storm_tables(int control, void *unused)
{
	int sock;

	(void)unused;
	allow_descriptors(MANY + 100);
	begin(control);
	sock = udp_open("127.0.0.1");
	for (unsigned int most = 1000;;) {
		pid_t pid = fork();

		if (!pid) {
			for (unsigned int i = 0; i < most; i++)
				if (dup(sock) < 0)
					break;
			close_range(sock + 1, ~0U, 0);
			_exit(0);
		}
		if (pid < 0 || waitpid(pid, NULL, 0) != pid)
			tap_bail_errno("fork");
		most = most < MANY ? most * 4 : 1000;
		if (most > MANY)
			most = MANY;
	}
}

void storm_sparse(int control, void *unused)
{
	int sock;

	(void)unused;
	allow_descriptors(SLOTS + 1);
	begin(control);
	sock = tcp_listen("127.0.0.1", 1);
	for (int i = 1;; i++) {
		int there = (i * 7919L) % SLOTS;

		if (there > sock && dup2(sock, there) != there)
			tap_bail_errno("dup2");
		if (i % 50 == 0)
			close_range(sock + 1, ~0U, 0);
	}
}

static void live_in_namespace(void)
{
	int listener, socks[10];

	net_enter_new();
	listener = tcp_listen("::", 16);
	for (size_t i = 0; i < ARRAY_SIZE(socks); i++) {
		struct connection c = tcp_connection(listener, "127.0.0.1");

		socks[i] = i % 2 ? c.client : c.server;
		udp_open("::1");
		sock_open(AF_INET, SOCK_RAW, IPPROTO_UDP);
	}
	/* Some wait to be accepted, some leave a time-wait. */
	tcp_connect("127.0.0.1", sock_port(listener));
	for (size_t i = 0; i < ARRAY_SIZE(socks); i++)
		close(socks[i]);
	_exit(0);
}

void storm_namespaces(int control, void *unused)
{
	(void)unused;
	begin(control);
	for (;;) {
		pid_t pid = fork();

		if (!pid)
			live_in_namespace();
		if (pid < 0 || waitpid(pid, NULL, 0) != pid)
			tap_bail_errno("fork");
	}
}

void storm_rings(int control, void *unused)
{
	(void)unused;
	begin(control);
	for (unsigned int n = 0;; n++) {
		int socks[20], ring;

		for (size_t i = 0; i < ARRAY_SIZE(socks); i++)
			socks[i] = i % 2 ? tcp_listen("127.0.0.1", 1) :
					   udp_open("127.0.0.1");
		ring = ring_keep(socks, ARRAY_SIZE(socks));
		for (size_t i = 0; i < ARRAY_SIZE(socks); i++)
			close(socks[i]);
		close(ring);
		/*
		 * A kworker looks for each that is closed twenty times a second until RCU
		 * lets it go. A hundred of them kept RCU from going on, and then
		 * gave up with a warning: wait for as long as RCU takes.
		 */
		if (n % 8 == 0)
			syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
	}
}

void storm_mptcp(int control, void *unused)
{
	struct address address = address_of("127.0.0.1", 0);
	int listener;

	(void)unused;
	begin(control);
	listener = socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP);
	if (listener < 0)
		stay(control);
	if (bind(listener, &address.any, address.length) ||
	    listen(listener, 64))
		tap_bail_errno("an MPTCP listener");
	for (;;) {
		int client = sock_open(AF_INET, SOCK_STREAM, IPPROTO_MPTCP);

		sock_connect(client, "127.0.0.1", sock_port(listener));
		close(tcp_accept(listener));
		tcp_reset_on_close(client);
		close(client);
	}
}
