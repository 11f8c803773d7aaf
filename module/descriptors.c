// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * Locks: rcu_read_lock(), in it task_lock() of the task whose table it is, in
 * that the table's file_lock, as update_classid_task() nests the two through
 * iterate_fd(). RCU keeps the task and its signal_struct. task_lock() keeps
 * task->files: exit_files() and all else that changes it take the lock before
 * they let the table go. file_lock keeps the array of files and the files in it
 * (a close takes the file out under it, and only then drops the table's
 * reference), and a file keeps its socket and its inode. Nothing is referenced,
 * allocated or printed under them. A hold of the two spinlocks is bounded; the
 * RCU section around it is as long as a look at each thread of the process.
 */
#include "descriptors.h"
#include "batch.h"

#include <linux/bitops.h>
#include <linux/cred.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/minmax.h>
#include <linux/net.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>
#include <net/sock.h>

/*
 * A hold of the locks ends after so many slots, which are bits in a bitmap if
 * they are unused, or so many open files, each of which costs a cache miss.
 */
#define WINDOW_SLOTS	65536
#define WINDOW_FILES	1024

/* Pid numbers looked at in one go: most belong to threads on some hosts. */
#define PIDS_AT_ONCE	1024

/**
 * sko_descriptors_rewind() - back to the first process
 * @d: the walk
 */
void sko_descriptors_rewind(struct sko_descriptors *d)
{
	d->tables.pid = 1;
	d->tables.count = 0;
	d->index = 0;
	d->fd = 0;
}

/**
 * sko_files_window() - copy the inet sockets of a part of a file table
 * @files: the table
 * @next: descriptor to begin at; set to the one to go on with
 * @held: what the rows say about the holder
 * @batch: takes the rows; with room for at least SKO_BATCH_ROWS
 *
 * A descriptor that is reserved and has no file yet is passed over.
 *
 * Context: inside rcu_read_lock(), with what keeps @files. Takes and releases
 *	its file_lock, for at most WINDOW_SLOTS slots, WINDOW_FILES files and
 *	SKO_BATCH_ROWS sockets.
 * Return: true if there is more to walk from *@next on.
 */
bool sko_files_window(struct files_struct *files, unsigned int *next,
		      const struct sko_held *held, struct sko_batch *batch)
{
	unsigned int fd = *next, seen = 0, end, max;
	struct fdtable *fdt;

	spin_lock(&files->file_lock);
	fdt = files_fdtable(files);
	max = fdt->max_fds;
	end = max - min(fd, max) > WINDOW_SLOTS ? fd + WINDOW_SLOTS : max;
	for (; seen < WINDOW_FILES && batch->count < SKO_BATCH_ROWS;
	     fd++, seen++) {
		struct socket *sock;
		struct sko_row *row;
		struct file *file;
		struct sock *sk;

		fd = find_next_bit(fdt->open_fds, end, fd);
		if (fd >= end)
			break;
		file = rcu_dereference_check_fdtable(files, fdt->fd[fd]);
		sock = file ? sock_from_file(file) : NULL;
		sk = sock ? READ_ONCE(sock->sk) : NULL;
		if (!sk || !sko_row_is_inet(sk))
			continue;
		row = sko_batch_row(batch);
		row->held = *held;
		row->fd = fd;
		row->inode = file_inode(file)->i_ino;
		sko_row_from_sock(row, sk);
	}
	spin_unlock(&files->file_lock);

	*next = fd;
	return fd < max;
}

/*
 * Go to the first process from number d->tables.pid on. Returns 1 if there is
 * one, 0 if there is none, -EAGAIN if there may be one further on.
 */
static int find_process(struct sko_descriptors *d)
{
	struct task_struct *leader;
	int i, ret = -EAGAIN;
	struct pid *pid;

	rcu_read_lock();
	for (i = 0; i < PIDS_AT_ONCE; i++) {
		pid = find_ge_pid(d->tables.pid, d->pid_ns);
		if (!pid) {
			ret = 0;
			break;
		}
		d->tables.pid = pid_nr_ns(pid, d->pid_ns);
		leader = pid_task(pid, PIDTYPE_TGID);
		if (leader) {
			d->tables.signal = leader->signal;
			ret = 1;
			break;
		}
		d->tables.pid++;
	}
	rcu_read_unlock();
	return ret;
}

static void leave_process(struct sko_descriptors *d)
{
	d->tables.pid++;
	d->tables.count = 0;
	d->index = 0;
	d->fd = 0;
}

/*
 * Who the rows are about. task_lock() is what set_task_comm() changes the
 * name under (newer kernels keep its last byte zero and need no lock).
 */
static void describe(struct sko_process *process, struct task_struct *leader,
		     const struct sko_descriptors *d)
{
	process->pid = d->tables.pid;
	process->uid = from_kuid_munged(d->user_ns,
					task_cred_xxx(leader, euid));
	task_lock(leader);
	memcpy(process->comm, leader->comm, sizeof(process->comm));
	task_unlock(leader);
}

/*
 * Collect from the table that is next, at most one window of it. Returns false
 * if the process is gone.
 */
static bool collect_window(struct sko_descriptors *d, struct sko_batch *batch)
{
	struct task_struct *leader, *task;
	struct sko_held held;
	bool more = false;

	rcu_read_lock();
	leader = sko_tables_process(&d->tables, d->pid_ns);
	if (!leader) {
		rcu_read_unlock();
		return false;
	}
	task = sko_tables_holder(&d->tables, d->index, leader, d->pid_ns);
	if (task) {
		describe(&batch->process, leader, d);
		held = (struct sko_held){
			.holder = SKO_HOLDER_FD,
			.process = &batch->process,
		};
		if (d->index && task != leader) {
			held.holder = SKO_HOLDER_THREAD;
			held.via = d->tables.table[d->index].tid;
		}
		task_lock(task);
		if (task->files == d->tables.table[d->index].files)
			more = sko_files_window(task->files, &d->fd, &held,
						batch);
		else	/* it has just changed: look again who has the table */
			more = true;
		task_unlock(task);
	}
	rcu_read_unlock();

	if (!more) {
		d->index++;
		d->fd = 0;
	}
	return true;
}

/**
 * sko_descriptors_collect() - the next sockets that a file table holds
 * @d: where the walk stands; moves on
 * @batch: empty; takes the rows
 *
 * A socket that stays in its table is met exactly once: tables are walked one
 * by one, and each by descriptor number, which does not change while it is held.
 *
 * Context: may sleep (when a process has private tables).
 * Return: 1 if there may be more, also when @batch is still empty; 0 at the
 *	end of the last process; -ENOMEM.
 */
int sko_descriptors_collect(struct sko_descriptors *d,
			    struct sko_batch *batch)
{
	int ret;

	if (!d->tables.count) {
		ret = find_process(d);
		if (ret != 1)
			return ret == -EAGAIN ? 1 : ret;
		ret = sko_tables_snapshot(&d->tables, d->pid_ns);
		if (ret)
			return ret;
	}
	if (d->index == d->tables.count || !collect_window(d, batch))
		leave_process(d);
	return 1;
}
