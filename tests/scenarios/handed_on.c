// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Descriptors of the file that are handed on: to another user, to a set-uid
 * program, or kept by another when the opener executes one. They have the
 * rights of who opened the file, and only those.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/expect.h"
#include "lib/holder.h"
#include "lib/listing.h"
#include "lib/net.h"
#include "lib/program.h"
#include "lib/rights.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define USER  1000
#define OTHER 2000

/* What a program that was executed does. */
enum {
	COPY,
	HOLD
};

static struct child root, user, other;
static int root_fd, user_fd, other_fd;

static void be_user_afresh(void)
{
	rights_user(USER, USER);
}

static void be_other_afresh(void)
{
	rights_user(OTHER, OTHER);
}

static void be_user(void)
{
	be_user_afresh();
	rights_dumpable(true);
}

static void be_other(void)
{
	be_other_afresh();
	rights_dumpable(true);
}

static int open_listing(void)
{
	int fd = open(LISTING_PATH, O_RDONLY);

	if (fd < 0)
		tap_bail_errno("%s", LISTING_PATH);
	return fd;
}

/* A file that has no name and no rights. */
static int new_copy(void)
{
	int copy = memfd_create("copy", 0);

	if (copy < 0)
		tap_bail_errno("memfd_create");
	return copy;
}

static void copy_text(int from, int to)
{
	char buffer[4096];
	ssize_t got;

	while ((got = read(from, buffer, sizeof(buffer))) > 0)
		if (write(to, buffer, got) != got)
			tap_bail_errno("write");
	if (got < 0)
		tap_bail_errno("read");
}

/* The three that hold a socket all the time. */
static void expect_three(struct expect *expect, bool root_named,
			 bool other_named)
{
	holder_expect(expect, root.pid, root_fd, root_named);
	holder_expect(expect, user.pid, user_fd, true);
	holder_expect(expect, other.pid, other_fd, other_named);
}

struct reading {
	int from, to;
	void (*become)(void);
};

static void read_handed(int control, void *arg)
{
	const struct reading *reading = arg;

	reading->become();
	holder_begin(control);
	hear(control);
	copy_text(reading->from, reading->to);
	tell(control, 0);
	stay(control);
}

/* Only now: what is expected is asked of copies of the sockets. */
static void let_read(struct child *reader)
{
	tell(reader->control, 0);
	hear(reader->control);
}

static void check_of_root(void)
{
	struct reading reading = { open_listing(), new_copy(), be_user_afresh };
	struct expect expect = { 0 };
	struct child reader;

	child_start(&reader, read_handed, &reading);
	expect_three(&expect, true, true);
	holder_expect(&expect, reader.pid, hear(reader.control), true);
	let_read(&reader);
	holder_expect_in(&expect, reading.to,
			 "opened by root, read by a user: what root may see");
	expect_clear(&expect);
	child_stop(&reader);
	close(reading.from);
	close(reading.to);
}

/* Opens the file, hands it to the parent, and is asked for a child. */
static void open_and_hand(int control, void *arg)
{
	struct child child;

	(void)arg;
	be_user_afresh();
	holder_begin(control);
	send_descriptor(control, open_listing());
	hear(control);
	holder_start(&child, NULL);
	tell(control, child.pid);
	tell(control, hear(child.control));
	stay(control);
	child_stop(&child);
}

static void check_of_user(void)
{
	struct reading reading = { .to = new_copy(),
				   .become = be_other_afresh };
	struct child opener, reader;
	struct expect expect = { 0 };
	pid_t descendant;
	int own, fd;

	child_start(&opener, open_and_hand, NULL);
	own = tcp_listen("127.0.0.1", 1);
	expect_three(&expect, false, false);
	holder_expect(&expect, opener.pid, hear(opener.control), true);
	holder_expect(&expect, getpid(), own, false);
	fd = receive_descriptor(opener.control);
	holder_expect_in(&expect, fd,
			 "opened by a user, read by root: what the user may");

	close(own); /* or the next one has it too */
	expect_clear(&expect);
	reading.from = fd;
	lseek(fd, 0, SEEK_SET);
	child_start(&reader, read_handed, &reading);
	expect_three(&expect, false, false);
	holder_expect(&expect, reader.pid, hear(reader.control), false);
	let_read(&reader);
	holder_expect_in(&expect, reading.to,
			 "read by another user: what the first one may");
	child_stop(&reader);
	expect_clear(&expect);

	tell(opener.control, 0);
	expect_three(&expect, false, false);
	descendant = hear(opener.control);
	holder_expect(&expect, descendant, hear(opener.control), false);
	holder_expect_in(&expect, fd,
			 "a child of the opener is not the opener");
	expect_clear(&expect);
	child_stop(&opener);
	close(reading.to);
	close(fd);
}

static void copy_as_root(int control, void *arg)
{
	int *to = arg;

	be_user();
	holder_begin(control);
	if (dup2(open_listing(), STDIN_FILENO) || dup2(*to, STDOUT_FILENO) < 0)
		tap_bail_errno("dup2");
	program_execute(PROGRAM_SET_UID, COPY, control);
}

static void check_set_uid(void)
{
	struct expect expect = { 0 };
	struct child program;
	int to = new_copy();
	int before, after;

	child_start(&program, copy_as_root, &to);
	before = hear(program.control);
	tap_is_number(hear(program.control), 0, "a set-uid program is root");
	after = hear(program.control);
	expect_three(&expect, false, false);
	holder_expect(&expect, program.pid, before, false);
	holder_expect(&expect, program.pid, after, false);
	let_read(&program);
	holder_expect_in(&expect, to,
			 "a user gives it the file: what the user may see");
	expect_clear(&expect);
	child_stop(&program);
	close(to);
}

static void open_and_execute(int control, void *arg)
{
	const char *path = arg;

	be_user_afresh();
	holder_begin(control);
	send_descriptor(control, open_listing());
	hear(control);
	program_execute(path, HOLD, control);
}

static void check_execute(char *path, uid_t becomes, bool named)
{
	struct expect expect = { 0 };
	int before, after, fd;
	struct child opener;

	child_start(&opener, open_and_execute, path);
	before = hear(opener.control);
	fd = receive_descriptor(opener.control);
	expect_three(&expect, false, false);
	holder_expect(&expect, opener.pid, before, true);
	holder_expect_in(&expect, fd, "the opener is named before %s", path);
	expect_clear(&expect);

	tell(opener.control, 0);
	tap_is_number(hear(opener.control), becomes, "it is user %u there",
		      becomes);
	after = hear(opener.control);
	expect_three(&expect, false, false);
	holder_expect(&expect, opener.pid, before, named);
	holder_expect(&expect, opener.pid, after, named);
	holder_expect_in(&expect, fd, "and %s when it has executed that",
			 named ? "named" : "hidden");
	expect_clear(&expect);
	child_stop(&opener);
	close(fd);
}

static int go_on(char *argv[])
{
	int control;
	size_t what = program_begin(argv, &control);

	tell(control, geteuid());
	holder_begin(control);
	if (what == COPY) {
		hear(control);
		copy_text(STDIN_FILENO, STDOUT_FILENO);
		tell(control, 0);
	}
	stay(control);
	return 0;
}

int main(int argc, char *argv[])
{
	if (program_was_executed(argc))
		return go_on(argv);
	tap_plan(15);
	program_copies();
	net_enter_new();
	holder_start(&root, NULL);
	holder_start(&user, be_user);
	holder_start(&other, be_other);
	root_fd = hear(root.control);
	user_fd = hear(user.control);
	other_fd = hear(other.control);

	check_of_root();
	check_of_user();
	check_set_uid();
	check_execute(PROGRAM_SET_UID, 0, false);
	check_execute(PROGRAM_EXECUTE_ONLY, USER, false);
	check_execute(PROGRAM_READABLE, USER, true);
	child_stop(&root);
	child_stop(&user);
	child_stop(&other);
	return tap_done();
}
