// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * The rule is that of PTRACE_MODE_READ_FSCREDS, which readlink() of
 * /proc/PID/cwd asks for: __ptrace_may_access() in kernel/ptrace.c and, behind
 * it, cap_ptrace_access_check() in security/commoncap.c. Neither is exported,
 * and both judge who runs now, not who has opened the file. What other security
 * modules would say (security_ptrace_access_check()) cannot be asked.
 *
 * A row names the process, so the process must be visible, and it is taken from
 * one thread's table, so that thread must be. They differ if threads have other
 * credentials than their leader, or the leader has exited.
 *
 * Everything here is asked in places that cannot sleep. file_ns_capable() does
 * not: ptrace_may_access() itself asks for capabilities under task_lock().
 */
#include "access.h"
#include "compat.h"
#include "parameters.h"

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/nsproxy.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>

/**
 * sko_access_init() - the rights of who opens the file now
 * @access: zeroed memory
 * @file: the file, which keeps its credentials as long as @access is used
 * @pid_ns: of the procfs mount
 *
 * A member of the group that the parameter gid= names sees every process of the
 * mount, and on the initial pid namespace's every network namespace.
 *
 * Context: in open(), in the process that opens.
 * Return: 0, or -ESRCH from a task that has no namespaces any more.
 */
int sko_access_init(struct sko_access *access, const struct file *file,
		    const struct pid_namespace *pid_ns)
{
	bool member = sko_parameters_is_member();
	bool outermost = pid_ns == &init_pid_ns;

	if (!current->nsproxy)
		return -ESRCH;
	access->file = file;
	access->net = get_net(current->nsproxy->net_ns);
	access->tgid = get_pid(task_tgid(current));
	access->exec_id = READ_ONCE(current->self_exec_id);
	access->every_process = member || file_ns_capable(file, &init_user_ns,
							  CAP_SYS_PTRACE);
	access->every_net = (member && outermost) ||
			    file_ns_capable(file, &init_user_ns, CAP_NET_ADMIN);
	access->complete = access->every_process && outermost;
	return 0;
}

/**
 * sko_access_destroy() - let go what sko_access_init() took
 * @access: initialised or zeroed
 *
 * Context: may sleep.
 */
void sko_access_destroy(struct sko_access *access)
{
	if (access->net)
		put_net(access->net);
	put_pid(access->tgid);
	*access = (struct sko_access){};
}

/*
 * The opener may look at itself, whoever it has become since. A set-uid program
 * that it executes is not itself any more, and others may have the descriptor.
 */
static bool is_opener(const struct sko_access *access,
		      struct task_struct *leader)
{
	return task_tgid(leader) == access->tgid &&
	       READ_ONCE(leader->self_exec_id) == access->exec_id;
}

static bool has_ptrace(const struct sko_access *access,
		       struct user_namespace *user_ns)
{
	return file_ns_capable(access->file, user_ns, CAP_SYS_PTRACE);
}

static bool is_same_user(const struct cred *cred, const struct cred *target)
{
	return uid_eq(cred->fsuid, target->euid) &&
	       uid_eq(cred->fsuid, target->suid) &&
	       uid_eq(cred->fsuid, target->uid) &&
	       gid_eq(cred->fsgid, target->egid) &&
	       gid_eq(cred->fsgid, target->sgid) &&
	       gid_eq(cred->fsgid, target->gid);
}

/* Of the same user, and not more privileged; or CAP_SYS_PTRACE over it. */
static bool may_see_user(const struct sko_access *access,
			 struct task_struct *task)
{
	const struct cred *cred = access->file->f_cred;
	const struct cred *target = __task_cred(task);

	if (is_same_user(cred, target) && cred->user_ns == target->user_ns &&
	    cap_issubset(target->cap_permitted, cred->cap_effective))
		return true;
	return has_ptrace(access, target->user_ns);
}

/**
 * sko_access_process() - may a process be named, as far as its user tells?
 * @access: the opener's rights; NULL: all
 * @leader: its leader, which may have exited
 *
 * Only a first answer: what is denied here is denied; else ask
 * sko_access_task() about the thread that is walked.
 *
 * Context: inside rcu_read_lock(), which keeps @leader and its credentials.
 */
bool sko_access_process(const struct sko_access *access,
			struct task_struct *leader)
{
	return !access || access->every_process ||
	       is_opener(access, leader) || may_see_user(access, leader);
}

/**
 * sko_access_task() - may what a thread's file table holds be named?
 * @access: the opener's rights; NULL: all
 * @leader: leader of its process
 * @task: the thread, also @leader itself
 *
 * A process that drops privileges becomes undumpable before its credentials
 * change (commit_creds()), so these are read first, and the barrier pairs with
 * the one there.
 *
 * Context: inside rcu_read_lock() and under task_lock() of @task, which keeps its
 *	mm. The answer holds until the lock is let go.
 */
bool sko_access_task(const struct sko_access *access,
		     struct task_struct *leader, struct task_struct *task)
{
	struct user_namespace *user_ns;

	if (!access || access->every_process || is_opener(access, leader))
		return true;
	if (!may_see_user(access, leader) ||
	    (task != leader && !may_see_user(access, task)))
		return false;
	smp_rmb();	/* see above */
	return sko_task_dumpable(task, &user_ns) || has_ptrace(access, user_ns);
}

/**
 * sko_access_net() - may sockets of a namespace be seen that nobody visible has?
 * @access: the opener's rights; NULL: all
 * @net: the namespace
 *
 * Context: any, with what keeps @net. One reading at a time.
 */
bool sko_access_net(struct sko_access *access, const struct net *net)
{
	if (!access || access->every_net || net == access->net)
		return true;
	if (access->net_cookie != net->net_cookie) {
		access->net_cookie = net->net_cookie;
		access->net_allowed = file_ns_capable(access->file, net->user_ns,
						      CAP_NET_ADMIN);
	}
	return access->net_allowed;
}
