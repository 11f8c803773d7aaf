// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Each allocation and each copy of an open, a query and a reading fails once, and
 * then all of them from one on. The call says so, the reading goes on saying so, and
 * a new one is whole: no part of a listing ever passes for all of it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "lib/ask.h"
#include "lib/child.h"
#include "lib/expect.h"
#include "lib/fault.h"
#include "lib/net.h"
#include "lib/ring.h"
#include "lib/sock.h"
#include "lib/tap.h"
#include "lib/thread.h"

#define NR_EACH	   600
#define NR_THREADS 24
#define NR_MOST	   20000
#define NR_STEPS   14
#define NR_PAGES   48
#define USER	   1000
#define SIZE	   (1024 * 1024)

/*
 * Where so many places of a reading take more than so many seconds, because each access
 * is checked, only some of the others fail: one in SAMPLE.
 */
#define NR_FIRST      60
#define FIRST_SECONDS 60
#define SAMPLE	      9

static struct expect expect;
static char text[SIZE];
static int step = 1;

/* So much of each kind that every array has to grow. */
static void make_elsewhere(void)
{
	static int fds[NR_EACH];
	unsigned int port = 0;

	for (int i = 0; i < NR_EACH; i++) {
		struct expected_row row;

		/* Every second one on one port, in one bucket. */
		fds[i] = sock_open(AF_INET, SOCK_STREAM, 0);
		sock_option(fds[i], SOL_SOCKET, SO_REUSEADDR, 1);
		sock_bind(fds[i], "127.0.0.1", i % 2 ? port : 0);
		if (i == 1)
			port = sock_port(fds[i]);
		row_of_nobody(&row, "elsewhere", fds[i]);
		expect_row(&expect, &row);
	}
	ring_keep(fds, NR_EACH);
	for (int i = 0; i < NR_EACH; i++)
		close(fds[i]);
}

/* Each of the two kinds in one chain. */
static void make_in_chain(int type, int protocol)
{
	static int fds[NR_EACH];
	unsigned int port = 0;

	for (int i = 0; i < NR_EACH; i++) {
		struct expected_row row;

		fds[i] = sock_open(AF_INET, type, protocol);
		if (type == SOCK_DGRAM) {
			sock_option(fds[i], SOL_SOCKET, SO_REUSEADDR, 1);
			sock_bind(fds[i], "127.0.0.1", port);
			port = sock_port(fds[i]);
		}
		row_of_nobody(&row, "elsewhere", fds[i]);
		expect_row(&expect, &row);
	}
	ring_keep(fds, NR_EACH);
	for (int i = 0; i < NR_EACH; i++)
		close(fds[i]);
}

static void make_waiting(void)
{
	int listener = tcp_listen("127.0.0.1", NR_EACH);

	expect_fd(&expect, listener);
	for (int i = 0; i < NR_EACH / 4; i++) {
		int sock = tcp_connect_waiting("127.0.0.1", listener);
		struct expected_row row, client;

		expect_fd(&expect, sock);
		row_of_nobody(&client, "accept", sock);
		row = client;
		strcpy(row.field[LPORT], client.field[RPORT]);
		strcpy(row.field[RPORT], client.field[LPORT]);
		row_set(&row, INODE, "-");
		row_set(&row, VIA, "%lu", sock_inode(listener));
		expect_row(&expect, &row);
	}
}

/* In one queue more than fit into a batch, each in a queue of its own too. */
static void make_in_flight(void)
{
	int outer[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, outer))
		tap_bail_errno("socketpair");
	for (int i = 0; i < 80; i++) {
		int inner[2], sock = sock_open(AF_INET, SOCK_DGRAM, 0);
		struct expected_row row;

		if (socketpair(AF_UNIX, SOCK_STREAM, 0, inner))
			tap_bail_errno("socketpair");
		sock_bind(sock, "127.0.0.1", 0);
		send_descriptor(inner[0], sock);
		send_descriptor(outer[0], inner[1]);
		row_of_scm(&row, getpid(), sock_inode(inner[1]), sock);
		expect_row(&expect, &row);
		close(sock);
		close(inner[1]);
	}
}

static void have_own(struct thread *thread)
{
	(void)thread;
	thread_own_table();
}

/* Read by hand: into memory that is there, in a call of a size that varies. */
static ssize_t read_all(int fd, size_t size)
{
	size_t length = 0;
	ssize_t got;

	while ((got = read(fd, text + length,
			   size < SIZE - 1 - length ? size :
						      SIZE - 1 - length)) > 0)
		length += got;
	text[length] = '\0';
	return got < 0 ? got : (ssize_t)length;
}

static size_t differences(size_t length)
{
	struct listing listing;
	size_t nr;

	listing_parse(&listing, strdup(text), length);
	nr = expect_differences(&expect, &listing);
	listing_free(&listing);
	return nr;
}

static int open_listing(int flags)
{
	return open(LISTING_PATH, flags | O_CLOEXEC);
}

static void check_open(uid_t user)
{
	unsigned int wrong = 0, failed = 0, nth;
	bool reached = true;

	if (seteuid(user))
		tap_bail_errno("seteuid");
	for (nth = 1; reached && nth < NR_MOST; nth++) {
		int fd, error;

		fault_arm(nth);
		errno = 0;
		fd = open_listing(O_RDONLY);
		error = errno;
		reached = fault_disarm();
		failed += fd < 0;
		wrong += fd < 0 && error != ENOMEM && error != ENFILE &&
			 error != EFAULT;
		wrong += fd < 0 && !reached;
		if (fd >= 0)
			close(fd);
	}
	if (seteuid(0))
		tap_bail_errno("seteuid");
	tap_diag("open by user %u: %u places", user, nth - 1);
	tap_ok(!wrong && !reached && failed > 3,
	       "open() fails with ENOMEM or is as ever: %u times", failed);
}

static void check_parameter(void)
{
	unsigned int wrong = 0, failed = 0, nth;
	bool reached = true;
	int fd;

	fd = open("/sys/module/sockowners/parameters/columns",
		  O_WRONLY | O_CLOEXEC);
	for (nth = 1; reached && nth < NR_MOST; nth++) {
		ssize_t got;
		int error;

		fault_arm(nth);
		errno = 0;
		got = pwrite(fd, "default", 7, 0);
		error = errno;
		reached = fault_disarm();
		if (got == 7)
			continue;
		failed++;
		wrong += error != ENOMEM && error != EFAULT;
	}
	close(fd);
	tap_diag("parameter: %u places", nth - 1);
	tap_ok(!wrong && !reached && failed > 1,
	       "setting columns= fails with ENOMEM: %u times", failed);
}

/* That asks for one column, of which there are rows. */
static bool has_former_query(int fd)
{
	return !lseek(fd, 0, SEEK_SET) && read_all(fd, SIZE) > 3 &&
	       !strncmp(text, "fd\n", 3);
}

static void check_query(void)
{
	static const char query[] = "columns=pid lport=1-2,5,70-80 comm=a,b,c";
	const ssize_t length = strlen(query);
	unsigned int wrong = 0, failed = 0, nth;
	bool reached = true;
	int fd = open_listing(O_RDWR);

	for (nth = 1; reached && nth < NR_MOST; nth++) {
		ssize_t got;
		int error;

		ask_on(fd, "columns=fd");
		fault_arm(nth);
		errno = 0;
		got = write(fd, query, length);
		error = errno;
		reached = fault_disarm();
		if (got == length)
			continue;
		failed++;
		wrong += error != ENOMEM && error != EFAULT;
		wrong += !has_former_query(fd);
	}
	tap_diag("query: %u places", nth - 1);
	tap_ok(!wrong && !reached && failed > 3,
	       "a query fails with ENOMEM or EFAULT, and the former one stays: %u times",
	       failed);
	close(fd);
}

/*
 * What reading has given, or the error that it ended with: of a reader who goes on
 * after that, and then begins anew.
 */
static bool survives(int fd, ssize_t got, int error, size_t size)
{
	ssize_t again;

	if (got >= 0)
		return !differences(got);
	if (error == ENOMEM) {
		again = read_all(fd, size);
		if (again >= 0 || errno != ENOMEM)
			return false;
	} else if (error != EFAULT) {
		return false;
	}
	if (lseek(fd, 0, SEEK_SET))
		return false;
	got = read_all(fd, size);
	return got >= 0 && !differences(got);
}

static void check_read(size_t size)
{
	unsigned int wrong = 0, failed = 0, nth, first = 0;
	time_t since = time(NULL);
	bool reached = true;

	for (nth = 1; reached && nth < NR_MOST;
	     nth += first < NR_FIRST ? 1 : step) {
		int error, fd = open_listing(O_RDONLY);
		ssize_t got;

		fault_arm(nth);
		errno = 0;
		got = read_all(fd, size);
		error = errno;
		reached = fault_disarm();
		failed += got < 0;
		wrong += !survives(fd, got, error, size);
		close(fd);
		if (++first == NR_FIRST && time(NULL) - since > FIRST_SECONDS)
			step = SAMPLE;
	}
	tap_diag("reading in pieces of %zu bytes: up to place %u, %s", size,
		 nth - 1, step == 1 ? "each" : "samples");
	tap_ok(!wrong && !reached && failed > 3,
	       "a reading fails and goes on failing, or is whole: %u times",
	       failed);
}

/* A reading with so little left. Returns whether it failed; counts what is wrong. */
static bool starves(unsigned int bytes, unsigned int pages, unsigned int *wrong)
{
	int error, fd = open_listing(O_RDONLY);
	ssize_t got;

	fault_starve(bytes, pages);
	errno = 0;
	got = read_all(fd, SIZE);
	error = errno;
	fault_feed();
	*wrong += !survives(fd, got, error, SIZE);
	close(fd);
	return got < 0;
}

/* What is left when all allocations fail: powers of two, of bytes and pages. */
static void check_starved(void)
{
	unsigned int wrong = 0, failed = 0, tried = 0;

	for (int i = 0; i < NR_STEPS * NR_STEPS; i += step) {
		int bytes = i / NR_STEPS, pages = i % NR_STEPS;

		failed += starves(bytes ? 64 << bytes : 0,
				  pages ? 1 << pages : 0, &wrong);
		tried++;
	}
	tap_ok(!wrong && failed > tried / NR_STEPS && failed < tried,
	       "and if all fail from one on: %u times", failed);
}

/* Page by page, with as many bytes as it wants: what is too large for a slab. */
static void check_starved_of_pages(void)
{
	unsigned int wrong = 0, failed = 0, tried = 0;

	for (int pages = 0; pages < NR_PAGES; pages += step, tried++)
		failed += starves(INT_MAX, pages, &wrong);
	tap_diag("%u of %u fail", failed, tried);
	tap_ok(!wrong && failed && failed < tried,
	       "and if only pages run out, after each number of them: %u times",
	       failed);
}

int main(void)
{
	static struct thread threads[NR_THREADS];

	tap_plan(8);
	if (!fault_available()) {
		for (int i = 0; i < 8; i++)
			tap_skip("this kernel has no fault injection",
				 "each allocation and copy fails once");
		return tap_done();
	}
	allow_descriptors(4096);
	/* Many tables, with nothing in them. */
	for (int i = 0; i < NR_THREADS; i++)
		thread_start(&threads[i], have_own, NULL);
	net_enter_new();
	make_waiting();
	make_in_flight();
	expect_namespace(&expect);
	memset(text, 0, sizeof(text));
	check_open(0);
	check_open(USER);
	check_query();
	check_parameter();
	/* Each place takes a reading or two: few sockets are enough for the pieces. */
	check_read(4096);
	make_elsewhere();
	make_in_chain(SOCK_DGRAM, 0);
	make_in_chain(SOCK_RAW, IPPROTO_TCP);
	check_read(SIZE);
	check_starved();
	check_starved_of_pages();
	for (int i = 0; i < NR_THREADS; i++)
		thread_stop(&threads[i]);
	return tap_done();
}
