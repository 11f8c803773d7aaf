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
#include "access.h"
#include "batch.h"
#include "extras.h"
#include "hold.h"
#include "look.h"
#include "query.h"

#include <linux/bitops.h>
#include <linux/build_bug.h>
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
 * they are unused, or SKO_WINDOW_SOCKETS sockets, or four times as many other files,
 * which cost fewer cache misses each. make latency: 10, 25 and 25 us, with 500,000
 * descriptors as with 50,000.
 */
#define WINDOW_SLOTS	65536
#define SOCKET_FILES	4
#define WINDOW_FILES	(SOCKET_FILES * SKO_WINDOW_SOCKETS)
/* Sockets whose memory is fetched together; as many as a hold has that somebody waits for. */
#define GROUP		SKO_HOLD_LEAST
static_assert(SKO_WINDOW_SOCKETS <= SKO_BATCH_ROWS);
static_assert(SKO_WINDOW_SOCKETS <= SKO_INFLIGHT_WINDOW);

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
	d->queues = false;
	d->in_queues = false;
	d->wanted = false;
	sko_inflight_empty(&d->inflight);
}

/* A socket of a table, while the table's lock is held. */
struct open_socket {
	struct file *file;
	struct sock *sk;
	unsigned int fd;
};

/*
 * The next sockets of a table from descriptor *fd on, at most GROUP; *seen counts the
 * files that were looked at, and a socket as some of them. Fewer at @end, or when it was
 * enough. From each descriptor to its file, socket and sock a processor waits for memory
 * three times, for those of neighbours at once if nothing else is done between them.
 */
static unsigned int next_sockets(struct files_struct *files, unsigned int *fd,
				 unsigned int end, unsigned int *seen,
				 bool wanted, struct open_socket *found)
{
	struct fdtable *fdt = files_fdtable(files);
	unsigned int count = 0;

	for (; count < GROUP && *seen < WINDOW_FILES; ++*fd, ++*seen) {
		struct socket *sock;
		struct file *file;
		struct sock *sk;

		if (sko_hold_is_long(&files->file_lock, *seen / SOCKET_FILES,
				     wanted))
			break;
		*fd = find_next_bit(fdt->open_fds, end, *fd);
		if (*fd >= end)
			break;
		file = rcu_dereference_check_fdtable(files, fdt->fd[*fd]);
		sock = file ? sock_from_file(file) : NULL;
		sk = sock ? READ_ONCE(sock->sk) : NULL;
		if (!sk)
			continue;
		found[count++] = (struct open_socket){
			.file = file,
			.sk = sk,
			.fd = *fd,
		};
		*seen += SOCKET_FILES - 1;
	}
	return count;
}

/* Keep those that rows are wanted of; returns how many. Sets *queues as said below. */
static unsigned int keep_wanted(struct open_socket *found, unsigned int count,
				const struct sko_look *look, bool *queues)
{
	unsigned int i, kept = 0;

	for (i = 0; i < count; i++) {
		if (!sko_row_is_inet(found[i].sk)) {
			if (sko_inflight_wants(found[i].sk))
				*queues = true;
			continue;
		}
		if (sko_look_wants(look, found[i].sk))
			found[kept++] = found[i];
	}
	return kept;
}

static void copy_row(const struct open_socket *found,
		     const struct sko_held *held, struct sko_batch *batch)
{
	struct sko_row *row = sko_batch_row(batch);

	row->held = *held;
	row->key = found->sk;
	row->doubtful = false;
	row->fd = found->fd;
	row->inode = file_inode(found->file)->i_ino;
	sko_row_from_sock(row, found->sk);
	sko_row_extras(row, found->sk, batch->look);
	sko_look_held(batch, row);
}

static unsigned int window_end(unsigned int fd, unsigned int max)
{
	return max - min(fd, max) > WINDOW_SLOTS ? fd + WINDOW_SLOTS : max;
}

/**
 * sko_files_window() - copy the inet sockets of a part of a file table
 * @files: the table
 * @next: descriptor to begin at; set to the one to go on with
 * @held: what the rows say about the holder
 * @batch: takes the rows; with room for at least SKO_WINDOW_SOCKETS
 * @queues: set if sko_files_queues_window() will find something
 * @wanted: set if others take the lock, too; then so are all further holds of it short
 *
 * A descriptor that is reserved and has no file yet is passed over.
 *
 * Context: inside rcu_read_lock(), with what keeps @files. Takes and releases
 *	its file_lock, for at most WINDOW_SLOTS slots, WINDOW_FILES files and
 *	SKO_WINDOW_SOCKETS sockets.
 * Return: true if there is more to walk from *@next on.
 */
bool sko_files_window(struct files_struct *files, unsigned int *next,
		      const struct sko_held *held, struct sko_batch *batch,
		      bool *queues, bool *wanted)
{
	unsigned int fd = *next, seen = 0, end, max, count, kept, i;
	struct open_socket found[GROUP];

	sko_hold(&files->file_lock, wanted);
	max = files_fdtable(files)->max_fds;
	end = window_end(fd, max);
	do {
		count = next_sockets(files, &fd, end, &seen, *wanted, found);
		kept = keep_wanted(found, count, batch->look, queues);
		for (i = 0; i < kept; i++)
			copy_row(&found[i], held, batch);
	} while (count == GROUP);
	spin_unlock(&files->file_lock);

	*next = fd;
	return fd < max;
}

/**
 * sko_files_queues_window() - find the unix sockets of a part of a file table
 * @files: the table
 * @next: descriptor to begin at; set to the one to go on with
 * @inflight: empty, with room for all of a window; takes those that hold sockets
 * @wanted: as there
 *
 * Context: as sko_files_window().
 * Return: true if there is more to walk from *@next on.
 */
bool sko_files_queues_window(struct files_struct *files, unsigned int *next,
			     struct sko_inflight *inflight, bool *wanted)
{
	unsigned int fd = *next, seen = 0, end, max, count, i;
	struct open_socket found[GROUP];

	sko_hold(&files->file_lock, wanted);
	max = files_fdtable(files)->max_fds;
	end = window_end(fd, max);
	do {
		count = next_sockets(files, &fd, end, &seen, *wanted, found);
		for (i = 0; i < count; i++)
			if (sko_inflight_wants(found[i].sk))
				sko_inflight_hold(inflight, found[i].file,
						  found[i].sk);
	} while (count == GROUP);
	spin_unlock(&files->file_lock);

	*next = fd;
	return fd < max;
}

/*
 * Go to the first process from number d->tables.pid on that may be visible.
 * Returns 1 if there is one, 0 if there is none, -EAGAIN if there may be one
 * further on.
 */
static int find_process(struct sko_descriptors *d)
{
	struct task_struct *leader;
	int i, ret = -EAGAIN;
	struct pid *pid;

	rcu_read_lock();
	for (i = 0; i < PIDS_AT_ONCE; i++) {
		d->tables.pid = sko_query_next_pid(d->query, d->tables.pid);
		pid = d->tables.pid ? find_ge_pid(d->tables.pid, d->pid_ns)
				    : NULL;
		if (!pid) {
			ret = 0;
			break;
		}
		d->tables.pid = pid_nr_ns(pid, d->pid_ns);
		if (sko_query_next_pid(d->query, d->tables.pid) != d->tables.pid)
			continue;
		leader = pid_task(pid, PIDTYPE_TGID);
		if (leader && sko_access_process(d->access, leader)) {
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
	d->queues = false;
	d->in_queues = false;
	d->wanted = false;
}

/*
 * Who the rows are about. task_lock() is what set_task_comm() changes the
 * name under (newer kernels keep its last byte zero and need no lock).
 */
static void describe(struct sko_batch *batch, struct task_struct *leader,
		     const struct sko_descriptors *d)
{
	struct sko_process *process = &batch->process;

	process->pid = d->tables.pid;
	process->uid = from_kuid_munged(d->user_ns,
					task_cred_xxx(leader, euid));
	task_lock(leader);
	memcpy(process->comm, leader->comm, sizeof(process->comm));
	task_unlock(leader);
	sko_extras_process(process, leader, batch->look);
}

/*
 * One window of the sockets or the queues of a table that @task has. A table
 * that may not be seen is done, and its lock is not taken.
 */
static bool table_window(struct sko_descriptors *d, struct task_struct *leader,
			 struct task_struct *task, const struct sko_held *held,
			 struct sko_batch *batch)
{
	bool more = true;	/* it has just changed: look again who has it */

	task_lock(task);
	if (!sko_access_task(d->access, leader, task))
		more = false;
	else if (task->files != d->tables.table[d->index].files)
		;
	else if (d->in_queues)
		more = sko_files_queues_window(task->files, &d->fd,
					       &d->inflight, &d->wanted);
	else
		more = sko_files_window(task->files, &d->fd, held, batch,
					&d->queues, &d->wanted);
	task_unlock(task);
	return more;
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
		describe(batch, leader, d);
		/* Unless its sockets must be known not to be of nobody. */
		if (!sko_query_wants_holderless(d->query) &&
		    !sko_query_wants_process(d->query, &batch->process)) {
			rcu_read_unlock();
			return false;
		}
		held = (struct sko_held){
			.holder = SKO_HOLDER_FD,
			.process = &batch->process,
		};
		if (d->index && task != leader) {
			held.holder = SKO_HOLDER_THREAD;
			held.via = d->tables.table[d->index].tid;
		}
		more = table_window(d, leader, task, &held, batch);
	}
	rcu_read_unlock();

	if (!more) {
		d->index++;
		d->fd = 0;
		d->wanted = false;
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
 * When a process has been walked, what waits in its unix sockets follows.
 *
 * Context: may sleep (when a process has private tables or unix sockets).
 * Return: 1 if there may be more, also when @batch is still empty; 0 at the
 *	end of the last process; -ENOMEM; -EINTR after a fatal signal.
 */
int sko_descriptors_collect(struct sko_descriptors *d,
			    struct sko_batch *batch)
{
	int ret;

	/* The call before has not come to their end, and @batch is still about that. */
	if (!sko_inflight_is_empty(&d->inflight))
		goto in_flight;
	if (!d->tables.count) {
		ret = find_process(d);
		if (ret != 1)
			return ret == -EAGAIN ? 1 : ret;
		ret = sko_tables_snapshot(&d->tables, d->pid_ns);
		if (ret)
			return ret;
	}
	if (d->index == d->tables.count && d->queues && !d->in_queues) {
		d->in_queues = true;
		d->index = 0;
	}
	if (d->index == d->tables.count || !collect_window(d, batch))
		leave_process(d);
in_flight:
	ret = sko_inflight_collect(&d->inflight, &batch->process, batch);
	return ret ?: 1;
}
