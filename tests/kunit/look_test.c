// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * What a listing makes of a socket of a hash table, on a socket, an inode and a
 * file that the test makes up.
 */
#include "suites.h"
#include "../../module/batch.h"
#include "../../module/look.h"

#include <linux/fs.h>
#include <linux/in.h>
#include <linux/net.h>
#include <linux/rcupdate.h>
#include <linux/tcp.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#define INODE 12345

struct made {
	struct sko_look look;
	struct sko_batch batch;
	struct tcp_sock tcp;
	struct socket_alloc inode;
	struct file file;
	struct sock *sk;
	/* What the last judgement said. */
	struct sko_held held;
	u64 number;
};

static int set_up(struct kunit *test)
{
	struct made *made = kunit_kzalloc(test, sizeof(*made), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, made);
	test->priv = made;
	made->sk = &made->tcp.inet_conn.icsk_inet.sk;
	sock_net_set(made->sk, &init_net);
	made->sk->sk_family = AF_INET;
	made->sk->sk_type = SOCK_STREAM;
	made->sk->sk_protocol = IPPROTO_TCP;
	made->sk->sk_state = TCP_ESTABLISHED;
	sko_look_rewind(&made->look);
	made->batch.look = &made->look;
	return sko_batch_init(&made->batch, SKO_BATCH_ROWS);
}

static void tear_down(struct kunit *test)
{
	struct made *made = test->priv;

	sko_look_rewind(&made->look);
	sko_batch_destroy(&made->batch);
}

static void give_inode(struct made *made, unsigned long number)
{
	made->inode.vfs_inode.i_ino = number;
	made->sk->sk_socket = &made->inode.socket;
}

/* Zeroed memory is a file that nobody references. */
static void give_closed_file(struct made *made, unsigned long number)
{
	give_inode(made, number);
	made->inode.socket.file = &made->file;
}

static void give_open_file(struct made *made, unsigned long number)
{
	give_closed_file(made, number);
	get_file(&made->file);
}

static enum sko_verdict judge(struct made *made)
{
	enum sko_verdict verdict;

	memset(&made->held, 0xaa, sizeof(made->held));
	rcu_read_lock();
	verdict = sko_look_judge(&made->look, made->sk, &made->held,
				 &made->number);
	rcu_read_unlock();
	return verdict;
}

static void expect_verdict(struct kunit *test, enum sko_verdict want)
{
	KUNIT_EXPECT_EQ(test, (int)want, (int)judge(test->priv));
}

static void expect_holder(struct kunit *test, enum sko_holder holder, u64 via,
			  u64 inode)
{
	struct made *made = test->priv;

	KUNIT_ASSERT_EQ(test, (int)SKO_LIST, (int)judge(made));
	KUNIT_EXPECT_EQ(test, (int)holder, (int)made->held.holder);
	KUNIT_EXPECT_EQ(test, via, made->held.via);
	KUNIT_EXPECT_NULL(test, made->held.process);
	KUNIT_EXPECT_EQ(test, inode, made->number);
}

/* Meet the socket as a walk does, and settle what comes of it. */
static void meet(struct kunit *test)
{
	struct made *made = test->priv;

	rcu_read_lock();
	sko_look_collect(&made->batch, made->sk);
	rcu_read_unlock();
	KUNIT_ASSERT_EQ(test, 0, sko_look_settle(&made->look, &made->batch));
}

static void meet_and_look_again(struct kunit *test)
{
	struct made *made = test->priv;

	meet(test);
	KUNIT_ASSERT_TRUE(test, sko_look_again(&made->look));
}

static void list(struct kunit *test, const void *sk)
{
	struct made *made = test->priv;

	KUNIT_ASSERT_EQ(test, 0, sko_pointers_put(&made->look.listed, sk, 0));
}

static void let_wait(struct kunit *test, u64 via)
{
	struct made *made = test->priv;

	KUNIT_ASSERT_EQ(test, 0, sko_pointers_put(&made->look.waiting, made->sk,
						  via));
}

static void listed_socket_is_passed_over(struct kunit *test)
{
	struct made *made = test->priv;

	give_open_file(made, INODE);
	sock_set_flag(made->sk, SOCK_DEAD);
	list(test, made->sk);
	expect_verdict(test, SKO_PASS_OVER);
}

static void child_in_a_queue_waits_for_accept(struct kunit *test)
{
	let_wait(test, 777);
	expect_holder(test, SKO_HOLDER_ACCEPT, 777, 0);
}

static void child_of_a_listener_without_inode(struct kunit *test)
{
	let_wait(test, 0);
	expect_holder(test, SKO_HOLDER_ACCEPT, 0, 0);
}

/* It was in a queue when that was looked at, and is somebody's now. */
static void accepted_child_does_not_wait(struct kunit *test)
{
	struct made *made = test->priv;

	let_wait(test, 777);
	give_open_file(made, INODE);
	expect_verdict(test, SKO_DOUBT);
}

static void child_of_a_closed_listener_is_an_orphan(struct kunit *test)
{
	struct made *made = test->priv;

	let_wait(test, 777);
	sock_set_flag(made->sk, SOCK_DEAD);
	expect_holder(test, SKO_HOLDER_ORPHAN, 0, 0);
}

static void dead_socket_is_an_orphan(struct kunit *test)
{
	struct made *made = test->priv;

	sock_set_flag(made->sk, SOCK_DEAD);
	expect_holder(test, SKO_HOLDER_ORPHAN, 0, 0);
}

static void dead_kernel_socket_is_an_orphan(struct kunit *test)
{
	struct made *made = test->priv;

	made->sk->sk_kern_sock = 1;
	sock_set_flag(made->sk, SOCK_DEAD);
	expect_holder(test, SKO_HOLDER_ORPHAN, 0, 0);
}

/* SO_LINGER: close() waits, and the descriptor is gone already. */
static void socket_that_is_being_closed_is_an_orphan(struct kunit *test)
{
	struct made *made = test->priv;

	give_closed_file(made, INODE);
	expect_holder(test, SKO_HOLDER_ORPHAN, 0, INODE);
	made->sk->sk_kern_sock = 1;
	expect_holder(test, SKO_HOLDER_ORPHAN, 0, INODE);
}

static void kernel_socket_is_the_kernels(struct kunit *test)
{
	struct made *made = test->priv;

	made->sk->sk_kern_sock = 1;
	expect_holder(test, SKO_HOLDER_KERNEL, 0, 0);
	give_inode(made, INODE);
	expect_holder(test, SKO_HOLDER_KERNEL, 0, INODE);
	give_open_file(made, INODE);
	expect_holder(test, SKO_HOLDER_KERNEL, 0, INODE);
}

static void subflow_is_held_by_mptcp(struct kunit *test)
{
#if IS_ENABLED(CONFIG_MPTCP)
	struct made *made = test->priv;

	made->tcp.is_mptcp = true;
	give_inode(made, INODE);
	expect_holder(test, SKO_HOLDER_MPTCP, INODE, INODE);
	made->sk->sk_kern_sock = 1;
	expect_holder(test, SKO_HOLDER_MPTCP, INODE, INODE);
	sock_set_flag(made->sk, SOCK_DEAD);
	expect_holder(test, SKO_HOLDER_MPTCP, INODE, INODE);

	/* The flag is TCP's own; another protocol has something else there. */
	made->sk->sk_protocol = IPPROTO_SCTP;
	expect_holder(test, SKO_HOLDER_ORPHAN, 0, INODE);
#else
	kunit_skip(test, "a kernel without MPTCP");
#endif
}

static void open_file_is_a_doubt_at_first(struct kunit *test)
{
	struct made *made = test->priv;

	give_open_file(made, INODE);
	expect_verdict(test, SKO_DOUBT);
	KUNIT_EXPECT_EQ(test, (u64)INODE, made->number);
	meet(test);
	KUNIT_EXPECT_EQ(test, 1UL, made->look.undecided);
	KUNIT_EXPECT_EQ(test, 0U, made->batch.count);
	expect_verdict(test, SKO_DOUBT);
}

static void same_file_twice_is_elsewhere(struct kunit *test)
{
	struct made *made = test->priv;

	give_open_file(made, INODE);
	meet_and_look_again(test);
	expect_holder(test, SKO_HOLDER_ELSEWHERE, 0, INODE);
	made->look.hidden = true;
	expect_holder(test, SKO_HOLDER_HIDDEN, 0, INODE);
}

static void found_meanwhile_is_passed_over(struct kunit *test)
{
	struct made *made = test->priv;

	give_open_file(made, INODE);
	meet_and_look_again(test);
	list(test, made->sk);
	expect_verdict(test, SKO_PASS_OVER);
}

/* The memory is somebody else's now, or the child has been accepted. */
static void another_inode_is_a_doubt_again(struct kunit *test)
{
	struct made *made = test->priv;

	give_open_file(made, INODE);
	meet_and_look_again(test);
	give_inode(made, INODE + 1);
	expect_verdict(test, SKO_DOUBT);
	KUNIT_EXPECT_EQ(test, (u64)INODE + 1, made->number);
	meet_and_look_again(test);
	expect_holder(test, SKO_HOLDER_ELSEWHERE, 0, INODE + 1);
}

static void closed_meanwhile_is_an_orphan(struct kunit *test)
{
	struct made *made = test->priv;

	give_open_file(made, INODE);
	meet_and_look_again(test);
	sock_set_flag(made->sk, SOCK_DEAD);
	made->sk->sk_socket = NULL;
	expect_holder(test, SKO_HOLDER_ORPHAN, 0, 0);
}

/* Created behind the walk's back, for which there is no second chance. */
static void newcomer_is_passed_over_later(struct kunit *test)
{
	struct made *made = test->priv;

	made->look.undecided = 1;
	KUNIT_ASSERT_TRUE(test, sko_look_again(&made->look));
	give_open_file(made, INODE);
	expect_verdict(test, SKO_PASS_OVER);
	sock_set_flag(made->sk, SOCK_DEAD);
	expect_verdict(test, SKO_PASS_OVER);
	made->sk->sk_kern_sock = 1;
	expect_verdict(test, SKO_PASS_OVER);
}

static void doubt_of_an_earlier_look_has_gone(struct kunit *test)
{
	struct made *made = test->priv;

	give_open_file(made, INODE);
	meet_and_look_again(test);
	made->look.undecided = 1;
	KUNIT_ASSERT_TRUE(test, sko_look_again(&made->look));
	expect_verdict(test, SKO_PASS_OVER);
}

/* Neither dead nor in a queue nor with a file: accept() is at work. */
static void without_file_is_an_orphan_at_last(struct kunit *test)
{
	struct made *made = test->priv;

	while (made->look.number < SKO_LOOKS) {
		expect_verdict(test, SKO_DOUBT);
		meet_and_look_again(test);
	}
	expect_holder(test, SKO_HOLDER_ORPHAN, 0, 0);
	give_inode(made, INODE);
	expect_holder(test, SKO_HOLDER_ORPHAN, 0, INODE);

	/* With a file it is somebody's, and whose will never be known. */
	give_open_file(made, INODE);
	expect_verdict(test, SKO_DOUBT);
}

static void child_waits_in_a_later_look_too(struct kunit *test)
{
	struct made *made = test->priv;

	meet_and_look_again(test);
	KUNIT_EXPECT_EQ(test, 0UL, made->look.waiting.count);
	let_wait(test, 777);
	expect_holder(test, SKO_HOLDER_ACCEPT, 777, 0);
}

static void looks_end(struct kunit *test)
{
	struct made *made = test->priv;
	unsigned int i;

	KUNIT_EXPECT_FALSE(test, sko_look_again(&made->look));
	KUNIT_EXPECT_EQ(test, 1U, made->look.number);
	for (i = 2; i <= SKO_LOOKS; i++) {
		made->look.undecided = 5;
		list(test, made->sk);
		KUNIT_EXPECT_TRUE(test, sko_look_again(&made->look));
		KUNIT_EXPECT_EQ(test, i, made->look.number);
		KUNIT_EXPECT_EQ(test, 0UL, made->look.undecided);
		KUNIT_EXPECT_EQ(test, 1UL, made->look.listed.count);
	}
	made->look.undecided = 5;
	KUNIT_EXPECT_FALSE(test, sko_look_again(&made->look));
	KUNIT_EXPECT_EQ(test, (unsigned int)SKO_LOOKS, made->look.number);
}

static void new_look_forgets_queues_and_children(struct kunit *test)
{
	struct made *made = test->priv;

	let_wait(test, 777);
	KUNIT_ASSERT_EQ(test, 0, sko_pointers_put(&made->look.queues, test, 0));
	made->look.undecided = 1;
	KUNIT_ASSERT_TRUE(test, sko_look_again(&made->look));
	KUNIT_EXPECT_EQ(test, 0UL, made->look.waiting.count);
	KUNIT_EXPECT_EQ(test, 0UL, made->look.queues.count);
}

static void rewind_forgets_all(struct kunit *test)
{
	struct made *made = test->priv;

	give_open_file(made, INODE);
	meet_and_look_again(test);
	list(test, made->sk);
	let_wait(test, 777);
	made->look.undecided = 3;
	sko_look_rewind(&made->look);
	KUNIT_EXPECT_EQ(test, 1U, made->look.number);
	KUNIT_EXPECT_EQ(test, 0UL, made->look.undecided);
	KUNIT_EXPECT_EQ(test, 0UL, made->look.listed.count);
	KUNIT_EXPECT_EQ(test, 0UL, made->look.doubtful.count);
	expect_verdict(test, SKO_DOUBT);
}

static void held_socket_is_wanted_at_first_or_in_doubt(struct kunit *test)
{
	struct made *made = test->priv;
	struct sock *other = (struct sock *)made; /* to compare */

	KUNIT_EXPECT_TRUE(test, sko_look_wants(NULL, made->sk));
	KUNIT_EXPECT_TRUE(test, sko_look_wants(&made->look, made->sk));
	list(test, made->sk);	/* another descriptor of the same socket */
	KUNIT_EXPECT_TRUE(test, sko_look_wants(&made->look, made->sk));

	sko_look_rewind(&made->look);
	give_open_file(made, INODE);
	meet_and_look_again(test);
	KUNIT_EXPECT_TRUE(test, sko_look_wants(&made->look, made->sk));
	KUNIT_EXPECT_FALSE(test, sko_look_wants(&made->look, other));
	list(test, made->sk);
	KUNIT_EXPECT_TRUE(test, sko_look_wants(&made->look, made->sk));

	made->look.undecided = 1;
	KUNIT_ASSERT_TRUE(test, sko_look_again(&made->look));
	KUNIT_EXPECT_FALSE(test, sko_look_wants(&made->look, made->sk));
}

static void inode_is_that_of_the_socket(struct kunit *test)
{
	struct made *made = test->priv;

	rcu_read_lock();
	KUNIT_EXPECT_EQ(test, (u64)0, sko_look_inode(made->sk));
	give_inode(made, INODE);
	KUNIT_EXPECT_EQ(test, (u64)INODE, sko_look_inode(made->sk));
	rcu_read_unlock();
}

static unsigned int collect(struct made *made)
{
	unsigned int found;

	rcu_read_lock();
	found = sko_look_collect(&made->batch, made->sk);
	rcu_read_unlock();
	return found;
}

static void collected_row_is_complete(struct kunit *test)
{
	struct made *made = test->priv;
	struct sko_row *row = &made->batch.rows[0];

	memset(row, 0xaa, sizeof(*row));
	give_inode(made, INODE);
	made->sk->sk_kern_sock = 1;
	made->tcp.inet_conn.icsk_inet.inet_num = 2049;
	made->tcp.inet_conn.icsk_inet.inet_dport = htons(700);
	KUNIT_EXPECT_EQ(test, 1U, collect(made));
	KUNIT_ASSERT_EQ(test, 1U, made->batch.count);
	KUNIT_EXPECT_PTR_EQ(test, (const void *)made->sk, row->key);
	KUNIT_EXPECT_EQ(test, -1, row->fd);
	KUNIT_EXPECT_EQ(test, (u64)INODE, row->inode);
	KUNIT_EXPECT_FALSE(test, row->doubtful);
	KUNIT_EXPECT_EQ(test, (int)SKO_HOLDER_KERNEL, (int)row->held.holder);
	KUNIT_EXPECT_NULL(test, row->held.process);
	KUNIT_EXPECT_EQ(test, (u8)TCP_ESTABLISHED, row->state);
	KUNIT_EXPECT_EQ(test, (u16)2049, row->lport);
	KUNIT_EXPECT_EQ(test, htons(700), row->rport);
	KUNIT_EXPECT_EQ(test, (u32)init_net.ns.inum, row->netns);
}

static void what_is_not_listed_is_not_collected(struct kunit *test)
{
	struct made *made = test->priv;

	made->sk->sk_family = AF_UNIX;
	KUNIT_EXPECT_EQ(test, 0U, collect(made));
	made->sk->sk_family = AF_INET;
	list(test, made->sk);
	KUNIT_EXPECT_EQ(test, 0U, collect(made));
	KUNIT_EXPECT_EQ(test, 0U, made->batch.count);
}

/* A doubt needs room as well, or it would be forgotten. */
static void full_batch_says_what_it_lacks(struct kunit *test)
{
	struct made *made = test->priv;

	made->batch.count = made->batch.capacity;
	KUNIT_EXPECT_EQ(test, 1U, collect(made));
	sock_set_flag(made->sk, SOCK_DEAD);
	KUNIT_EXPECT_EQ(test, 1U, collect(made));
	KUNIT_EXPECT_EQ(test, made->batch.capacity, made->batch.count);
}

/* A row about the socket with this number, which is its key, fd and inode. */
static struct sko_row *add(struct made *made, unsigned long number,
			   const struct sko_process *process)
{
	struct sko_row *row = sko_batch_row(&made->batch);

	*row = (struct sko_row){
		.held.process = process, .key = (const void *)number,
		.fd = number, .inode = number,
	};
	return row;
}

static void settle(struct kunit *test)
{
	struct made *made = test->priv;

	KUNIT_ASSERT_EQ(test, 0, sko_look_settle(&made->look, &made->batch));
	KUNIT_EXPECT_EQ(test, made->batch.count, made->batch.settled);
}

static void expect_rows(struct kunit *test, const int *want, unsigned int count)
{
	struct made *made = test->priv;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, count, made->batch.count);
	for (i = 0; i < count; i++)
		KUNIT_EXPECT_EQ_MSG(test, want[i], made->batch.rows[i].fd,
				    "row %u", i);
}

static void doubts_are_taken_out(struct kunit *test)
{
	static const int want[] = { 2, 4 };
	struct made *made = test->priv;

	add(made, 1, NULL)->doubtful = true;
	add(made, 2, NULL);
	add(made, 3, NULL)->doubtful = true;
	add(made, 4, NULL);
	add(made, 5, NULL)->doubtful = true;
	settle(test);
	expect_rows(test, want, ARRAY_SIZE(want));
	KUNIT_EXPECT_EQ(test, 3UL, made->look.undecided);
	KUNIT_EXPECT_EQ(test, 3UL, made->look.doubtful.count);
	KUNIT_EXPECT_EQ(test, 2UL, made->look.listed.count);
	KUNIT_EXPECT_FALSE(test, sko_pointers_has(&made->look.listed,
						  (const void *)1UL));
	KUNIT_EXPECT_TRUE(test, sko_pointers_has(&made->look.listed,
						 (const void *)2UL));
}

static void socket_met_twice_has_one_row(struct kunit *test)
{
	static const int want[] = { 1, 2, 3 };
	struct made *made = test->priv;

	add(made, 1, NULL);
	add(made, 2, NULL);
	add(made, 1, NULL);
	add(made, 3, NULL);
	add(made, 2, NULL);
	settle(test);
	expect_rows(test, want, ARRAY_SIZE(want));
	sko_batch_empty(&made->batch);
	add(made, 3, NULL);
	settle(test);
	expect_rows(test, NULL, 0);
}

/* dup(), fork() and threads: as many rows as there are holders. */
static void every_descriptor_has_its_row(struct kunit *test)
{
	static const int want[] = { 1, 1, 2, 1 };
	struct made *made = test->priv;

	add(made, 1, &made->batch.process);
	add(made, 1, &made->batch.process);
	add(made, 2, &made->batch.process);
	add(made, 1, &made->batch.process);
	add(made, 2, NULL);
	settle(test);
	expect_rows(test, want, ARRAY_SIZE(want));
	KUNIT_EXPECT_EQ(test, 2UL, made->look.listed.count);
}

static void rows_without_a_socket_stay(struct kunit *test)
{
	static const int want[] = { 0, 0, 0 };
	struct made *made = test->priv;

	add(made, 0, NULL);
	add(made, 0, NULL);
	add(made, 0, NULL);
	settle(test);
	expect_rows(test, want, ARRAY_SIZE(want));
	KUNIT_EXPECT_EQ(test, 0UL, made->look.listed.count);
}

static void settled_rows_are_left_alone(struct kunit *test)
{
	static const int want[] = { 1, 2, 3 };
	struct made *made = test->priv;

	add(made, 1, NULL);
	add(made, 2, NULL);
	settle(test);
	KUNIT_EXPECT_EQ(test, 2U, made->batch.settled);
	settle(test);
	KUNIT_EXPECT_EQ(test, 2U, made->batch.settled);
	add(made, 2, NULL);
	add(made, 3, NULL);
	add(made, 4, NULL)->doubtful = true;
	settle(test);
	expect_rows(test, want, ARRAY_SIZE(want));
}

/* Ages of the doubts, and inodes whatever their size. */
static void doubt_remembers_look_and_inode(struct kunit *test)
{
	static const u64 inodes[] = { 0, 1, U32_MAX, 1ULL << 40 };
	struct made *made = test->priv;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(inodes); i++) {
		sko_look_rewind(&made->look);
		memset(&made->file, 0, sizeof(made->file));
		give_open_file(made, inodes[i]);
		meet_and_look_again(test);
		expect_holder(test, SKO_HOLDER_ELSEWHERE, 0, inodes[i]);
		give_inode(made, inodes[i] + 1);
		expect_verdict(test, SKO_DOUBT);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(listed_socket_is_passed_over),
	KUNIT_CASE(child_in_a_queue_waits_for_accept),
	KUNIT_CASE(child_of_a_listener_without_inode),
	KUNIT_CASE(accepted_child_does_not_wait),
	KUNIT_CASE(child_of_a_closed_listener_is_an_orphan),
	KUNIT_CASE(dead_socket_is_an_orphan),
	KUNIT_CASE(dead_kernel_socket_is_an_orphan),
	KUNIT_CASE(socket_that_is_being_closed_is_an_orphan),
	KUNIT_CASE(kernel_socket_is_the_kernels),
	KUNIT_CASE(subflow_is_held_by_mptcp),
	KUNIT_CASE(open_file_is_a_doubt_at_first),
	KUNIT_CASE(same_file_twice_is_elsewhere),
	KUNIT_CASE(found_meanwhile_is_passed_over),
	KUNIT_CASE(another_inode_is_a_doubt_again),
	KUNIT_CASE(closed_meanwhile_is_an_orphan),
	KUNIT_CASE(newcomer_is_passed_over_later),
	KUNIT_CASE(doubt_of_an_earlier_look_has_gone),
	KUNIT_CASE(without_file_is_an_orphan_at_last),
	KUNIT_CASE(child_waits_in_a_later_look_too),
	KUNIT_CASE(looks_end),
	KUNIT_CASE(new_look_forgets_queues_and_children),
	KUNIT_CASE(rewind_forgets_all),
	KUNIT_CASE(held_socket_is_wanted_at_first_or_in_doubt),
	KUNIT_CASE(inode_is_that_of_the_socket),
	KUNIT_CASE(collected_row_is_complete),
	KUNIT_CASE(what_is_not_listed_is_not_collected),
	KUNIT_CASE(full_batch_says_what_it_lacks),
	KUNIT_CASE(doubts_are_taken_out),
	KUNIT_CASE(socket_met_twice_has_one_row),
	KUNIT_CASE(every_descriptor_has_its_row),
	KUNIT_CASE(rows_without_a_socket_stay),
	KUNIT_CASE(settled_rows_are_left_alone),
	KUNIT_CASE(doubt_remembers_look_and_inode),
	{}
};

struct kunit_suite sko_look_suite = {
	.name = "sockowners-look",
	.init = set_up,
	.exit = tear_down,
	.test_cases = cases,
};
