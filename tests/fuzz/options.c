// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// The input is a command line, an argument a line. Bytes in front of it choose
// the world; the last of them is a newline, for people.

#include <stdlib.h>
#include <string.h>

#include "world.h"

#define ARGUMENTS_MAX 64

static const char listing[] =
	"pid\tfd\tproto\tstate\tladdr\tlport\traddr\trport\tdev\tinode\t"
	"netns\tuid\tholder\tvia\tcomm\tstart\tcookie\tsockuid\tcgroup\t"
	"sockcgroup\trecvq\tsendq\tdrops\tflags\ttimer\n"
	"1\t45\ttcp\tLISTEN\t0.0.0.0\t22\t-\t-\t-\t1001\t4026531840\t0\t"
	"fd\t-\tsystemd\t5\t1\t0\t1\t1\t0\t128\t0\treuseaddr,reuseport\t-\n"
	"42\t6\ttcp6\tLISTEN\t::\t80\t-\t-\t-\t1002\t4026531841\t1\t"
	"thread\t43\tnginx\\040x\t6\t2\t1\t3\t4\t0\t5\t0\tv6only\t-\n"
	"42\t-\tudp6\tESTABLISHED\tfe80::1\t53\t::ffff:192.0.2.7\t65535\t"
	"eth0\t1003\t4026531840\t1000\tscm\t99\ta-name-of-fifte\t7\t3\t0\t"
	"4\t4\t9\t9\t1\t-\t-\n"
	"-\t-\ttcp\tTIME_WAIT\t127.0.0.1\t80\t10.0.0.1\t40000\t-\t-\t"
	"4026531840\t-\ttimewait\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t60000\n"
	/* Waits for the row of its listener, which does not come. */
	"-\t-\ttcp\tESTABLISHED\t127.0.0.1\t80\t127.0.0.1\t4000\t-\t-\t"
	"4026531840\t-\taccept\t77\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\n"
	"43\t5\ttcp\tESTABLISHED\t127.0.0.1\t4000\t127.0.0.1\t80\t-\t1005\t"
	"4026531840\t0\tfd\t-\tcurl\t8\t5\t0\t4\t4\t0\t0\t0\t-\t-\n"
	"-\t-\traw\tUNCONNECTED\t0.0.0.0\t1\t-\t-\t-\t1004\t4026531840\t-\t"
	"hidden\t-\t-\t-\t4\t2\t-\t-\t0\t0\t0\t-\t-\n";

int take_input(const unsigned char *data, size_t size)
{
	const char *argv[ARGUMENTS_MAX] = { "sockowners" };
	struct world world = {
		.bytes = data,
		.listing = listing,
		.length = sizeof(listing) - 1,
		.form = FORM_ANY,
	};
	char *text, *rest;
	int argc = 1;

	if (size < WORLD_BYTES + 1)
		return 0;
	data += WORLD_BYTES + 1;
	size -= WORLD_BYTES + 1;
	text = strndup((const char *)data, size);
	if (!text)
		return 0;
	rest = *text ? text : NULL;
	while (rest && argc < ARGUMENTS_MAX)
		argv[argc++] = strsep(&rest, "\n");

	world_run(&world, argc, argv);
	free(text);
	return 0;
}
