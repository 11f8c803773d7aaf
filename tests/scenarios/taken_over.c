// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Two processes share a descriptor of the file. One is killed in the middle of
 * the reading, each time elsewhere, and the other goes on: both parts together
 * are the whole listing. The file's position tells what the dead one got.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/deadline.h"
#include "lib/effort.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/ring.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define NR_EACH	  1500
#define NR_QUEUES 100
#define SIZE	  (8 * 1024 * 1024)

static struct expect expect;

/* Held by no process. SCTP has those in a table that listen. */
static void keep_elsewhere(int protocol)
{
	static int fds[NR_EACH];

	for (int i = 0; i < NR_EACH; i++) {
		struct expected_row row;

		fds[i] = sock_open(AF_INET, SOCK_STREAM, protocol);
		sock_bind(fds[i], "127.0.0.1", 0);
		if (protocol && listen(fds[i], 1))
			tap_bail_errno("listen");
		row_of_nobody(&row, "elsewhere", fds[i]);
		row_set(&row, STATE, "%s", protocol ? "LISTEN" : "BOUND");
		expect_row(&expect, &row);
	}
	ring_keep(fds, NR_EACH);
	for (int i = 0; i < NR_EACH; i++)
		close(fds[i]);
}

static void keep_in_flight(void)
{
	for (int i = 0; i < NR_QUEUES; i++) {
		int ends[2], sock = sock_open(AF_INET, SOCK_DGRAM, 0);
		struct expected_row row;

		if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
			tap_bail_errno("socketpair");
		sock_bind(sock, "127.0.0.1", 0);
		send_descriptor(ends[0], sock);
		row_of_scm(&row, getpid(), sock_inode(ends[1]), sock);
		expect_row(&expect, &row);
		close(sock);
	}
}

/* What both know: the file, and where the first one's part goes. */
static struct shared {
	int fd;
	char *text;
} shared;

static void read_part(int control, void *arg)
{
	unsigned int lower = control < shared.fd ? control : shared.fd;
	unsigned int upper = control < shared.fd ? shared.fd : control;
	size_t at = 0;
	ssize_t got;

	(void)arg;
	/* What is in flight is listed under the lowest process that has the queue. */
	close_range(3, lower - 1, 0);
	close_range(lower + 1, upper - 1, 0);
	close_range(upper + 1, ~0U, 0);
	tell(control, 0);
	while ((got = read(shared.fd, shared.text + at, SIZE - at)) > 0)
		at += got;
	stay(control);
}

static size_t round_differences(unsigned int milliseconds, bool *midway)
{
	struct listing listing;
	struct child child;
	size_t length;
	char *rest, *whole;
	off_t taken;
	size_t differences;

	shared.fd = open(LISTING_PATH, O_RDONLY | O_CLOEXEC);
	if (shared.fd < 0)
		tap_bail_errno("open");
	child_start(&child, read_part, NULL);
	hear(child.control);
	pause_ms(milliseconds);
	child_stop(&child);
	taken = lseek(shared.fd, 0, SEEK_CUR);
	rest = slurp(shared.fd, 65536, &length);
	if (!rest)
		tap_bail_errno("reading on");
	*midway = taken && length;
	whole = malloc(taken + length + 1);
	memcpy(whole, shared.text, taken);
	memcpy(whole + taken, rest, length + 1);
	free(rest);
	close(shared.fd);

	listing_parse(&listing, whole, taken + length);
	differences = expect_differences(&expect, &listing);
	listing_free(&listing);
	return differences;
}

int main(void)
{
	const unsigned int nr_rounds = times(40, 15, 8);
	unsigned int faults = 0, nr_midway = 0;
	double begun;
	int probe;

	tap_plan(2);
	allow_descriptors(8192);
	shared.text = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared.text == MAP_FAILED)
		tap_bail_errno("mmap");
	net_enter_new();
	keep_elsewhere(0);
	probe = socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP);
	if (probe < 0)
		tap_diag("this kernel has no SCTP");
	else
		keep_elsewhere(IPPROTO_SCTP);
	if (probe >= 0)
		close(probe);
	keep_in_flight();
	expect_namespace(&expect);

	begun = now();
	for (unsigned int i = 0; i < nr_rounds; i++) {
		bool midway;

		faults += round_differences(i, &midway) != 0;
		nr_midway += midway;
	}
	tap_diag("%d rounds in %.1f s, %u of them in the middle", nr_rounds,
		 now() - begun, nr_midway);
	tap_is_number(faults, 0, "rounds in which a row is missing or strange");
	tap_ok(nr_midway > 0, "some readers were killed in the middle");
	return tap_done();
}
