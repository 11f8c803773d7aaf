/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * Where a reading stands and what comes next.
 */
#ifndef SOCKOWNERS_CURSOR_H
#define SOCKOWNERS_CURSOR_H

#include "accept.h"
#include "access.h"
#include "batch.h"
#include "descriptors.h"
#include "inet.h"
#include "line.h"
#include "look.h"
#include "lookup.h"
#include "raw.h"
#include "sctp.h"
#include "udp.h"

/*
 * The walks that make a look, in the order of its rows. Before the first one a
 * socket may be looked up.
 */
enum sko_walk {
	SKO_WALK_LOOKUP,
	SKO_WALK_DESCRIPTORS,
	SKO_WALK_TCP_ACCEPT,
	SKO_WALK_TCP,
	SKO_WALK_DCCP_ACCEPT,
	SKO_WALK_DCCP,
	SKO_WALK_UDP,
	SKO_WALK_RAW,
	SKO_WALK_SCTP,
	SKO_WALKS,
};

struct sko_query;

struct sko_cursor {
	enum sko_walk walk;
	int error;		/* sticky, until the next listing */
	unsigned int at;	/* the present row of the batch */
	struct sko_batch batch;
	unsigned int shown;	/* rows from there on that are text already */
	struct sko_lines lines;
	struct sko_query *query;	/* NULL: everything */
	struct sko_lookup lookup;
	struct sko_access access;
	struct sko_look look;
	struct sko_descriptors descriptors;
	/* Each is for one walk at a time. */
	struct sko_accept accept;
	struct sko_inet inet;
	struct sko_udp udp;
	struct sko_raw raw;
	struct sko_sctp sctp;
	/* What the walks give; a unit test puts its own in their place. */
	int (*collect)(struct sko_cursor *cursor);
};

int sko_cursor_init(struct sko_cursor *cursor, const struct file *file,
		    struct pid_namespace *pid_ns,
		    const struct sko_columns *columns);
void sko_cursor_destroy(struct sko_cursor *cursor);
void sko_cursor_ask(struct sko_cursor *cursor, struct sko_query *query);
void sko_cursor_rewind(struct sko_cursor *cursor);
struct sko_row *sko_cursor_row(struct sko_cursor *cursor);
char *sko_cursor_lines(struct sko_cursor *cursor, char *p, size_t room);
void sko_cursor_step(struct sko_cursor *cursor);

#endif
