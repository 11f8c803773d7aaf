/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * make check-all asks for all of what make check takes samples of.
 */
#ifndef SCENARIOS_THOROUGH_H
#define SCENARIOS_THOROUGH_H

#include <stdbool.h>
#include <unistd.h>

#define THOROUGH_PATH "/tests/thorough"

static inline bool is_thorough(void)
{
	return !access(THOROUGH_PATH, F_OK);
}

/* How often to do what is done @all times in make check-all. */
static inline int times(int all, int in_check)
{
	return is_thorough() ? all : in_check;
}

#endif
