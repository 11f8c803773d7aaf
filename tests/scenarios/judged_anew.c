// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * A process changes between two readings of one descriptor. It is judged by
 * what it is when its rows are collected, not by what it was at open().
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/child.h"
#include "lib/expect.h"
#include "lib/holder.h"
#include "lib/listing.h"
#include "lib/net.h"
#include "lib/program.h"
#include "lib/rights.h"
#include "lib/tap.h"

#define USER  1000
#define OTHER 2000

static void drop_root(void)
{
	rights_user(USER, USER);
}

static void allow_dump(void)
{
	rights_dumpable(true);
}

static void forbid_dump(void)
{
	rights_dumpable(false);
}

static void be_user(void)
{
	rights_user(USER, USER);
	rights_dumpable(true);
}

static void be_other(void)
{
	rights_user(OTHER, OTHER);
	rights_dumpable(true);
}

static void be_service(void)
{
	rights_user_with(USER, USER, CAP_BIT(CAP_NET_BIND_SERVICE), true);
	rights_dumpable(true);
}

static void drop_capability(void)
{
	rights_keep(0);
}

static void become(unsigned int real, unsigned int effective,
		   unsigned int saved)
{
	if (syscall(SYS_setresuid, real, effective, saved))
		tap_bail_errno("setresuid");
	rights_dumpable(true);
}

static void save_other(void)
{
	rights_user(0, USER);
	become(USER, USER, OTHER);
}

static void be_other_effectively(void)
{
	become(USER, OTHER, OTHER);
}

static void come_back(void)
{
	become(USER, USER, OTHER);
}

static void forget_other(void)
{
	become(USER, USER, USER);
}

static void own_user_namespace(void)
{
	if (unshare(CLONE_NEWUSER))
		tap_bail_errno("a user namespace");
}

/* What the process does, in the order of the table, in each line one thing. */
static const struct step {
	const char *claim;
	void (*change)(void);
	const char *program; /* executes it after that */
	bool named;
	bool first; /* of a new process */
} steps[] = {
	{ "root is hidden", .first = true },
	{ "who drops root cannot be dumped: hidden", .change = drop_root },
	{ "until it says so: named", .change = allow_dump, .named = true },
	{ "it wants no dump: hidden", .change = forbid_dump },
	{ "it allows it again: named", .change = allow_dump, .named = true },
	{ "it executes what it cannot read: hidden",
	  .program = PROGRAM_EXECUTE_ONLY },
	{ "what it can read: named", .program = PROGRAM_READABLE,
	  .named = true },
	{ "a set-uid program: hidden", .program = PROGRAM_SET_UID },
	{ "which becomes another user: hidden", .change = be_other },

	{ "user with a capability: hidden", .change = be_service,
	  .first = true },
	{ "drops it: named", .change = drop_capability, .named = true },
	{ "in a user namespace of its own: named", .change = own_user_namespace,
	  .named = true },
	{ "it wants no dump there: hidden", .change = forbid_dump },

	{ "user with another saved id: hidden", .change = save_other,
	  .first = true },
	{ "makes it the effective one: hidden",
	  .change = be_other_effectively },
	{ "goes back: still hidden", .change = come_back },
	{ "forgets the other: named", .change = forget_other, .named = true },

	{ "other user: hidden", .change = be_other, .first = true },
};

static void take_steps(int control, size_t number)
{
	for (;; number++) {
		hear(control);
		if (steps[number].change)
			steps[number].change();
		if (steps[number].program)
			program_execute(steps[number].program, number + 1,
					control);
		tell(control, 0);
	}
}

static void live(int control, void *arg)
{
	const size_t *number = arg;

	holder_begin(control);
	take_steps(control, *number);
}

/* It has executed a step's program; the next one is still to come. */
static int go_on(char *argv[])
{
	int control;
	size_t number = program_begin(argv, &control);

	tell(control, 0);
	take_steps(control, number);
	return 0;
}

static int open_listing(void)
{
	int fd = open(LISTING_PATH, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		tap_bail_errno("%s", LISTING_PATH);
	return fd;
}

static void open_as_user(int control, void *arg)
{
	(void)arg;
	be_user();
	send_descriptor(control, open_listing());
	stay(control);
}

int main(int argc, char *argv[])
{
	struct child opener, process;
	int of_user, of_root, fd = -1;

	if (program_was_executed(argc))
		return go_on(argv);
	tap_plan(2 * ARRAY_SIZE(steps));
	program_copies();
	net_enter_new();
	child_start(&opener, open_as_user, NULL);
	of_user = receive_descriptor(opener.control);
	of_root = open_listing();

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		struct expect expect = { 0 };

		if (steps[i].first) {
			if (i)
				child_stop(&process);
			child_start(&process, live, &i);
			fd = hear(process.control);
		}
		tell(process.control, 0);
		hear(process.control);
		holder_expect(&expect, process.pid, fd, steps[i].named);
		holder_expect_in(&expect, of_user, "%s", steps[i].claim);
		expect_clear(&expect);
		holder_expect(&expect, process.pid, fd, true);
		holder_expect_in(&expect, of_root, "for root it is named");
		expect_clear(&expect);
	}
	child_stop(&process);
	child_stop(&opener);
	return tap_done();
}
