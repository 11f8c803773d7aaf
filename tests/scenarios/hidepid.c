// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * The file in procfs mounts that hide processes. It names nobody there whom
 * the mount hides, or whose cwd and descriptors it does not show.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/child.h"
#include "lib/crowd.h"
#include "lib/net.h"
#include "lib/program.h"
#include "lib/rights.h"
#include "lib/sock.h"
#include "lib/tap.h"
#include "lib/view.h"

#define USER   1000
#define OTHER  2000
#define MEMBER 3000
#define GROUP  4000

static void be_dumpable(void)
{
	rights_dumpable(true);
}

static void be_user_afresh(void)
{
	rights_user(USER, USER);
}

static void be_user(void)
{
	rights_user(USER, USER);
	rights_dumpable(true);
}

static void be_other(void)
{
	rights_user(OTHER, OTHER);
	rights_dumpable(true);
}

static void be_service(void)
{
	rights_user_with(USER, USER, CAP_BIT(CAP_NET_BIND_SERVICE), true);
	rights_dumpable(true);
}

static void be_owner(void)
{
	be_user();
	if (unshare(CLONE_NEWUSER))
		tap_bail_errno("a user namespace");
}

static const struct member members[] = {
	{ "root", "R", .become = be_dumpable },
	{ "root that has executed", "R", .program = PROGRAM_READABLE },
	{ "user", "RU", .become = be_user },
	{ "user who was root before", "R", .become = be_user_afresh },
	{ "user who has executed", "RU", .become = be_user_afresh,
	  .program = PROGRAM_READABLE },
	{ "user who has executed what it cannot read", "R", .become = be_user,
	  .program = PROGRAM_EXECUTE_ONLY },
	{ "set-uid program", "R", .become = be_user,
	  .program = PROGRAM_SET_UID },
	{ "user with a capability", "R", .become = be_service },
	{ "user's own namespace", "RU", .become = be_owner },
	{ "other user", "RV", .become = be_other },
	{ "user, thread another", "RU", "R", .thread = be_other,
	  .settle = be_user },
	{ "other user, thread not", "RV", "R", .thread = be_user,
	  .settle = be_other },
	{ "user whose leader has exited", "RU", .become = be_user,
	  .leader_exits = true },
};

static struct crowd crowd;

static void remain(void)
{
}

static void be_member(void)
{
	static const gid_t group = GROUP;

	rights_user_with(MEMBER, MEMBER, CAP_BIT(CAP_SETGID), true);
	if (syscall(SYS_setgroups, 1, &group))
		tap_bail_errno("setgroups");
	rights_keep(0);
}

static const struct reader {
	char letter;
	const char *who;
	void (*become)(void);
} readers[] = {
	{ 'R', "root", remain },
	{ 'U', "user 1000", be_user_afresh },
	{ 'V', "user 2000", be_other },
	{ 'M', "member of the mount's group", be_member },
};

/* And who meets there also those they may not look into. */
static const struct {
	const char *options, *met_by;
} mounts[] = {
	{ "hidepid=1", "" },	       { "hidepid=2", "" },
	{ "hidepid=2,gid=4000", "M" }, { "hidepid=4", "" },
	{ "hidepid=4,gid=4000", "" },
};

struct visit {
	const struct reader *reader;
	const char *proc;
	struct view *view;
};

static void look(int control, void *arg)
{
	const struct visit *visit = arg;

	visit->reader->become();
	tcp_listen("127.0.0.1", 1);
	view_take(visit->view, &crowd, visit->proc);
	tell(control, 0);
	stay(control);
}

/* Does the mount hide whom it should? Without that the rest says little. */
static bool meets(const struct view *view, bool everybody)
{
	for (size_t i = 0; i < crowd.nr; i++)
		if (view->process[i].met != (everybody || view->process[i].may))
			return false;
	return true;
}

static void check_reader(const struct reader *reader, const char *proc,
			 size_t mounted)
{
	bool everybody = strchr(mounts[mounted].met_by, reader->letter);
	struct visit visit = { reader, proc, view_new() };
	struct child child;
	char who[128];

	child_start(&child, look, &visit);
	hear(child.control);
	child_stop(&child);
	snprintf(who, sizeof(who), "%s, %s", mounts[mounted].options,
		 reader->who);
	view_may(visit.view, &crowd, reader->letter, who);
	tap_ok(meets(visit.view, everybody), "%s: meets %s", who,
	       everybody ? "everybody" : "nobody else");
	view_names(visit.view, &crowd, who);
	view_lists(visit.view, &crowd, who);
	view_hides(visit.view, &crowd, who);
}

static void mount_proc(const char *path, const char *how)
{
	if (mkdir(path, 0755) || mount("proc", path, "proc", 0, how))
		tap_bail_errno("a procfs with %s", how);
}

static void check_subset(void)
{
	struct stat st;

	mount_proc("/tmp/subset", "subset=pid");
	tap_ok(!stat("/tmp/subset/self/stat", &st), "subset=pid: a procfs");
	tap_ok(stat("/tmp/subset/sockowners", &st) && errno == ENOENT,
	       "subset=pid: no such file");
}

int main(int argc, char *argv[])
{
	if (program_was_executed(argc))
		return crowd_go_on(members, argv);
	tap_plan(5 * ARRAY_SIZE(mounts) * ARRAY_SIZE(readers) + 2);
	program_copies();
	net_enter_new();
	crowd_gather(&crowd, members, ARRAY_SIZE(members));
	for (size_t i = 0; i < ARRAY_SIZE(mounts); i++) {
		char path[32];

		snprintf(path, sizeof(path), "/tmp/proc-%zu", i);
		mount_proc(path, mounts[i].options);
		for (size_t j = 0; j < ARRAY_SIZE(readers); j++)
			check_reader(&readers[j], path, i);
	}
	check_subset();
	crowd_disperse(&crowd);
	return tap_done();
}
