// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "container.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "net.h"
#include "tap.h"

static void be_first(int control, void *arg)
{
	int flags = *(int *)arg;

	hear(control);
	if (flags & CLONE_NEWUSER)
		if (setresgid(0, 0, 0) || setresuid(0, 0, 0))
			tap_bail_errno("becoming root of a user namespace");
	if (flags & CLONE_NEWNS)
		if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		    mount("proc", "/proc", "proc", 0, NULL))
			tap_bail_errno("a procfs of its own");
	if (flags & CLONE_NEWNET)
		net_bring_up("lo");
	tell(control, 0);
	stay(control);
}

/* Only a process that is in a namespace can make one below it. */
static void make(int control, void *arg)
{
	int flags = *(int *)arg;
	struct child first;

	child_start_flags(&first, flags, be_first, arg);
	tell(control, 0);
	hear(control);
	tell(first.control, 0);
	hear(first.control);
	tell(control, 0);
	stay(control);
	child_stop(&first);
}

static void write_map(pid_t pid, const char *name, const char *map)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (write(fd, map, strlen(map)) != (ssize_t)strlen(map))
		tap_bail_errno("%s", path);
	close(fd);
}

void container_start(struct container *container, const struct person *maker,
		     int flags, const char *map)
{
	static const int nothing[] = { -1 };

	person_start(&container->maker, maker, nothing, make, &flags);
	hear(container->maker.control);
	container->first = child_below(container->maker.pid);
	if (flags & CLONE_NEWUSER) {
		write_map(container->first, "uid_map", map);
		write_map(container->first, "gid_map", map);
	}
	tell(container->maker.control, 0);
	hear(container->maker.control);
}

void container_stop(struct container *container)
{
	child_finish(&container->maker);
}
