/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * Test results as TAP on stdout, one line for each claim. What was expected
 * and what was found instead goes into "#" lines behind a failed one.
 */
#ifndef SCENARIOS_TAP_H
#define SCENARIOS_TAP_H

#include <stdbool.h>
#include <stdnoreturn.h>

#define __printf(text, first) __attribute__((format(printf, text, first)))

void tap_plan(unsigned int claims);

__printf(2, 3) bool tap_ok(bool passed, const char *claim, ...);
__printf(3, 4) bool tap_is_text(const char *got, const char *expected,
				const char *claim, ...);
__printf(3, 4) bool tap_is_number(long long got, long long expected,
				  const char *claim, ...);
__printf(2, 3) void tap_skip(const char *why, const char *claim, ...);
__printf(1, 2) void tap_diag(const char *text, ...);

/* The situation could not be set up: no claim can be judged. */
__printf(1, 2) noreturn void tap_bail(const char *why, ...);
/* The same, and says what errno says. */
__printf(1, 2) noreturn void tap_bail_errno(const char *what, ...);

/* Returns the exit status: 0 if every planned claim was judged and holds. */
int tap_done(void);

#endif
