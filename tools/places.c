// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// Where a process or a socket lives: network namespaces and cgroups are named by
// files, and the listing has the inode numbers of these.

/* For nftw(). */
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroups.h"
#include "places.h"
#include "report.h"

/*
 * The kernel numbers namespaces from here on (PROC_DYNAMIC_FIRST), and no
 * process is numbered that high.
 */
#define NAMESPACE_FIRST UINT64_C(0xf0000000)

/* nftw() has no argument for it. */
static struct numbers *found_cgroups;

/**
 * places_add_netns() - add a network namespace
 * @numbers: is added to
 * @item: its inode number, a process that is in it, a path or the name that ip
 *	netns gives it; the program ends with an error if there is none
 */
void places_add_netns(struct numbers *numbers, const char *item)
{
	char place[PATH_MAX];
	const char *path = place;
	struct stat status;
	uint64_t number;

	if (number_parse(&number, item, UINT32_MAX)) {
		if (number >= NAMESPACE_FIRST) {
			numbers_add(numbers, number);
			return;
		}
		snprintf(place, sizeof(place), "/proc/%s/ns/net", item);
	} else if (strchr(item, '/')) {
		path = item;
	} else {
		snprintf(place, sizeof(place), "/run/netns/%s", item);
	}
	if (stat(path, &status)) {
		report("no network namespace '%s': %s: %s; try 'lsns -t net'",
		       item, path, strerror(errno));
		exit(STATUS_ERROR);
	}
	numbers_add(numbers, status.st_ino);
}

static int add_cgroup(const char *path, const struct stat *status, int type,
		      struct FTW *ftw)
{
	(void)path;
	(void)ftw;
	if (type == FTW_D)
		numbers_add(found_cgroups, status->st_ino);
	return 0;
}

/* A cgroup, and those below it. */
static void add_tree(const char *path)
{
	nftw(path, add_cgroup, 16, FTW_PHYS);
}

/**
 * places_add_cgroup() - add a cgroup of the unified hierarchy and those below it
 * @numbers: is added to
 * @item: a path, as in /proc/PID/cgroup or in the file system
 *
 * Return: whether there is one.
 */
bool places_add_cgroup(struct numbers *numbers, const char *item)
{
	size_t before = numbers->count;
	char path[PATH_MAX];
	int length = snprintf(path, sizeof(path), "%s/%s", cgroup_root(), item);

	found_cgroups = numbers;
	/* Cut short it would be another one. */
	if (length >= PATH_MAX || access(path, F_OK))
		add_tree(item);
	else
		add_tree(path);
	return numbers->count > before;
}
