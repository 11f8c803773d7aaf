// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// Where a socket lives: network namespaces are named by files, and the listing has the
// inode numbers of these.

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "places.h"
#include "report.h"

/*
 * No process is numbered that high (PID_MAX_LIMIT), and all namespaces are higher:
 * from PROC_DYNAMIC_FIRST on, and the first ones a little below it.
 */
#define NAMESPACE_FIRST UINT64_C(4194304)

/**
 * places_add_netns() - add a network namespace
 * @numbers: is added to
 * @item: its inode number, a process that is in it, a path or the name that ip
 *	netns gives it; the program ends with an error if there is none
 * @origin: of the rows. Who is in which namespace on another host, or was then, no
 *	file of this one tells, nor does a listing: a process has sockets of any
 */
void places_add_netns(struct numbers *numbers, const char *item,
		      enum listing_origin origin)
{
	char place[PATH_MAX];
	const char *path = place;
	struct stat status;
	uint64_t number = 0;
	bool is_number = number_parse(&number, item, UINT32_MAX);

	if (number >= NAMESPACE_FIRST) {
		numbers_add(numbers, number);
		return;
	}

	if (origin == ORIGIN_ELSEWHERE ||
	    (origin == ORIGIN_SAVED && is_number)) {
		report("--netns '%s' is of here and now; take what -o +netns shows of a saved one",
		       item);
		exit(STATUS_ERROR);
	}
	if (is_number)
		snprintf(place, sizeof(place), "/proc/%s/ns/net", item);
	else if (strchr(item, '/'))
		path = item;
	else
		snprintf(place, sizeof(place), "/run/netns/%s", item);
	if (stat(path, &status)) {
		report("no network namespace '%s': %s: %s; try 'lsns -t net'",
		       item, path, strerror(errno));
		exit(STATUS_ERROR);
	}
	numbers_add(numbers, status.st_ino);
}
