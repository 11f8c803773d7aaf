// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * A container with pid, network and mount namespaces, and users and capabilities
 * that are the machine's. What it sees is what its capabilities allow, of the
 * processes that its procfs has.
 */
#define _GNU_SOURCE
#include <linux/capability.h>
#include <sched.h>

#include "lib/array.h"
#include "lib/container.h"
#include "lib/net.h"
#include "lib/scene.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define NAMESPACES (CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWNS)

static struct scene scene;

enum {
	PRIVILEGED,
	ORDINARY, /* root with some capabilities, none of the two */
	STRIPPED, /* root with none at all */
	INNER_USER,
	OUTER_ROOT,
	OUTER_USER, /* with the same user id */
	NR_HOLDERS
};

static struct person holders[NR_HOLDERS] = {
	[PRIVILEGED] = { .name = "privileged",
			 .capabilities = EVERY_CAPABILITY,
			 .namespaces = NAMESPACES },
	[ORDINARY] = { .name = "ordinary",
		       .capabilities = CAPABILITY(CAP_CHOWN) |
				       CAPABILITY(CAP_NET_BIND_SERVICE),
		       .namespaces = NAMESPACES },
	[STRIPPED] = { .name = "stripped", .namespaces = NAMESPACES },
	[INNER_USER] = { .name = "inner-user",
			 .uid = 1000,
			 .gid = 1000,
			 .namespaces = NAMESPACES },
	[OUTER_ROOT] = { .name = "outer-root",
			 .capabilities = EVERY_CAPABILITY },
	[OUTER_USER] = { .name = "outer-user", .uid = 1000, .gid = 1000 },
};

enum {
	INSIDE,
	OUTSIDE
};

/* The same in each: one socket for each process, and what nobody holds. */
static void make(void)
{
	int listener = tcp_listen("127.0.0.1", 8);
	int shared = udp_open("127.0.0.1");

	scene_netns(&scene);
	for (unsigned int i = 0; i < NR_HOLDERS; i++)
		scene_give(&scene, i, udp_open("127.0.0.1"));
	scene_give(&scene, ORDINARY, listener);
	scene_give(&scene, OUTER_ROOT, shared);
	scene_give(&scene, INNER_USER, shared);
	scene_in_flight(&scene, BIT(OUTER_USER), udp_open("127.0.0.1"));
	scene_in_flight(&scene, BIT(PRIVILEGED) | BIT(INNER_USER),
			udp_open("127.0.0.1"));
	scene_timewait(&scene, listener);
	scene_not_accepted(&scene, STRIPPED, listener);
	scene_elsewhere(&scene, OUTER_ROOT);
}

static void check_holders(void)
{
	static const struct {
		const char *claim;
		struct view view;
	} samples[] = {
		{ "with every capability: who has a number there",
		  { .reader = PRIVILEGED,
		    .sees = EVERYBODY,
		    .netns = EVERYWHERE,
		    .level = 1 } },
		{ "with some: its own that have no more",
		  { .reader = ORDINARY,
		    .sees = BIT(STRIPPED),
		    .netns = BIT(INSIDE),
		    .level = 1 } },
		{ "with none: itself",
		  { .reader = STRIPPED, .netns = BIT(INSIDE), .level = 1 } },
		{ "a user: itself, not who has the same user id outside",
		  { .reader = INNER_USER, .netns = BIT(INSIDE), .level = 1 } },
		{ "outside, the same user: both",
		  { .reader = OUTER_USER,
		    .sees = BIT(INNER_USER),
		    .netns = BIT(OUTSIDE) } },
		{ "outside, root: everything",
		  { .reader = OUTER_ROOT,
		    .sees = EVERYBODY,
		    .netns = EVERYWHERE,
		    .everything = true } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
		scene_is_seen(&scene, &samples[i].view, "%s", samples[i].claim);
}

static void check_readers(pid_t first)
{
	const struct {
		const char *claim;
		unsigned long long capabilities;
		unsigned int sees, netns;
	} samples[] = {
		{ "a user with CAP_SYS_PTRACE: who has a number there",
		  CAPABILITY(CAP_SYS_PTRACE), EVERYBODY, BIT(INSIDE) },
		{ "a user with CAP_NET_ADMIN: nobody, in every namespace",
		  CAPABILITY(CAP_NET_ADMIN), NOBODY, EVERYWHERE },
		{ "a user with all but the two: nobody",
		  EVERY_CAPABILITY & ~(CAPABILITY(CAP_SYS_PTRACE) |
				       CAPABILITY(CAP_NET_ADMIN)),
		  NOBODY, BIT(INSIDE) },
	};

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct person person = {
			.name = "reader",
			.uid = 2000,
			.gid = 2000,
			.capabilities = samples[i].capabilities,
			.inside = first,
			.namespaces = NAMESPACES,
		};
		struct view view = {
			.reader = scene_process(&scene, &person),
			.sees = samples[i].sees,
			.netns = samples[i].netns,
			.level = 1,
		};

		scene_is_seen(&scene, &view, "%s", samples[i].claim);
	}
}

int main(void)
{
	static const struct person root = {
		.name = "maker",
		.capabilities = EVERY_CAPABILITY,
	};
	struct container container;
	int outside;

	tap_plan(6 + 3);
	net_enter_new();
	outside = net_open();
	container_start(&container, &root, NAMESPACES, NULL);
	net_enter(net_open_of(container.first));
	make();
	net_enter(outside);
	make();
	for (unsigned int i = 0; i < NR_HOLDERS; i++) {
		holders[i].inside = container.first;
		scene_process(&scene, &holders[i]);
	}
	scene_hand_over(&scene);
	check_holders();
	check_readers(container.first);
	scene_end(&scene);
	container_stop(&container);
	return tap_done();
}
