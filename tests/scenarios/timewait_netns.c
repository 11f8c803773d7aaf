// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Time-waits in network namespaces other than the reader's, on the common hash
 * table and on tables of their own, also tiny ones. Each is listed once, with
 * its own namespace.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/deadline.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/tap.h"
#include "lib/timewait.h"

static const struct {
	const char *buckets; /* NULL: the common table */
	unsigned int number;
	const char *what;
} samples[] = {
	{ NULL, 200, "on the common table" },
	{ "16", 800, "in 16 buckets of its own" },
	{ "1", 300, "in one bucket of its own" },
	{ "65536", 200, "in 65,536 buckets of its own" },
};

#define NR_SAMPLES ARRAY_SIZE(samples)

/* A namespace of each kind, with its time-waits. */
struct netns {
	bool made;
	int fd;
	unsigned long inode;
	struct expect expect;
};

/* Is the table of the present namespace its own, with @buckets? */
static bool has_own_table(const char *buckets)
{
	char text[32] = "";
	int fd = open("/proc/sys/net/ipv4/tcp_ehash_entries", O_RDONLY);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		tap_bail_errno("tcp_ehash_entries");
	close(fd);
	/* The common one is told with a minus sign. */
	return atoi(text) == atoi(buckets);
}

/* Returns false if this kernel has no tables of that kind. */
static bool make_netns(struct netns *netns, const char *buckets)
{
	/* A parent that tells its children's table, and a child. */
	net_enter_new();
	if (buckets) {
		if (!sysctl_try("net/ipv4/tcp_child_ehash_entries", buckets))
			return false;
		net_enter_new();
		if (!has_own_table(buckets))
			tap_bail("no table of %s buckets", buckets);
	}
	netns->fd = net_open();
	netns->inode = net_inode();
	return true;
}

/*
 * All of them at once, with a @share of the time-waits. Returns when the first time-wait
 * began: who makes a namespace waits for those that are being taken down.
 */
static double make(struct netns *all, unsigned int share)
{
	int home = net_open();
	double begun;

	for (size_t i = 0; i < NR_SAMPLES; i++) {
		all[i].made = make_netns(&all[i], samples[i].buckets);
		net_enter(home);
	}
	begun = now();
	for (size_t i = 0; i < NR_SAMPLES; i++) {
		if (!all[i].made)
			continue;
		net_enter(all[i].fd);
		timewaits_make(&all[i].expect, "127.0.0.1",
			       samples[i].number / share);
	}
	net_enter(home);
	close(home);
	return begun;
}

static void unmake(struct netns *all)
{
	for (size_t i = 0; i < NR_SAMPLES; i++) {
		if (all[i].made)
			close(all[i].fd);
		expect_clear(&all[i].expect);
	}
}

/* Machines that cannot do so in the time of a time-wait get fewer. */
static void make_and_read(struct netns *all, struct listing *listing)
{
	for (unsigned int share = 1; share <= 8; share *= 2) {
		double begun = make(all, share);

		listing_read(listing);
		if (now() - begun < 55)
			return;
		tap_diag("too slow with 1/%u: %.0f s", share, now() - begun);
		listing_free(listing);
		unmake(all);
	}
	tap_bail("too slow: the first one ends after 60 s");
}

/* Is there no time-wait row of the namespace any more? */
static bool is_empty(void *arg)
{
	struct netns *netns = arg;
	struct listing listing;
	bool empty = true;
	char inode[32];

	snprintf(inode, sizeof(inode), "%lu", netns->inode);
	listing_read(&listing);
	for (size_t i = 0; i < listing.nr_rows; i++)
		if (!strcmp(listing.rows[i].field[NETNS], inode))
			empty = false;
	listing_free(&listing);
	return empty;
}

int main(void)
{
	static struct netns all[NR_SAMPLES];
	struct listing listing;

	tap_plan(2 * NR_SAMPLES);
	make_and_read(all, &listing);
	for (size_t i = 0; i < NR_SAMPLES; i++) {
		if (all[i].made)
			expect_in(&all[i].expect, &listing, "time-waits %s",
				  samples[i].what);
		else
			tap_skip("no net.ipv4.tcp_child_ehash_entries",
				 "time-waits %s", samples[i].what);
	}
	for (size_t i = 0; i < NR_SAMPLES; i++) {
		if (all[i].made) {
			close(all[i].fd);
			tap_ok(wait_until(is_empty, &all[i]),
			       "gone with the namespace: %s", samples[i].what);
		} else {
			tap_skip("no net.ipv4.tcp_child_ehash_entries",
				 "gone with the namespace: %s",
				 samples[i].what);
		}
	}
	return tap_done();
}
