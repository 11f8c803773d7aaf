/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * Who may see what. Rights are those of whoever opened the file, whoever reads
 * it: of the credentials in file->f_cred, which do not change any more.
 */
#ifndef SOCKOWNERS_ACCESS_H
#define SOCKOWNERS_ACCESS_H

#include <linux/types.h>

struct file;
struct net;
struct pid;
struct pid_namespace;
struct task_struct;

struct sko_access {
	const struct file *file;	/* whose private data this is */
	struct net *net;		/* the opener's own, referenced */
	struct pid *tgid;		/* the opener's thread group, referenced */
	u64 exec_id;			/* until it executes another program */
	bool every_process;		/* of the procfs mount's pid namespace */
	bool every_net;
	bool complete;			/* no process at all is out of sight */
	/* The last namespace that was asked about: cookies are used once. */
	u64 net_cookie;
	bool net_allowed;
};

int sko_access_init(struct sko_access *access, const struct file *file,
		    const struct pid_namespace *pid_ns);
void sko_access_destroy(struct sko_access *access);
bool sko_access_process(const struct sko_access *access,
			struct task_struct *leader);
bool sko_access_task(const struct sko_access *access,
		     struct task_struct *leader, struct task_struct *task);
bool sko_access_net(struct sko_access *access, const struct net *net);

#endif
