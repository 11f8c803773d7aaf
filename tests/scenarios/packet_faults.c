// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Each allocation and each copy fails once while a packet is asked about, of which
 * a whole group is the answer, and while that is read: the call says so, and who asks
 * again gets all of the group.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/fault.h"
#include "lib/listing.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define NR_GROUP 300 /* more than there is room for at first */
#define NR_MOST	 20000
#define QUERY	 "columns=inode packet=udp,127.0.0.1:1,127.0.0.1:8080"

static char text[64 * 1024];

static void make_group(void)
{
	for (int i = 0; i < NR_GROUP; i++) {
		int sock = sock_open(AF_INET, SOCK_DGRAM, 0);

		sock_option(sock, SOL_SOCKET, SO_REUSEPORT, 1);
		sock_bind(sock, "127.0.0.1", 8080);
		if (i == 0)
			sock_choose_first(sock);
	}
}

/* How many rows there are, or -1. */
static int read_rows(int fd)
{
	size_t length = 0;
	ssize_t got;
	int lines = 0;

	while ((got = read(fd, text + length, sizeof(text) - length)) > 0)
		length += got;
	for (size_t i = 0; i < length; i++)
		lines += text[i] == '\n';
	return got < 0 ? -1 : lines - 1;
}

static bool ask(int fd)
{
	return write(fd, QUERY, strlen(QUERY)) == (ssize_t)strlen(QUERY);
}

static bool is_fault(int error)
{
	return error == ENOMEM || error == EFAULT;
}

/* What is armed is reached in the query or in the reading, or is too far. */
static bool survives(int fd, unsigned int nth, bool *failed, bool *reached)
{
	int nr = NR_GROUP, error = 0;

	fault_arm(nth);
	*failed = !ask(fd);
	if (!*failed) {
		nr = read_rows(fd);
		*failed = nr < 0;
	}
	if (*failed)
		error = errno;
	*reached = fault_disarm();
	if (*failed ? !is_fault(error) : nr != NR_GROUP)
		return false;
	return ask(fd) && !lseek(fd, 0, SEEK_SET) && read_rows(fd) == NR_GROUP;
}

int main(void)
{
	unsigned int wrong = 0, nr_failed = 0, nth;
	bool reached = true, failed;

	tap_plan(1);
	if (!fault_available()) {
		tap_skip("this kernel has no fault injection",
			 "each allocation and copy fails once");
		return tap_done();
	}
	allow_descriptors(NR_GROUP + 100);
	net_enter_new();
	make_group();
	for (nth = 1; reached && nth < NR_MOST; nth++) {
		int fd = open(LISTING_PATH, O_RDWR | O_CLOEXEC);

		if (fd < 0)
			tap_bail_errno("open");
		wrong += !survives(fd, nth, &failed, &reached);
		nr_failed += failed;
		close(fd);
	}
	tap_diag("%u places, %u wrong", nth - 1, wrong);
	tap_ok(!wrong && !reached && nr_failed > 5,
	       "a packet is asked about, and it fails or is answered: %u times",
	       nr_failed);
	return tap_done();
}
