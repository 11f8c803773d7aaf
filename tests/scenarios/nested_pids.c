// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Three pid namespaces one inside the other, each with a procfs. One process has
 * three numbers; a process further out has none, and what it holds is hidden.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>

#include "lib/container.h"
#include "lib/net.h"
#include "lib/scene.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define NAMESPACES (CLONE_NEWPID | CLONE_NEWNS)

static struct scene scene;

enum {
	OUTER,
	MIDDLE,
	INNER,
	NR_HOLDERS
};

static struct person holders[NR_HOLDERS] = {
	[OUTER] = { .name = "outer", .capabilities = EVERY_CAPABILITY },
	[MIDDLE] = { .name = "middle",
		     .capabilities = EVERY_CAPABILITY,
		     .namespaces = NAMESPACES },
	[INNER] = { .name = "inner",
		    .capabilities = EVERY_CAPABILITY,
		    .namespaces = NAMESPACES },
};

static void make(void)
{
	int of_all = tcp_listen("127.0.0.1", 8), of_two = udp_open("::1");

	scene_netns(&scene);
	for (unsigned int i = 0; i < NR_HOLDERS; i++) {
		scene_give(&scene, i, udp_open("127.0.0.1"));
		scene_give(&scene, i, of_all);
		scene_in_flight(&scene, BIT(i), udp_open("127.0.0.1"));
	}
	scene_give(&scene, OUTER, of_two);
	scene_give(&scene, MIDDLE, of_two);
	scene_in_flight(&scene, BIT(OUTER) | BIT(INNER), udp_open("127.0.0.1"));
	scene_in_flight(&scene, BIT(MIDDLE) | BIT(INNER),
			udp_open("127.0.0.1"));
	scene_timewait(&scene, of_all);
	scene_elsewhere(&scene, INNER);
}

static void check(unsigned int reader, unsigned int level, pid_t mount,
		  const char *claim)
{
	char path[64];
	struct view view = {
		.reader = reader,
		.sees = EVERYBODY,
		.netns = EVERYWHERE,
		.everything = level == 0,
		.level = level,
		.path = mount ? path : NULL,
	};

	snprintf(path, sizeof(path), "/proc/%d/root%s", mount, LISTING_PATH);
	scene_is_seen(&scene, &view, "%s", claim);
}

int main(void)
{
	struct person maker = {
		.name = "maker",
		.capabilities = EVERY_CAPABILITY,
	};
	struct container middle, inner;
	const pid_t *number;

	tap_plan(1 + 5);
	net_enter_new();
	container_start(&middle, &maker, NAMESPACES, NULL);
	maker.inside = middle.first;
	maker.namespaces = NAMESPACES;
	container_start(&inner, &maker, NAMESPACES, NULL);
	holders[MIDDLE].inside = middle.first;
	holders[INNER].inside = inner.first;
	make();
	for (unsigned int i = 0; i < NR_HOLDERS; i++)
		scene_process(&scene, &holders[i]);
	scene_hand_over(&scene);

	number = scene.process[INNER].number;
	tap_ok(number[2] && number[2] < number[1] && number[1] < number[0],
	       "one process with the numbers %d, %d and %d", number[0],
	       number[1], number[2]);
	check(OUTER, 0, 0, "outermost: all three processes");
	check(MIDDLE, 1, 0, "in the middle: two, under other numbers");
	check(INNER, 2, 0, "innermost: one");
	check(OUTER, 1, middle.first, "the middle's procfs, read outside");
	check(OUTER, 2, inner.first, "the innermost procfs, read outside");
	scene_end(&scene);
	container_stop(&inner);
	container_stop(&middle);
	return tap_done();
}
