// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Whose sockets are named to whom. For every process of a crowd and each of
 * many readers: may the reader readlink /proc/PID/cwd there, and does the
 * listing there name the process? The answers must be the same.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/child.h"
#include "lib/crowd.h"
#include "lib/net.h"
#include "lib/place.h"
#include "lib/program.h"
#include "lib/rights.h"
#include "lib/sock.h"
#include "lib/tap.h"
#include "lib/view.h"

#define USER	1000
#define OTHER	2000
#define THIRD	3000
#define SERVICE CAP_BIT(CAP_NET_BIND_SERVICE)

/* A user namespace, with a procfs or without, and a procfs without one. */
static struct place box = {
	.namespaces = CLONE_NEWUSER,
	.first_id = 100000,
};

static struct place container = {
	.namespaces = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWNS,
	.first_id = 200000,
};

static struct place numbers = {
	.namespaces = CLONE_NEWPID | CLONE_NEWNS,
};

/* What a process or a thread does to become what it is in the crowd. */

static void be_dumpable(void)
{
	rights_dumpable(true);
}

static void be_undumpable(void)
{
	rights_dumpable(false);
}

static void be_powerless(void)
{
	rights_keep(0);
	rights_dumpable(true);
}

static void be_powerless_undumpable(void)
{
	rights_keep(0);
	rights_dumpable(false);
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

static void be_other_afresh(void)
{
	rights_user(OTHER, OTHER);
}

static void be_third(void)
{
	rights_user(THIRD, THIRD);
	rights_dumpable(true);
}

static void be_user_in_groups(void)
{
	static const gid_t groups[] = { OTHER, THIRD };

	if (syscall(SYS_setgroups, ARRAY_SIZE(groups), groups) ||
	    syscall(SYS_setresgid, USER, USER, USER) ||
	    syscall(SYS_setresuid, USER, USER, USER))
		tap_bail_errno("a user in groups");
	rights_dumpable(true);
}

static void be_ids(unsigned int real, unsigned int effective,
		   unsigned int saved, struct ids groups)
{
	rights_ids((struct ids){ real, effective, saved }, groups);
	rights_dumpable(true);
}

static const struct ids user_group = { USER, USER, USER };

static void be_other_really(void)
{
	be_ids(OTHER, USER, USER, user_group);
}

static void be_other_effectively(void)
{
	be_ids(USER, OTHER, USER, user_group);
}

static void be_other_once(void)
{
	be_ids(USER, USER, OTHER, user_group);
}

static void be_in_group(void)
{
	rights_user(USER, OTHER);
	rights_dumpable(true);
}

static void be_in_group_really(void)
{
	be_ids(USER, USER, USER, (struct ids){ OTHER, USER, USER });
}

static void be_in_group_effectively(void)
{
	be_ids(USER, USER, USER, (struct ids){ USER, OTHER, USER });
}

static void be_in_group_once(void)
{
	be_ids(USER, USER, USER, (struct ids){ USER, USER, OTHER });
}

static void have_fsuid(uid_t user, uid_t fsuid)
{
	rights_user_with(user, user, CAP_BIT(CAP_SETUID), true);
	syscall(SYS_setfsuid, fsuid);
	if ((uid_t)syscall(SYS_setfsuid, -1) != fsuid)
		tap_bail("the fsuid is not %u", fsuid);
	rights_keep(0);
	rights_dumpable(true);
}

static void be_user_with_fsuid(void)
{
	have_fsuid(USER, OTHER);
}

static void be_other_with_fsuid(void)
{
	have_fsuid(OTHER, USER);
}

static void be_service(void)
{
	rights_user_with(USER, USER, SERVICE, true);
	rights_dumpable(true);
}

static void be_idle_service(void)
{
	rights_user_with(USER, USER, SERVICE, false);
	rights_dumpable(true);
}

static void be_raw_service(void)
{
	rights_user_with(USER, USER, SERVICE | CAP_BIT(CAP_NET_RAW), false);
	rights_dumpable(true);
}

static void be_tracer(void)
{
	rights_user_with(THIRD, THIRD, CAP_BIT(CAP_SYS_PTRACE), true);
	rights_dumpable(true);
}

static void inherit(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct sets[2];

	if (syscall(SYS_capget, &header, sets))
		tap_bail_errno("capget");
	sets[0].inheritable = SERVICE;
	if (syscall(SYS_capset, &header, sets))
		tap_bail_errno("capset");
}

/* Of these two only the first has the capability when it has executed. */
static void be_ambient(void)
{
	rights_user_with(USER, USER, SERVICE, true);
	inherit();
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_BIND_SERVICE, 0,
		  0))
		tap_bail_errno("PR_CAP_AMBIENT_RAISE");
}

static void be_heir(void)
{
	rights_user_with(USER, USER, SERVICE, true);
	inherit();
}

static void be_bounded(void)
{
	for (int number = 0; number <= CAP_LAST_CAP; number++)
		prctl(PR_CAPBSET_DROP, number);
	be_user();
}

static void give_root_up(void)
{
	rights_ids((struct ids){ USER, USER, USER }, user_group);
}

/* A user namespace in which the caller is root. */
static void own_user_namespace(void)
{
	uid_t user = geteuid();
	gid_t group = getegid();
	char map[32];

	if (unshare(CLONE_NEWUSER))
		tap_bail_errno("a user namespace");
	write_text("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", user);
	write_text("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "0 %u 1", group);
	write_text("/proc/self/gid_map", map);
}

static void be_owner(void)
{
	be_user();
	own_user_namespace();
}

static void be_owner_twice(void)
{
	be_owner();
	own_user_namespace();
}

static void be_undumpable_owner(void)
{
	be_owner();
	rights_dumpable(false);
}

static void be_other_owner(void)
{
	be_other();
	own_user_namespace();
}

/* In a place of another user namespace: user 100000 or 200000 outside. */
static void own_inside(void)
{
	rights_dumpable(true);
	own_user_namespace();
}

/* The ids that root of the container has, without its user namespace. */
static void be_double(void)
{
	rights_user(container.first_id, container.first_id);
	rights_dumpable(true);
}

/* What only readers are. A change of user has made them undumpable. */

static void remain(void)
{
}

static void be_net_admin(void)
{
	rights_user_with(THIRD, THIRD, CAP_BIT(CAP_NET_ADMIN), true);
}

static void be_plain_user_in_group(void)
{
	rights_user(USER, OTHER);
}

static void be_user_effectively(void)
{
	rights_ids((struct ids){ THIRD, USER, THIRD }, user_group);
}

static void be_user_for_files(void)
{
	rights_ids((struct ids){ USER, THIRD, THIRD }, user_group);
	syscall(SYS_setfsuid, USER);
	if ((uid_t)syscall(SYS_setfsuid, -1) != USER)
		tap_bail("the fsuid is not %u", USER);
}

static void be_lone_root(void)
{
	own_user_namespace();
}

static const struct reader {
	char letter;
	const char *who;
	void (*become)(void);
	const struct place *place;
} readers[] = {
	{ 'R', "root", remain, NULL },
	{ 'P', "a user with CAP_SYS_PTRACE", be_tracer, NULL },
	{ 'r', "root without capabilities", be_powerless, NULL },
	{ 'N', "a user with CAP_NET_ADMIN", be_net_admin, NULL },
	{ 'U', "user 1000", be_user_afresh, NULL },
	{ 'V', "user 2000", be_other_afresh, NULL },
	{ 'G', "user 1000 of group 2000", be_plain_user_in_group, NULL },
	{ 'E', "effective user 1000", be_user_effectively, NULL },
	{ 'F', "user 1000 for files", be_user_for_files, NULL },
	{ 'B', "user 1000 with a capability", be_service, NULL },
	{ 'b', "user 1000 with one not in effect", be_idle_service, NULL },
	{ 'n', "root of its own user namespace", be_lone_root, NULL },
	{ 'S', "root of others' user namespace", remain, &box },
	{ 'C', "root of a container", remain, &container },
	{ 'c', "user 1000 of a container", be_user_afresh, &container },
	{ 'I', "root in a pid namespace", remain, &numbers },
	{ 'i', "user 1000 in a pid namespace", be_user_afresh, &numbers },
};

#define NR_READERS ARRAY_SIZE(readers)

/* Root and CAP_SYS_PTRACE may all; the ids of user 1000; who owns its things. */
#define ALL   "RP"
#define USERS ALL "UEFBb"
#define OWNER ALL "UGEBb"
/* Root without capabilities has made all places. */
#define MAKER ALL "r"

static const struct member members[] = {
	{ "root", ALL, .become = be_dumpable },
	{ "root without capabilities", ALL "r", .become = be_powerless },
	{ "the same, not dumpable", ALL, .become = be_powerless_undumpable },
	{ "root that has executed", ALL, .program = PROGRAM_READABLE },

	{ "user", USERS, .become = be_user },
	{ "user who was root before", ALL, .become = be_user_afresh },
	{ "user who has executed", USERS, .become = be_user_afresh,
	  .program = PROGRAM_READABLE },
	{ "user who has executed what it cannot read", ALL, .become = be_user,
	  .program = PROGRAM_EXECUTE_ONLY },
	{ "user who wants no dump", ALL, .become = be_user,
	  .settle = be_undumpable },
	{ "other user", ALL "V", .become = be_other },
	{ "other user who was root before", ALL, .become = be_other_afresh },
	{ "third user", ALL "N", .become = be_third },

	{ "user of another group", ALL "G", .become = be_in_group },
	{ "user of another real group", ALL, .become = be_in_group_really },
	{ "user of another effective group", ALL,
	  .become = be_in_group_effectively },
	{ "user of another saved group", ALL, .become = be_in_group_once },
	{ "user in more groups", USERS, .become = be_user_in_groups },
	{ "other real user", ALL, .become = be_other_really },
	{ "other effective user", ALL, .become = be_other_effectively },
	{ "other saved user", ALL, .become = be_other_once },
	{ "user, another for files", USERS, .become = be_user_with_fsuid },
	{ "other user, this one for files", ALL "V",
	  .become = be_other_with_fsuid },
	{ "set-uid program", ALL, .become = be_user,
	  .program = PROGRAM_SET_UID },
	{ "set-uid program that gave root up", ALL, .become = be_user,
	  .program = PROGRAM_SET_UID, .settle = give_root_up },

	{ "user with a capability", ALL "B", .become = be_service },
	{ "user with one not in effect", ALL "B", .become = be_idle_service },
	{ "user with two", ALL, .become = be_raw_service },
	{ "user with an ambient one", ALL "B", .become = be_ambient,
	  .program = PROGRAM_READABLE },
	{ "user with an inheritable one", USERS, .become = be_heir,
	  .program = PROGRAM_READABLE },
	{ "user who can never have one", USERS, .become = be_bounded },
	{ "third user with CAP_SYS_PTRACE", ALL, .become = be_tracer },

	{ "user's own namespace", OWNER, .become = be_owner },
	{ "one in the user's own", OWNER, .become = be_owner_twice },
	{ "user's own, no dump", ALL, .become = be_undumpable_owner },
	{ "user's own, executed there, no dump", OWNER, .become = be_owner,
	  .program = PROGRAM_READABLE, .settle = be_undumpable },
	{ "user's own, cannot read what it executes", ALL, .become = be_owner,
	  .program = PROGRAM_EXECUTE_ONLY },
	{ "other user's own namespace", ALL "V", .become = be_other_owner },

	{ "root in a user namespace", MAKER "S", .place = &box,
	  .become = be_dumpable },
	{ "user in a user namespace", MAKER "S", .place = &box,
	  .become = be_user },
	{ "the same, not dumpable", ALL, .place = &box,
	  .become = be_user_afresh },
	{ "root there, executed there, no dump", MAKER "S", .place = &box,
	  .program = PROGRAM_READABLE, .settle = be_undumpable },
	{ "in a user namespace in that one", MAKER "S", .place = &box,
	  .become = own_inside },

	{ "root in the container", MAKER "C", .place = &container,
	  .become = be_dumpable },
	{ "user in the container", MAKER "Cc", .place = &container,
	  .become = be_user },
	{ "other user in the container", MAKER "C", .place = &container,
	  .become = be_other },
	{ "root there, not dumpable", ALL, .place = &container },
	{ "user there, executed there, no dump", MAKER "C", .place = &container,
	  .become = be_user, .program = PROGRAM_READABLE,
	  .settle = be_undumpable },
	{ "user there, cannot read what it executes", ALL, .place = &container,
	  .become = be_user, .program = PROGRAM_EXECUTE_ONLY },
	{ "user's own namespace in the container", MAKER "Cc",
	  .place = &container, .become = be_owner },
	{ "pid namespace in the container", MAKER "C", .place = &container,
	  .flags = CLONE_NEWPID, .become = be_dumpable },
	{ "root who is only seen in the container", ALL, .place = &container,
	  .namespaces = CLONE_NEWPID, .become = be_dumpable },
	{ "one with the ids of its root", ALL, .place = &container,
	  .namespaces = CLONE_NEWPID, .become = be_double },

	{ "root in the pid namespace", ALL "I", .place = &numbers,
	  .become = be_dumpable },
	{ "user in the pid namespace", USERS "Ii", .place = &numbers,
	  .become = be_user },
	{ "the same, not dumpable", ALL "I", .place = &numbers,
	  .become = be_user_afresh },
	{ "other user in the pid namespace", ALL "VI", .place = &numbers,
	  .become = be_other },

	{ "user, thread too", USERS, USERS, .become = be_user },
	{ "user, thread another", USERS, ALL, .thread = be_other,
	  .settle = be_user },
	{ "other user, thread not", ALL "V", ALL, .thread = be_user,
	  .settle = be_other },
	{ "user, thread with a capability", USERS, ALL "B",
	  .thread = be_service, .settle = be_user },
	{ "user, thread on the same table another", USERS, .thread = be_other,
	  .settle = be_user },
	{ "user whose leader has exited", USERS, .become = be_user,
	  .leader_exits = true },
	{ "the same, the rest is another", ALL, .thread = be_other,
	  .settle = be_user, .leader_exits = true },
	{ "other user, the rest is the user", ALL, .thread = be_user,
	  .settle = be_other, .leader_exits = true },
};

static struct crowd crowd;

struct visit {
	const struct reader *reader;
	struct view *view;
};

static void look(int control, void *arg)
{
	const struct visit *visit = arg;

	visit->reader->become();
	tcp_listen("127.0.0.1", 1);
	view_take(visit->view, &crowd, "/proc");
	tell(control, 0);
	stay(control);
}

static void check_reader(const struct reader *reader)
{
	struct visit visit = { reader, view_new() };
	struct child child;

	if (reader->place)
		place_start(&child, reader->place, reader->place->namespaces, 0,
			    look, &visit);
	else
		child_start(&child, look, &visit);
	hear(child.control);
	tell(child.control, 0);
	child_finish(&child);
	view_may(visit.view, &crowd, reader->letter, reader->who);
	view_names(visit.view, &crowd, reader->who);
	view_hides(visit.view, &crowd, reader->who);
}

int main(int argc, char *argv[])
{
	if (program_was_executed(argc))
		return crowd_go_on(members, argv);
	tap_plan(3 * NR_READERS);
	program_copies();
	net_enter_new();
	place_make(&box);
	place_make(&container);
	place_make(&numbers);
	crowd_gather(&crowd, members, ARRAY_SIZE(members));
	for (size_t i = 0; i < NR_READERS; i++)
		check_reader(&readers[i]);
	crowd_disperse(&crowd);
	place_leave(&box);
	place_leave(&container);
	place_leave(&numbers);
	return tap_done();
}
