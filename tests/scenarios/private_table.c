// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Threads with a file table of their own. Its descriptors have rows that name
 * the thread; a table that several threads share is listed once, under the
 * lowest of them.
 */
#define _GNU_SOURCE
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/expect.h"
#include "lib/sock.h"
#include "lib/tap.h"
#include "lib/thread.h"

#define NR_THREADS 3

static struct expect expect;
static int listener;

static pid_t lower(pid_t a, pid_t b)
{
	return a < b ? a : b;
}

static void have_own(struct thread *thread)
{
	int *sock = thread->arg;

	thread_own_table();
	prctl(PR_SET_NAME, "another name");
	if (!sock)
		return;
	*sock = tcp_listen("127.0.0.1", 1);
	expect_thread(&expect, getpid(), thread->tid, listener, listener);
	expect_thread(&expect, getpid(), thread->tid, *sock, *sock);
}

static void check_one(void)
{
	struct thread thread;
	int sock;

	expect_fd(&expect, listener);
	thread_start(&thread, have_own, &sock);
	expect_listed(&expect, "a thread with its own table: rows of its own");
	thread_stop(&thread);
	expect_clear(&expect);
	expect_fd(&expect, listener);
	expect_listed(&expect, "the thread has gone: so have its rows");
	expect_clear(&expect);
}

/* The same descriptor number in each table, for another socket. */
static void check_several(void)
{
	struct thread threads[NR_THREADS];
	int socks[NR_THREADS];

	expect_fd(&expect, listener);
	for (int i = 0; i < NR_THREADS; i++)
		thread_start(&threads[i], have_own, &socks[i]);
	tap_ok(socks[0] == socks[1] && socks[1] == socks[2],
	       "three tables use the same descriptor number");
	expect_listed(&expect, "three private tables, each with its own rows");
	for (int i = 0; i < NR_THREADS; i++)
		thread_stop(&threads[i]);
	expect_clear(&expect);
}

/* A thread made by one that has a table of its own shares that table. */
struct family {
	struct thread parent;
	struct thread child;
	int sock;
};

static void have_own_and_share(struct thread *thread)
{
	struct family *family = thread->arg;

	thread_own_table();
	family->sock = tcp_listen("::1", 1);
	thread_start(&family->child, NULL, NULL);
}

static void expect_family(const struct family *family, pid_t tid, int sock)
{
	struct expected_row row;

	row_of_thread(&row, getpid(), tid, listener, listener);
	expect_row(&expect, &row);
	/* The socket is in the table of the threads; @sock is a copy of it. */
	row_of_thread(&row, getpid(), tid, family->sock, sock);
	expect_row(&expect, &row);
}

static pid_t lowest(const struct family *family)
{
	return lower(family->parent.tid, family->child.tid);
}

/* Hands a descriptor of a private table to the process's own. */
static void hand_over(struct thread *thread)
{
	struct family *family = thread->arg;

	have_own_and_share(thread);
	send_descriptor(10, family->sock);
}

static void check_shared(void)
{
	struct family family;
	int ends[2];
	int copy;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) || dup2(ends[0], 10) < 0)
		tap_bail_errno("socketpair");
	thread_start(&family.parent, hand_over, &family);
	copy = receive_descriptor(ends[1]);
	expect_fd(&expect, listener);
	expect_fd(&expect, copy);
	expect_family(&family, lowest(&family), copy);
	expect_listed(&expect,
		      "two threads on one table: once, under the lower");
	expect_clear(&expect);

	thread_stop(&family.parent);
	expect_fd(&expect, listener);
	expect_fd(&expect, copy);
	expect_family(&family, family.child.tid, copy);
	expect_listed(&expect,
		      "one of the two has gone: listed under the other");
	expect_clear(&expect);

	thread_stop(&family.child);
	expect_fd(&expect, listener);
	expect_fd(&expect, copy);
	expect_listed(&expect, "both have gone");
	expect_clear(&expect);
	close(copy);
	close(10);
	close(ends[0]);
	close(ends[1]);
}

/*
 * The leader leaves the common table to its threads: its own is the process's
 * table now, the common one is listed under the lowest thread.
 */
static void leave_table(int control, void *arg)
{
	struct thread threads[2];

	(void)arg;
	thread_start(&threads[0], NULL, NULL);
	thread_start(&threads[1], NULL, NULL);
	thread_own_table();
	tell(control,
	     threads[0].tid < threads[1].tid ? threads[0].tid : threads[1].tid);
	stay(control);
}

static void check_leader(void)
{
	struct child child;
	pid_t tid;

	child_start(&child, leave_table, NULL);
	tid = hear(child.control);
	expect_fd(&expect, listener);
	expect_shared(&expect, child.pid, listener, listener);
	expect_thread(&expect, child.pid, tid, listener, listener);
	expect_listed(&expect, "the main thread left the table: fd is its own");
	child_stop(&child);
	expect_clear(&expect);
}

/* Many more tables than threads of an ordinary process have. */
static void check_many(void)
{
	static struct thread threads[100];

	expect_fd(&expect, listener);
	for (int i = 0; i < 100; i++) {
		thread_start(&threads[i], have_own, NULL);
		expect_thread(&expect, getpid(), threads[i].tid, listener,
			      listener);
	}
	expect_listed(&expect, "a hundred private tables");
	for (int i = 0; i < 100; i++)
		thread_stop(&threads[i]);
	expect_clear(&expect);
}

int main(void)
{
	tap_plan(9);
	listener = tcp_listen("127.0.0.1", 1);
	check_one();
	check_several();
	check_shared();
	check_leader();
	check_many();
	return tap_done();
}
