// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * A table full of descriptors that are no internet sockets. The sockets in
 * between are found, wherever they are, and nothing else is listed.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/expect.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define FIRST 10
#define LAST  12000
/* A socket at every tenth place, and in the end each place had one. */
#define STEP 10

/* What the table is full of. */
static int filler(int i)
{
	static int files[3] = { -1, -1, -1 };
	int ends[2];

	if (files[0] < 0) {
		files[0] = open("/dev/null", O_RDONLY);
		if (files[0] < 0 || socketpair(AF_UNIX, SOCK_DGRAM, 0, ends))
			tap_bail_errno("other files");
		files[1] = ends[0];
		files[2] = ends[1];
	}
	return files[i % 3];
}

int main(void)
{
	struct expect expect = { 0 };
	struct expected_row row;
	int sock;

	tap_plan(STEP);
	allow_descriptors(LAST + 1);
	sock = tcp_listen("127.0.0.1", 1);
	row_of_socket(&row, getpid(), sock, sock);
	for (int shift = 0; shift < STEP; shift++) {
		expect_fd(&expect, sock);
		for (int fd = FIRST; fd <= LAST; fd++) {
			bool is_socket = fd % STEP == shift;

			if (dup2(is_socket ? sock : filler(fd), fd) < 0)
				tap_bail_errno("dup2 to %d", fd);
			row_set(&row, FD, "%d", fd);
			if (is_socket)
				expect_row(&expect, &row);
		}
		expect_listed(&expect, "sockets at 1%d, 2%d… up to %d", shift,
			      shift, LAST);
		expect_clear(&expect);
	}
	return tap_done();
}
