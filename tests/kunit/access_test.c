// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * Which credentials may see which. The one that is looked at is the test's own
 * thread, which gives itself what the case wants and ends with it.
 */
#include "suites.h"
#include "../../module/access.h"
#include "../../module/compat.h"

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/nsproxy.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/uidgid.h>
#include <net/net_namespace.h>

#define NONE	0
#define PTRACE	BIT_ULL(CAP_SYS_PTRACE)
#define RAW	BIT_ULL(CAP_NET_RAW)
#define ADMIN	BIT_ULL(CAP_NET_ADMIN)

static kernel_cap_t caps(u64 bits)
{
	kernel_cap_t set = CAP_EMPTY_SET;
	int i;

	for (i = 0; i <= CAP_LAST_CAP; i++)
		if (bits & BIT_ULL(i))
			cap_raise(set, i);
	return set;
}

struct who {
	uid_t uid, euid, suid, fsuid;
	gid_t gid, egid, sgid, fsgid;
	u64 effective, permitted;
};

#define USER(id, caps) { id, id, id, id, id, id, id, id, caps, caps }

static struct cred *cred_of(struct kunit *test, const struct who *user)
{
	struct cred *cred = prepare_creds();

	KUNIT_ASSERT_NOT_NULL(test, cred);
	cred->uid = KUIDT_INIT(user->uid);
	cred->euid = KUIDT_INIT(user->euid);
	cred->suid = KUIDT_INIT(user->suid);
	cred->fsuid = KUIDT_INIT(user->fsuid);
	cred->gid = KGIDT_INIT(user->gid);
	cred->egid = KGIDT_INIT(user->egid);
	cred->sgid = KGIDT_INIT(user->sgid);
	cred->fsgid = KGIDT_INIT(user->fsgid);
	cred->cap_effective = caps(user->effective);
	cred->cap_permitted = caps(user->permitted);
	cred->cap_inheritable = caps(NONE);
	cred->cap_ambient = caps(NONE);
	return cred;
}

struct sample {
	const char *what;
	struct who opener, target;
	bool visible;
};

static const struct sample samples[] = {
	{ "the same user", USER(7, NONE), USER(7, NONE), true },
	{ "another user", USER(7, NONE), USER(8, NONE), false },
	{ "root without capabilities", USER(0, NONE), USER(8, NONE), false },
	{ "CAP_SYS_PTRACE", USER(7, PTRACE), USER(8, NONE), true },
	{ "over capabilities too", USER(7, PTRACE), USER(8, RAW), true },
	{ "another capability", USER(7, ADMIN), USER(8, NONE), false },
	{ "only permitted",
	  { 7, 7, 7, 7, 7, 7, 7, 7, NONE, PTRACE }, USER(8, NONE), false },
	{ "more privileged", USER(7, NONE), USER(7, RAW), false },
	{ "as privileged", USER(7, RAW), USER(7, RAW), true },
	{ "otherwise privileged", USER(7, ADMIN), USER(7, RAW), false },
	{ "more is permitted to it", USER(7, NONE),
	  { 7, 7, 7, 7, 7, 7, 7, 7, NONE, RAW }, false },
	{ "its real user", USER(7, NONE),
	  { 8, 7, 7, 7, 7, 7, 7, 7, NONE, NONE }, false },
	{ "its effective user", USER(7, NONE),
	  { 7, 8, 7, 7, 7, 7, 7, 7, NONE, NONE }, false },
	{ "its saved user", USER(7, NONE),
	  { 7, 7, 8, 7, 7, 7, 7, 7, NONE, NONE }, false },
	{ "its user for files", USER(7, NONE),
	  { 7, 7, 7, 8, 7, 7, 7, 8, NONE, NONE }, true },
	{ "its real group", USER(7, NONE),
	  { 7, 7, 7, 7, 8, 7, 7, 7, NONE, NONE }, false },
	{ "its effective group", USER(7, NONE),
	  { 7, 7, 7, 7, 7, 8, 7, 7, NONE, NONE }, false },
	{ "its saved group", USER(7, NONE),
	  { 7, 7, 7, 7, 7, 7, 8, 7, NONE, NONE }, false },
	{ "the opener's user for files counts",
	  { 8, 8, 8, 7, 8, 8, 8, 7, NONE, NONE }, USER(7, NONE), true },
	{ "and no other of its users",
	  { 7, 7, 7, 8, 7, 7, 7, 7, NONE, NONE }, USER(7, NONE), false },
	{ "nor its groups",
	  { 7, 7, 7, 7, 7, 7, 7, 8, NONE, NONE }, USER(7, NONE), false },
};

static void to_text(const struct sample *sample, char *text)
{
	strscpy(text, sample->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(samples, samples, to_text);

/* The opener is no process here, and has @cred. */
static void set_opener(struct sko_access *access, struct file *file,
		       const struct cred *cred)
{
	file->f_cred = cred;
	*access = (struct sko_access){ .file = file };
}

static void rule_of_ptrace(struct kunit *test)
{
	const struct sample *sample = test->param_value;
	struct file *file = kunit_kzalloc(test, sizeof(*file), GFP_KERNEL);
	struct cred *opener = cred_of(test, &sample->opener);
	struct sko_access access;
	struct user_namespace *user_ns;
	bool process, task, dumpable;

	KUNIT_ASSERT_NOT_NULL(test, file);
	set_opener(&access, file, opener);
	commit_creds(cred_of(test, &sample->target));
	rcu_read_lock();
	process = sko_access_process(&access, current);
	task_lock(current);
	task = sko_access_task(&access, current, current);
	dumpable = sko_task_dumpable(current, &user_ns);
	task_unlock(current);
	rcu_read_unlock();
	put_cred(opener);

	KUNIT_EXPECT_EQ(test, sample->visible, process);
	/*
	 * A thread of the kernel has no mm. Where that tells whether a task is
	 * dumpable, it is not; newer kernels call it dumpable.
	 */
	if (dumpable)
		KUNIT_EXPECT_EQ(test, sample->visible, task);
	else
		KUNIT_EXPECT_EQ(test, sample->opener.effective == PTRACE, task);
}

static void opener_sees_itself_until_it_executes(struct kunit *test)
{
	struct sko_access access = {
		.file = kunit_kzalloc(test, sizeof(struct file), GFP_KERNEL),
		.tgid = task_tgid(current),
		.exec_id = current->self_exec_id,
	};
	static const struct who nobody = USER(7, NONE);
	struct cred *cred = cred_of(test, &nobody);

	KUNIT_ASSERT_NOT_NULL(test, access.file);
	((struct file *)access.file)->f_cred = cred;
	rcu_read_lock();
	KUNIT_EXPECT_TRUE(test, sko_access_process(&access, current));
	KUNIT_EXPECT_TRUE(test, sko_access_task(&access, current, current));
	access.exec_id++;
	KUNIT_EXPECT_FALSE(test, sko_access_process(&access, current));
	KUNIT_EXPECT_FALSE(test, sko_access_task(&access, current, current));
	rcu_read_unlock();
	put_cred(cred);
}

static void other_namespaces_need_net_admin(struct kunit *test)
{
	struct net *net = kunit_kzalloc(test, sizeof(*net), GFP_KERNEL);
	struct file *file = kunit_kzalloc(test, sizeof(*file), GFP_KERNEL);
	static const struct who plain = USER(7, PTRACE);
	static const struct who admin = USER(7, ADMIN);
	struct sko_access access;
	struct cred *cred;

	KUNIT_ASSERT_NOT_NULL(test, net);
	KUNIT_ASSERT_NOT_NULL(test, file);
	net->user_ns = &init_user_ns;
	net->net_cookie = U64_MAX;

	cred = cred_of(test, &plain);
	set_opener(&access, file, cred);
	access.net = &init_net;
	KUNIT_EXPECT_TRUE(test, sko_access_net(&access, &init_net));
	KUNIT_EXPECT_FALSE(test, sko_access_net(&access, net));
	KUNIT_EXPECT_FALSE(test, sko_access_net(&access, net));
	access.every_net = true;
	KUNIT_EXPECT_TRUE(test, sko_access_net(&access, net));
	put_cred(cred);

	cred = cred_of(test, &admin);
	set_opener(&access, file, cred);
	KUNIT_EXPECT_TRUE(test, sko_access_net(&access, net));
	/* What was said of one namespace is not said of the next. */
	file->f_cred = current_cred();
	access.net_allowed = false;
	KUNIT_EXPECT_FALSE(test, sko_access_net(&access, net));
	net->net_cookie--;
	KUNIT_EXPECT_TRUE(test, sko_access_net(&access, net));
	put_cred(cred);
}

/* A task that is about to end has none. */
static void who_has_no_namespaces_cannot_open(struct kunit *test)
{
	struct file *file = kunit_kzalloc(test, sizeof(*file), GFP_KERNEL);
	struct nsproxy *nsproxy = current->nsproxy;
	struct sko_access access = {};

	KUNIT_ASSERT_NOT_NULL(test, file);
	file->f_cred = current_cred();
	current->nsproxy = NULL;
	KUNIT_EXPECT_EQ(test, -ESRCH,
			sko_access_init(&access, file, &init_pid_ns));
	current->nsproxy = nsproxy;
	sko_access_destroy(&access);
	KUNIT_EXPECT_EQ(test, 0, sko_access_init(&access, file, &init_pid_ns));
	sko_access_destroy(&access);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(rule_of_ptrace, samples_gen_params),
	KUNIT_CASE(opener_sees_itself_until_it_executes),
	KUNIT_CASE(other_namespaces_need_net_admin),
	KUNIT_CASE(who_has_no_namespaces_cannot_open),
	{}
};

struct kunit_suite sko_access_suite = {
	.name = "sockowners-access",
	.test_cases = cases,
};
