// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * A socket at descriptor 70,000, beyond what 16 bits hold. It has a row.
 */
#define _GNU_SOURCE
#include <unistd.h>

#include "lib/expect.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define HIGH 70000

int main(void)
{
	struct expect expect = { 0 };
	int sock;

	tap_plan(2);
	allow_descriptors(HIGH + 1);
	sock = tcp_listen("127.0.0.1", 1);
	expect_fd(&expect, sock);
	expect_fd(&expect, dup2(sock, HIGH));
	expect_listed(&expect, "descriptor %d, and %d of the same socket", sock,
		      HIGH);
	close(sock);
	expect_clear(&expect);
	expect_fd(&expect, HIGH);
	expect_listed(&expect, "descriptor %d alone", HIGH);
	return tap_done();
}
