// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <signal.h>

#include "reader.h"

int main(int argc, char **argv)
{
	/* A reader that goes away shows as EPIPE, at a place of our choice. */
	signal(SIGPIPE, SIG_IGN);
	return reader_run(argc, argv);
}
