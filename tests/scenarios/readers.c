// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * One machine, read by users with different rights: each must get the sockets
 * of those it may look into, the rest of its network namespace as hidden, and of
 * other namespaces what it may have. Runs with and without the parameter gid=.
 */
#define _GNU_SOURCE
#include <linux/capability.h>
#include <stdio.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/link.h"
#include "lib/net.h"
#include "lib/parameter.h"
#include "lib/scene.h"
#include "lib/sock.h"
#include "lib/syn.h"
#include "lib/tap.h"

#define MONITORS 4711

static struct scene scene;

/* Who holds something. */
enum {
	ALICE,
	BOB,
	ROOT,
	ALICE_SECRET,
	ALICE_CAPABLE,
	ALICE_FOREIGN_GROUP,
	NR_HOLDERS
};

/* Network namespaces. */
enum {
	HERE,
	THERE
};

static const struct person holders[NR_HOLDERS] = {
	[ALICE] = { .name = "alice", .uid = 1000, .gid = 1000 },
	[BOB] = { .name = "bob", .uid = 1001, .gid = 1001 },
	[ROOT] = { .name = "root", .capabilities = EVERY_CAPABILITY },
	[ALICE_SECRET] = { .name = "alice-secret",
			   .uid = 1000,
			   .gid = 1000,
			   .not_dumpable = true },
	[ALICE_CAPABLE] = { .name = "alice-capable",
			    .uid = 1000,
			    .gid = 1000,
			    .capabilities = CAPABILITY(CAP_NET_RAW) },
	[ALICE_FOREIGN_GROUP] = { .name = "alice-group",
				  .uid = 1000,
				  .gid = 1001 },
};

#define EVERY_HOLDER (BIT(NR_HOLDERS) - 1)
#define ALL_NETNS    (BIT(HERE) | BIT(THERE))
#define PTRACE	     CAPABILITY(CAP_SYS_PTRACE)
#define NET_ADMIN    CAPABILITY(CAP_NET_ADMIN)

static const struct {
	const char *who;
	struct person person;
	unsigned int sees;
	unsigned int netns;
	bool everything;
	bool member; /* of the group of gid= */
	bool there; /* is in the other network namespace */
} readers[] = {
	{ .who = "root",
	  .person = { .name = "reader", .capabilities = EVERY_CAPABILITY },
	  .sees = EVERY_HOLDER,
	  .netns = ALL_NETNS,
	  .everything = true },
	{ .who = "a user",
	  .person = { .name = "reader", .uid = 1000, .gid = 1000 },
	  .sees = BIT(ALICE),
	  .netns = BIT(HERE) },
	{ .who = "another user",
	  .person = { .name = "reader", .uid = 1001, .gid = 1001 },
	  .sees = BIT(BOB),
	  .netns = BIT(HERE) },
	{ .who = "a user who holds nothing",
	  .person = { .name = "reader", .uid = 2000, .gid = 2000 },
	  .netns = BIT(HERE) },
	{ .who = "the same in the other network namespace",
	  .person = { .name = "reader", .uid = 2000, .gid = 2000 },
	  .netns = BIT(THERE),
	  .there = true },
	{ .who = "a user with another group",
	  .person = { .name = "reader", .uid = 1000, .gid = 1001 },
	  .sees = BIT(ALICE_FOREIGN_GROUP),
	  .netns = BIT(HERE) },
	{ .who = "a user with CAP_SYS_PTRACE",
	  .person = { .name = "reader",
		      .uid = 1000,
		      .gid = 1000,
		      .capabilities = PTRACE },
	  .sees = EVERY_HOLDER,
	  .netns = BIT(HERE),
	  .everything = true },
	{ .who = "a user with CAP_NET_ADMIN",
	  .person = { .name = "reader",
		      .uid = 1000,
		      .gid = 1000,
		      .capabilities = NET_ADMIN },
	  .sees = BIT(ALICE),
	  .netns = ALL_NETNS },
	{ .who = "a user with both",
	  .person = { .name = "reader",
		      .uid = 2000,
		      .gid = 2000,
		      .capabilities = PTRACE | NET_ADMIN },
	  .sees = EVERY_HOLDER,
	  .netns = ALL_NETNS,
	  .everything = true },
	{ .who = "a user with the capability that another process has",
	  .person = { .name = "reader",
		      .uid = 1000,
		      .gid = 1000,
		      .capabilities = CAPABILITY(CAP_NET_RAW) },
	  .sees = BIT(ALICE) | BIT(ALICE_CAPABLE),
	  .netns = BIT(HERE) },
	{ .who = "a user with all but the two",
	  .person = { .name = "reader",
		      .uid = 2000,
		      .gid = 2000,
		      .capabilities = EVERY_CAPABILITY & ~(PTRACE | NET_ADMIN) },
	  .netns = BIT(HERE) },
	{ .who = "root without capabilities",
	  .person = { .name = "reader" },
	  .netns = BIT(HERE) },
	{ .who = "root with CAP_NET_ADMIN",
	  .person = { .name = "reader", .capabilities = NET_ADMIN },
	  .netns = ALL_NETNS },
	{ .who = "a user in group 4711",
	  .person = { .name = "reader",
		      .uid = 2000,
		      .gid = 2000,
		      .group = MONITORS },
	  .netns = BIT(HERE),
	  .member = true },
	{ .who = "a user whose first group is 4711",
	  .person = { .name = "reader", .uid = 2000, .gid = MONITORS },
	  .netns = BIT(HERE),
	  .member = true },
	{ .who = "a user of a group with another number",
	  .person = { .name = "reader",
		      .uid = MONITORS,
		      .gid = 2000,
		      .group = MONITORS + 1 },
	  .netns = BIT(HERE) },
};

#define NR_READERS ARRAY_SIZE(readers)

static void leave_orphan(unsigned int holder, int listener)
{
	struct connection c = tcp_connection(listener, "127.0.0.1");
	struct expected_row row;

	tcp_fill(c.client);
	row_of_nobody(&row, "orphan", c.client);
	row_set(&row, STATE, "FIN_WAIT1");
	row_set(&row, INODE, "-");
	scene_nobody(&scene, &row);
	close(c.client);
	/* Reads nothing, so that the orphan cannot end. */
	scene_give(&scene, holder, c.server);
}

static void leave_half_open(unsigned int holder)
{
	int listener = tcp_listen("10.99.0.1", 8);
	struct expected_row row;

	send_syn("10.99.0.7", 1000, "10.99.0.1", sock_port(listener));
	row_of_synrecv(&row, listener, "10.99.0.7", 1000);
	scene_nobody(&scene, &row);
	scene_give(&scene, holder, listener);
}

static void leave_mptcp(unsigned int holder)
{
	int listener = socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP);
	struct expected_row row;

	if (listener < 0) {
		tap_diag("this kernel has no MPTCP");
		return;
	}
	sock_bind(listener, "127.0.0.1", 0);
	if (listen(listener, 1))
		tap_bail_errno("listen");
	row_of_subflow(&row, listener);
	scene_nobody(&scene, &row);
	scene_give(&scene, holder, listener);
}

static void make_here(void)
{
	int alices = tcp_listen("127.0.0.1", 8);
	int bobs = tcp_listen("127.0.0.1", 8);
	int roots = tcp_listen("127.0.0.1", 8);
	int of_two = udp_open("127.0.0.1");
	int of_others = udp_open("127.0.0.1");
	int of_all = tcp_listen("::1", 1);

	scene_give(&scene, ALICE, alices);
	scene_give(&scene, BOB, bobs);
	scene_give(&scene, ROOT, roots);
	scene_give(&scene, ALICE, of_two);
	scene_give(&scene, BOB, of_two);
	scene_give(&scene, BOB, of_others);
	scene_give(&scene, ROOT, of_others);
	for (unsigned int holder = 0; holder < NR_HOLDERS; holder++) {
		scene_give(&scene, holder, of_all);
		/* In no table: who does not see the holder sees nothing. */
		scene_give(&scene, holder, sock_open(AF_INET, SOCK_STREAM, 0));
	}
	/* One descriptor more is no row more for those who do not see him. */
	scene_give(&scene, BOB, dup(bobs));
	scene_give(&scene, ALICE_SECRET, udp_open("127.0.0.1"));
	scene_give(&scene, ALICE_CAPABLE, udp_open("127.0.0.1"));
	scene_give(&scene, ALICE_FOREIGN_GROUP, udp_open("127.0.0.1"));
	scene_in_flight(&scene, BIT(ALICE), udp_open("127.0.0.1"));
	scene_in_flight(&scene, BIT(BOB), udp_open("127.0.0.1"));
	scene_timewait(&scene, alices);
	scene_timewait(&scene, bobs);
	scene_not_accepted(&scene, ALICE, bobs);
	scene_not_accepted(&scene, BOB, alices);
	leave_orphan(ROOT, roots);
	leave_half_open(BOB);
	leave_mptcp(BOB);
	scene_elsewhere(&scene, ALICE);
}

static void make_there(void)
{
	int alices = tcp_listen("127.0.0.1", 8);

	scene_give(&scene, ALICE, alices);
	scene_give(&scene, BOB, udp_open("127.0.0.1"));
	scene_give(&scene, ALICE_SECRET, udp_open("127.0.0.1"));
	scene_give(&scene, ROOT, udp_open("127.0.0.1"));
	scene_in_flight(&scene, BIT(ALICE), udp_open("127.0.0.1"));
	scene_in_flight(&scene, BIT(BOB), udp_open("127.0.0.1"));
	scene_timewait(&scene, alices);
	scene_not_accepted(&scene, ALICE, alices);
	scene_elsewhere(&scene, ALICE);
}

static void check_readers(int here, int there)
{
	bool all = parameter_is("gid", "4711");

	for (size_t i = 0; i < NR_READERS; i++) {
		bool member = all && readers[i].member;
		struct view view = {
			.sees = member ? EVERY_HOLDER : readers[i].sees,
			.netns = member ? ALL_NETNS : readers[i].netns,
			.everything = member || readers[i].everything,
		};

		net_enter(readers[i].there ? there : here);
		view.reader = scene_process(&scene, &readers[i].person);
		net_enter(here);
		scene_is_seen(&scene, &view, "%s%s", readers[i].who,
			      member ? ", that of gid=" : "");
	}
}

/* What a process holds it may see, whatever it is. */
static void check_holders(void)
{
	static const struct {
		const char *who;
		unsigned int sees;
	} samples[] = {
		[ALICE] = { "an ordinary process", BIT(ALICE) },
		[ALICE_SECRET] = { "one that cannot be dumped", BIT(ALICE) },
		[ALICE_CAPABLE] = { "one with a capability", BIT(ALICE) },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(samples); i++) {
		struct view view = {
			.reader = i,
			.sees = samples[i].sees,
			.netns = BIT(HERE),
		};

		if (samples[i].who)
			scene_is_seen(&scene, &view, "%s: what it holds itself",
				      samples[i].who);
	}
}

int main(void)
{
	int here, there;

	tap_plan(NR_READERS + 3);
	net_enter_new();
	there = net_open();
	net_enter_new();
	here = net_open();
	if (!link_add("void", "dummy"))
		tap_bail("no dummy device");
	net_bring_up("void");
	/* A SYN comes in over lo; the SYN-ACK goes into the void. */
	link_set_address4("void", "10.99.0.1");

	scene_netns(&scene);
	make_here();
	net_enter(there);
	scene_netns(&scene);
	make_there();
	net_enter(here);
	for (unsigned int holder = 0; holder < NR_HOLDERS; holder++)
		scene_process(&scene, &holders[holder]);
	scene_hand_over(&scene);
	check_readers(here, there);
	check_holders();
	scene_end(&scene);
	return tap_done();
}
