// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <signal.h>
#include <sys/prctl.h>

#include "reader.h"

int main(int argc, char **argv)
{
	/* A reader that goes away shows as EPIPE, at a place of our choice. */
	signal(SIGPIPE, SIG_IGN);
	/* Of large buffers that are there in case, 2 MiB for each touch would add up. */
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	return reader_run(argc, argv);
}
