// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "view.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "array.h"
#include "listing.h"
#include "net.h"
#include "tap.h"

#define PATH_SIZE	256
#define TASK_SIZE	64
#define READ_SIZE	(64 * 1024)
#define MAX_DIAGNOSTICS 12

struct view *view_new(void)
{
	struct view *view = mmap(NULL, sizeof(*view), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (view == MAP_FAILED)
		tap_bail_errno("mmap");
	return view;
}

/* The name of a process, or of "PID/task/TID"; false if that cannot be read. */
static bool read_name(const char *proc, const char *task, char name[32])
{
	char path[PATH_SIZE];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "%s/%s/comm", proc, task);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, name, 31);
	close(fd);
	if (length < 1)
		return false;
	name[length - 1] = '\0';
	return true;
}

/* 0, or the error: ENOENT if it is allowed and the task has exited. */
static int look_into(const char *proc, const char *task)
{
	char path[PATH_SIZE], cwd[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s/cwd", proc, task);
	return readlink(path, cwd, sizeof(cwd)) < 0 ? errno : 0;
}

static bool can_list(const char *proc, const char *task)
{
	char path[PATH_SIZE];
	DIR *dir;

	snprintf(path, sizeof(path), "%s/%s/fd", proc, task);
	dir = opendir(path);
	if (!dir)
		return false;
	closedir(dir);
	return true;
}

/* The sight that belongs to the name; NULL if it is nobody of the crowd. */
static struct sight *sight_of(struct view *view, const struct crowd *crowd,
			      const char *name, size_t *member)
{
	bool thread;

	if (!crowd_parse_name(name, member, &thread) || *member >= crowd->nr)
		return NULL;
	return thread ? &view->thread[*member] : &view->process[*member];
}

/*
 * All threads of a process. One with a name of its own has a table of its own;
 * where the leader has exited, the other one has the table of the process.
 */
static void look_at_process(struct view *view, const struct crowd *crowd,
			    const char *proc, int pid)
{
	char path[PATH_SIZE], task[TASK_SIZE], name[32];
	struct dirent *entry;
	struct sight *sight;
	bool leader_exited;
	size_t member;
	int error;
	DIR *dir;

	snprintf(task, sizeof(task), "%d", pid);
	if (!read_name(proc, task, name))
		return;
	sight = sight_of(view, crowd, name, &member);
	if (!sight)
		return;
	sight->met = true;
	error = look_into(proc, task);
	leader_exited = error == ENOENT;
	sight->may = !error;
	sight->listable = can_list(proc, task);

	snprintf(path, sizeof(path), "%s/%d/task", proc, pid);
	dir = opendir(path);
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		int tid = atoi(entry->d_name);
		struct sight *other;
		int thread_error;

		if (!tid || tid == pid)
			continue;
		snprintf(task, sizeof(task), "%d/task/%d", pid, tid);
		thread_error = look_into(proc, task);
		if (leader_exited) {
			sight->may = !thread_error;
			sight->listable = can_list(proc, task);
		}
		if (!read_name(proc, task, name))
			continue;
		other = sight_of(view, crowd, name, &member);
		if (!other || other == sight)
			continue;
		other->met = true;
		other->may = !error && !thread_error;
		other->listable = can_list(proc, task);
	}
	closedir(dir);
}

static void look_around(struct view *view, const struct crowd *crowd,
			const char *proc, int self)
{
	DIR *dir = opendir(proc);
	struct dirent *entry;

	if (!dir)
		tap_bail_errno("%s", proc);
	while ((entry = readdir(dir))) {
		int pid = atoi(entry->d_name);

		if (pid && pid != self)
			look_at_process(view, crowd, proc, pid);
	}
	closedir(dir);
}

static void read_nobody(struct view *view, const struct crowd *crowd,
			const struct row *row)
{
	static const enum column none[] = { PID, FD, OWNER, COMM };
	unsigned long inode = strtoul(row->field[INODE], NULL, 10);

	for (size_t i = 0; i < ARRAY_SIZE(none); i++)
		if (strcmp(row->field[none[i]], "-"))
			view->leaks++;
	if (strcmp(row->field[HOLDER], "hidden"))
		return;
	if (strcmp(row->field[VIA], "-"))
		view->leaks++;
	for (size_t i = 0; i < crowd->nr; i++)
		if (inode == crowd->inode[i])
			view->hidden[i]++;
}

/* Is the row's process who it says, with the socket that it has? */
static void read_row(struct view *view, const struct crowd *crowd,
		     const char *proc, int self, const struct row *row)
{
	const char *const *field = row->field;
	char task[TASK_SIZE], name[32];
	struct sight *sight;
	size_t member;

	if (!strcmp(field[PID], "-")) {
		read_nobody(view, crowd, row);
		return;
	}
	if (atoi(field[PID]) == self) {
		view->own++;
		return;
	}
	if (!strcmp(field[HOLDER], "thread"))
		snprintf(task, sizeof(task), "%d/task/%d", atoi(field[PID]),
			 atoi(field[VIA]));
	else
		snprintf(task, sizeof(task), "%d", atoi(field[PID]));
	sight = read_name(proc, task, name) ?
			sight_of(view, crowd, name, &member) :
			NULL;
	if (sight && strtoul(field[INODE], NULL, 10) == crowd->inode[member])
		sight->rows++;
	else
		view->strangers++;
}

void view_take(struct view *view, const struct crowd *crowd, const char *proc)
{
	char path[PATH_SIZE], number[32];
	struct listing listing;
	ssize_t length;
	int self;

	memset(view, 0, sizeof(*view));
	snprintf(path, sizeof(path), "%s/self", proc);
	length = readlink(path, number, sizeof(number) - 1);
	if (length < 0)
		tap_bail_errno("%s", path);
	number[length] = '\0';
	self = atoi(number);
	view->netns = net_inode();
	look_around(view, crowd, proc, self);
	snprintf(path, sizeof(path), "%s/sockowners", proc);
	listing_read_at(&listing, path, READ_SIZE);
	for (size_t i = 0; i < listing.nr_rows; i++)
		read_row(view, crowd, proc, self, &listing.rows[i]);
	listing_free(&listing);
}

struct verdict {
	bool process[CROWD_MAX], thread[CROWD_MAX]; /* wrong? */
	size_t strange; /* rows that are wrong by themselves */
};

static void say(const char *who, const char *what, const struct sight *sight,
		unsigned int hidden)
{
	tap_diag("%s%s: %s be looked into, %u rows, %u hidden", who, what,
		 sight->may ? "may" : "may not", sight->rows, hidden);
}

static void judge(const struct view *view, const struct crowd *crowd,
		  const struct verdict *verdict, const char *reader,
		  const char *claim)
{
	size_t nr_wrong = 0;

	for (size_t i = 0; i < crowd->nr; i++)
		nr_wrong += verdict->process[i] + verdict->thread[i];
	if (tap_ok(!nr_wrong && !verdict->strange, "%s: %s", reader, claim))
		return;
	tap_diag("%zu strange rows, %zu of the crowd", verdict->strange,
		 nr_wrong);
	nr_wrong = 0;
	for (size_t i = 0; i < crowd->nr && nr_wrong < MAX_DIAGNOSTICS; i++) {
		const char *who = crowd->members[i].who;

		if (verdict->process[i])
			say(who, "", &view->process[i], view->hidden[i]);
		if (verdict->thread[i])
			say(who, ", its thread", &view->thread[i],
			    view->hidden[i]);
		nr_wrong += verdict->process[i] + verdict->thread[i];
	}
}

static bool has(const char *letters, char letter)
{
	return letters && strchr(letters, letter);
}

void view_may(const struct view *view, const struct crowd *crowd, char letter,
	      const char *reader)
{
	struct verdict verdict = { 0 };

	for (size_t i = 0; i < crowd->nr; i++) {
		const struct member *member = &crowd->members[i];

		verdict.process[i] = view->process[i].may !=
				     has(member->seen_by, letter);
		verdict.thread[i] = view->thread[i].may !=
				    has(member->thread_seen_by, letter);
	}
	judge(view, crowd, &verdict, reader, "may look into just those");
}

void view_names(const struct view *view, const struct crowd *crowd,
		const char *reader)
{
	struct verdict verdict = {
		.strange = view->strangers + (view->own != 1),
	};

	for (size_t i = 0; i < crowd->nr; i++) {
		verdict.process[i] = view->process[i].rows !=
				     view->process[i].may;
		verdict.thread[i] = view->thread[i].rows != view->thread[i].may;
	}
	judge(view, crowd, &verdict, reader,
	      "the listing names them and no others");
}

void view_lists(const struct view *view, const struct crowd *crowd,
		const char *reader)
{
	struct verdict verdict = { 0 };

	for (size_t i = 0; i < crowd->nr; i++) {
		verdict.process[i] = view->process[i].rows &&
				     !view->process[i].listable;
		verdict.thread[i] = view->thread[i].rows &&
				    !view->thread[i].listable;
	}
	judge(view, crowd, &verdict, reader,
	      "the descriptors of who is named can be listed");
}

void view_hides(const struct view *view, const struct crowd *crowd,
		const char *reader)
{
	struct verdict verdict = { .strange = view->leaks };

	for (size_t i = 0; i < crowd->nr; i++) {
		unsigned int nameless = !view->process[i].rows &&
					!view->thread[i].rows;

		/* Those of other network namespaces need not be listed. */
		if (crowd->netns[i] == view->netns)
			verdict.process[i] = view->hidden[i] != nameless;
		else
			verdict.process[i] = view->hidden[i] > nameless;
	}
	judge(view, crowd, &verdict, reader,
	      "the others' sockets are hidden, once");
}
