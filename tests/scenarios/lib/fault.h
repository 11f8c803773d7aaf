/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * Fault injection: one allocation after the other, or copy from or to user space,
 * is made to fail in the calling thread.
 */
#ifndef SCENARIOS_FAULT_H
#define SCENARIOS_FAULT_H

#include <stdbool.h>

/* Can this kernel do it? Mounts what it needs. */
bool fault_available(void);

/* The @nth one from now on fails. */
void fault_arm(unsigned int nth);

/*
 * From now on every allocation fails, after the first ones of so many bytes from
 * a slab, and so many pages; until fault_feed(). Where there are two ways to get
 * memory, both fail.
 */
void fault_starve(unsigned int bytes, unsigned int pages);
void fault_feed(void);

/* Stops; has the armed one been reached, and so failed? */
bool fault_disarm(void);

#endif
