// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * A container with user, pid, network and mount namespaces of its own, made by
 * root. Inside, the listing has what is inside, with the numbers and users that
 * it has there. Outside, to have the user id of the container's root is not
 * enough.
 */
#define _GNU_SOURCE
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>

#include "lib/array.h"
#include "lib/container.h"
#include "lib/net.h"
#include "lib/parameter.h"
#include "lib/scene.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define OTHERS	 (CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWNS)
#define ALL	 (CLONE_NEWUSER | OTHERS)
#define MONITORS 4711

static struct scene scene;

enum {
	INNER_ROOT,
	INNER_USER,
	STRANGE, /* inside, with a user that has no number there */
	ENTERED, /* the machine's root, in all of it but the user namespace */
	INNER_SECRET, /* not dumpable */
	RUNTIME, /* the machine's root, outside */
	OUTER_TWIN, /* outside, with the user id of the container's root */
	OUTER_USER, /* outside, with the number of the container's user */
	NR_HOLDERS
};

/* Those that root of the container may look into. */
#define ITS_OWN (BIT(INNER_ROOT) | BIT(INNER_USER) | BIT(STRANGE))

static struct person holders[NR_HOLDERS] = {
	[INNER_ROOT] = { .name = "inner-root",
			 .capabilities = EVERY_CAPABILITY,
			 .namespaces = ALL },
	[INNER_USER] = { .name = "inner-user",
			 .uid = 1000,
			 .gid = 1000,
			 .namespaces = ALL },
	[STRANGE] = { .name = "strange",
		      .keeps_ids = true,
		      .capabilities = EVERY_CAPABILITY,
		      .namespaces = ALL },
	[ENTERED] = { .name = "entered",
		      .capabilities = EVERY_CAPABILITY,
		      .namespaces = OTHERS },
	[INNER_SECRET] = { .name = "inner-secret",
			   .uid = 1000,
			   .gid = 1000,
			   .not_dumpable = true,
			   .namespaces = ALL },
	[RUNTIME] = { .name = "runtime", .capabilities = EVERY_CAPABILITY },
	[OUTER_TWIN] = { .name = "twin", .uid = 100000, .gid = 100000 },
	[OUTER_USER] = { .name = "outer-user", .uid = 1000, .gid = 1000 },
};

enum {
	INSIDE,
	OUTSIDE
};

static void make_inside(void)
{
	int listener = tcp_listen("127.0.0.1", 8), shared = udp_open("::1");

	for (unsigned int i = 0; i < NR_HOLDERS; i++)
		scene_give(&scene, i, udp_open("127.0.0.1"));
	scene_give(&scene, INNER_ROOT, listener);
	scene_give(&scene, INNER_ROOT, shared);
	scene_give(&scene, RUNTIME, shared);
	scene_in_flight(&scene, BIT(INNER_USER), udp_open("127.0.0.1"));
	scene_in_flight(&scene, BIT(RUNTIME), udp_open("127.0.0.1"));
	scene_in_flight(&scene, BIT(RUNTIME) | BIT(INNER_ROOT),
			udp_open("127.0.0.1"));
	scene_timewait(&scene, listener);
	scene_not_accepted(&scene, INNER_USER, listener);
	scene_elsewhere(&scene, INNER_ROOT);
}

static void make_outside(void)
{
	int listener = tcp_listen("127.0.0.1", 8);

	for (unsigned int i = 0; i < NR_HOLDERS; i++)
		scene_give(&scene, i, udp_open("127.0.0.1"));
	/* As a service manager passes it to a service. */
	scene_give(&scene, RUNTIME, listener);
	scene_give(&scene, INNER_ROOT, listener);
	scene_timewait(&scene, listener);
	scene_not_accepted(&scene, RUNTIME, listener);
	scene_elsewhere(&scene, RUNTIME);
}

static void check_holders(pid_t first)
{
	char path[64];
	const struct {
		const char *claim;
		struct view view;
	} samples[] = {
		{ "root of the container: all of it, no one else",
		  { .reader = INNER_ROOT,
		    .sees = ITS_OWN,
		    .netns = BIT(INSIDE),
		    .level = 1 } },
		{ "root with another user id, in the container: the same",
		  { .reader = STRANGE,
		    .sees = ITS_OWN,
		    .netns = BIT(INSIDE),
		    .level = 1 } },
		{ "user of the container: its own",
		  { .reader = INNER_USER, .netns = BIT(INSIDE), .level = 1 } },
		{ "the machine's root, entered: who has a number there",
		  { .reader = ENTERED,
		    .sees = EVERYBODY,
		    .netns = EVERYWHERE,
		    .level = 1 } },
		{ "the machine's root, in the container's procfs: the same",
		  { .reader = RUNTIME,
		    .sees = EVERYBODY,
		    .netns = EVERYWHERE,
		    .level = 1,
		    .path = path } },
		{ "the machine's root: everything",
		  { .reader = RUNTIME,
		    .sees = EVERYBODY,
		    .netns = EVERYWHERE,
		    .everything = true } },
		{ "outside, with the user id of the container's root: its own",
		  { .reader = OUTER_TWIN, .netns = BIT(OUTSIDE) } },
		{ "outside, with the number of its user: its own",
		  { .reader = OUTER_USER, .netns = BIT(OUTSIDE) } },
	};

	snprintf(path, sizeof(path), "/proc/%d/root%s", first, LISTING_PATH);
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
		scene_is_seen(&scene, &samples[i].view, "%s", samples[i].claim);
}

/* Each holds nothing itself. */
static void check_readers(pid_t first)
{
	bool all = parameter_is("gid", "4711");
	const struct {
		const char *claim;
		struct person person;
		struct view view;
	} samples[] = {
		{ "root of the container without capabilities: nobody",
		  { .namespaces = ALL },
		  { .netns = BIT(INSIDE), .level = 1 } },
		{ "a user of the container with CAP_SYS_PTRACE there",
		  { .uid = 2000,
		    .gid = 2000,
		    .capabilities = CAPABILITY(CAP_SYS_PTRACE),
		    .namespaces = ALL },
		  { .sees = ITS_OWN, .netns = BIT(INSIDE), .level = 1 } },
		{ "root of the container's user namespace alone",
		  { .capabilities = EVERY_CAPABILITY,
		    .namespaces = CLONE_NEWUSER },
		  { .sees = ITS_OWN, .netns = EVERYWHERE } },
		{ "a user in the container's network namespace alone",
		  { .uid = 1000, .gid = 1000, .namespaces = CLONE_NEWNET },
		  { .sees = BIT(OUTER_USER), .netns = BIT(INSIDE) } },
		{ "in the container, a group with the number 4711",
		  { .uid = 1000,
		    .gid = 1000,
		    .group = MONITORS,
		    .namespaces = ALL },
		  { .sees = BIT(INNER_USER),
		    .netns = BIT(INSIDE),
		    .level = 1 } },
		{ "the machine's group 4711, in the container's procfs",
		  { .uid = 2000,
		    .gid = 2000,
		    .group = MONITORS,
		    .namespaces = CLONE_NEWPID | CLONE_NEWNS },
		  { .sees = all ? EVERYBODY : NOBODY,
		    .netns = BIT(OUTSIDE),
		    .level = 1 } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		struct person person = samples[i].person;
		struct view view = samples[i].view;

		person.name = "reader";
		person.inside = first;
		view.reader = scene_process(&scene, &person);
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
	int outside, inside;

	tap_plan(8 + 6);
	net_enter_new();
	outside = net_open();
	container_start(&container, &root, ALL, "0 100000 65536");
	inside = net_open_of(container.first);
	net_enter(inside);
	scene_netns(&scene);
	make_inside();
	net_enter(outside);
	scene_netns(&scene);
	make_outside();
	for (unsigned int i = 0; i < NR_HOLDERS; i++) {
		holders[i].inside = container.first;
		scene_process(&scene, &holders[i]);
	}
	scene_hand_over(&scene);
	check_holders(container.first);
	check_readers(container.first);
	scene_end(&scene);
	container_stop(&container);
	return tap_done();
}
