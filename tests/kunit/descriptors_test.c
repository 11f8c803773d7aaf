// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * The walk over one file table, on tables that the test makes: full, sparse,
 * with descriptors that are reserved or no sockets, larger than a window.
 */
#include "suites.h"
#include "../../module/batch.h"
#include "../../module/descriptors.h"
#include "../../module/hold.h"

#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/net.h>
#include <linux/rcupdate.h>
#include <net/net_namespace.h>
#include <net/sock.h>

static const struct file_operations no_socket_fops = {
	.owner = THIS_MODULE,
};

struct made {
	struct files_struct files;
	struct fdtable fdt;
	struct file *inet;	/* a UDP socket */
	struct file *local;	/* a socket that is not listed */
	struct file *other;	/* no socket */
	struct sko_batch batch;
	bool queues;
	bool wanted;
};

static struct file *socket_file(struct kunit *test, int family)
{
	struct socket *sock;
	struct file *file;

	KUNIT_ASSERT_EQ(test, 0, sock_create_kern(&init_net, family, SOCK_DGRAM,
						  0, &sock));
	file = sock_alloc_file(sock, 0, NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	return file;
}

static int set_up(struct kunit *test)
{
	struct made *made = kunit_kzalloc(test, sizeof(*made), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, made);
	test->priv = made;
	spin_lock_init(&made->files.file_lock);
	rcu_assign_pointer(made->files.fdt, &made->fdt);
	made->inet = socket_file(test, AF_INET);
	made->local = socket_file(test, AF_UNIX);
	made->other = anon_inode_getfile("[test]", &no_socket_fops, NULL, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR(made->other));
	KUNIT_ASSERT_EQ(test, 0, sko_batch_init(&made->batch, SKO_BATCH_ROWS));
	return 0;
}

static void tear_down(struct kunit *test)
{
	struct made *made = test->priv;

	sko_batch_destroy(&made->batch);
	fput(made->inet);
	fput(made->local);
	fput(made->other);
	kvfree(made->fdt.fd);
	kvfree(made->fdt.open_fds);
}

static void make_table(struct kunit *test, unsigned int slots)
{
	struct made *made = test->priv;

	made->fdt.max_fds = slots;
	made->fdt.fd = kvcalloc(slots, sizeof(*made->fdt.fd), GFP_KERNEL);
	made->fdt.open_fds = kvcalloc(BITS_TO_LONGS(slots), sizeof(long),
				      GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, made->fdt.fd);
	KUNIT_ASSERT_NOT_NULL(test, made->fdt.open_fds);
}

static void put(struct made *made, unsigned int fd, struct file *file)
{
	__set_bit(fd, made->fdt.open_fds);
	rcu_assign_pointer(made->fdt.fd[fd], file);
}

static void take(struct made *made, unsigned int fd)
{
	__clear_bit(fd, made->fdt.open_fds);
	rcu_assign_pointer(made->fdt.fd[fd], NULL);
}

/* One hold of the lock; the rows of the last one are gone. */
static bool window(struct made *made, unsigned int *fd)
{
	static const struct sko_held held = { .holder = SKO_HOLDER_FD };
	bool more;

	made->batch.count = 0;
	rcu_read_lock();
	more = sko_files_window(&made->files, fd, &held, &made->batch,
				&made->queues, &made->wanted);
	rcu_read_unlock();
	return more;
}

/*
 * Walk the whole table and expect a row for each descriptor that has @inet, in
 * order. Returns how many holds of the lock it took.
 */
static unsigned int expect_all(struct kunit *test)
{
	struct made *made = test->priv;
	unsigned int fd = 0, holds = 0, i, want = 0;
	bool more;

	do {
		unsigned int before = fd;

		more = window(made, &fd);
		holds++;
		KUNIT_ASSERT_LE(test, made->batch.count, made->batch.capacity);
		KUNIT_ASSERT_GE(test, fd, before);
		for (i = 0; i < made->batch.count; i++) {
			while (rcu_access_pointer(made->fdt.fd[want]) !=
			       made->inet)
				want++;
			KUNIT_ASSERT_EQ(test, (int)want,
					sko_batch_at(&made->batch, i)->fd);
			want++;
		}
	} while (more);
	for (; want < made->fdt.max_fds; want++)
		KUNIT_ASSERT_PTR_NE(test, made->inet,
				    rcu_access_pointer(made->fdt.fd[want]));
	return holds;
}

static void empty_table_has_no_rows(struct kunit *test)
{
	struct made *made = test->priv;
	unsigned int fd = 0;

	make_table(test, 64);
	KUNIT_EXPECT_FALSE(test, window(made, &fd));
	KUNIT_EXPECT_EQ(test, 0U, made->batch.count);
}

static void only_inet_sockets_have_rows(struct kunit *test)
{
	struct made *made = test->priv;

	make_table(test, 64);
	put(made, 0, made->other);
	put(made, 1, made->inet);
	put(made, 2, made->local);
	put(made, 3, NULL);	/* reserved: open() is on its way */
	put(made, 63, made->inet);
	KUNIT_EXPECT_EQ(test, 1U, expect_all(test));
	KUNIT_EXPECT_EQ(test, 2U, made->batch.count);
}

static void row_says_which_socket(struct kunit *test)
{
	struct made *made = test->priv;
	unsigned int fd = 0;
	struct sko_row *row = sko_batch_at(&made->batch, 0);

	make_table(test, 64);
	put(made, 5, made->inet);
	window(made, &fd);
	KUNIT_ASSERT_EQ(test, 1U, made->batch.count);
	KUNIT_EXPECT_EQ(test, 5, row->fd);
	KUNIT_EXPECT_EQ(test, (u64)file_inode(made->inet)->i_ino, row->inode);
	KUNIT_EXPECT_EQ(test, (u16)IPPROTO_UDP, row->protocol);
	KUNIT_EXPECT_EQ(test, (int)SKO_HOLDER_FD, (int)row->held.holder);
}

static void full_table_is_walked_in_bounded_windows(struct kunit *test)
{
	struct made *made = test->priv;
	unsigned int fd;

	make_table(test, 4096);
	for (fd = 0; fd < 4096; fd++)
		put(made, fd, made->inet);
	KUNIT_EXPECT_GE(test, expect_all(test), 4096U / SKO_WINDOW_SOCKETS);
}

static void window_boundaries_lose_nothing(struct kunit *test)
{
	struct made *made = test->priv;
	unsigned int fd, used;

	make_table(test, 1024);
	for (used = SKO_WINDOW_SOCKETS - 2; used <= SKO_WINDOW_SOCKETS + 2;
	     used++) {
		for (fd = 0; fd < 1024; fd++)
			take(made, fd);
		for (fd = 0; fd < used; fd++)
			put(made, 3 * fd, made->inet);
		expect_all(test);
	}
}

static void sparse_table_is_walked_in_bounded_windows(struct kunit *test)
{
	struct made *made = test->priv;
	unsigned int fd = 0, slots = 1024 * 1024;

	make_table(test, slots);
	put(made, 3, made->inet);
	put(made, 65535, made->inet);
	put(made, 65536, made->inet);
	put(made, 70000, made->inet);
	put(made, slots - 1, made->inet);
	KUNIT_EXPECT_TRUE(test, window(made, &fd));
	KUNIT_EXPECT_LE(test, fd, 65536U);
	KUNIT_EXPECT_GE(test, expect_all(test), slots / 65536);
}

static void other_files_are_walked_in_bounded_windows(struct kunit *test)
{
	struct made *made = test->priv;
	unsigned int fd;

	make_table(test, 8192);
	for (fd = 0; fd < 8192; fd++)
		put(made, fd, made->other);
	put(made, 8000, made->inet);
	fd = 0;
	KUNIT_EXPECT_TRUE(test, window(made, &fd));
	KUNIT_EXPECT_LE(test, fd, 256U);
	KUNIT_EXPECT_GE(test, expect_all(test), 32U);
}

static void wanted_table_is_walked_in_short_windows(struct kunit *test)
{
	struct made *made = test->priv;
	unsigned int fd;

	make_table(test, 256);
	for (fd = 0; fd < 256; fd++)
		put(made, fd, made->inet);
	made->wanted = true;
	fd = 0;
	KUNIT_EXPECT_TRUE(test, window(made, &fd));
	KUNIT_EXPECT_EQ(test, SKO_HOLD_LEAST, fd);
	KUNIT_EXPECT_GE(test, expect_all(test), 256U / SKO_HOLD_LEAST);
}

static void table_may_shrink_meanwhile(struct kunit *test)
{
	struct made *made = test->priv;
	unsigned int fd = 5000;

	make_table(test, 64);
	put(made, 63, made->inet);
	KUNIT_EXPECT_FALSE(test, window(made, &fd));
	KUNIT_EXPECT_EQ(test, 0U, made->batch.count);
	fd = UINT_MAX;
	KUNIT_EXPECT_FALSE(test, window(made, &fd));
	KUNIT_EXPECT_EQ(test, 0U, made->batch.count);
}

/* What stays is met exactly once, whatever comes and goes around it. */
static void changes_between_windows_move_nothing(struct kunit *test)
{
	struct made *made = test->priv;
	unsigned int fd = 0, i, next = 0, seen = 0, stay = 2048;
	bool more;

	make_table(test, 8192);
	for (i = 0; i < stay; i++)
		put(made, 4 * i, made->inet);
	do {
		more = window(made, &fd);
		for (i = 0; i < made->batch.count; i++) {
			if (sko_batch_at(&made->batch, i)->fd % 4)
				continue;
			KUNIT_ASSERT_EQ(test, (int)(4 * seen),
					sko_batch_at(&made->batch, i)->fd);
			seen++;
		}
		for (i = 0; i < 64; i++, next++) {
			put(made, (4 * next + 1) % 8192, made->inet);
			take(made, (4 * next + 1 + 8192 - 256) % 8192);
		}
	} while (more);
	KUNIT_EXPECT_EQ(test, stay, seen);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(empty_table_has_no_rows),
	KUNIT_CASE(only_inet_sockets_have_rows),
	KUNIT_CASE(row_says_which_socket),
	KUNIT_CASE(full_table_is_walked_in_bounded_windows),
	KUNIT_CASE(window_boundaries_lose_nothing),
	KUNIT_CASE(sparse_table_is_walked_in_bounded_windows),
	KUNIT_CASE(other_files_are_walked_in_bounded_windows),
	KUNIT_CASE(wanted_table_is_walked_in_short_windows),
	KUNIT_CASE(table_may_shrink_meanwhile),
	KUNIT_CASE(changes_between_windows_move_nothing),
	{}
};

struct kunit_suite sko_descriptors_suite = {
	.name = "sockowners-descriptors",
	.init = set_up,
	.exit = tear_down,
	.test_cases = cases,
};
