/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_STATES_H
#define SOCKOWNERS_STATES_H

#include <stddef.h>
#include <stdint.h>

/* Bit n of a set is the state with name n; the last one all that have no name. */
#define STATES	     13
#define STATE_OTHERS (UINT32_C(1) << STATES)
#define STATES_ALL   (STATE_OTHERS | (STATE_OTHERS - 1))

/* What -l shows: LISTEN and UNCONNECTED. */
#define STATES_LISTENING UINT32_C(0x1200)

extern const char *const state_names[STATES];

uint32_t state_of(const char *state);
uint32_t states_find(const char *name);

#endif
