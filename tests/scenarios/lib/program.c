// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "program.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static void copy_self(const char *path, mode_t mode)
{
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	struct stat st;

	if (from < 0 || to < 0 || fstat(from, &st))
		tap_bail_errno("copying this program to %s", path);
	for (off_t done = 0; done < st.st_size;)
		if (sendfile(to, from, &done, st.st_size - done) <= 0)
			tap_bail_errno("writing %s", path);
	if (fchmod(to, mode))
		tap_bail_errno("mode of %s", path);
	close(from);
	close(to);
}

void program_copies(void)
{
	if (unshare(CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tmpfs", "/tmp", "tmpfs", 0, "mode=1777"))
		tap_bail_errno("a tmpfs");
	copy_self(PROGRAM_READABLE, 0755);
	copy_self(PROGRAM_EXECUTE_ONLY, 0711);
	copy_self(PROGRAM_SET_UID, 04755);
}

void program_execute(const char *path, size_t number, int control)
{
	char first[16], second[16];

	snprintf(first, sizeof(first), "%zu", number);
	snprintf(second, sizeof(second), "%d", control);
	if (fcntl(control, F_SETFD, 0))
		tap_bail_errno("descriptor %d", control);
	execl(path, "program", first, second, NULL);
	tap_bail_errno("executing %s", path);
}

bool program_was_executed(int argc)
{
	return argc == 3;
}

size_t program_begin(char *const argv[], int *control)
{
	/* A set-uid program is not given this. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	*control = atoi(argv[2]);
	return atoi(argv[1]);
}
