// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "deadline.h"

#include <sched.h>
#include <time.h>

#define EAGER_POLLS 100

double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

void pause_ms(unsigned int milliseconds)
{
	struct timespec time = { milliseconds / 1000,
				 milliseconds % 1000 * 1000000L };

	nanosleep(&time, NULL);
}

bool wait_until(bool (*holds)(void *arg), void *arg)
{
	double deadline = now() + PATIENCE;

	/* Mostly it is a matter of microseconds. */
	for (int polls = 0; !holds(arg); polls++) {
		if (polls < EAGER_POLLS) {
			sched_yield();
			continue;
		}
		if (now() > deadline)
			return false;
		pause_ms(1);
	}
	return true;
}
