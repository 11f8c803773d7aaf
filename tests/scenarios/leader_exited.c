// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * A process whose main thread has exited while others go on. Its descriptors
 * are still the process's own, and private tables are still their threads'.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/deadline.h"
#include "lib/expect.h"
#include "lib/sock.h"
#include "lib/tap.h"
#include "lib/thread.h"

struct situation {
	int common; /* in the table of the process */
	int of_thread; /* in that of one thread */
	bool private;
	bool private_first; /* that thread is the lower of the two */
};

static void have_own(struct thread *thread)
{
	struct situation *situation = thread->arg;

	if (!situation->private)
		return;
	thread_own_table();
	close(situation->common);
}

/* The main thread exits; two threads stay until the process is killed. */
static void lose_leader(int control, void *arg)
{
	static struct thread stays, has_own;
	struct situation *situation = arg;

	if (situation->private_first)
		thread_start(&has_own, have_own, situation);
	thread_start(&stays, NULL, NULL);
	if (!situation->private_first)
		thread_start(&has_own, have_own, situation);
	close(situation->of_thread);
	tell(control, stays.tid);
	tell(control, has_own.tid);
	syscall(SYS_exit, 0);
}

static void check(bool private, bool private_first, const char *claim)
{
	struct situation situation = { -1, -1, private, private_first };
	struct expect expect = { 0 };
	pid_t common, own;
	struct child child;

	situation.common = tcp_listen("127.0.0.1", 1);
	situation.of_thread = tcp_listen("::1", 1);
	child_start(&child, lose_leader, &situation);
	common = hear(child.control);
	own = hear(child.control);
	if (!wait_until(child_leader_has_exited, &child))
		tap_bail("the main thread does not exit");

	expect_fd(&expect, situation.common);
	expect_fd(&expect, situation.of_thread);
	if (private && own < common) {
		expect_shared(&expect, child.pid, situation.of_thread,
			      situation.of_thread);
		expect_thread(&expect, child.pid, common, situation.common,
			      situation.common);
	} else {
		expect_shared(&expect, child.pid, situation.common,
			      situation.common);
	}
	if (private && own > common)
		expect_thread(&expect, child.pid, own, situation.of_thread,
			      situation.of_thread);
	expect_listed(&expect, "main thread gone: %s", claim);
	expect_clear(&expect);
	child_stop(&child);
	close(situation.common);
	close(situation.of_thread);
}

int main(void)
{
	tap_plan(3);
	check(false, false, "the common table is still the process's");
	check(true, false, "a private table is still its thread's");
	check(true, true, "the lowest thread's table stands for the process's");
	return tap_done();
}
