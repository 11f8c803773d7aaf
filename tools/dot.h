/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_DOT_H
#define SOCKOWNERS_DOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum shape {
	SHAPE_PROCESS, /* processes of one name in one unit */
	SHAPE_SOCKET, /* the hub between processes, or the world */
	SHAPE_REMOTE, /* an address elsewhere */
};

/**
 * struct node - what is drawn
 * @shape: what it is
 * @host: where it is, "-" if there is one host only
 * @unit: the cluster that it is in, "-" for none
 * @label: lines, with "\n" between two
 */
struct node {
	enum shape shape;
	const char *host;
	const char *unit;
	const char *label;
};

/**
 * struct edge - a line from one node to another one
 * @from: @to: places of the nodes
 * @label: what is at it, "" for nothing
 * @count: how many connections it is; those that others share count there
 * @holds: none, a socket that is just held
 */
struct edge {
	size_t from, to;
	const char *label;
	uint64_t count;
	bool holds;
};

void dot_print(const struct node *nodes, size_t node_count,
	       const struct edge *edges, size_t edge_count);

#endif
