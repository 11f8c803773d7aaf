// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deadline.h"
#include "tap.h"

#define MOUNT "/tmp/cgroup"

static bool try_write(const char *dir, const char *file, const char *text)
{
	ssize_t length = strlen(text);
	char path[128];
	bool written;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	written = write(fd, text, length) == length;
	close(fd);
	return written;
}

static void must_write(const char *dir, const char *file, const char *text)
{
	if (!try_write(dir, file, text))
		tap_bail_errno("writing '%s' to %s of %s", text, file, dir);
}

static void read_text(const char *dir, const char *file, char *text,
		      size_t size)
{
	char path[128];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	length = read(fd, text, size - 1);
	if (fd < 0 || length < 0)
		tap_bail_errno("%s", path);
	text[length] = '\0';
	close(fd);
}

bool cgroup_mount(void)
{
	return !mkdir(MOUNT, 0755) &&
	       !mount("cgroup2", MOUNT, "cgroup2", 0, NULL) &&
	       try_write(MOUNT, "cgroup.subtree_control", "+memory");
}

void cgroup_make(struct cgroup *cgroup, const char *name)
{
	snprintf(cgroup->path, sizeof(cgroup->path), MOUNT "/sockowners-%s",
		 name);
	if (mkdir(cgroup->path, 0755))
		tap_bail_errno("%s", cgroup->path);
}

static bool was_removed(void *arg)
{
	const struct cgroup *cgroup = arg;

	return !rmdir(cgroup->path) || errno == ENOENT;
}

void cgroup_remove(const struct cgroup *cgroup)
{
	if (!wait_until(was_removed, (void *)cgroup))
		tap_bail_errno("removing %s", cgroup->path);
}

void cgroup_enter(const struct cgroup *cgroup, pid_t pid)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", pid);
	must_write(cgroup->path, "cgroup.procs", number);
}

void cgroup_limit(const struct cgroup *cgroup, size_t bytes)
{
	char text[32] = "max";

	if (bytes)
		snprintf(text, sizeof(text), "%zu", bytes);
	must_write(cgroup->path, "memory.max", text);
}

void cgroup_leave_room(const struct cgroup *cgroup, size_t room)
{
	/*
	 * What processors have charged in advance counts as used and would be
	 * room. This limit takes it back and, unlike memory.max, kills nobody.
	 */
	must_write(cgroup->path, "memory.high", "0");
	must_write(cgroup->path, "memory.high", "max");
	cgroup_limit(cgroup, cgroup_used(cgroup) + room);
}

size_t cgroup_used(const struct cgroup *cgroup)
{
	char text[64];

	read_text(cgroup->path, "memory.current", text, sizeof(text));
	return strtoul(text, NULL, 10);
}

size_t cgroup_killed(const struct cgroup *cgroup)
{
	const char *line;
	char text[512];

	read_text(cgroup->path, "memory.events", text, sizeof(text));
	line = strstr(text, "oom_kill ");
	if (!line)
		tap_bail("no oom_kill in memory.events");
	return strtoul(line + strlen("oom_kill "), NULL, 10);
}

void cgroup_have_memory(void)
{
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		tap_bail_errno("mlockall");
}
