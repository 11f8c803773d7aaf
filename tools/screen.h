/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_SCREEN_H
#define SOCKOWNERS_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why the waiting is over. */
enum screen_event {
	SCREEN_TIME, /* for the next listing */
	SCREEN_REDRAW,
	SCREEN_QUIT, /* somebody has pressed q */
	SCREEN_GONE, /* nobody looks any longer */
};

bool screen_is_one(void);
void screen_enter(void);
void screen_leave(void);
void screen_size(size_t *lines, size_t *columns);
uint64_t screen_clock(void);
enum screen_event screen_wait(uint64_t until);

#endif
