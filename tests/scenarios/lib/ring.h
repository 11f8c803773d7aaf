/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/* An io_uring that keeps files which no descriptor holds any more. */
#ifndef SCENARIOS_RING_H
#define SCENARIOS_RING_H

/* Returns a descriptor whose close() lets the files go. */
int ring_keep(const int *fds, unsigned int number);

#endif
