// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * stress SECONDS [MODULE]: all that changes what the listing is read from, and
 * readers of every kind, at once. With a MODULE that is unloaded and loaded all the
 * time. In the end everybody is still there, and the memory is back.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "array.h"
#include "child.h"
#include "churn.h"
#include "deadline.h"
#include "listing.h"
#include "net.h"
#include "readers.h"
#include "storms.h"
#include "tap.h"

static const struct {
	const char *name;
	void (*body)(int control, void *unused);
} workers[] = {
	{ "fork and exit", churn_processes },
	{ "accept, connect, close", churn_connections },
	{ "unshare the file table", churn_tables },
	{ "pass descriptors", churn_passing },
	{ "execve", storm_execute },
	{ "garbage in unix sockets", storm_garbage },
	{ "dup2 over sockets", storm_replace },
	{ "large file tables", storm_tables },
	{ "sparse file tables", storm_sparse },
	{ "network namespaces", storm_namespaces },
	{ "io_uring", storm_rings },
	{ "MPTCP", storm_mptcp },
	{ "read all of it", reader_whole },
	{ "read byte by byte", reader_bytes },
	{ "seek back", reader_seeking },
	{ "leave it half read", reader_leaving },
	{ "be killed", reader_killed },
	{ "read with threads", reader_threads },
	{ "ask", reader_asking },
	{ "read as another user", reader_ordinary },
};

#define NR_WORKERS ARRAY_SIZE(workers)

/* Unloads it with readers inside, and loads it again. */
static void reload(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		tap_bail_errno("%s", path);
	while (syscall(SYS_delete_module, "sockowners", O_NONBLOCK))
		if (errno != EAGAIN && errno != EBUSY)
			tap_bail_errno("unloading");
	while (syscall(SYS_finit_module, fd, "", 0))
		if (errno != EEXIST)
			tap_bail_errno("loading");
	close(fd);
}

static bool is_alive(const struct child *child)
{
	siginfo_t info = { 0 };

	return !waitid(P_PID, child->pid, &info, WEXITED | WNOHANG | WNOWAIT) &&
	       !info.si_pid;
}

/* What the whole machine uses and cannot give back by itself, in KiB. */
static long memory_used(void)
{
	FILE *file = fopen("/proc/meminfo", "re");
	long total = 0, available = 0;
	char line[128];

	while (file && fgets(line, sizeof(line), file)) {
		if (!strncmp(line, "MemTotal:", 9))
			total = atol(line + 9);
		if (!strncmp(line, "MemAvailable:", 13))
			available = atol(line + 13);
	}
	if (file)
		fclose(file);
	return total - available;
}

static bool memory_is_back(void *arg)
{
	return memory_used() < *(long *)arg + 64 * 1024;
}

/* Those that they forked end by themselves. */
static bool all_is_quiet(void *arg)
{
	struct listing listing;
	size_t *rows = arg;

	listing_read(&listing);
	*rows = listing.nr_rows;
	listing_free(&listing);
	return *rows < 20000;
}

/* Everything once, so that what the kernel keeps for later is there. */
static void settle(void)
{
	struct listing listing;

	listing_read(&listing);
	listing_free(&listing);
}

/*
 * The storms give up more than ksoftirqd, with the share of one of them, frees: with KASAN
 * RCU's callbacks filled 450 MiB in ten minutes, and who waits for the last of them
 * (rcu_barrier(), synchronize_rcu()) was reported as hung. The kernel's threads come first.
 */
static void be_nice(int priority)
{
	if (setpriority(PRIO_PROCESS, 0, priority))
		tap_bail_errno("setpriority");
}

int main(int argc, char **argv)
{
	static struct child children[NR_WORKERS];
	const char *module = argc > 2 ? argv[2] : NULL;
	unsigned long rounds = 0;
	size_t rows;
	double end;
	long before;

	if (argc > 1 && !strcmp(argv[1], "executed"))
		storm_executed();
	end = argc > 1 ? atof(argv[1]) : 0;
	if (end <= 0) {
		fputs("usage: stress SECONDS [MODULE]\n", stderr);
		return 2;
	}
	readers_reloading = module;
	tap_plan(NR_WORKERS + 2);
	settle();
	before = memory_used();
	end += now();
	be_nice(19);
	for (size_t i = 0; i < NR_WORKERS; i++) {
		child_start(&children[i], workers[i].body, NULL);
		hear(children[i].control);
	}
	be_nice(0);
	for (; now() < end; rounds++) {
		pause_ms(module ? 100 : 1000);
		if (module)
			reload(module);
	}
	for (size_t i = 0; i < NR_WORKERS; i++)
		tap_ok(is_alive(&children[i]), "%s", workers[i].name);
	for (size_t i = 0; i < NR_WORKERS; i++) {
		kill(children[i].pid, SIGTERM);
		child_stop(&children[i]);
	}
	if (module)
		tap_diag("unloaded and loaded %lu times", rounds);
	tap_ok(wait_until(all_is_quiet, &rows),
	       "and it is read as ever: %zu rows", rows);
	tap_ok(wait_until(memory_is_back, &before),
	       "the memory is back: %ld KiB before, %ld after", before,
	       memory_used());
	return tap_done();
}
