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

struct netns {
	int fd;
	unsigned long inode;
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
static bool make(struct netns *netns, size_t i, struct expect *expect, int home)
{
	/* A parent that tells its children's table, and a child. */
	net_enter_new();
	if (samples[i].buckets) {
		if (!sysctl_try("net/ipv4/tcp_child_ehash_entries",
				samples[i].buckets)) {
			net_enter(home);
			return false;
		}
		net_enter_new();
		if (!has_own_table(samples[i].buckets))
			tap_bail("no table of %s buckets", samples[i].buckets);
	}
	timewaits_make(expect, "127.0.0.1", samples[i].number);
	netns->fd = net_open();
	netns->inode = net_inode();
	net_enter(home);
	return true;
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
	struct expect expects[NR_SAMPLES] = { 0 };
	bool made[NR_SAMPLES];
	struct listing listing;
	double begun = now();
	int home;

	tap_plan(2 * NR_SAMPLES);
	home = net_open();
	for (size_t i = 0; i < NR_SAMPLES; i++)
		made[i] = make(&all[i], i, &expects[i], home);

	/* All of them are there at once. */
	listing_read(&listing);
	if (now() - begun > 55)
		tap_bail("too slow: the first one ends after 60 s");
	for (size_t i = 0; i < NR_SAMPLES; i++) {
		if (made[i])
			expect_in(&expects[i], &listing, "%u time-waits %s",
				  samples[i].number, samples[i].what);
		else
			tap_skip("no net.ipv4.tcp_child_ehash_entries",
				 "%u time-waits %s", samples[i].number,
				 samples[i].what);
	}
	for (size_t i = 0; i < NR_SAMPLES; i++) {
		if (made[i]) {
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
