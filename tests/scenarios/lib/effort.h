/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * make check-all asks for all of what make check takes samples of, where that takes no
 * hours. Where each access is checked, or each instruction translated, there are fewer.
 */
#ifndef SCENARIOS_EFFORT_H
#define SCENARIOS_EFFORT_H

#include <unistd.h>

#define THOROUGH_PATH "/tests/thorough"
#define SLOW_PATH     "/tests/slow"

/* How often to do what is done @some times in make check. */
static inline int times(int all, int some, int few)
{
	if (!access(THOROUGH_PATH, F_OK))
		return all;
	return access(SLOW_PATH, F_OK) ? some : few;
}

#endif
