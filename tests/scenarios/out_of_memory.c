// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * The memory cgroup of a reader is full, a page more or less: open() or read()
 * fails with ENOMEM. The OOM killer is never called, and a listing that ends
 * without an error is whole.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/cgroup.h"
#include "lib/child.h"
#include "lib/deadline.h"
#include "lib/listing.h"
#include "lib/net.h"
#include "lib/processor.h"
#include "lib/program.h"
#include "lib/rights.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define USER	   1000
#define NR_SOCKETS 5000
#define NR_CLAIMS  11

/* What the kernel needs to open any file, and more than a listing takes. */
#define PAGE	   4096
#define LEAST_ROOM (8 * PAGE)
#define MOST_ROOM  (96 * PAGE)

enum {
	OPEN,
	READ,
	READ_ON,
	CLOSE
};

/* Once in each row of one of the sockets, and in no other. */
static const char row_mark[] = "\tudp\t";

/*
 * Memory that the reader has in common with who asks. A message to answer with
 * would be charged to the cgroup too.
 */
struct answer {
	atomic_bool given;
	int error;
	long rows;
};

static struct answer *answer;

static char buffer[64 * 1024];
static int listing = -1;

/* Counts rows where the text comes in pieces that end anywhere. */
static void count_rows(const char *text, size_t length)
{
	static size_t matched;

	for (size_t i = 0; i < length; i++) {
		if (text[i] != row_mark[matched])
			matched = 0;
		if (text[i] == row_mark[matched])
			matched++;
		if (matched == strlen(row_mark)) {
			answer->rows++;
			matched = 0;
		}
	}
}

static int read_on(void)
{
	ssize_t got;

	while ((got = read(listing, buffer, sizeof(buffer))) > 0)
		count_rows(buffer, got);
	return got < 0 ? errno : 0;
}

static int obey(long what)
{
	if (what == OPEN) {
		listing = open(LISTING_PATH, O_RDONLY | O_CLOEXEC);
		return listing < 0 ? errno : 0;
	}
	if (what == CLOSE) {
		if (listing >= 0)
			close(listing);
		listing = -1;
		return 0;
	}
	if (what == READ_ON)
		return read_on();
	answer->rows = 0;
	return lseek(listing, 0, SEEK_SET) ? errno : read_on();
}

static void serve(int control, void *arg)
{
	(void)arg;
	hear(control); /* until it is in the cgroup */
	cgroup_have_memory();
	rights_user(USER, USER);
	tell(control, 0);
	for (;;) {
		answer->error = obey(hear(control));
		answer->given = true;
	}
}

/* The sockets that are read: of the same user, who shows them. */
static void hold(int control, void *arg)
{
	(void)arg;
	for (int i = 0; i < NR_SOCKETS; i++)
		sock_open(AF_INET, SOCK_DGRAM, 0);
	rights_user(USER, USER);
	rights_dumpable(true);
	tell(control, 0);
	stay(control);
}

static struct cgroup cgroup;
static struct child reader;

static bool is_over(void *unused)
{
	siginfo_t ended = { 0 };

	(void)unused;
	return answer->given || (!waitid(P_PID, reader.pid, &ended,
					 WEXITED | WNOHANG | WNOWAIT) &&
				 ended.si_pid);
}

/* Returns the error. */
static int ask(long what)
{
	answer->given = false;
	tell(reader.control, what);
	if (!wait_until(is_over, NULL))
		tap_bail("the reader does not answer");
	if (!answer->given)
		tap_bail("the reader was killed, %zu by the OOM killer",
			 cgroup_killed(&cgroup));
	return answer->error;
}

static void check_open(void)
{
	int failed = 0, opened = 0, other = 0;

	for (size_t room = LEAST_ROOM; room <= MOST_ROOM; room += PAGE) {
		int error;

		cgroup_leave_room(&cgroup, room);
		error = ask(OPEN);
		opened += !error;
		failed += error == ENOMEM;
		other += error && error != ENOMEM;
		cgroup_limit(&cgroup, 0);
		ask(CLOSE);
	}
	tap_diag("open: %d times ENOMEM, %d times not", failed, opened);
	tap_ok(failed && opened, "open() fails with too little memory");
	tap_is_number(other, 0, "and always with ENOMEM");
	tap_is_number(cgroup_killed(&cgroup), 0,
		      "the OOM killer is not called");
}

static bool is_whole(int error)
{
	return !error && answer->rows == NR_SOCKETS;
}

static void check_read(void)
{
	int failed = 0, whole = 0, shorter = 0, other = 0;
	int goes_on = 0, stays = 0;

	for (size_t room = PAGE; room <= MOST_ROOM; room += PAGE) {
		int error;

		if (ask(OPEN))
			tap_bail("open() fails without a limit");
		cgroup_leave_room(&cgroup, room);
		error = ask(READ);
		whole += is_whole(error);
		shorter += !error && !is_whole(error);
		failed += error == ENOMEM;
		other += error && error != ENOMEM;
		cgroup_limit(&cgroup, 0);
		if (error) {
			goes_on += ask(READ_ON) != error;
			stays += !is_whole(ask(READ));
		}
		ask(CLOSE);
	}
	tap_diag("read: %d times ENOMEM, %d times not", failed, whole);
	tap_ok(failed && whole, "read() fails with too little memory");
	tap_is_number(other, 0, "and always with ENOMEM");
	tap_is_number(shorter, 0, "no listing is shorter");
	tap_is_number(goes_on, 0, "a listing that has failed does not go on");
	tap_is_number(stays, 0, "from its start it can be read again");
	tap_is_number(cgroup_killed(&cgroup), 0,
		      "the OOM killer is not called");
}

static void check_others(void)
{
	struct listing whole;
	int fd;

	cgroup_leave_room(&cgroup, LEAST_ROOM);
	tap_is_text(strerror(ask(OPEN)), strerror(ENOMEM),
		    "the user cannot open it");
	fd = open(LISTING_PATH, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		tap_bail_errno("%s", LISTING_PATH);
	close(fd);
	listing_read(&whole);
	tap_ok(whole.nr_rows >= NR_SOCKETS, "root reads meanwhile");
	listing_free(&whole);
	cgroup_limit(&cgroup, 0);
}

/*
 * Each processor charges in advance, and takes what it has freed for that. Only
 * the one where the limit is set gives it back at once.
 */
static void use_one_processor(void)
{
	run_on(0);
}

static void check(void)
{
	struct child holder;

	use_one_processor();
	answer = mmap(NULL, sizeof(*answer), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (answer == MAP_FAILED)
		tap_bail_errno("mmap");
	allow_descriptors(NR_SOCKETS + 100);
	child_start(&holder, hold, NULL);
	hear(holder.control);
	cgroup_make(&cgroup, "full");
	child_start(&reader, serve, NULL);
	cgroup_enter(&cgroup, reader.pid);
	tell(reader.control, 0);
	hear(reader.control);

	check_open();
	check_read();
	check_others();

	child_stop(&reader);
	child_stop(&holder);
	cgroup_remove(&cgroup);
}

int main(void)
{
	tap_plan(NR_CLAIMS);
	program_copies();
	net_enter_new();
	if (cgroup_mount()) {
		check();
	} else {
		for (int i = 0; i < NR_CLAIMS; i++)
			tap_skip("memory cannot be limited here", "claim %d",
				 i + 1);
	}
	return tap_done();
}
