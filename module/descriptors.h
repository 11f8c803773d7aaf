/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * The first walk: every task's file table, process by process.
 */
#ifndef SOCKOWNERS_DESCRIPTORS_H
#define SOCKOWNERS_DESCRIPTORS_H

#include "inflight.h"
#include "tables.h"

/* Sockets in one hold of a file table's lock: fewer than there is room in a batch. */
#define SKO_WINDOW_SOCKETS 64U

struct files_struct;
struct pid_namespace;
struct sko_access;
struct sko_batch;
struct sko_held;
struct sko_query;
struct user_namespace;

struct sko_descriptors {
	struct pid_namespace *pid_ns;	/* of the procfs mount, which keeps it */
	struct user_namespace *user_ns;	/* of the opener's credentials */
	const struct sko_access *access;	/* of the opener; NULL: all */
	const struct sko_query *query;		/* what is asked for; NULL: all */
	struct sko_tables tables;	/* of the process that is walked */
	unsigned int index;		/* which of them is next */
	unsigned int fd;		/* and which descriptor in it */
	bool wanted;			/* and do others want its lock */
	bool queues;			/* a unix socket holds sockets */
	bool in_queues;			/* and now it is the turn of those */
	struct sko_inflight inflight;
};

void sko_descriptors_rewind(struct sko_descriptors *d);
int sko_descriptors_collect(struct sko_descriptors *d,
			    struct sko_batch *batch);
bool sko_files_window(struct files_struct *files, unsigned int *next,
		      const struct sko_held *held, struct sko_batch *batch,
		      bool *queues, bool *wanted);
bool sko_files_queues_window(struct files_struct *files, unsigned int *next,
			     struct sko_inflight *inflight, bool *wanted);

#endif
