// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * pid=: one process, with its threads and what waits in its unix sockets; processes that
 * are gone, or have another number elsewhere; pid=-, for which everybody has to be looked
 * at.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/answer.h"
#include "lib/array.h"
#include "lib/ask.h"
#include "lib/child.h"
#include "lib/population.h"
#include "lib/deadline.h"
#include "lib/sock.h"
#include "lib/tap.h"
#include "lib/thread.h"

static size_t wrong(const char *format, long number)
{
	struct answers answers = { 0 };
	char query[200];

	snprintf(query, sizeof(query), format, number);
	return answer_differences(&answers, query);
}

/* How many rows the query has, and in how many of them a column has a value. */
static size_t count(const char *column, const char *value, const char *format,
		    long number)
{
	struct table table;
	char query[200];
	size_t nr = 0;

	snprintf(query, sizeof(query), format, number);
	ask(&table, query);
	for (size_t row = 0; row < table.nr_rows; row++)
		nr += !column ||
		      !strcmp(table_cell(&table, row, column), value);
	table_free(&table);
	return nr;
}

static size_t count_rows(const char *format, long number)
{
	return count(NULL, NULL, format, number);
}

static void check_each(void)
{
	size_t faults = 0, rows = 0, scm = 0, thread = 0, all;
	unsigned int n;
	long pid;

	for (n = 0; (pid = population_pid(n)); n++) {
		faults += wrong("pid=%ld", pid);
		rows += count_rows("pid=%ld", pid);
		scm += count("holder", "scm", "pid=%ld", pid);
		thread += count("holder", "thread", "pid=%ld", pid);
	}
	pid = getpid();
	faults += wrong("pid=%ld", pid);
	rows += count_rows("pid=%ld", pid);
	scm += count("holder", "scm", "pid=%ld", pid);
	thread += count("holder", "thread", "pid=%ld", pid);
	tap_ok(!faults, "pid= each of %u processes", n + 1);
	all = count("holder", "scm", "holder=scm", 0);
	tap_ok(scm >= 12 && scm == all,
	       "with all that waits in their unix sockets: %zu", scm);
	all = count("holder", "thread", "holder=thread", 0);
	tap_ok(thread >= 3 && thread == all,
	       "and all that their threads have: %zu", thread);
	tap_ok(rows == count_rows("pid!=-,1", 0),
	       "together these are all rows of processes");
}

static void check_nobody(void)
{
	static const char *const queries[] = {
		"pid=-",
		"comm=-",
		"uid=-",
		"cgroup=-",
		"holder!=fd,thread,scm",
		"pid=- state=LISTEN",
		"pid=- lport=1001-3000",
		"holder=elsewhere",
		"holder=elsewhere,hidden",
		"pid=- family=inet6",
		"pid=- proto=udp,raw",
		"pid=-,1 laddr=127.0.0.0/8",
	};
	size_t faults = 0;

	for (size_t i = 0; i < ARRAY_SIZE(queries); i++)
		faults += wrong(queries[i], 0);
	tap_ok(!faults, "pid=-: who has no process, and nobody else");
	tap_ok(count_rows("holder=elsewhere", 0) == 4,
	       "elsewhere are the four of the io_uring");
}

static void hold(int control, void *arg)
{
	(void)arg;
	tell(control, 0);
	stay(control);
}

static bool has_only_header(const char *format, long number)
{
	char query[200], *text;
	bool only;

	snprintf(query, sizeof(query), format, number);
	text = ask_text(query);
	only = !strcmp(text, "pid\tinode\n");
	if (!only)
		tap_diag("%s: %s", query, text);
	free(text);
	return only;
}

static void have_nothing(struct thread *thread)
{
	(void)thread;
}

static void check_gone(void)
{
	struct child child, later;
	struct thread thread;
	bool before;
	bool passed;

	child_start(&child, hold, NULL);
	hear(child.control);
	/* Not to be taken for the one before it, which is not there any more. */
	child_start(&later, hold, NULL);
	hear(later.control);
	before = count_rows("pid=%ld", child.pid) > 0;
	kill(child.pid, SIGKILL);
	waitid(P_PID, child.pid, NULL, WEXITED | WNOWAIT);
	passed = before &&
		 has_only_header("columns=pid,inode pid=%ld", child.pid);
	tap_ok(passed, "a zombie: only the header");
	child_stop(&child);
	passed = has_only_header("columns=pid,inode pid=%ld", child.pid) &&
		 count_rows("pid=%ld", later.pid);
	tap_ok(passed,
	       "a process that is gone, with one behind: only the header");
	child_stop(&later);
	tap_ok(has_only_header("columns=pid,inode pid=2147483647", 0),
	       "one that never was: only the header");
	thread_start(&thread, have_nothing, NULL);
	tap_ok(has_only_header("columns=pid,inode pid=%ld", thread.tid),
	       "the number of a thread: only the header");
	thread_stop(&thread);
}

/* The main thread is a zombie; another one has its table. */
static void lose_leader(int control, void *arg)
{
	struct thread *thread = arg;

	thread_start(thread, have_nothing, NULL);
	tell(control, 0);
	pthread_exit(NULL);
}

static void check_leader(void)
{
	static struct thread thread;
	struct child child;

	child_start(&child, lose_leader, &thread);
	hear(child.control);
	if (!wait_until(child_leader_has_exited, &child))
		tap_bail("the main thread has not exited");
	tap_ok(!wrong("pid=%ld", child.pid) && count_rows("pid=%ld", child.pid),
	       "a process whose main thread has exited");
	child_stop(&child);
}

/* What waits is listed once: under the lowest of those that are asked about. */
static void check_shared_queue(void)
{
	struct child child;
	int ends[2], sock;
	long one, two;
	bool passed;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		tap_bail_errno("socketpair");
	sock = sock_open(AF_INET, SOCK_DGRAM, 0);
	sock_bind(sock, "127.0.0.1", 4000);
	send_descriptor(ends[0], sock);
	close(sock);
	child_start(&child, hold, NULL);
	hear(child.control);
	one = getpid() < child.pid ? getpid() : child.pid;
	two = getpid() < child.pid ? child.pid : getpid();
	passed = count("holder", "scm", "lport=4000", 0) == 1 &&
		 count("holder", "scm", "lport=4000 pid=%ld", one) == 1;
	tap_ok(passed, "a unix socket of two processes: under the lower one");
	tap_ok(count("holder", "scm", "lport=4000 pid=%ld", two) == 1,
	       "unless only the other one is asked about");
	tap_ok(count("holder", "scm", "lport=4000 pid!=%ld", one) == 0,
	       "but not if also those without a process are");
	child_stop(&child);
	close(ends[0]);
	close(ends[1]);
}

/* The first process of a pid namespace, with a procfs of its own. */
static void be_inside(int control, void *arg)
{
	(void)arg;
	if (unshare(CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("proc", "/proc", "proc", 0, NULL))
		tap_bail_errno("a procfs of the namespace");
	tell(control, count("pid", "1", "pid=1", 0));
	tell(control, count_rows("pid=1", 0));
	tell(control, count_rows("pid=%ld", hear(control)));
	stay(control);
}

static void check_namespace(void)
{
	struct child child;
	long mine, all;

	child_start_flags(&child, CLONE_NEWPID, be_inside, NULL);
	mine = hear(child.control);
	all = hear(child.control);
	tap_ok(mine > 0 && mine == all,
	       "numbers are those of the procfs that is asked");
	tell(child.control, getpid());
	tap_is_number(hear(child.control), 0,
		      "who has none there cannot be asked for");
	child_stop(&child);
}

int main(void)
{
	tap_plan(4 + 2 + 4 + 1 + 3 + 2);
	population_make();
	check_each();
	check_nobody();
	check_gone();
	check_leader();
	check_shared_queue();
	check_namespace();
	population_end();
	return tap_done();
}
