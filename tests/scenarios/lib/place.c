// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "place.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net.h"
#include "rights.h"
#include "tap.h"

#define NR_IDS 65536

void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		tap_bail_errno("writing '%s' to %s", text, path);
	close(fd);
}

static void be_first(int control, void *arg)
{
	const struct place *place = arg;

	/* Now it may have ids. */
	hear(control);
	if (place->namespaces & CLONE_NEWUSER)
		rights_user(0, 0);
	if (place->namespaces & CLONE_NEWNET)
		net_bring_up("lo");
	if (place->namespaces & CLONE_NEWPID &&
	    (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	     mount("proc", "/proc", "proc", 0, NULL)))
		tap_bail_errno("a procfs of the namespace");
	tell(control, 0);
	stay(control);
}

void place_make(struct place *place)
{
	char path[64], map[64];

	child_start_flags(&place->first, place->namespaces, be_first, place);
	if (place->namespaces & CLONE_NEWUSER) {
		snprintf(map, sizeof(map), "0 %u %u", place->first_id, NR_IDS);
		snprintf(path, sizeof(path), "/proc/%d/uid_map",
			 place->first.pid);
		write_text(path, map);
		snprintf(path, sizeof(path), "/proc/%d/gid_map",
			 place->first.pid);
		write_text(path, map);
	}
	tell(place->first.control, 0);
	hear(place->first.control);
}

void place_leave(struct place *place)
{
	child_stop(&place->first);
}

struct arrival {
	const struct place *place;
	int namespaces;
	int flags;
	void (*body)(int control, void *arg);
	void *arg;
};

/* Returns in a child; the caller itself only waits for that. */
static void go_on_in_child(int control, int flags)
{
	pid_t pid = child_clone(flags);
	int status;

	if (pid < 0)
		tap_bail_errno("clone");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		return;
	}
	close(control);
	if (waitpid(pid, &status, 0) != pid || status)
		_exit(1);
	_exit(0);
}

/* A pid namespace is entered by a child, which alone may have one in it. */
static void enter(int control, void *arg)
{
	const struct arrival *arrival = arg;
	int pidfd = syscall(SYS_pidfd_open, arrival->place->first.pid, 0);

	if (pidfd < 0 || setns(pidfd, arrival->namespaces))
		tap_bail_errno("entering namespaces");
	close(pidfd);
	go_on_in_child(control, 0);
	if (arrival->flags)
		go_on_in_child(control, arrival->flags);
	if (arrival->namespaces & CLONE_NEWUSER)
		rights_user(0, 0);
	arrival->body(control, arrival->arg);
}

void place_start(struct child *child, const struct place *place, int namespaces,
		 int flags, void (*body)(int control, void *arg), void *arg)
{
	struct arrival arrival = { place, namespaces, flags, body, arg };

	child_start(child, enter, &arrival);
}
