// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * The file in a procfs of another pid namespace. Processes have the numbers
 * they have there. Processes that are not in it are not shown: what they hold is
 * hidden.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/child.h"
#include "lib/expect.h"
#include "lib/sock.h"
#include "lib/tap.h"
#include "lib/thread.h"

/* Memory that the processes inside and outside have in common. */
struct situation {
	int outer; /* a socket that no process inside has */
	int shared; /* one that all have */
	/* Numbers in the namespace. */
	pid_t first, second, thread;
	/* What the first process finds. */
	size_t differences;
	size_t strangers;
};

static void hold(int control, void *arg)
{
	(void)arg;
	tell(control, 0);
	stay(control);
}

static void have_own(struct thread *thread)
{
	(void)thread;
	thread_own_table();
}

/* The socket is held, but by nobody who has a number for the reader. */
static void expect_hidden(struct expect *expect, int sock)
{
	static const enum column none[] = { PID, FD, OWNER, COMM };
	struct expected_row row;

	row_of_socket(&row, getpid(), sock, sock);
	for (size_t i = 0; i < ARRAY_SIZE(none); i++)
		row_set(&row, none[i], "-");
	row_set(&row, HOLDER, "hidden");
	expect_row(expect, &row);
}

/* How many rows name a process that this procfs does not have? */
static size_t count_strangers(const struct listing *listing)
{
	size_t found = 0;

	for (size_t i = 0; i < listing->nr_rows; i++) {
		const char *pid = listing->rows[i].field[PID];
		char path[64];

		snprintf(path, sizeof(path), "/proc/%s", pid);
		if (strcmp(pid, "-") && access(path, F_OK))
			found++;
	}
	return found;
}

/* The first process of the namespace. */
static void be_inside(int control, void *arg)
{
	struct situation *situation = arg;
	struct expect expect = { 0 };
	int shared = situation->shared;
	struct listing listing;
	struct thread thread;
	struct child second;

	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("proc", "/proc", "proc", 0, NULL))
		tap_bail_errno("a procfs of the namespace");
	expect_hidden(&expect, situation->outer);
	close(situation->outer);
	child_start(&second, hold, NULL);
	hear(second.control);
	thread_start(&thread, have_own, NULL);
	situation->first = getpid();
	situation->second = second.pid;
	situation->thread = thread.tid;

	expect_fd(&expect, shared);
	expect_shared(&expect, second.pid, shared, shared);
	expect_thread(&expect, getpid(), thread.tid, shared, shared);
	listing_read(&listing);
	situation->differences = expect_differences(&expect, &listing);
	situation->strangers = count_strangers(&listing);
	tell(control, 0);
	stay(control);
	child_stop(&second);
}

/* The thread of process @pid that is not its leader. */
static pid_t second_thread(pid_t pid)
{
	struct dirent *entry;
	char path[64];
	pid_t found = 0;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	tasks = opendir(path);
	if (!tasks)
		tap_bail_errno("%s", path);
	while ((entry = readdir(tasks)))
		if (atoi(entry->d_name) > 0 && atoi(entry->d_name) != pid)
			found = atoi(entry->d_name);
	closedir(tasks);
	return found;
}

/* The three holders inside, by the numbers that they have for the reader. */
static void expect_inside(struct expect *expect, int sock, pid_t outside,
			  pid_t first, pid_t second, pid_t thread)
{
	struct expected_row row;

	/* Name and user are looked up under the number outside. */
	row_of_socket(&row, outside, sock, sock);
	row_set(&row, PID, "%d", first);
	expect_row(expect, &row);
	row_set(&row, PID, "%d", second);
	expect_row(expect, &row);
	row_of_thread(&row, outside, thread, sock, sock);
	row_set(&row, PID, "%d", first);
	expect_row(expect, &row);
}

int main(void)
{
	struct situation *situation;
	struct expect expect = { 0 };
	struct listing listing;
	struct child child;
	char path[64];

	tap_plan(5);
	situation = mmap(NULL, sizeof(*situation), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (situation == MAP_FAILED)
		tap_bail_errno("mmap");
	situation->outer = tcp_listen("127.0.0.1", 1);
	situation->shared = tcp_listen("127.0.0.1", 1);
	child_start_flags(&child, CLONE_NEWPID | CLONE_NEWNS, be_inside,
			  situation);
	hear(child.control);

	tap_is_number(situation->first, 1, "the process is number 1 inside");
	tap_is_number(situation->differences, 0,
		      "read inside: the numbers inside");
	tap_is_number(situation->strangers, 0,
		      "read inside: no process from outside");

	expect_fd(&expect, situation->outer);
	expect_fd(&expect, situation->shared);
	expect_inside(&expect, situation->shared, child.pid, child.pid,
		      child_below(child.pid), second_thread(child.pid));
	expect_listed(&expect, "read outside: the numbers outside");
	expect_clear(&expect);

	/* What counts is the mount, not who reads. */
	snprintf(path, sizeof(path), "/proc/%d/root%s", child.pid,
		 LISTING_PATH);
	expect_hidden(&expect, situation->outer);
	expect_inside(&expect, situation->shared, child.pid, situation->first,
		      situation->second, situation->thread);
	listing_read_at(&listing, path, 4096);
	expect_in(&expect, &listing,
		  "inside's mount read outside: the numbers inside");
	child_stop(&child);
	return tap_done();
}
