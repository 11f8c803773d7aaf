/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * Executing: a child goes on in a copy of the scenario's own program, with its
 * descriptors and a number that says where it is.
 */
#ifndef SCENARIOS_PROGRAM_H
#define SCENARIOS_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdnoreturn.h>

#define PROGRAM_READABLE     "/tmp/readable"
#define PROGRAM_EXECUTE_ONLY "/tmp/execute-only"
#define PROGRAM_SET_UID	     "/tmp/set-uid"

/* Puts these on a tmpfs that is there for the scenario alone. */
void program_copies(void);

noreturn void program_execute(const char *path, size_t number, int control);

/* For main(), before it does anything else: does it run for that reason? */
bool program_was_executed(int argc);
/* Then: the number, and the control socket. */
size_t program_begin(char *const argv[], int *control);

#endif
