// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "crowd.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "deadline.h"
#include "net.h"
#include "program.h"
#include "sock.h"
#include "tap.h"
#include "thread.h"

static void set_name(size_t member, const char *thread)
{
	char name[16];

	snprintf(name, sizeof(name), "held-%zu%s", member, thread);
	prctl(PR_SET_NAME, name);
}

bool crowd_parse_name(const char *name, size_t *member, bool *thread)
{
	char *end;

	if (strncmp(name, "held-", 5))
		return false;
	*member = strtoul(name + 5, &end, 10);
	*thread = *end == 't';
	return true;
}

struct life {
	const struct member *member;
	size_t number;
	int control;
	sem_t ready;
};

static void be_another(const struct life *life)
{
	if (life->member->thread_seen_by) {
		thread_own_table();
		set_name(life->number, "t");
	} else {
		prctl(PR_SET_NAME, "another");
	}
	if (life->member->thread)
		life->member->thread();
}

static void be_thread(struct thread *thread)
{
	be_another(thread->arg);
}

/* The only thread that is left when the leader exits. */
static void *live_on(void *arg)
{
	struct child self = { .pid = getpid() };
	struct life *life = arg;

	be_another(life);
	sem_post(&life->ready);
	if (!wait_until(child_leader_has_exited, &self))
		tap_bail("the leader does not exit");
	tell(life->control, 0);
	stay(life->control);
	_exit(0);
}

static void start_successor(struct life *life)
{
	pthread_t successor;

	sem_init(&life->ready, 0, 0);
	if (pthread_create(&successor, NULL, live_on, life))
		tap_bail("pthread_create");
	while (sem_wait(&life->ready))
		;
}

static void live(struct life *life)
{
	const struct member *member = life->member;
	struct thread thread;
	int sock;

	set_name(life->number, "");
	sock = tcp_listen("127.0.0.1", 1);
	if (member->leader_exits)
		start_successor(life);
	else if (member->thread || member->thread_seen_by)
		thread_start(&thread, be_thread, life);
	if (member->settle)
		member->settle();
	tell(life->control, sock_inode(sock));
	tell(life->control, net_inode());
	if (member->leader_exits)
		syscall(SYS_exit, 0);
	tell(life->control, 0);
	stay(life->control);
}

int crowd_go_on(const struct member *members, char *const argv[])
{
	struct life life = { 0 };

	life.number = program_begin(argv, &life.control);
	life.member = &members[life.number];
	live(&life);
	return 0;
}

static void be_member(int control, void *arg)
{
	struct life *life = arg;

	life->control = control;
	if (life->member->become)
		life->member->become();
	if (life->member->program)
		program_execute(life->member->program, life->number, control);
	live(life);
}

void crowd_gather(struct crowd *crowd, const struct member *members, size_t nr)
{
	if (nr > CROWD_MAX)
		tap_bail("a crowd of %zu is too large", nr);
	crowd->members = members;
	crowd->nr = nr;
	for (size_t i = 0; i < nr; i++) {
		const struct member *member = &members[i];
		struct child *child = &crowd->child[i];
		struct life life = { .member = member, .number = i };

		if (!member->place)
			child_start_flags(child, member->flags, be_member,
					  &life);
		else
			place_start(child, member->place,
				    member->namespaces ?:
					    member->place->namespaces,
				    member->flags, be_member, &life);
		crowd->inode[i] = hear(child->control);
		crowd->netns[i] = hear(child->control);
		hear(child->control);
	}
}

void crowd_disperse(struct crowd *crowd)
{
	/* Told, since others have the socket's other end too. */
	for (size_t i = 0; i < crowd->nr; i++) {
		tell(crowd->child[i].control, 0);
		child_finish(&crowd->child[i]);
	}
}
