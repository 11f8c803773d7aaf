/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_GRAPH_H
#define SOCKOWNERS_GRAPH_H

#include "reading.h"

void graph_wish(struct wish *wish);
int graph_run(struct reading *reading);

#endif
