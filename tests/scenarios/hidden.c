// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * The same sockets, held by other processes that the reader may not see: more of
 * them, in another order, otherwise. The reader gets the same text, byte for
 * byte, also with all columns.
 */
#define _GNU_SOURCE
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/net.h"
#include "lib/parameter.h"
#include "lib/scene.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define NR_SOCKS   12
#define NR_HOLDERS 3
/* Numbers that nothing else gets while the sockets are away. */
#define FIRST_SOCK 200

static const struct person people[NR_HOLDERS] = {
	{ .name = "bob", .uid = 1001, .gid = 1001 },
	{ .name = "root", .capabilities = EVERY_CAPABILITY },
	{ .name = "a-long-name",
	  .uid = 1000,
	  .gid = 1000,
	  .not_dumpable = true },
};

static const struct person reader = {
	.name = "reader",
	.uid = 2000,
	.gid = 2000,
};

enum way {
	BY_DESCRIPTOR,
	BY_TWO_DESCRIPTORS,
	IN_FLIGHT,
};

/* Socket i is held by those in @holders[i % 2]. */
static const struct {
	const char *claim;
	unsigned int holders[2];
	enum way way;
} samples[] = {
	{ "one process holds them", { BIT(0), BIT(0) }, BY_DESCRIPTOR },
	{ "another one", { BIT(1), BIT(1) }, BY_DESCRIPTOR },
	{ "three",
	  { BIT(0) | BIT(1) | BIT(2), BIT(0) | BIT(1) | BIT(2) },
	  BY_DESCRIPTOR },
	{ "one half is one's, one half another's",
	  { BIT(0), BIT(2) },
	  BY_DESCRIPTOR },
	{ "the other way around", { BIT(2), BIT(0) }, BY_DESCRIPTOR },
	{ "each holds them twice",
	  { BIT(0) | BIT(1), BIT(1) | BIT(2) },
	  BY_TWO_DESCRIPTORS },
	{ "one has them, in one's queue they wait too",
	  { BIT(0), BIT(1) },
	  IN_FLIGHT },
};

#define NR_SAMPLES ARRAY_SIZE(samples)

static int socks[NR_SOCKS];

/* The same at each number, from a process that has it. */
static void take_back(const struct scene *scene, const unsigned int holders[2])
{
	for (unsigned int i = 0; i < NR_SOCKS; i++) {
		unsigned int process = __builtin_ctz(holders[i % 2]);
		int pidfd = syscall(SYS_pidfd_open,
				    scene->process[process].child.pid, 0);
		int sock = syscall(SYS_pidfd_getfd, pidfd, socks[i], 0);

		if (sock < 0 || dup2(sock, socks[i]) != socks[i])
			tap_bail_errno("taking a socket back");
		close(sock);
		close(pidfd);
	}
}

static void give(struct scene *scene, size_t sample)
{
	for (unsigned int i = 0; i < NR_SOCKS; i++) {
		for (unsigned int j = 0; j < NR_HOLDERS; j++) {
			if (!(samples[sample].holders[i % 2] & BIT(j)))
				continue;
			scene_give(scene, j, socks[i]);
			if (samples[sample].way == BY_TWO_DESCRIPTORS)
				scene_give(scene, j, dup(socks[i]));
			if (samples[sample].way == IN_FLIGHT)
				scene_in_flight(scene, BIT(j) | BIT(2),
						dup(socks[i]));
		}
	}
}

static char *read_columns(const struct scene *scene, const struct view *view,
			  const char *columns)
{
	size_t length;
	char *text;

	if (parameter_set("columns", columns))
		tap_bail("columns=%s is refused", columns);
	text = scene_read(scene, view, &length);
	parameter_set("columns", "default");
	return text;
}

/* Rows of the text in which a column that is about a process says something. */
static size_t count_told(char *text)
{
	static const char *const names[] = { "pid",   "fd",	"uid", "via",
					     "start", "cgroup", "comm" };
	bool about[64] = { 0 };
	char *line, *rest;
	size_t told = 0;

	line = strtok_r(text, "\n", &rest);
	for (unsigned int header = 1; line; header = 0) {
		char *field, *next;
		unsigned int column = 0;
		bool tells = false;

		for (field = strtok_r(line, "\t", &next); field;
		     field = strtok_r(NULL, "\t", &next)) {
			for (size_t i = 0; header && i < ARRAY_SIZE(names); i++)
				about[column] |= !strcmp(field, names[i]);
			tells |= !header && about[column] && strcmp(field, "-");
			column++;
		}
		told += tells;
		line = strtok_r(NULL, "\n", &rest);
	}
	return told;
}

static void make(void)
{
	for (unsigned int i = 0; i < NR_SOCKS; i++) {
		int sock = i % 3 ? udp_open("127.0.0.1") :
				   tcp_listen("127.0.0.1", 1);

		socks[i] = FIRST_SOCK + i;
		if (dup2(sock, socks[i]) < 0)
			tap_bail_errno("dup2");
		close(sock);
	}
}

int main(void)
{
	char *first[2] = { 0 };

	tap_plan(3 * NR_SAMPLES - 2 + 1);
	net_enter_new();
	make();
	for (size_t i = 0; i < NR_SAMPLES; i++) {
		struct scene scene = { 0 };
		struct view view = { .netns = EVERYWHERE };
		char *plain, *all;

		scene_netns(&scene);
		give(&scene, i);
		for (unsigned int j = 0; j < NR_HOLDERS; j++)
			scene_process(&scene, &people[j]);
		view.reader = scene_process(&scene, &reader);
		scene_hand_over(&scene);

		scene_is_seen(&scene, &view, "%s: each hidden once",
			      samples[i].claim);
		plain = read_columns(&scene, &view, "default");
		all = read_columns(&scene, &view, "all");
		take_back(&scene, samples[i].holders);
		scene_end(&scene);
		if (i == 0) {
			first[0] = plain;
			first[1] = all;
			continue;
		}
		tap_is_text(plain, first[0], "%s: the same text",
			    samples[i].claim);
		tap_is_text(all, first[1], "%s: the same with all columns",
			    samples[i].claim);
		free(plain);
		free(all);
	}
	tap_is_number(count_told(first[1]), 0,
		      "no column tells anything of a process");
	return tap_done();
}
