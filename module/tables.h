/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * The distinct file tables of one process: first the process's own, which most
 * threads share, then the private ones of single threads by thread id.
 */
#ifndef SOCKOWNERS_TABLES_H
#define SOCKOWNERS_TABLES_H

#include <linux/types.h>

struct pid_namespace;
struct signal_struct;
struct task_struct;

/* One table, and a thread that has it: at first the lowest one. */
struct sko_table {
	pid_t tid;
	bool shared;		/* other threads had it too */
	const void *files;
};

/*
 * Between two holds of a lock nothing is kept alive. The process is found
 * again by its number, and known again by the address of its signal_struct,
 * which outlives every one of its threads, also an execve() by one that is not
 * the leader. A table is known again by its address. These addresses are only
 * compared, never used to reach what was there.
 */
struct sko_tables {
	pid_t pid;
	const void *signal;
	struct sko_table *table;
	unsigned int count;
	unsigned int capacity;
};

int sko_tables_snapshot(struct sko_tables *tables, struct pid_namespace *ns);
void sko_tables_destroy(struct sko_tables *tables);
struct task_struct *sko_tables_process(const struct sko_tables *tables,
				       struct pid_namespace *ns);
struct task_struct *sko_tables_holder(struct sko_tables *tables,
				      unsigned int index,
				      struct task_struct *leader,
				      struct pid_namespace *ns);

#endif
