// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Few sockets, sent so often that their rows would take 8 MB: a reader that has room
 * for a quarter of that lists all of them. One that pauses meanwhile does not mind that
 * who holds the queues ends.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/cgroup.h"
#include "lib/child.h"
#include "lib/listing.h"
#include "lib/net.h"
#include "lib/processor.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define EACH	 250 /* references in a message */
#define MESSAGES 12 /* in a queue */
#define QUEUES	 16
#define WAITING	 (EACH * MESSAGES * QUEUES)
#define ROOM	 (2 << 20)
#define PART	 (100 * 1024) /* less than the rows of one queue */

static char buffer[64 * 1024];

/* In each row of one that waits, and in no other. */
static const char mark[] = "\tscm\t";

static size_t matched;
static long rows;

static void count_rows(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] != mark[matched])
			matched = 0;
		if (text[i] == mark[matched])
			matched++;
		if (matched == strlen(mark)) {
			rows++;
			matched = 0;
		}
	}
}

/* Returns the error; reads on to the end if there are fewer bytes. */
static int read_bytes(int listing, size_t bytes)
{
	ssize_t got = 1;

	while (bytes && got > 0) {
		size_t wanted = bytes < sizeof(buffer) ? bytes : sizeof(buffer);

		got = read(listing, buffer, wanted);
		if (got > 0) {
			count_rows(buffer, got);
			bytes -= got;
		}
	}
	return got < 0 ? errno : 0;
}

static void serve(int control, void *arg)
{
	int listing, error;

	(void)arg;
	hear(control); /* until it is in the cgroup */
	cgroup_have_memory();
	tell(control, 0);
	hear(control); /* until there is no more room there */
	listing = open(LISTING_PATH, O_RDONLY | O_CLOEXEC);
	error = listing < 0 ? errno : read_bytes(listing, PART);
	tell(control, error);
	tell(control, rows);
	hear(control);
	error = error ?: read_bytes(listing, -1);
	tell(control, error);
	tell(control, rows);
	stay(control);
}

static void hold(int control, void *arg)
{
	int sock = udp_open("127.0.0.1");
	int fds[EACH];

	(void)arg;
	for (int i = 0; i < EACH; i++)
		fds[i] = sock;
	for (int i = 0; i < QUEUES; i++) {
		int ends[2];

		if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
			tap_bail_errno("socketpair");
		for (int j = 0; j < MESSAGES; j++)
			send_descriptors(ends[0], fds, EACH);
	}
	tell(control, 0);
	stay(control);
}

struct reading {
	long error, rows; /* in the middle */
	long end_error, end_rows;
	size_t killed;
};

/* One listing, in the middle of which the holder may end. */
static struct reading read_limited(bool ends)
{
	struct child holder, reader;
	struct reading reading;
	struct cgroup cgroup;

	child_start(&holder, hold, NULL);
	hear(holder.control);
	cgroup_make(&cgroup, "scm");
	child_start(&reader, serve, NULL);
	cgroup_enter(&cgroup, reader.pid);
	tell(reader.control, 0);
	hear(reader.control);
	cgroup_leave_room(&cgroup, ROOM);
	tell(reader.control, 0);
	reading.error = hear(reader.control);
	reading.rows = hear(reader.control);
	if (ends)
		child_stop(&holder);
	tell(reader.control, 0);
	reading.end_error = hear(reader.control);
	reading.end_rows = hear(reader.control);
	reading.killed = cgroup_killed(&cgroup);
	cgroup_limit(&cgroup, 0);
	child_stop(&reader);
	if (!ends)
		child_stop(&holder);
	cgroup_remove(&cgroup);
	return reading;
}

static void check(void)
{
	struct reading reading;

	/* See out_of_memory: so that a limit that is set holds. */
	run_on(0);
	reading = read_limited(false);
	tap_is_text(strerror(reading.error ?: reading.end_error), strerror(0),
		    "one socket %d times in flight, and 2 MiB", WAITING);
	tap_is_number(reading.end_rows, WAITING, "all are listed");
	tap_is_number(reading.killed, 0, "the OOM killer is not called");

	reading = read_limited(true);
	tap_ok(!reading.error && reading.rows && reading.rows < WAITING,
	       "a reader pauses in the middle of them, at %ld", reading.rows);
	tap_is_text(strerror(reading.end_error), strerror(0),
		    "who holds the queues ends: no error");
	tap_ok(reading.end_rows >= reading.rows && reading.end_rows < WAITING,
	       "and what has gone is not listed: %ld", reading.end_rows);
}

int main(void)
{
	tap_plan(6);
	net_enter_new();
	if (cgroup_mount()) {
		check();
	} else {
		for (int i = 0; i < 6; i++)
			tap_skip("memory cannot be limited here", "claim %d",
				 i + 1);
	}
	return tap_done();
}
