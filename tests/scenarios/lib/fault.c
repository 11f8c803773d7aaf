// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "fault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "array.h"
#include "tap.h"

#define DEBUG_FS "/sys/kernel/debug"

static int fail_nth = -1;
static int make_it_fail = -1;

static void set(const char *kind, const char *name, const char *value)
{
	char whole[128];
	int fd;

	snprintf(whole, sizeof(whole), DEBUG_FS "/%s/%s", kind, name);
	fd = open(whole, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		tap_bail_errno("%s", whole);
	close(fd);
}

/* Not only what may not wait, and quietly: each would print a stack. */
static void configure(void)
{
	static const char *const kinds[] = { "failslab", "fail_page_alloc",
					     "fail_usercopy" };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		set(kinds[i], "verbose", "0");
	for (size_t i = 0; i < 2; i++) {
		set(kinds[i], "ignore-gfp-wait", "N");
		/* For fault_starve(): only who says so. */
		set(kinds[i], "task-filter", "Y");
		set(kinds[i], "probability", "100");
	}
	set("fail_page_alloc", "min-order", "0");
	/* The pages of vmalloc() as well. */
	set("fail_page_alloc", "ignore-gfp-highmem", "N");
}

bool fault_available(void)
{
	if (mount("none", DEBUG_FS, "debugfs", 0, NULL) && errno != EBUSY)
		return false;
	if (access(DEBUG_FS "/failslab", F_OK))
		return false;
	configure();
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	make_it_fail =
		open("/proc/thread-self/make-it-fail", O_WRONLY | O_CLOEXEC);
	return fail_nth >= 0 && make_it_fail >= 0;
}

static void starve(const char *kind, unsigned int space)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", space);
	set(kind, "space", text);
	set(kind, "times", "1000000000");
}

void fault_starve(unsigned int bytes, unsigned int pages)
{
	starve("failslab", bytes);
	starve("fail_page_alloc", pages);
	if (pwrite(make_it_fail, "1", 1, 0) != 1)
		tap_bail_errno("make-it-fail");
}

void fault_feed(void)
{
	if (pwrite(make_it_fail, "0", 1, 0) != 1)
		tap_bail_errno("make-it-fail");
}

void fault_arm(unsigned int nth)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(fail_nth, text, length, 0) != length)
		tap_bail_errno("fail-nth");
}

bool fault_disarm(void)
{
	char text[16] = "";

	/* What is left to go, also if this read itself was counted. */
	while (pread(fail_nth, text, sizeof(text) - 1, 0) < 0)
		;
	if (pwrite(fail_nth, "0", 1, 0) != 1)
		while (pwrite(fail_nth, "0", 1, 0) != 1)
			;
	return atoi(text) == 0;
}
