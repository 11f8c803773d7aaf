// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Threads that share the file table of their process. The socket has one row
 * for the process, not one for each thread.
 */
#define _GNU_SOURCE
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/expect.h"
#include "lib/sock.h"
#include "lib/tap.h"
#include "lib/thread.h"

#define NR_THREADS 4

static void open_socket(struct thread *thread)
{
	int *sock = thread->arg;

	prctl(PR_SET_NAME, "another name");
	*sock = tcp_listen("127.0.0.1", 1);
}

int main(void)
{
	struct thread threads[NR_THREADS];
	struct expect expect = { 0 };
	int socks[NR_THREADS];
	int sock;

	tap_plan(3);
	sock = tcp_listen("127.0.0.1", 1);
	expect_fd(&expect, sock);
	for (int i = 0; i < NR_THREADS; i++)
		thread_start(&threads[i], NULL, NULL);
	expect_listed(&expect,
		      "a socket of a process with %d threads has one row",
		      NR_THREADS + 1);
	for (int i = 0; i < NR_THREADS; i++)
		thread_stop(&threads[i]);

	for (int i = 0; i < NR_THREADS; i++) {
		thread_start(&threads[i], open_socket, &socks[i]);
		expect_fd(&expect, socks[i]);
	}
	expect_listed(&expect, "what threads opened belongs to the process");
	for (int i = 0; i < NR_THREADS; i++)
		thread_stop(&threads[i]);
	expect_listed(&expect, "and stay when the threads have gone");
	return tap_done();
}
