// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "rights.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tap.h"

void rights_ids(struct ids users, struct ids groups)
{
	if (syscall(SYS_setgroups, 0, NULL) ||
	    syscall(SYS_setresgid, groups.real, groups.effective,
		    groups.saved) ||
	    syscall(SYS_setresuid, users.real, users.effective, users.saved))
		tap_bail_errno("becoming user %u, %u, %u", users.real,
			       users.effective, users.saved);
	/* Changing the user takes this back. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

void rights_user(uid_t user, gid_t group)
{
	rights_ids((struct ids){ user, user, user },
		   (struct ids){ group, group, group });
}

static void set_capabilities(unsigned long long permitted, bool effective)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct sets[2];

	if (syscall(SYS_capget, &header, sets))
		tap_bail_errno("capget");
	for (int i = 0; i < 2; i++) {
		sets[i].permitted &= permitted >> (32 * i);
		sets[i].effective = effective ? sets[i].permitted : 0;
		sets[i].inheritable = 0;
	}
	if (syscall(SYS_capset, &header, sets))
		tap_bail_errno("capset");
}

void rights_keep(unsigned long long kept)
{
	set_capabilities(kept, true);
}

void rights_user_with(uid_t user, gid_t group, unsigned long long kept,
		      bool effective)
{
	if (prctl(PR_SET_KEEPCAPS, 1))
		tap_bail_errno("PR_SET_KEEPCAPS");
	rights_user(user, group);
	set_capabilities(kept, effective);
}

void rights_dumpable(bool dumpable)
{
	if (prctl(PR_SET_DUMPABLE, dumpable))
		tap_bail_errno("PR_SET_DUMPABLE");
}
