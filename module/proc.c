// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "proc.h"
#include "cursor.h"
#include "line.h"
#include "lookup.h"
#include "memory.h"
#include "parameters.h"
#include "query.h"
#include "readers.h"

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

#define PROC_NAME "sockowners"

/*
 * seq_file begins with a page, and then a million rows cost 25,000 calls of
 * read(). What cat, cp and our own reader ask for at once is this much.
 */
#define BUFFER_SIZE SZ_128K

/*
 * The record at position 0 is the header, every other one some rows. seq_file asks
 * for position 0 on the first read, and again after lseek(fd, 0) or pread() at
 * offset 0: that is a new listing. Any other position is where the cursor
 * stands: seq_file never jumps, it goes through all records again.
 */
static void *sko_seq_start(struct seq_file *m, loff_t *pos)
{
	struct sko_cursor *cursor = m->private;

	if (!*pos) {
		sko_cursor_rewind(cursor);
		return SEQ_START_TOKEN;
	}
	return sko_cursor_row(cursor);
}

static void *sko_seq_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct sko_cursor *cursor = m->private;

	++*pos;
	if (v != SEQ_START_TOKEN)
		sko_cursor_step(cursor);
	return sko_cursor_row(cursor);
}

static void sko_seq_stop(struct seq_file *m, void *v)
{
}

/* A line is written whole, or not at all and then again into a larger buffer. */
static int sko_seq_show(struct seq_file *m, void *v)
{
	struct sko_cursor *cursor = m->private;
	size_t room;
	char *buf, *end;

	room = seq_get_buf(m, &buf);
	if (room <= SKO_LINE_MAX) {
		seq_commit(m, -1);
		return 0;
	}
	if (v == SEQ_START_TOKEN)
		end = sko_line_header(buf, &cursor->lines.columns);
	else
		end = sko_cursor_lines(cursor, buf, room);
	seq_commit(m, end - buf);
	return 0;
}

/* The records of a listing; m->private is its cursor. */
const struct seq_operations sko_seq_ops = {
	.start	= sko_seq_start,
	.next	= sko_seq_next,
	.stop	= sko_seq_stop,
	.show	= sko_seq_show,
};

/* seq_file has the cursor for its private data. */
struct opened {
	struct sko_cursor cursor;
	struct sko_readers *readers;
};

static void destroy(struct opened *opened)
{
	sko_cursor_destroy(&opened->cursor);
	sko_readers_leave(opened->readers);
	kvfree(opened);
}

/* __seq_open_private() would call the OOM killer if the cgroup is full. */
static struct opened *create(struct file *file)
{
	struct sko_readers *readers = NULL;
	struct sko_columns columns;
	struct opened *opened;
	int err;

	opened = kvzalloc(sizeof(*opened), SKO_GFP);
	if (!opened)
		return ERR_PTR(-ENOMEM);
	/* No limit for root, so that nobody can use it up in root's name. */
	if (!file_ns_capable(file, &init_user_ns, CAP_SYS_RESOURCE))
		readers = sko_readers_enter(sko_readers_user(file->f_cred));
	err = PTR_ERR_OR_ZERO(readers);
	if (!err) {
		opened->readers = readers;
		sko_parameters_columns(&columns);
		err = sko_cursor_init(&opened->cursor, file,
				      proc_pid_ns(file_inode(file)->i_sb),
				      &columns);
	}
	if (!err)
		return opened;
	destroy(opened);
	return ERR_PTR(err);
}

/*
 * seq_open() comes first: its few bytes are charged as they are for every other
 * file, and a charge like that calls the OOM killer if the cgroup is full. It
 * must not meet a cgroup that what is allocated here has just filled.
 */
static int sko_proc_open(struct inode *inode, struct file *file)
{
	struct opened *opened;
	struct seq_file *m;
	int err;

	err = seq_open(file, &sko_seq_ops);
	if (err)
		return err;
	m = file->private_data;
	err = -ENOMEM;
	m->buf = kvmalloc(BUFFER_SIZE, SKO_GFP);
	if (!m->buf)
		goto release;
	m->size = BUFFER_SIZE;
	opened = create(file);
	err = PTR_ERR_OR_ZERO(opened);
	if (err)
		goto release;
	m->private = &opened->cursor;
	return 0;

release:
	seq_release(inode, file);
	return err;
}

static int sko_proc_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	destroy(container_of(m->private, struct opened, cursor));
	return seq_release(inode, file);
}

/*
 * A query, whole, and a new listing: at its first line, wherever the last one
 * stood. The lock is what seq_file holds round all it does with the cursor; who
 * waits for it need not wait for the writer's memory. After a bad query all is as
 * it was.
 */
static ssize_t sko_proc_write(struct file *file, const char __user *from,
			      size_t count, loff_t *pos)
{
	struct seq_file *m = file->private_data;
	struct sko_cursor *cursor = m->private;
	struct sko_columns columns;
	struct sko_query *query;
	char *text;
	int err = 0;

	if (count > SKO_QUERY_MAX)
		return -EINVAL;
	text = memdup_user_nul(from, count);
	if (IS_ERR(text))
		return PTR_ERR(text);
	sko_parameters_columns(&columns);
	query = sko_query_parse(text, count, &columns);
	kfree(text);
	if (IS_ERR(query))
		return PTR_ERR(query);
	if (query->packet.family)
		err = sko_lookup_check(&query->packet, cursor->access.net);
	if (err) {
		sko_query_free(query);
		return err;
	}

	mutex_lock(&m->lock);
	sko_cursor_ask(cursor, query);
	m->index = 0;
	m->count = 0;
	m->from = 0;
	m->read_pos = 0;
	mutex_unlock(&m->lock);
	*pos = 0;
	return count;
}

static const struct proc_ops sko_proc_ops = {
	.proc_open	= sko_proc_open,
	.proc_read_iter	= seq_read_iter,
	.proc_write	= sko_proc_write,
	.proc_lseek	= seq_lseek,
	.proc_release	= sko_proc_release,
};

/**
 * sko_proc_init() - make the file appear in every procfs mount
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM, also when something else has a file of that name.
 */
int __init sko_proc_init(void)
{
	struct proc_dir_entry *entry;

	entry = proc_create(PROC_NAME, sko_parameters_mode(), NULL,
			    &sko_proc_ops);
	if (!entry) {
		pr_err("cannot create /proc/%s\n", PROC_NAME);
		return -ENOMEM;
	}
	proc_set_user(entry, GLOBAL_ROOT_UID, sko_parameters_group());
	return 0;
}

/**
 * sko_proc_exit() - take the file away
 *
 * Waits for calls that are under way and releases every open descriptor's
 * reading; a read() on one of those then fails with EIO.
 *
 * Context: may sleep.
 */
void sko_proc_exit(void)
{
	remove_proc_entry(PROC_NAME, NULL);
}
