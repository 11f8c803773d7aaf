// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Who may open the file: what the parameter mode= says, which is everybody if it
 * says nothing. The file is root's, and of the group that gid= names.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/container.h"
#include "lib/listing.h"
#include "lib/parameter.h"
#include "lib/tap.h"

#define MONITORS 4711

/* Which three bits of the mode count. */
enum {
	NONE, /* it may override them */
	OWN,
	GROUP,
	OTHERS,
};

static const struct {
	const char *who;
	struct person person;
	unsigned int class;
} openers[] = {
	{ "root", { .name = "opener", .capabilities = EVERY_CAPABILITY }, NONE },
	{ "root without capabilities", { .name = "opener" }, OWN },
	{ "a user", { .name = "opener", .uid = 1000, .gid = 1000 }, OTHERS },
	{ "a user in group 4711",
	  { .name = "opener", .uid = 1000, .gid = 1000, .group = MONITORS },
	  GROUP },
	{ "root of a container",
	  { .name = "opener",
	    .capabilities = EVERY_CAPABILITY,
	    .namespaces = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS },
	  OTHERS },
	{ "a user of a container",
	  { .name = "opener",
	    .uid = 1000,
	    .gid = 1000,
	    .namespaces = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS },
	  OTHERS },
};

static const struct {
	const char *what;
	int flags;
	unsigned int bits;
} ways[] = {
	{ "to read", O_RDONLY, 4 },
	{ "to read and write", O_RDWR, 6 },
};

static void try_to_open(int control, void *arg)
{
	const int *flags = arg;
	int fd = open(LISTING_PATH, *flags | O_CLOEXEC);

	tell(control, fd < 0 ? errno : 0);
	stay(control);
}

static unsigned int allowed(unsigned int mode, unsigned int class)
{
	/* Without gid= the file's group is root's. */
	if (class == GROUP && !parameter_is("gid", "4711"))
		class = OTHERS;
	return class == NONE ? 6 : mode >> 3 * (OTHERS - class) & 7;
}

static void check_openers(unsigned int mode, pid_t first)
{
	static const int nothing[] = { -1 };

	for (size_t i = 0; i < ARRAY_SIZE(openers); i++) {
		struct person person = openers[i].person;

		person.inside = first;
		for (size_t j = 0; j < ARRAY_SIZE(ways); j++) {
			unsigned int bits = allowed(mode, openers[i].class);
			int flags = ways[j].flags;
			bool may = (bits & ways[j].bits) == ways[j].bits;
			struct child child;

			person_start(&child, &person, nothing, try_to_open,
				     &flags);
			tap_is_text(strerror(hear(child.control)),
				    strerror(may ? 0 : EACCES), "%s, %s",
				    openers[i].who, ways[j].what);
			child_finish(&child);
		}
	}
}

int main(void)
{
	static const struct person root = {
		.name = "maker",
		.capabilities = EVERY_CAPABILITY,
	};
	struct container container;
	unsigned int mode;
	char text[32];
	struct stat st;

	tap_plan(3 + ARRAY_SIZE(openers) * ARRAY_SIZE(ways));
	container_start(&container, &root,
			CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS,
			"0 100000 65536");
	parameter_get("mode", text, sizeof(text));
	mode = strtoul(text, NULL, 8);
	if (stat(LISTING_PATH, &st))
		tap_bail_errno("stat");
	tap_is_number(st.st_mode, S_IFREG | mode, "a file of mode 0%o", mode);
	tap_is_number(st.st_uid, 0, "it is root's");
	tap_is_number(st.st_gid, parameter_is("gid", "4711") ? MONITORS : 0,
		      "and of the group of gid=");
	check_openers(mode, container.first);
	container_stop(&container);
	return tap_done();
}
