// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * Why a socket of a hash table is held by no process, on sockets that the test
 * makes of zeroes.
 */
#include "suites.h"
#include "../../module/access.h"
#include "../../module/batch.h"
#include "../../module/look.h"

#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/in.h>
#include <linux/net.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <net/sock.h>

#define INODE 4711

static const struct file_operations no_operations;

struct made {
	struct sko_look look;
	struct sko_batch batch;
	struct tcp_sock tcp;
	struct socket_alloc alloc;
	struct file closed;		/* of zeroes: without a reference */
	struct file *open;
	struct sock *sk;
};

/* As a process has it: with a struct socket, an inode and a file. */
static void give_file(struct made *made, struct file *file)
{
	made->alloc.vfs_inode.i_ino = INODE;
	made->alloc.socket.file = file;
	made->sk->sk_socket = &made->alloc.socket;
}

static enum sko_verdict judge(struct made *made, struct sko_held *held,
			      u64 *inode)
{
	enum sko_verdict verdict;

	sko_look_lock(&made->look);
	verdict = sko_look_judge(&made->look, made->sk, held, inode);
	sko_look_unlock();
	return verdict;
}

static void expect_holder(struct kunit *test, enum sko_holder holder, u64 via)
{
	struct made *made = test->priv;
	struct sko_held held = {};
	u64 inode;

	KUNIT_EXPECT_EQ(test, (int)SKO_LIST, (int)judge(made, &held, &inode));
	KUNIT_EXPECT_EQ(test, (int)holder, (int)held.holder);
	KUNIT_EXPECT_EQ(test, via, held.via);
}

static void expect_verdict(struct kunit *test, enum sko_verdict want)
{
	struct sko_held held;
	u64 inode;

	KUNIT_EXPECT_EQ(test, (int)want, (int)judge(test->priv, &held, &inode));
}

static void what_is_listed_is_passed_over(struct kunit *test)
{
	struct made *made = test->priv;

	sock_set_flag(made->sk, SOCK_DEAD);
	expect_holder(test, SKO_HOLDER_ORPHAN, 0);
	KUNIT_ASSERT_EQ(test, 0,
			sko_listed_put(&made->look.listed, made->sk));
	expect_verdict(test, SKO_PASS_OVER);
}

static void child_waits_for_its_listener(struct kunit *test)
{
	struct made *made = test->priv;

	KUNIT_ASSERT_EQ(test, 0, sko_pointers_put(&made->look.waiting,
						  made->sk, INODE));
	expect_holder(test, SKO_HOLDER_ACCEPT, INODE);
	/* Accepted since, or left alone by a listener that was closed. */
	sock_set_flag(made->sk, SOCK_DEAD);
	expect_holder(test, SKO_HOLDER_ORPHAN, 0);
	sock_reset_flag(made->sk, SOCK_DEAD);
	give_file(made, made->open);
	expect_verdict(test, SKO_DOUBT);
}

static void closed_is_orphan(struct kunit *test)
{
	sock_set_flag(((struct made *)test->priv)->sk, SOCK_DEAD);
	expect_holder(test, SKO_HOLDER_ORPHAN, 0);
}

static void lingering_is_orphan(struct kunit *test)
{
	struct made *made = test->priv;

	if (file_count(&made->closed))
		kunit_skip(test, "zeroes are a reference here");
	give_file(made, &made->closed);
	expect_holder(test, SKO_HOLDER_ORPHAN, 0);
}

static void kernel_has_its_own(struct kunit *test)
{
	struct made *made = test->priv;

	made->sk->sk_kern_sock = 1;
	expect_holder(test, SKO_HOLDER_KERNEL, 0);
	give_file(made, made->open);
	expect_holder(test, SKO_HOLDER_KERNEL, 0);
}

/*
 * Which a socket of the kernel's does not keep: what is left of its namespace must not be
 * read. That it was there once says nothing later.
 */
static void namespace_has_gone(struct kunit *test)
{
	struct net *gone = kunit_kzalloc(test, sizeof(*gone), GFP_KERNEL);
	struct made *made = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, gone);
	made->sk->sk_kern_sock = 1;
	give_file(made, made->open);
	sock_net_set(made->sk, gone);
	made->look.alive = gone;
	expect_verdict(test, SKO_PASS_OVER);
	sock_set_flag(made->sk, SOCK_DEAD);
	expect_verdict(test, SKO_PASS_OVER);
	sock_net_set(made->sk, &init_net);
	expect_holder(test, SKO_HOLDER_ORPHAN, 0);
}

static void subflow_belongs_to_its_socket(struct kunit *test)
{
#ifdef CONFIG_MPTCP
	struct made *made = test->priv;

	made->tcp.is_mptcp = 1;
	expect_holder(test, SKO_HOLDER_MPTCP, 0);
	give_file(made, made->open);
	expect_holder(test, SKO_HOLDER_MPTCP, INODE);
	/* The same bytes mean something else in another kind of socket. */
	made->sk->sk_type = SOCK_RAW;
	expect_verdict(test, SKO_DOUBT);
#else
	kunit_skip(test, "no MPTCP");
#endif
}

/* The socket as walks of one batch collect it; returns how many rows stay. */
static unsigned int collect_times(struct kunit *test, unsigned int times)
{
	struct made *made = test->priv;

	sko_batch_empty(&made->batch);
	sko_look_lock(&made->look);
	while (times--)
		sko_look_collect(&made->batch, made->sk);
	sko_look_unlock();
	KUNIT_ASSERT_EQ(test, 0, sko_look_settle(&made->look, &made->batch));
	return made->batch.count;
}

static unsigned int collect(struct kunit *test)
{
	return collect_times(test, 1);
}

static void doubt_is_looked_into_again(struct kunit *test)
{
	struct made *made = test->priv;

	give_file(made, made->open);
	KUNIT_EXPECT_TRUE(test, sko_look_wants(&made->look, made->sk));
	KUNIT_EXPECT_EQ(test, 0U, collect(test));
	KUNIT_ASSERT_TRUE(test, sko_look_again(&made->look));
	KUNIT_EXPECT_TRUE(test, sko_look_wants(&made->look, made->sk));
	KUNIT_EXPECT_FALSE(test, sko_look_wants(&made->look, test->priv));
	/* Perhaps the process that holds it is exiting. */
	KUNIT_EXPECT_EQ(test, 0U, collect(test));
	KUNIT_ASSERT_TRUE(test, sko_look_again(&made->look));
	KUNIT_EXPECT_EQ(test, 1U, collect(test));
	KUNIT_EXPECT_EQ(test, (int)SKO_HOLDER_ELSEWHERE,
			(int)sko_batch_at(&made->batch, 0)->held.holder);
	KUNIT_EXPECT_EQ(test, (u64)INODE, sko_batch_at(&made->batch, 0)->inode);
	KUNIT_EXPECT_EQ(test, 0U, collect(test));
	KUNIT_EXPECT_FALSE(test, sko_look_again(&made->look));
}

/* As that of SCTP is, in a table of its own and through its association. */
static void met_twice_in_a_look(struct kunit *test)
{
	struct made *made = test->priv;
	unsigned int look;

	give_file(made, made->open);
	for (look = 1; look <= 2; look++) {
		KUNIT_EXPECT_EQ(test, 0U, collect_times(test, 2));
		KUNIT_ASSERT_TRUE(test, sko_look_again(&made->look));
	}
	KUNIT_EXPECT_EQ(test, 1U, collect_times(test, 2));
	KUNIT_EXPECT_EQ(test, (int)SKO_HOLDER_ELSEWHERE,
			(int)sko_batch_at(&made->batch, 0)->held.holder);
	KUNIT_EXPECT_FALSE(test, sko_look_again(&made->look));
}

/* Another socket at the same address, as its inode tells. */
static void what_has_changed_is_not_elsewhere(struct kunit *test)
{
	struct made *made = test->priv;
	unsigned int looks = 1;

	give_file(made, made->open);
	KUNIT_EXPECT_EQ(test, 0U, collect(test));
	while (sko_look_again(&made->look)) {
		made->alloc.vfs_inode.i_ino++;
		KUNIT_EXPECT_EQ(test, 0U, collect(test));
		looks++;
	}
	KUNIT_EXPECT_EQ(test, (unsigned int)SKO_LOOKS, looks);
}

static void nothing_new_is_listed_later(struct kunit *test)
{
	struct made *made = test->priv;

	made->look.undecided = 1;
	KUNIT_ASSERT_TRUE(test, sko_look_again(&made->look));
	sock_set_flag(made->sk, SOCK_DEAD);
	expect_verdict(test, SKO_PASS_OVER);
}

static void some_processes_have_no_number(struct kunit *test)
{
	struct sko_access access = { .every_net = true };
	struct made *made = test->priv;

	made->look.access = &access;
	give_file(made, made->open);
	collect(test);
	KUNIT_ASSERT_TRUE(test, sko_look_again(&made->look));
	expect_holder(test, SKO_HOLDER_HIDDEN, 0);
}

/* What has no file no process holds, in sight or not. */
static void socket_without_a_file_is_the_kernels(struct kunit *test)
{
	struct sko_access access = { .every_net = true };
	struct made *made = test->priv;

	made->look.access = &access;
	give_file(made, NULL);
	KUNIT_EXPECT_EQ(test, 0U, collect(test));
	KUNIT_ASSERT_TRUE(test, sko_look_again(&made->look));
	KUNIT_EXPECT_EQ(test, 0U, collect(test));
	KUNIT_ASSERT_TRUE(test, sko_look_again(&made->look));
	expect_holder(test, SKO_HOLDER_KERNEL, 0);
}

/* A process may hold a socket twice; a hash table has it once. */
static void settling_drops_what_comes_twice(struct kunit *test)
{
	static const struct sko_process process;
	struct made *made = test->priv;
	unsigned int i;

	sko_batch_empty(&made->batch);
	for (i = 0; i < 4; i++)
		*sko_batch_row(&made->batch) = (struct sko_row){
			.key = made->sk,
			.fd = i,
			.held.process = i < 2 ? &process : NULL,
		};
	KUNIT_EXPECT_EQ(test, 0, sko_look_settle(&made->look, &made->batch));
	KUNIT_EXPECT_EQ(test, 2U, made->batch.count);
	KUNIT_EXPECT_EQ(test, 0, sko_look_settle(&made->look, &made->batch));
	KUNIT_EXPECT_EQ(test, 2U, made->batch.count);
}

static int set_up(struct kunit *test)
{
	struct made *made = kunit_kzalloc(test, sizeof(*made), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, made);
	test->priv = made;
	made->sk = (struct sock *)&made->tcp;
	made->sk->sk_family = AF_INET;
	made->sk->sk_type = SOCK_STREAM;
	made->sk->sk_protocol = IPPROTO_TCP;
	sock_net_set(made->sk, &init_net);
	made->open = anon_inode_getfile("kunit", &no_operations, NULL, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR(made->open));
	made->batch.look = &made->look;
	sko_look_rewind(&made->look);
	return sko_batch_init(&made->batch, SKO_BATCH_ROWS);
}

static void tear_down(struct kunit *test)
{
	struct made *made = test->priv;

	sko_look_rewind(&made->look);
	sko_batch_destroy(&made->batch);
	fput(made->open);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(what_is_listed_is_passed_over),
	KUNIT_CASE(child_waits_for_its_listener),
	KUNIT_CASE(closed_is_orphan),
	KUNIT_CASE(lingering_is_orphan),
	KUNIT_CASE(kernel_has_its_own),
	KUNIT_CASE(namespace_has_gone),
	KUNIT_CASE(subflow_belongs_to_its_socket),
	KUNIT_CASE(doubt_is_looked_into_again),
	KUNIT_CASE(met_twice_in_a_look),
	KUNIT_CASE(what_has_changed_is_not_elsewhere),
	KUNIT_CASE(nothing_new_is_listed_later),
	KUNIT_CASE(some_processes_have_no_number),
	KUNIT_CASE(socket_without_a_file_is_the_kernels),
	KUNIT_CASE(settling_drops_what_comes_twice),
	{}
};

struct kunit_suite sko_look_suite = {
	.name = "sockowners-look",
	.init = set_up,
	.exit = tear_down,
	.test_cases = cases,
};
