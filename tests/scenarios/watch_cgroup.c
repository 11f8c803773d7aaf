// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * sockowners --watch --cgroup: a service that is started again has another cgroup of
 * the same name.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/command.h"
#include "lib/deadline.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

/* Where the reader looks. */
#define MOUNT "/sys/fs/cgroup"
#define UNIT  MOUNT "/again.service"
#define WATCH                                                           \
	"exec sockowners --watch=0.2 -H -tl --cgroup again.service -o " \
	"pid,unit"

static void serve(int control, void *arg)
{
	int procs = open(UNIT "/cgroup.procs", O_WRONLY | O_CLOEXEC);

	(void)arg;
	if (write(procs, "0", 1) != 1)
		tap_bail_errno(UNIT "/cgroup.procs");
	close(procs);
	tcp_listen("127.0.0.1", 1);
	tell(control, 1);
	stay(control);
}

static ino_t start(struct child *child)
{
	struct stat status;

	if (mkdir(UNIT, 0755) || stat(UNIT, &status))
		tap_bail_errno(UNIT);
	child_start(child, serve, NULL);
	hear(child->control);
	return status.st_ino;
}

static bool is_gone(void *arg)
{
	(void)arg;
	return !rmdir(UNIT);
}

static void stop(struct child *child)
{
	child_stop(child);
	if (!wait_until(is_gone, NULL))
		tap_bail_errno("removing " UNIT);
}

/* Soon there is a row of the process; the unit in it is copied. */
static bool shows(FILE *output, pid_t pid, char *unit)
{
	double end = now() + PATIENCE;
	char line[256] = "";

	/* A line with the time comes with each listing. */
	while (now() < end && fgets(line, sizeof(line), output)) {
		int got;

		if (sscanf(line, "%d %63s", &got, unit) == 2 && got == pid)
			return true;
	}
	tap_diag("the last line: %s", line);
	return false;
}

int main(void)
{
	char unit[64] = "";
	struct command command;
	struct child child;
	ino_t first, second;

	tap_plan(4);
	net_enter_new();
	if (mount("none", MOUNT, "cgroup2", 0, NULL) && errno != EBUSY)
		tap_bail_errno("cgroup2");
	first = start(&child);
	command_start(&command, WATCH);
	tap_ok(shows(command.output, child.pid, unit), "what it holds");
	stop(&child);
	second = start(&child);
	tap_ok(first != second, "started again, it has another cgroup");
	tap_ok(shows(command.output, child.pid, unit), "which is watched");
	tap_is_text(unit, "again.service", "and has its name");
	kill(command.pid, SIGTERM);
	command_end(&command);
	stop(&child);
	umount2(MOUNT, MNT_DETACH);
	return tap_done();
}
