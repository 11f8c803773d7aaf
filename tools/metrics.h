/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_METRICS_H
#define SOCKOWNERS_METRICS_H

#include "distinct.h"
#include "groups.h"

/* The largest by name, the rest as "other". */
#define METRICS_COMMANDS 50
#define METRICS_UNITS	 50
/* Those with the lowest numbers by number, the rest as "other". */
#define METRICS_PORTS 200

/* Labels of a group stand behind each other in its key, with a NUL behind each. */
enum {
	SOCKETS_LABELS = 5, /* unit, command, proto, state, holder */
	TOTALS_LABELS = 2, /* proto, state */
	PROCESSES_LABELS = 2, /* unit, command */
	LISTENERS_LABELS = 3, /* unit, proto, port */
};

/* What is counted of each, by its number in the group. */
#define SOCKETS_HOLDERS	      0
#define SOCKETS_DISTINCT      1
#define TOTALS_DISTINCT	      0
#define PROCESSES_DESCRIPTORS 0
#define LISTENERS_LENGTH      0
#define LISTENERS_LIMIT	      1
#define LISTENERS_DROPS	      2
#define LISTENERS_FULLEST     3 /* in millionths of what may wait */

/**
 * struct metrics - what the rows of a listing add up to
 * @sockets: by SOCKETS_LABELS
 * @totals: by TOTALS_LABELS
 * @processes: while rows come by process, then by PROCESSES_LABELS
 * @listeners: while rows come by socket, then by LISTENERS_LABELS
 * @seen: sockets that have a number of their own
 * @has_queues: the listing tells about queues
 */
struct metrics {
	struct groups sockets, totals, processes, listeners;
	struct distinct seen;
	bool has_queues;
};

int metrics_start(struct metrics *metrics);
void metrics_wish(struct wish *wish);
int metrics_row(void *metrics, const struct row *row);
int metrics_end(struct metrics *metrics);

#endif
