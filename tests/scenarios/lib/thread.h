/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * A thread that sets up its part of a situation, says so, and stays until the
 * process ends or it is told to go.
 */
#ifndef SCENARIOS_THREAD_H
#define SCENARIOS_THREAD_H

#include <pthread.h>
#include <semaphore.h>
#include <sys/types.h>

struct thread {
	pthread_t pthread;
	pid_t tid;
	void (*body)(struct thread *thread);
	void *arg;
	sem_t ready;
	sem_t leave;
};

/* Returns when @body, which the thread runs first, has returned. */
void thread_start(struct thread *thread, void (*body)(struct thread *thread),
		  void *arg);
/* Lets the thread end and waits for it to be gone from the kernel's list. */
void thread_stop(struct thread *thread);

/* A table of its own for the calling thread, with the same descriptors. */
void thread_own_table(void);

#endif
