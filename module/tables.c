// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "tables.h"
#include "memory.h"

#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/sort.h>

/* Room at first: more private tables than this in one process are rare. */
#define TABLES_AT_FIRST 16

/*
 * The lowest thread of the process whose table is @files, or with NULL, that
 * has any table.
 */
static struct task_struct *lowest_thread(struct task_struct *leader,
					 struct pid_namespace *ns,
					 const void *files)
{
	struct task_struct *t, *lowest = NULL;
	pid_t tid, lowest_tid = 0;

	for_each_thread(leader, t) {
		const void *has = READ_ONCE(t->files);

		if (!has || (files && has != files))
			continue;
		tid = task_pid_nr_ns(t, ns);
		if (!tid)	/* it has just been released */
			continue;
		if (!lowest || tid < lowest_tid) {
			lowest = t;
			lowest_tid = tid;
		}
	}
	return lowest;
}

/*
 * Which table is the process's: the leader's, and when that has exited, and so
 * has no table any more, the one of the lowest thread that still has one. The
 * pointer is read once, since the thread may exit at any moment: whoever else
 * has the table is found by it.
 */
static bool process_table(struct sko_table *table, struct task_struct *leader,
			  struct pid_namespace *ns)
{
	struct task_struct *t = leader;

	do {
		table->files = READ_ONCE(t->files);
		table->tid = task_pid_nr_ns(t, ns);
		if (table->files)
			return true;
		t = lowest_thread(leader, ns, NULL);
	} while (t);
	return false;
}

/*
 * Write down the process's table and, not yet sorted, every thread with
 * another one. Counts on when there is no room left.
 */
static unsigned int scan_threads(struct sko_tables *tables,
				 struct task_struct *leader,
				 struct pid_namespace *ns)
{
	struct sko_table *own = &tables->table[0];
	unsigned int found = 1;
	struct task_struct *t;

	if (!process_table(own, leader, ns))
		return 0;
	own->shared = false;
	for_each_thread(leader, t) {
		const void *files = READ_ONCE(t->files);
		pid_t tid = task_pid_nr_ns(t, ns);

		if (!files || !tid || tid == own->tid)
			continue;
		if (files == own->files) {
			own->shared = true;
			continue;
		}
		if (found < tables->capacity)
			tables->table[found] = (struct sko_table){
				.tid = tid,
				.files = files,
			};
		found++;
	}
	return found;
}

static int by_files(const void *a, const void *b)
{
	const struct sko_table *x = a, *y = b;

	if (x->files != y->files)
		return x->files < y->files ? -1 : 1;
	return x->tid < y->tid ? -1 : x->tid > y->tid;
}

static int by_tid(const void *a, const void *b)
{
	const struct sko_table *x = a, *y = b;

	return x->tid < y->tid ? -1 : x->tid > y->tid;
}

/* Of threads that share a private table only the lowest stays. */
static void drop_shared(struct sko_tables *tables)
{
	struct sko_table *private = tables->table + 1;
	unsigned int i, kept = 0, count = tables->count - 1;

	sort(private, count, sizeof(*private), by_files, NULL);
	for (i = 0; i < count; i++) {
		if (kept && private[i].files == private[kept - 1].files)
			private[kept - 1].shared = true;
		else
			private[kept++] = private[i];
	}
	sort(private, kept, sizeof(*private), by_tid, NULL);
	tables->count = kept + 1;
}

static int grow(struct sko_tables *tables, unsigned int capacity)
{
	struct sko_table *table;

	table = kvmalloc_array(capacity, sizeof(*table), SKO_GFP);
	if (!table)
		return -ENOMEM;
	kvfree(tables->table);
	tables->table = table;
	tables->capacity = capacity;
	return 0;
}

/**
 * sko_tables_process() - the process again, after a lock was let go
 * @tables: as sko_tables_snapshot() filled them
 * @ns: pid namespace of the procfs mount
 *
 * Context: inside rcu_read_lock(), which keeps the task.
 * Return: its leader, which may have exited; NULL when the process is gone,
 *	also when another one has got its number.
 */
struct task_struct *sko_tables_process(const struct sko_tables *tables,
				       struct pid_namespace *ns)
{
	struct task_struct *leader;

	leader = pid_task(find_pid_ns(tables->pid, ns), PIDTYPE_TGID);
	if (!leader || leader->signal != tables->signal)
		return NULL;
	return leader;
}

/**
 * sko_tables_snapshot() - find the distinct file tables of a process
 * @tables: with @pid, the process's number, and @signal, its signal_struct
 * @ns: pid namespace of the procfs mount
 *
 * A thread's files pointer is read without task_lock(), to be compared only.
 *
 * Context: may sleep; memory is charged to the caller's cgroup.
 * Return: 0, with a @count of 0 if the process has no file table any more;
 *	-ENOMEM.
 */
int sko_tables_snapshot(struct sko_tables *tables, struct pid_namespace *ns)
{
	unsigned int found = TABLES_AT_FIRST;
	struct task_struct *leader;
	int err;

	tables->count = 0;
	do {
		if (found > tables->capacity) {
			err = grow(tables, found + found / 4);
			if (err)
				return err;
		}
		rcu_read_lock();
		leader = sko_tables_process(tables, ns);
		found = leader ? scan_threads(tables, leader, ns) : 0;
		rcu_read_unlock();
		cond_resched();
	} while (found > tables->capacity);

	tables->count = found;
	if (found > 2)
		drop_shared(tables);
	return 0;
}

/* Does another entry stand for that table? Then that one lists it. */
static bool has_entry(const struct sko_tables *tables, const void *files)
{
	unsigned int i;

	for (i = 0; i < tables->count; i++)
		if (tables->table[i].files == files)
			return true;
	return false;
}

/**
 * sko_tables_holder() - a live thread that has the table now
 * @tables: as sko_tables_snapshot() filled them; the entry is brought up to date
 * @index: which table; 0 is the process's own
 * @leader: from sko_tables_process()
 * @ns: pid namespace of the procfs mount
 *
 * The table counts, not the thread. If the one that was written down has exited
 * or has got a copy of its own since (unshare(), close_range(), execve()),
 * another one that shares the table stands in for it: descriptors that are not
 * listed yet are still held there. A thread other than the leader that calls
 * execve() becomes the leader and brings its table with it. Only when no thread
 * has the table any more, the walk goes on in what has come in its place: a
 * copy, in which what is still open has the same numbers.
 *
 * Context: inside rcu_read_lock(), which keeps the task.
 * Return: the thread, which may exit at any moment; NULL when nobody has the
 *	table any more.
 */
struct task_struct *sko_tables_holder(struct sko_tables *tables,
				      unsigned int index,
				      struct task_struct *leader,
				      struct pid_namespace *ns)
{
	struct sko_table *table = &tables->table[index];
	struct task_struct *t, *other = NULL;
	struct sko_table now;

	t = pid_task(find_pid_ns(table->tid, ns), PIDTYPE_PID);
	if (t && t->signal != leader->signal)
		t = NULL;
	if (t && READ_ONCE(t->files) == table->files)
		return t;

	if (READ_ONCE(leader->files) == table->files)
		other = leader;
	else if (table->shared)
		other = lowest_thread(leader, ns, table->files);
	if (other) {
		table->tid = task_pid_nr_ns(other, ns);
		return other;
	}

	if (t) {
		now.files = READ_ONCE(t->files);
		now.tid = table->tid;
	}
	if (!t || !now.files) {
		if (index || !process_table(&now, leader, ns))
			return NULL;
		t = pid_task(find_pid_ns(now.tid, ns), PIDTYPE_PID);
	}
	if (!t || has_entry(tables, now.files))
		return NULL;
	table->files = now.files;
	table->tid = now.tid;
	return t;
}

/**
 * sko_tables_destroy() - free the memory
 * @tables: used or zeroed
 *
 * Context: may sleep.
 */
void sko_tables_destroy(struct sko_tables *tables)
{
	kvfree(tables->table);
	tables->table = NULL;
	tables->capacity = 0;
	tables->count = 0;
}
