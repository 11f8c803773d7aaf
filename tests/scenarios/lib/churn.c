// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "churn.h"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "array.h"
#include "child.h"
#include "net.h"
#include "sock.h"
#include "tap.h"
#include "thread.h"

void churn_processes(int control, void *unused)
{
	(void)unused;
	net_enter_new();
	tell(control, net_inode());
	for (;;) {
		pid_t pid = fork();

		if (pid == 0) {
			for (int i = 0; i < 20; i++)
				tcp_listen("127.0.0.1", 1);
			_exit(0);
		}
		if (pid < 0 || waitpid(pid, NULL, 0) != pid)
			tap_bail_errno("fork");
	}
}

void churn_connections(int control, void *unused)
{
	int listener;

	(void)unused;
	net_enter_new();
	listener = tcp_listen("127.0.0.1", 64);
	tell(control, net_inode());
	for (unsigned int i = 0;; i++) {
		int clients[16];

		for (size_t n = 0; n < ARRAY_SIZE(clients); n++)
			clients[n] =
				tcp_connect("127.0.0.1", sock_port(listener));
		for (size_t n = 0; n < ARRAY_SIZE(clients); n++) {
			int server = tcp_accept(listener);

			if (i % 8)
				tcp_reset_on_close(server);
			close(server);
			close(clients[n]);
		}
	}
}

static void have_own(struct thread *thread)
{
	(void)thread;
	thread_own_table();
}

void churn_tables(int control, void *unused)
{
	(void)unused;
	net_enter_new();
	for (int i = 0; i < 50; i++)
		tcp_listen("127.0.0.1", 1);
	tell(control, net_inode());
	for (;;) {
		struct thread threads[4];

		for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
			thread_start(&threads[i], have_own, NULL);
		for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
			thread_stop(&threads[i]);
	}
}

void churn_passing(int control, void *unused)
{
	int ends[2];

	(void)unused;
	net_enter_new();
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		tap_bail_errno("socketpair");
	tell(control, net_inode());
	for (;;) {
		for (int i = 0; i < 20; i++) {
			int sock = sock_open(AF_INET, SOCK_DGRAM, 0);

			sock_bind(sock, "127.0.0.1", 0);
			send_descriptor(ends[0], sock);
			close(sock);
		}
		for (int i = 0; i < 20; i++)
			close(receive_descriptor(ends[1]));
	}
}
