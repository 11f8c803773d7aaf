// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * A container that a user has made without the help of root. Its owner has all
 * rights over it from outside, whatever its processes are called there; nobody
 * else has, and inside nothing of its owner is seen.
 */
#define _GNU_SOURCE
#include <sched.h>

#include "lib/array.h"
#include "lib/container.h"
#include "lib/net.h"
#include "lib/scene.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define ALL (CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWNS)

static struct scene scene;

enum {
	INNER_ROOT, /* outside it has the owner's user id */
	INNER_USER, /* outside it has one that nobody else has */
	INNER_SECRET, /* not dumpable */
	ALONE, /* in a user namespace of the owner's, and nothing else */
	MAKER,
	OTHER,
	NR_HOLDERS
};

static struct person holders[NR_HOLDERS] = {
	[INNER_ROOT] = { .name = "inner-root",
			 .capabilities = EVERY_CAPABILITY,
			 .namespaces = ALL },
	[INNER_USER] = { .name = "inner-user",
			 .uid = 5,
			 .gid = 5,
			 .namespaces = ALL },
	[INNER_SECRET] = { .name = "inner-secret",
			   .uid = 5,
			   .gid = 5,
			   .not_dumpable = true,
			   .namespaces = ALL },
	[ALONE] = { .name = "alone",
		    .capabilities = EVERY_CAPABILITY,
		    .namespaces = CLONE_NEWUSER },
	[MAKER] = { .name = "owner", .uid = 1000, .gid = 1000 },
	[OTHER] = { .name = "other", .uid = 1001, .gid = 1001 },
};

enum {
	INSIDE,
	OUTSIDE
};

static void make(void)
{
	int listener = tcp_listen("127.0.0.1", 8);

	scene_netns(&scene);
	for (unsigned int i = 0; i < NR_HOLDERS; i++)
		scene_give(&scene, i, udp_open("127.0.0.1"));
	scene_give(&scene, INNER_ROOT, listener);
	scene_in_flight(&scene, BIT(INNER_USER), udp_open("127.0.0.1"));
	scene_in_flight(&scene, BIT(INNER_SECRET), udp_open("127.0.0.1"));
	scene_timewait(&scene, listener);
	scene_not_accepted(&scene, INNER_USER, listener);
	scene_elsewhere(&scene, INNER_ROOT);
}

static void check(void)
{
	static const struct {
		const char *claim;
		struct view view;
	} samples[] = {
		{ "its owner outside: all of it",
		  { .reader = MAKER,
		    .sees = BIT(INNER_ROOT) | BIT(INNER_USER) | BIT(ALONE),
		    .netns = EVERYWHERE } },
		{ "another user outside: its own",
		  { .reader = OTHER, .netns = BIT(OUTSIDE) } },
		{ "its root: all of it, not its owner",
		  { .reader = INNER_ROOT,
		    .sees = BIT(INNER_USER),
		    .netns = BIT(INSIDE),
		    .level = 1 } },
		{ "its user: its own",
		  { .reader = INNER_USER, .netns = BIT(INSIDE), .level = 1 } },
		{ "root of a user namespace alone: itself, not its owner",
		  { .reader = ALONE, .netns = BIT(OUTSIDE) } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
		scene_is_seen(&scene, &samples[i].view, "%s", samples[i].claim);
}

int main(void)
{
	static const struct person owner = {
		.name = "maker",
		.uid = 1000,
		.gid = 1000,
	};
	struct container container, alone;
	int outside;

	tap_plan(5);
	net_enter_new();
	outside = net_open();
	/* As newuidmap(1) does it. */
	container_start(&container, &owner, ALL, "0 1000 1\n1 100000 65535\n");
	container_start(&alone, &owner, CLONE_NEWUSER, "0 1000 1\n");
	net_enter(net_open_of(container.first));
	make();
	net_enter(outside);
	make();
	for (unsigned int i = 0; i < NR_HOLDERS; i++) {
		holders[i].inside = i == ALONE ? alone.first : container.first;
		scene_process(&scene, &holders[i]);
	}
	scene_hand_over(&scene);
	check();
	scene_end(&scene);
	container_stop(&alone);
	container_stop(&container);
	return tap_done();
}
