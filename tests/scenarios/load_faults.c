// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Each allocation while the module is loaded fails once. It is not loaded then, or
 * works; what it may lose is the sight of descriptors in flight. It is unloaded for
 * this, and loaded again in the end.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/fault.h"
#include "lib/listing.h"
#include "lib/tap.h"

#define MODULE	"/lib/sockowners.ko"
#define NR_MOST 20000

static int load(int fd)
{
	return syscall(SYS_finit_module, fd, "columns=pid,fd", 0) ? errno : 0;
}

static void unload(void)
{
	if (syscall(SYS_delete_module, "sockowners", O_NONBLOCK))
		tap_bail_errno("delete_module");
}

static bool is_there(void)
{
	return !access(LISTING_PATH, F_OK);
}

static bool is_read(void)
{
	char text[16] = "";
	int fd = open(LISTING_PATH, O_RDONLY | O_CLOEXEC);
	bool is = fd >= 0 && read(fd, text, sizeof(text)) > 6 &&
		  text[0] == 'p' && text[4] == 'f' && text[6] == '\n';

	if (fd >= 0)
		close(fd);
	return is;
}

/* For guest/kernel-log. */
static void log_line(const char *text)
{
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		tap_bail_errno("/dev/kmsg");
	close(fd);
}

static void check_load(int fd)
{
	unsigned int wrong = 0, failed = 0, nth;
	bool reached = true;

	log_line("# the loader fails");
	unload();
	for (nth = 1; reached && nth < NR_MOST; nth++) {
		int error;

		fault_arm(nth);
		error = load(fd);
		reached = fault_disarm();
		if (error) {
			failed++;
			if ((error != ENOMEM && error != EFAULT) ||
			    is_there()) {
				tap_diag("%u: %s", nth, strerror(error));
				wrong++;
			}
			continue;
		}
		if (!is_read()) {
			tap_diag("%u: it cannot be read", nth);
			wrong++;
		}
		unload();
		wrong += is_there();
	}
	log_line("# the loader works");
	tap_diag("loading: %u places", nth - 1);
	tap_ok(!wrong && !reached && failed > 3,
	       "it is not loaded, or works: %u times not", failed);
	tap_ok(!load(fd) && is_read(), "it is loaded after that");
	unload();
}

int main(void)
{
	int fd = open(MODULE, O_RDONLY | O_CLOEXEC);

	tap_plan(2);
	if (!fault_available() || fd < 0) {
		for (int i = 0; i < 2; i++)
			tap_skip("this kernel has no fault injection",
				 "each allocation of the loading fails once");
		return tap_done();
	}
	check_load(fd);
	if (syscall(SYS_finit_module, fd, "", 0))
		tap_bail_errno(MODULE);
	return tap_done();
}
