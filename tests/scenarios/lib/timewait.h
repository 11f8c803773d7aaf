/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/* Connections that are over and leave a time-wait socket. */
#ifndef SCENARIOS_TIMEWAIT_H
#define SCENARIOS_TIMEWAIT_H

#include <stddef.h>

#include "expect.h"

/*
 * Lets @number connections to @address end in TIME_WAIT, in the network
 * namespace of the caller, and expects their rows. The namespace must be the
 * scenario's own: its limit of time-waits is raised.
 */
void timewaits_make(struct expect *expect, const char *address,
		    unsigned int number);

/* Lets one connection through @listener end so, and gives its row. */
void timewait_make(struct expected_row *row, int listener, const char *address);

/* How many TCP sockets in @state /proc/net/tcp and tcp6 have here. */
size_t tcp_count(unsigned int state);

#endif
