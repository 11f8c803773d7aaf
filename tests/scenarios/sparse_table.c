// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * A file table of a million slots that are nearly all empty. The sockets at
 * its ends, and at the edges of the words of its bitmap, are found.
 */
#define _GNU_SOURCE
#include <unistd.h>

#include "lib/array.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

/* fs.nr_open, unless somebody changed it. */
#define SLOTS 1048576

static const int numbers[] = {
	63,	64,	127,	128,	4095,	    4096,	32767,
	32768,	65535,	65536,	65537,	131071,	    131072,	262143,
	262144, 524287, 524288, 999999, SLOTS - 65, SLOTS - 64, SLOTS - 1,
};

#define NR_NUMBERS ARRAY_SIZE(numbers)

int main(void)
{
	struct expect expect = { 0 };
	int sock;

	tap_plan(4);
	sysctl_set("fs/nr_open", "1048576");
	allow_descriptors(SLOTS);
	sock = tcp_listen("127.0.0.1", 1);
	dup2(sock, 3);
	if (sock != 3)
		close(sock);
	sock = 3;

	if (dup2(sock, 999999) < 0)
		tap_bail_errno("dup2 to 999999");
	expect_fd(&expect, sock);
	expect_fd(&expect, 999999);
	expect_listed(&expect,
		      "one socket at 3 and at 999999, nothing between");
	close(999999);
	expect_clear(&expect);
	expect_fd(&expect, sock);
	expect_listed(&expect,
		      "the table stays large, one socket is left in it");

	for (size_t i = 0; i < NR_NUMBERS; i++) {
		int copy = dup2(sock, numbers[i]);

		if (copy < 0)
			tap_bail_errno("dup2 to %d", numbers[i]);
		expect_fd(&expect, copy);
	}
	expect_listed(&expect, "%zu sockets at the edges of words and pages",
		      NR_NUMBERS + 1);

	close(sock);
	expect_clear(&expect);
	for (size_t i = 0; i < NR_NUMBERS; i++) {
		if (numbers[i] == SLOTS - 1)
			expect_fd(&expect, numbers[i]);
		else
			close(numbers[i]);
	}
	expect_listed(&expect, "a socket in the last slot alone");
	return tap_done();
}
