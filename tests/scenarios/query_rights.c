// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Who may see what does not depend on what is asked. For an ordinary user every
 * answer is a part of what they see without a query: a term that is true of a
 * hidden process is not true of its row. It is the opener who counts.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/answer.h"
#include "lib/array.h"
#include "lib/ask.h"
#include "lib/child.h"
#include "lib/population.h"
#include "lib/tap.h"

#define USER 1000

/* Files that root has opened, one of them as the user would. */
struct shared {
	int of_root;
	int of_user;
};

static void become(uid_t uid)
{
	if (setresgid(uid, uid, uid) || setresuid(uid, uid, uid))
		tap_bail_errno("becoming user %u", uid);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* The file's word, as it is written in a query. */
static void escape(char *text, const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++)
		text += sprintf(text, "\\%03o", (unsigned char)name[i]);
	if (!length)
		strcpy(text, "\\000");
}

struct judged {
	struct answers answers;
	size_t processes;
	size_t wrong;
};

static void judge(struct judged *judged, const char *query)
{
	judged->wrong += answer_differences(&judged->answers, query) != 0;
}

/* Everything that could be asked about a process. */
static void judge_process(struct judged *judged, int pid)
{
	char path[64], query[200], name[16], escaped[64];
	struct stat st;
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	length = read(fd, name, sizeof(name));
	if (length < 1 || fstat(fd, &st))
		tap_bail_errno("%s", path);
	close(fd);
	escape(escaped, name, length - 1);
	judged->processes++;
	snprintf(query, sizeof(query), "pid=%d", pid);
	judge(judged, query);
	snprintf(query, sizeof(query), "pid!=%d", pid);
	judge(judged, query);
	snprintf(query, sizeof(query), "comm=%s", escaped);
	judge(judged, query);
	snprintf(query, sizeof(query), "comm!=%s", escaped);
	judge(judged, query);
	snprintf(query, sizeof(query), "comm=%s,- holder=hidden,fd", escaped);
	judge(judged, query);
	snprintf(query, sizeof(query), "uid=%u", st.st_uid);
	judge(judged, query);
}

static void judge_processes(struct judged *judged)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	if (!proc)
		tap_bail_errno("/proc");
	while ((entry = readdir(proc)))
		if (atoi(entry->d_name) > 0)
			judge_process(judged, atoi(entry->d_name));
	closedir(proc);
}

static const char *const others[] = {
	"uid=0",	   "uid!=0",
	"uid=1000",	   "uid=-",
	"uid!=-",	   "pid=-",
	"pid!=-",	   "cgroup!=-",
	"cgroup=1",	   "holder=hidden",
	"holder!=hidden",  "holder=elsewhere",
	"holder=fd",	   "holder=scm",
	"state=LISTEN",	   "state!=LISTEN",
	"lport=1001-1013", "proto=tcp6,udp6",
	"columns=all",	   "laddr=127.0.0.0/8",
	"family=inet6",	   "comm=- proto=tcp",
	"dev=lo",	   "netns!=1",
	"inode!=-",	   "cookie!=-",
	"uid!=0 pid!=1",
};

/* Rows that tell who: not of the user's. */
static size_t tell_tales(const char *query)
{
	struct table table;
	size_t nr = 0;

	ask(&table, query);
	for (size_t row = 0; row < table.nr_rows; row++) {
		const char *uid = table_cell(&table, row, "uid");

		nr += strcmp(uid, "-") && strcmp(uid, "1000");
	}
	table_free(&table);
	return nr;
}

static void check_user(int control, void *arg)
{
	struct judged judged = { 0 };

	(void)arg;
	become(USER);
	judge_processes(&judged);
	tap_diag("%zu rows, %zu processes, %zu queries, %zu with rows",
		 answer_full()->nr_rows, judged.processes, judged.answers.nr,
		 judged.answers.with_rows);
	tell(control, judged.wrong || judged.processes < 20);
	judged = (struct judged){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		judge(&judged, others[i]);
	tell(control, judged.wrong || judged.answers.with_some < 18);
	tell(control, ask_count("holder=hidden"));
	/* "away" shows its sockets in a namespace of its own. */
	tell(control, ask_count("comm=away") + ask_count("uid=0") +
			      ask_count("comm=heir") +
			      ask_count("comm=x\\054y") +
			      ask_count("holder=hidden pid!=-") +
			      ask_count("holder=elsewhere"));
	tell(control, tell_tales(NULL) + tell_tales("pid!=-") +
			      tell_tales("columns=all"));
	stay(control);
}

/* With no rights at all: a query to what root has opened, and the answer. */
static void use_passed(int control, void *arg)
{
	const struct shared *shared = arg;
	char *text;

	become(USER);
	ask_on(shared->of_root, "columns=comm uid=0 comm=away");
	text = ask_rest(shared->of_root);
	tell(control, !strncmp(text, "comm\naway\n", 10));
	free(text);
	stay(control);
}

static void open_for_root(int control, void *arg)
{
	(void)arg;
	become(USER);
	send_descriptor(control, ask_open(O_RDWR));
	stay(control);
}

static void check_passed(void)
{
	struct shared shared = { .of_root = ask_open(O_RDWR) };
	struct child child;
	char *text;

	child_start(&child, use_passed, &shared);
	tap_ok(hear(child.control),
	       "root has opened it, a user asks: with the rights of root");
	child_stop(&child);
	child_start(&child, open_for_root, NULL);
	shared.of_user = receive_descriptor(child.control);
	ask_on(shared.of_user, "columns=comm uid=0,1001,1002");
	text = ask_rest(shared.of_user);
	tap_is_text(text, "comm\n",
		    "a user has opened it, root asks: with those of the user");
	free(text);
	child_stop(&child);
	close(shared.of_root);
	close(shared.of_user);
}

int main(void)
{
	struct child child;

	tap_plan(5 + 2);
	population_make();
	child_start(&child, check_user, NULL);
	tap_ok(!hear(child.control),
	       "an ordinary user asks about every process: rows that they see");
	tap_ok(!hear(child.control), "and whatever else");
	tap_ok(hear(child.control) > 50, "there are hidden ones");
	tap_is_number(hear(child.control), 0,
		      "none of them can be found by its process");
	tap_is_number(hear(child.control), 0,
		      "no row names a process of somebody else");
	child_stop(&child);
	check_passed();
	population_end();
	return tap_done();
}
