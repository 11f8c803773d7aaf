// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "holder.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sock.h"
#include "tap.h"

#define READ_SIZE (64 * 1024)

void holder_begin(int control)
{
	tell(control, tcp_listen("127.0.0.1", 1));
}

struct kind {
	void (*become)(void);
};

static void hold(int control, void *arg)
{
	const struct kind *kind = arg;

	if (kind->become)
		kind->become();
	holder_begin(control);
	stay(control);
}

void holder_start(struct child *child, void (*become)(void))
{
	struct kind kind = { become };

	child_start(child, hold, &kind);
}

void holder_expect(struct expect *expect, pid_t pid, int fd, bool named)
{
	int pidfd = syscall(SYS_pidfd_open, pid, 0);
	int sock = syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	struct expected_row row;

	if (sock < 0)
		tap_bail_errno("descriptor %d of process %d", fd, pid);
	if (named)
		row_of_socket(&row, pid, fd, sock);
	else
		row_of_nobody(&row, "hidden", sock);
	expect_row(expect, &row);
	expect_process(expect, pid);
	close(sock);
	close(pidfd);
}

bool holder_expect_in(struct expect *expect, int fd, const char *claim, ...)
{
	struct listing listing;
	char said[256];
	size_t length;
	va_list args;
	bool passed;
	char *text;

	va_start(args, claim);
	vsnprintf(said, sizeof(said), claim, args);
	va_end(args);
	if (lseek(fd, 0, SEEK_SET))
		tap_bail_errno("lseek");
	text = slurp(fd, READ_SIZE, &length);
	if (!text)
		tap_bail_errno("read");
	listing_parse(&listing, text, length);
	passed = expect_in(expect, &listing, "%s", said);
	listing_free(&listing);
	return passed;
}
