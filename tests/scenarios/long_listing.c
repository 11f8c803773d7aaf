// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * A listing that takes the reader many calls of read(), with a thread that is ahead:
 * each row is there, once and in order, again in the next listing of a watch, and
 * whoever stops reading ends it.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/command.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define NR_CONNECTIONS 4000

/* What is wide, so that it is many bytes. */
#define COLUMNS \
	"-o fd,pid,proto,state,local,remote,inode,netns,user,holder,command"

/* A watch puts a line with the time above a listing, and one with nothing below. */
static bool next_row(FILE *output, char *line, int size)
{
	while (fgets(line, size, output)) {
		if (*line != '#' && *line != '\n')
			return true;
	}
	return false;
}

/* Does a listing of this process come next, of descriptors from @first to @last? */
static bool has_all(FILE *output, int first, int last)
{
	char line[512];

	for (int i = first; i <= last; i++) {
		if (!next_row(output, line, sizeof(line)))
			return false;
		if (strtol(line, NULL, 10) != i) {
			tap_diag("descriptor %d: %s", i, line);
			return false;
		}
	}
	return true;
}

static bool is_at_end(FILE *output)
{
	char line[512];

	return !next_row(output, line, sizeof(line));
}

int main(void)
{
	struct command command;
	char text[256];
	int first, last;

	tap_plan(6);
	allow_descriptors(2 * NR_CONNECTIONS + 100);
	net_enter_new();
	first = tcp_listen("127.0.0.1", 1);
	last = first + 2 * NR_CONNECTIONS;
	for (int i = 0; i < NR_CONNECTIONS; i++)
		tcp_connection(first, "127.0.0.1");

	snprintf(text, sizeof(text), "sockowners -H --pid %d " COLUMNS,
		 getpid());
	command_start(&command, text);
	tap_ok(has_all(command.output, first, last), "each row, once");
	tap_ok(is_at_end(command.output), "and no more");
	command_end(&command);

	snprintf(text, sizeof(text),
		 "exec sockowners -H --watch=0.1 --pid %d " COLUMNS, getpid());
	command_start(&command, text);
	tap_ok(has_all(command.output, first, last), "watching, each row");
	tap_ok(has_all(command.output, first, last), "and again");
	tap_ok(has_all(command.output, first, first + 10), "and again");
	/* Waits for it. */
	command_end(&command);
	tap_ok(true, "it ends if nobody reads");
	return tap_done();
}
