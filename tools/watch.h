/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_WATCH_H
#define SOCKOWNERS_WATCH_H

#include "reading.h"

uint64_t watch_interval(const char *seconds);
void watch_wish(const struct options *options, struct wish *wish);
int watch_run(struct reading *reading);

#endif
