// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// Where a socket lives: network namespaces are named by files, and the listing has the
// inode numbers of these.

/* For CLONE_NEWNET. */
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "places.h"
#include "report.h"

/*
 * No process is numbered that high (PID_MAX_LIMIT), and all namespaces are higher:
 * from PROC_DYNAMIC_FIRST on, and the first ones a little below it.
 */
#define NAMESPACE_FIRST UINT64_C(4194304)

/*
 * Every file has an inode number, which may be that of somebody's namespace. What is
 * none of their file system is not opened.
 *
 * Return: NULL, or what is wrong with a file.
 */
static const char *find(const char *path, struct stat *status)
{
	const char *wrong = NULL;
	struct statfs system;
	int fd;

	if (stat(path, status) || statfs(path, &system))
		return strerror(errno);
	if (system.f_type != NSFS_MAGIC)
		return "it is another file";
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return strerror(errno);
	if (ioctl(fd, NS_GET_NSTYPE) != CLONE_NEWNET)
		wrong = "it is another kind of namespace";
	close(fd);
	return wrong;
}

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
	const char *path = place, *wrong;
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
	wrong = find(path, &status);
	if (wrong) {
		report("no network namespace '%s': %s: %s; try 'lsns -t net'",
		       item, path, wrong);
		exit(STATUS_ERROR);
	}
	numbers_add(numbers, status.st_ino);
}
