/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * A process with one listening socket, and the row that a listing must have for
 * it: with its name in it, or hidden.
 */
#ifndef SCENARIOS_HOLDER_H
#define SCENARIOS_HOLDER_H

#include <stdbool.h>

#include "child.h"
#include "expect.h"

/*
 * In the holder: makes the socket and tells the descriptor. What else it tells
 * is the scenario's.
 */
void holder_begin(int control);

/* A child that calls @become, if it is not NULL, then begins and stays. */
void holder_start(struct child *child, void (*become)(void));

/* Descriptor @fd of process @pid, which need not be able to tell anything. */
void holder_expect(struct expect *expect, pid_t pid, int fd, bool named);

/*
 * Reads a listing from its start through @fd, which somebody else may have
 * opened, and compares.
 */
__printf(3, 4) bool holder_expect_in(struct expect *expect, int fd,
				     const char *claim, ...);

#endif
