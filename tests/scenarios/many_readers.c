// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * A user opens the file 200 times at once, in a memory cgroup of 32 MiB. Most
 * of it is refused, and nobody else notices: nothing is killed, others read.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/cgroup.h"
#include "lib/child.h"
#include "lib/deadline.h"
#include "lib/expect.h"
#include "lib/listing.h"
#include "lib/net.h"
#include "lib/program.h"
#include "lib/rights.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define USER	      1000
#define OTHER	      2000
#define NR_PROCESSES  10
#define NR_EACH	      20
#define MOST_FOR_USER 64 /* SKO_READERS_MAX of the module */
#define LIMIT	      (32 * 1024 * 1024)
#define SLACK	      (2 * 1024 * 1024)
#define NR_CLAIMS     9
#define READ_AT_FIRST 4096

enum {
	OPEN,
	CLOSE,
	NR_COMMANDS
};

struct opened {
	int fd[NR_EACH];
	int nr;
	int error; /* other than what is right for one too many */
};

static void open_all(struct opened *opened)
{
	static char buffer[READ_AT_FIRST];

	for (int i = 0; i < NR_EACH; i++) {
		int fd = open(LISTING_PATH, O_RDONLY | O_CLOEXEC);

		if (fd >= 0) {
			opened->fd[opened->nr++] = fd;
			if (read(fd, buffer, sizeof(buffer)) < 0 &&
			    errno != ENOMEM)
				opened->error = errno;
		} else if (errno != ENOMEM && errno != EMFILE) {
			opened->error = errno;
		}
	}
}

static void close_all(struct opened *opened)
{
	while (opened->nr)
		close(opened->fd[--opened->nr]);
}

/* Does what it is told: tells how many it has open then, and an error. */
static void read_as_user(int control, void *arg)
{
	static struct opened opened;

	(void)arg;
	hear(control); /* until it is in the cgroup */
	cgroup_have_memory();
	rights_user(USER, USER);
	tell(control, 0);
	for (;;) {
		if (hear(control) == OPEN)
			open_all(&opened);
		else
			close_all(&opened);
		tell(control, opened.nr);
		tell(control, opened.error);
	}
}

struct readers {
	struct child child[NR_PROCESSES];
	int alive, opened, error;
};

/* All at once. */
static void command(struct readers *readers, long what)
{
	readers->alive = 0;
	readers->opened = 0;
	readers->error = 0;
	for (int i = 0; i < NR_PROCESSES; i++)
		tell(readers->child[i].control, what);
	for (int i = 0; i < NR_PROCESSES; i++) {
		long opened, error;

		if (!hear_if_alive(readers->child[i].control, &opened) ||
		    !hear_if_alive(readers->child[i].control, &error))
			continue;
		readers->alive++;
		readers->opened += opened;
		if (error)
			readers->error = error;
	}
}

/* Opens and reads all of it; tells the error. */
static void read_once(int control, void *arg)
{
	const uid_t *user = arg;
	size_t length;
	int fd;

	rights_user(*user, *user);
	fd = open(LISTING_PATH, O_RDONLY | O_CLOEXEC);
	tell(control, fd < 0 || !slurp(fd, READ_AT_FIRST, &length) ? errno : 0);
	stay(control);
}

static int error_of(uid_t user)
{
	struct child child;
	int error;

	child_start(&child, read_once, &user);
	error = hear(child.control);
	child_stop(&child);
	return error;
}

struct level {
	const struct cgroup *cgroup;
	size_t bytes;
};

static bool has_gone_back(void *arg)
{
	const struct level *level = arg;

	return cgroup_used(level->cgroup) <= level->bytes + SLACK;
}

static void check(void)
{
	struct expect expect = { 0 };
	static struct readers readers;
	struct cgroup cgroup;
	struct level level = { .cgroup = &cgroup };

	cgroup_make(&cgroup, "many");
	cgroup_limit(&cgroup, LIMIT);
	for (int i = 0; i < NR_PROCESSES; i++) {
		child_start(&readers.child[i], read_as_user, NULL);
		cgroup_enter(&cgroup, readers.child[i].pid);
		tell(readers.child[i].control, 0);
		hear(readers.child[i].control);
	}
	level.bytes = cgroup_used(&cgroup);
	command(&readers, OPEN);
	tap_diag("%zu KiB before, %zu KiB with %d open", level.bytes / 1024,
		 cgroup_used(&cgroup) / 1024, readers.opened);
	tap_is_number(readers.opened, MOST_FOR_USER,
		      "of 200 a user opens as many as one may");
	tap_is_text(strerror(readers.error), strerror(0),
		    "the others fail with EMFILE or ENOMEM");
	tap_ok(readers.alive == NR_PROCESSES && !cgroup_killed(&cgroup),
	       "no process is killed");
	expect_fd(&expect, tcp_listen("127.0.0.1", 1));
	expect_listed(&expect, "root reads meanwhile");
	expect_clear(&expect);
	tap_is_text(strerror(error_of(OTHER)), strerror(0),
		    "another user reads meanwhile");
	tap_is_text(strerror(error_of(USER)), strerror(EMFILE),
		    "the user opens no more outside the cgroup either");

	command(&readers, CLOSE);
	tap_ok(wait_until(has_gone_back, &level),
	       "the memory comes back when they are closed");
	tap_is_text(strerror(error_of(USER)), strerror(0),
		    "then the user reads");
	command(&readers, OPEN);
	tap_is_number(readers.opened, MOST_FOR_USER, "and opens as many again");

	for (int i = 0; i < NR_PROCESSES; i++)
		child_stop(&readers.child[i]);
	cgroup_remove(&cgroup);
}

int main(void)
{
	tap_plan(NR_CLAIMS);
	program_copies();
	net_enter_new();
	if (cgroup_mount()) {
		check();
	} else {
		for (int i = 0; i < NR_CLAIMS; i++)
			tap_skip("memory cannot be limited here", "claim %d",
				 i + 1);
	}
	return tap_done();
}
