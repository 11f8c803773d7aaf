// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "thread.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "deadline.h"
#include "tap.h"

static void *run(void *arg)
{
	struct thread *thread = arg;

	thread->tid = syscall(SYS_gettid);
	if (thread->body)
		thread->body(thread);
	sem_post(&thread->ready);
	while (sem_wait(&thread->leave))
		;
	return NULL;
}

void thread_start(struct thread *thread, void (*body)(struct thread *thread),
		  void *arg)
{
	int error;

	thread->body = body;
	thread->arg = arg;
	sem_init(&thread->ready, 0, 0);
	sem_init(&thread->leave, 0, 0);
	error = pthread_create(&thread->pthread, NULL, run, thread);
	if (error)
		tap_bail("pthread_create: %s", strerror(error));
	while (sem_wait(&thread->ready))
		;
}

static bool is_gone(void *arg)
{
	struct thread *thread = arg;

	return syscall(SYS_tgkill, getpid(), thread->tid, 0) && errno == ESRCH;
}

void thread_stop(struct thread *thread)
{
	sem_post(&thread->leave);
	pthread_join(thread->pthread, NULL);
	if (!wait_until(is_gone, thread))
		tap_bail("thread %d does not end", thread->tid);
}

void thread_own_table(void)
{
	if (unshare(CLONE_FILES))
		tap_bail_errno("unshare(CLONE_FILES)");
}
