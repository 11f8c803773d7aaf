// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * Who waits in an accept queue, of a listener that is the kernel's own.
 */
#include "suites.h"
#include "../../module/accept.h"
#include "../../module/look.h"

#include <linux/delay.h>
#include <linux/in.h>
#include <linux/net.h>
#include <net/net_namespace.h>
#include <net/sock.h>

struct made {
	struct sko_look look;
	struct sko_accept accept;
	struct net gone; /* as its memory may be later: of zeroes */
	struct socket *listener;
	struct socket *client;
};

static unsigned int count_waiting(struct kunit *test)
{
	struct made *made = test->priv;
	int ret;

	sko_look_rewind(&made->look);
	sko_accept_rewind(&made->accept, IPPROTO_TCP);
	do
		ret = sko_accept_collect(&made->accept, &made->look);
	while (ret > 0);
	KUNIT_EXPECT_EQ(test, 0, ret);
	return made->look.waiting.count;
}

/* It keeps no namespace, so that what is left of its own must not be read. */
static void listener_whose_namespace_has_gone(struct kunit *test)
{
	struct made *made = test->priv;
	unsigned int others;

	KUNIT_EXPECT_FALSE(test, made->listener->sk->sk_net_refcnt);
	others = count_waiting(test) - 1;
	sock_net_set(made->listener->sk, &made->gone);
	KUNIT_EXPECT_EQ(test, others, count_waiting(test));
	sock_net_set(made->listener->sk, &init_net);
	KUNIT_EXPECT_EQ(test, others + 1, count_waiting(test));
}

static int set_up(struct kunit *test)
{
	struct made *made = kunit_kzalloc(test, sizeof(*made), GFP_KERNEL);
	struct sockaddr_in name = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct socket **ends[] = { &made->listener, &made->client };
	int err, i;

	KUNIT_ASSERT_NOT_NULL(test, made);
	test->priv = made;
	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		err = sock_create_kern(&init_net, AF_INET, SOCK_STREAM,
				       IPPROTO_TCP, ends[i]);
		KUNIT_ASSERT_EQ(test, 0, err);
	}
	KUNIT_ASSERT_EQ(test, 0, kernel_bind(made->listener, (void *)&name,
					     sizeof(name)));
	KUNIT_ASSERT_EQ(test, 0, kernel_listen(made->listener, 1));
	kernel_getsockname(made->listener, (void *)&name);
	KUNIT_ASSERT_EQ(test, 0, kernel_connect(made->client, (void *)&name,
						sizeof(name), 0));
	/* On PREEMPT_RT the softirq that finishes it may have its turn later. */
	for (i = 0; i < 50 && !made->listener->sk->sk_ack_backlog; i++)
		msleep(20);
	return 0;
}

static void tear_down(struct kunit *test)
{
	struct made *made = test->priv;

	sko_look_rewind(&made->look);
	sko_accept_destroy(&made->accept);
	sock_release(made->client);
	sock_release(made->listener);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(listener_whose_namespace_has_gone),
	{}
};

struct kunit_suite sko_accept_suite = {
	.name = "sockowners-accept",
	.init = set_up,
	.exit = tear_down,
	.test_cases = cases,
};
