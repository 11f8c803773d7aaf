/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/* Waiting for a condition, never for a time. */
#ifndef SCENARIOS_DEADLINE_H
#define SCENARIOS_DEADLINE_H

#include <stdbool.h>

/* How long a condition that must come may take on a slow machine. */
#define PATIENCE 30.0

/* Seconds of a clock that only goes forward. */
double now(void);

void pause_ms(unsigned int milliseconds);

/* Polls until @holds(@arg); false if it did not come true in PATIENCE. */
bool wait_until(bool (*holds)(void *arg), void *arg);

#endif
