// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Threads, file tables and namespaces change while the reading stands in the
 * middle of what they hold. Descriptors that stay open, and time-waits, are
 * listed once all the same.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/deadline.h"
#include "lib/expect.h"
#include "lib/listing.h"
#include "lib/net.h"
#include "lib/processor.h"
#include "lib/sock.h"
#include "lib/tap.h"
#include "lib/thread.h"
#include "lib/timewait.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

/* Many times what the module collects at once. */
#define NUMBER 3000
#define COMMON 5000 /* the first descriptor in the table of the process */
#define OWN    1000 /* and in that of a thread */

/* A reading that can be stopped and resumed. */
struct reading {
	int fd;
	char *text;
	size_t length;
};

static void reading_start(struct reading *reading)
{
	reading->fd = open(LISTING_PATH, O_RDONLY | O_CLOEXEC);
	if (reading->fd < 0)
		tap_bail_errno(LISTING_PATH);
	reading->text = calloc(1, 16 * 1024 * 1024);
	reading->length = 0;
}

/* Reads on, a few bytes at a time, until @words have come. */
static void read_until(struct reading *reading, const char *words)
{
	size_t before = reading->length;

	while (!strstr(reading->text + before, words)) {
		ssize_t got =
			read(reading->fd, reading->text + reading->length, 16);

		if (got <= 0)
			tap_bail("the listing has no '%s'", words);
		reading->length += got;
	}
}

static void read_rest(struct reading *reading, struct listing *listing)
{
	size_t length;
	char *rest = slurp(reading->fd, 65536, &length);

	if (!rest)
		tap_bail_errno("read");
	memcpy(reading->text + reading->length, rest, length + 1);
	free(rest);
	close(reading->fd);
	listing_parse(listing, reading->text, reading->length + length);
}

/* Each of NUMBER descriptors from @first on is there once, held as @holder. */
static void expect_once(const struct listing *listing, pid_t pid,
			const char *holder, int first, const char *claim)
{
	unsigned int seen[NUMBER] = { 0 };
	unsigned int missing = 0, twice = 0;

	for (size_t i = 0; i < listing->nr_rows; i++) {
		char *const *field = (char *const *)listing->rows[i].field;
		int fd = atoi(field[FD]) - first;

		if (atoi(field[PID]) == pid && !strcmp(field[HOLDER], holder) &&
		    fd >= 0 && fd < NUMBER)
			seen[fd]++;
	}
	for (int i = 0; i < NUMBER; i++) {
		missing += !seen[i];
		twice += seen[i] > 1;
	}
	if (!tap_ok(!missing && !twice, "%s", claim))
		tap_diag("%u missing, %u more than once", missing, twice);
}

static void fill_table(int first)
{
	int sock = sock_open(AF_INET, SOCK_DGRAM, 0);

	for (int i = 0; i < NUMBER; i++)
		if (dup2(sock, first + i) < 0)
			tap_bail_errno("dup2");
	close(sock);
}

static int control;

static void empty_table(int first)
{
	if (close_range(first, first + NUMBER - 1, 0))
		tap_bail_errno("close_range");
}

/* The main thread leaves the table that another thread stays in. */
static void leave_table(int to_parent, void *arg)
{
	struct thread stays;

	(void)arg;
	fill_table(COMMON);
	thread_start(&stays, NULL, NULL);
	tell(to_parent, 0);
	hear(to_parent);
	if (close_range(COMMON, ~0U, CLOSE_RANGE_UNSHARE))
		tap_bail_errno("close_range");
	tell(to_parent, 0);
	stay(to_parent);
}

static void answer_for_all(struct thread *thread)
{
	(void)thread;
	tell(control, 0);
	hear(control);
}

/* The main thread exits, another one goes on. */
static void lose_leader(int to_parent, void *arg)
{
	static struct thread stays;

	(void)arg;
	control = to_parent;
	fill_table(COMMON);
	thread_start(&stays, NULL, NULL);
	answer_for_all(NULL);
	syscall(SYS_exit, 0);
}

static void just_stay(int to_parent, void *arg)
{
	(void)arg;
	stay(to_parent);
}

/* Nobody in this process has the table any more, but another process has. */
static void copy_table(int to_parent, void *arg)
{
	struct child sharer;

	(void)arg;
	fill_table(COMMON);
	child_start_flags(&sharer, CLONE_FILES, just_stay, NULL);
	tell(to_parent, 0);
	hear(to_parent);
	if (unshare(CLONE_FILES))
		tap_bail_errno("unshare");
	tell(to_parent, 0);
	stay(to_parent);
	child_stop(&sharer);
}

static void own_and_common(struct thread *thread)
{
	(void)thread;
	thread_own_table();
	empty_table(COMMON);
	fill_table(OWN);
}

/* Takes the place of the whole process, and its own table along. */
static void *execute(void *arg)
{
	char number[16];

	(void)arg;
	own_and_common(NULL);
	answer_for_all(NULL);
	fcntl(control, F_SETFD, 0);
	snprintf(number, sizeof(number), "%d", control);
	execl("/proc/self/exe", "midway", number, NULL);
	tap_bail_errno("execl");
}

static void thread_executes(int to_parent, void *arg)
{
	pthread_t thread;

	(void)arg;
	control = to_parent;
	fill_table(COMMON);
	pthread_create(&thread, NULL, execute, NULL);
	pause();
}

/* The main thread exits and its table goes; another one has its own. */
static void lose_table(int to_parent, void *arg)
{
	static struct thread stays;

	(void)arg;
	control = to_parent;
	fill_table(COMMON);
	thread_start(&stays, own_and_common, NULL);
	answer_for_all(NULL);
	syscall(SYS_exit, 0);
}

static struct thread sharer;

static void share_own(struct thread *thread)
{
	own_and_common(thread);
	thread_start(&sharer, NULL, NULL);
}

/* Of two threads on a private table the lower one exits. */
static void lose_lower_thread(int to_parent, void *arg)
{
	static struct thread lower;

	(void)arg;
	thread_start(&lower, share_own, NULL);
	tell(to_parent, 0);
	hear(to_parent);
	thread_stop(&lower);
	tell(to_parent, 0);
	stay(to_parent);
}

static void check(void (*body)(int control, void *arg), const char *holder,
		  const char *until, int first, const char *claim)
{
	struct reading reading;
	struct listing listing;
	struct child child;
	char row[32];

	child_start(&child, body, NULL);
	hear(child.control);
	reading_start(&reading);
	snprintf(row, sizeof(row), "\n%d\t%s", child.pid, until);
	read_until(&reading, row);
	tell(child.control, 0);
	if (body == lose_leader || body == lose_table) {
		if (!wait_until(child_leader_has_exited, &child))
			tap_bail("the main thread does not exit");
	} else {
		hear(child.control);
	}
	read_rest(&reading, &listing);
	expect_once(&listing, child.pid, holder, first, claim);
	listing_free(&listing);
	child_stop(&child);
}

static unsigned long long netns_cookie(void)
{
	int sock = sock_open(AF_INET, SOCK_DGRAM, 0);
	unsigned long long cookie = 0;
	socklen_t length = sizeof(cookie);

	if (getsockopt(sock, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &length))
		tap_bail_errno("SO_NETNS_COOKIE");
	close(sock);
	return cookie;
}

static const char lower_cookie[] =
	"time-waits, and a namespace with a lower cookie comes";

static void have_namespace(int to_parent, void *arg)
{
	int *cpu = arg;

	run_on(*cpu);
	net_enter_new();
	tell(to_parent, netns_cookie());
	stay(to_parent);
}

/*
 * A namespace with a table of its own comes while the reading is in another
 * one's. Cookies are handed to each CPU by the thousand, so on another CPU the
 * newer namespace can get the lower one.
 */
static bool check_namespaces(int cpu, int other)
{
	struct expect expect = { 0 };
	struct reading reading;
	struct listing listing;
	struct child child;
	char row[32];
	bool lower;

	run_on(cpu);
	net_enter_new();
	if (!sysctl_try("net/ipv4/tcp_child_ehash_entries", "1024")) {
		tap_skip("no net.ipv4.tcp_child_ehash_entries", "%s",
			 lower_cookie);
		return true;
	}
	net_enter_new();
	sysctl_set("net/ipv4/tcp_child_ehash_entries", "1024");
	/* More than two batches of 256; they last a minute, however slow all is. */
	timewaits_make(&expect, "127.0.0.1", 600);
	reading_start(&reading);
	snprintf(row, sizeof(row), "\t%lu\t-\ttimewait", net_inode());
	read_until(&reading, row);
	child_start(&child, have_namespace, &other);
	lower = (unsigned long long)hear(child.control) < netns_cookie();
	if (lower) {
		read_rest(&reading, &listing);
		expect_in(&expect, &listing, "%s", lower_cookie);
		listing_free(&listing);
	}
	child_stop(&child);
	expect_clear(&expect);
	return lower;
}

int main(int argc, char **argv)
{
	if (argc > 1) { /* execute() */
		tell(atoi(argv[1]), 0);
		stay(atoi(argv[1]));
		return 0;
	}
	tap_plan(7);
	allow_descriptors(COMMON + NUMBER + 100);
	check(leave_table, "fd", "", COMMON,
	      "the leader leaves a table, another thread stays in it");
	check(lose_leader, "fd", "", COMMON,
	      "the leader exits, another thread goes on");
	check(lose_table, "thread", "", OWN,
	      "the leader exits, and its table goes");
	check(copy_table, "fd", "", COMMON,
	      "the process goes on with a copy of its table");
	check(thread_executes, "fd", "", OWN,
	      "a thread with its own table becomes the process");
	check(lose_lower_thread, "thread", "1", OWN,
	      "a private table's lower thread exits, the other goes on");
	if (!check_namespaces(0, 1) && !check_namespaces(1, 0))
		tap_skip("cookies are in the order of creation", "%s",
			 lower_cookie);
	return tap_done();
}
