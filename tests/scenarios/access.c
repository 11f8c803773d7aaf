// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Who may open the file, and what for: root of the initial user namespace with
 * CAP_SYS_PTRACE and CAP_NET_ADMIN, to read. It is the opener who counts.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/child.h"
#include "lib/listing.h"
#include "lib/tap.h"

/* Gives up every capability but those in @kept. */
static void keep_capabilities(unsigned long long kept)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct sets[2];

	if (syscall(SYS_capget, &header, sets))
		tap_bail_errno("capget");
	for (int i = 0; i < 2; i++) {
		sets[i].effective &= kept >> (32 * i);
		sets[i].permitted = sets[i].effective;
		sets[i].inheritable = 0;
	}
	if (syscall(SYS_capset, &header, sets))
		tap_bail_errno("capset");
}

#define BIT(number) (1ULL << (number))
#define ALL	    (~0ULL)

static void keep_all(void)
{
}

static void lose_ptrace(void)
{
	keep_capabilities(ALL & ~BIT(CAP_SYS_PTRACE));
}

static void lose_net_admin(void)
{
	keep_capabilities(ALL & ~BIT(CAP_NET_ADMIN));
}

static void lose_everything(void)
{
	keep_capabilities(0);
}

static void keep_two(void)
{
	keep_capabilities(BIT(CAP_SYS_PTRACE) | BIT(CAP_NET_ADMIN));
}

static void be_nobody(void)
{
	if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
		tap_bail_errno("becoming nobody");
}

static void be_contained(void)
{
	if (unshare(CLONE_NEWUSER))
		tap_bail_errno("a user namespace");
}

static const struct {
	const char *who;
	void (*become)(void);
	int flags;
	int error;
} samples[] = {
	{ "root", keep_all, O_RDONLY, 0 },
	{ "root with the two capabilities alone", keep_two, O_RDONLY, 0 },
	{ "root without CAP_SYS_PTRACE", lose_ptrace, O_RDONLY, EPERM },
	{ "root without CAP_NET_ADMIN", lose_net_admin, O_RDONLY, EPERM },
	{ "root without capabilities", lose_everything, O_RDONLY, EPERM },
	{ "root of another user namespace", be_contained, O_RDONLY, EPERM },
	{ "another user", be_nobody, O_RDONLY, EACCES },
	{ "another user, to write", be_nobody, O_WRONLY, EACCES },
	{ "root without capabilities, to write", lose_everything, O_RDWR,
	  EACCES },
};

#define NR_SAMPLES ARRAY_SIZE(samples)

static void try_open(int control, void *arg)
{
	size_t *i = arg;
	int fd;

	samples[*i].become();
	fd = open(LISTING_PATH, samples[*i].flags);
	tell(control, fd < 0 ? errno : 0);
	stay(control);
}

/* Reads with no rights at all what somebody else has opened. */
static void read_passed(int control, void *arg)
{
	int *fd = arg;
	size_t length;

	lose_everything();
	be_contained();
	tell(control, slurp(*fd, 4096, &length) && length ? 0 : errno);
	stay(control);
}

static void check_samples(void)
{
	for (size_t i = 0; i < NR_SAMPLES; i++) {
		struct child child;

		child_start(&child, try_open, &i);
		tap_is_text(strerror(hear(child.control)),
			    strerror(samples[i].error), "%s: %s",
			    samples[i].who,
			    samples[i].error ? "refused" : "may open");
		child_stop(&child);
	}
}

static void check_passed(void)
{
	int fd = open(LISTING_PATH, O_RDONLY);
	struct child child;

	if (fd < 0)
		tap_bail_errno("open");
	child_start(&child, read_passed, &fd);
	tap_is_text(strerror(hear(child.control)), strerror(0),
		    "passed on, the descriptor is read without rights");
	child_stop(&child);
	close(fd);
}

static void check_mode(void)
{
	struct stat st;

	if (stat(LISTING_PATH, &st))
		tap_bail_errno("stat");
	tap_is_number(st.st_mode, S_IFREG | 0400,
		      "a file for its owner to read");
	tap_ok(st.st_uid == 0 && st.st_gid == 0, "its owner is root");
}

/* Root may open what it has no permission for: then the write fails. */
static void check_write(int flags, const char *claim)
{
	int fd = open(LISTING_PATH, flags);

	tap_ok(fd < 0 || write(fd, "x\n", 2) < 0, "%s", claim);
	if (fd >= 0)
		close(fd);
}

int main(void)
{
	tap_plan(NR_SAMPLES + 5);
	check_mode();
	check_samples();
	check_passed();
	check_write(O_WRONLY, "nothing can be written to it");
	check_write(O_RDWR, "nor when it is open for both");
	return tap_done();
}
