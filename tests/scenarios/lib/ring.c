// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "ring.h"

#include <linux/io_uring.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tap.h"

int ring_keep(const int *fds, unsigned int number)
{
	struct io_uring_params params = { 0 };
	int ring = syscall(SYS_io_uring_setup, 1, &params);

	if (ring < 0)
		tap_bail_errno("io_uring_setup");
	if (syscall(SYS_io_uring_register, ring, IORING_REGISTER_FILES, fds,
		    number))
		tap_bail_errno("IORING_REGISTER_FILES");
	return ring;
}
