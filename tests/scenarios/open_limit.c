// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * How many listings a user has open at once: as many as one may, counted over all
 * of its processes and user namespaces; only CAP_SYS_RESOURCE over the whole machine
 * has no limit.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/child.h"
#include "lib/container.h"
#include "lib/listing.h"
#include "lib/person.h"
#include "lib/tap.h"

#define USER	  1000
#define OTHER	  2000
#define MOST	  64 /* SKO_READERS_MAX of the module */
#define MORE	  (MOST + 6)
#define CLOSE_ALL 0

/* A process that opens as many as it is told, after making a user namespace or not. */
static void serve(int control, void *arg)
{
	bool *unshares = arg;
	int fd[MORE], nr = 0;

	if (*unshares && unshare(CLONE_NEWUSER))
		tap_bail_errno("a user namespace");
	tell(control, 0);
	for (;;) {
		int wanted = hear(control), error = 0;

		if (wanted == CLOSE_ALL)
			while (nr)
				close(fd[--nr]);
		while (nr < wanted && !error) {
			fd[nr] = open(LISTING_PATH, O_RDONLY | O_CLOEXEC);
			if (fd[nr] >= 0)
				nr++;
			else
				error = errno;
		}
		tell(control, nr);
		tell(control, error);
	}
}

static struct child start(const struct person *person, bool unshares)
{
	static const int nothing[] = { -1 };
	struct child child;

	person_start(&child, person, nothing, serve, &unshares);
	hear(child.control);
	return child;
}

/* @child has @wanted open then, or @most and the error that says so. */
static void opens(const struct child *child, int wanted, int most,
		  const char *claim)
{
	int nr, error;

	tell(child->control, wanted);
	nr = hear(child->control);
	error = hear(child->control);
	tap_ok(nr == most && error == (nr < wanted ? EMFILE : 0), "%s: %d, %s",
	       claim, nr, strerror(error));
}

static void close_all(const struct child *child)
{
	tell(child->control, CLOSE_ALL);
	hear(child->control);
	hear(child->control);
}

int main(void)
{
	const struct person user = { .name = "user", .uid = USER, .gid = USER };
	const struct person other = {
		.name = "other",
		.uid = OTHER,
		.gid = OTHER,
	};
	const struct person able = {
		.name = "able",
		.uid = USER,
		.gid = USER,
		.capabilities = CAPABILITY(CAP_SYS_RESOURCE),
	};
	struct person inside = {
		.name = "inside",
		.capabilities = EVERY_CAPABILITY,
		.namespaces = CLONE_NEWUSER,
	};
	struct child as_user, as_other, as_able, as_inside, deeper;
	struct container container;

	tap_plan(8);
	/* Its root is user 100000, and nobody who is anybody owns it but USER. */
	container_start(&container, &user, CLONE_NEWUSER, "0 100000 1");
	inside.inside = container.first;
	as_user = start(&user, false);
	as_other = start(&other, false);
	as_able = start(&able, false);
	as_inside = start(&inside, false);
	deeper = start(&inside, true);

	opens(&as_user, MORE, MOST, "a user");
	opens(&as_other, MOST, MOST, "another user meanwhile");
	opens(&as_able, MORE, MORE, "the same user with CAP_SYS_RESOURCE");
	opens(&as_inside, MORE, 0, "root of a user namespace that it owns");
	opens(&deeper, MORE, 0, "and of one below that");
	close_all(&as_user);
	opens(&as_inside, MOST / 2, MOST / 2,
	      "root there when the user has closed them");
	opens(&deeper, MORE, MOST / 2, "and below, as many as are left");
	opens(&as_user, 1, 0, "and the user none");

	child_stop(&as_user);
	child_stop(&as_other);
	child_stop(&as_able);
	child_stop(&as_inside);
	child_stop(&deeper);
	container_stop(&container);
	return tap_done();
}
