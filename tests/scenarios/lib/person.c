// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "person.h"

#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tap.h"

struct start {
	const struct person *person;
	const int *kept;
	int inside;
	void (*body)(int control, void *arg);
	void *arg;
};

static void set_capabilities(unsigned long long wanted)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct sets[2];

	if (syscall(SYS_capget, &header, sets))
		tap_bail_errno("capget");
	for (int i = 0; i < 2; i++) {
		sets[i].permitted &= wanted >> (32 * i);
		sets[i].effective = sets[i].permitted;
		sets[i].inheritable = 0;
	}
	if (syscall(SYS_capset, &header, sets))
		tap_bail_errno("capset");
}

static void set_ids(const struct person *person)
{
	if (prctl(PR_SET_KEEPCAPS, 1) ||
	    setgroups(person->group ? 1 : 0, &person->group) ||
	    setresgid(person->gid, person->gid, person->gid) ||
	    setresuid(person->uid, person->uid, person->uid) ||
	    prctl(PR_SET_KEEPCAPS, 0))
		tap_bail_errno("becoming %s", person->name);
}

static void become(const struct person *person)
{
	/* Capabilities last: a change of user needs some, and takes some. */
	if (!person->keeps_ids)
		set_ids(person);
	set_capabilities(person->capabilities);
	/* What a change of user makes of these. */
	if (prctl(PR_SET_DUMPABLE, !person->not_dumpable) ||
	    prctl(PR_SET_PDEATHSIG, SIGKILL) ||
	    prctl(PR_SET_NAME, person->name))
		tap_bail_errno("prctl of %s", person->name);
}

static bool is_one_of(int fd, const int *fds)
{
	while (*fds >= 0 && *fds != fd)
		fds++;
	return *fds == fd;
}

static void close_others(int control, const int *kept)
{
	for (int fd = STDERR_FILENO + 1; fd < sysconf(_SC_OPEN_MAX); fd++)
		if (fd != control && !is_one_of(fd, kept))
			close(fd);
}

static void live(int control, void *arg)
{
	struct start *start = arg;
	int namespaces = start->person->namespaces & ~CLONE_NEWPID;

	if (namespaces && setns(start->inside, namespaces))
		tap_bail_errno("entering a container");
	close_others(control, start->kept);
	become(start->person);
	start->body(control, start->arg);
}

/* Which pid namespace the next child will be in. */
static void set_pid_namespace(int process)
{
	if (setns(process, CLONE_NEWPID))
		tap_bail_errno("entering a pid namespace");
}

void person_start(struct child *child, const struct person *person,
		  const int *kept, void (*body)(int control, void *arg),
		  void *arg)
{
	struct start start = { person, kept, -1, body, arg };
	int self = syscall(SYS_pidfd_open, getpid(), 0);

	if (person->namespaces) {
		start.inside = syscall(SYS_pidfd_open, person->inside, 0);
		if (start.inside < 0)
			tap_bail_errno("process %d", person->inside);
	}
	if (person->namespaces & CLONE_NEWPID)
		set_pid_namespace(start.inside);
	child_start(child, live, &start);
	if (person->namespaces & CLONE_NEWPID)
		set_pid_namespace(self);
	if (person->namespaces)
		close(start.inside);
	close(self);
}
