// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Sockets in flight in unix sockets of processes of two users. A reader gets them
 * under the lowest number of those that it may see; nothing tells of the others.
 */
#define _GNU_SOURCE
#include <linux/capability.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/net.h"
#include "lib/scene.h"
#include "lib/sock.h"
#include "lib/tap.h"

static struct scene scene;

enum {
	BOB, /* has the lower number */
	ALICE,
	NR_HOLDERS
};

#define BOTH (BIT(BOB) | BIT(ALICE))

static const struct person holders[NR_HOLDERS] = {
	[BOB] = { .name = "bob", .uid = 1001, .gid = 1001 },
	[ALICE] = { .name = "alice", .uid = 1000, .gid = 1000 },
};

/* Sends to the first end what waits at the second one. */
static void pair(int ends[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		tap_bail_errno("socketpair");
}

static void give(unsigned int to, int fd)
{
	for (unsigned int i = 0; i < NR_HOLDERS; i++)
		if (to & BIT(i))
			scene_give(&scene, i, fd);
}

/* The same socket twice in one queue. */
static void make_twice(unsigned int holder)
{
	int ends[2], sock = udp_open("127.0.0.1");

	pair(ends);
	for (int i = 0; i < 2; i++) {
		send_descriptor(ends[0], sock);
		scene_waits(&scene, BIT(holder), sock_inode(ends[1]), sock);
	}
	give(BIT(holder), ends[1]);
	close(ends[0]);
	close(sock);
}

/* One socket in a queue of @one; @other has it in a queue or in its table. */
static void make_two_ways(unsigned int one, unsigned int other, bool in_table)
{
	int sock = udp_open("127.0.0.1");

	if (in_table)
		give(BIT(other), sock);
	else
		scene_in_flight(&scene, BIT(other), dup(sock));
	scene_in_flight(&scene, BIT(one), dup(sock));
	/* If it is in a table it closes when that is handed over. */
	if (!in_table)
		close(sock);
}

/*
 * A unix socket that waits in the queue of another one, which @outer hold, has a
 * socket in its own queue. @inner hold it too.
 */
static void make_nested(unsigned int outer, unsigned int inner)
{
	int sock = udp_open("127.0.0.1"), first[2], second[2];

	pair(first);
	pair(second);
	send_descriptor(second[0], sock);
	send_descriptor(first[0], second[1]);
	scene_waits(&scene, outer | inner, sock_inode(second[1]), sock);
	give(outer, first[1]);
	give(inner, second[1]);
	close(sock);
	close(first[0]);
	close(second[0]);
	if (!inner)
		close(second[1]);
}

/* In a connection that nobody has accepted, of a listener that @to hold. */
static void make_not_accepted(unsigned int to)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	socklen_t length = sizeof(name);
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);
	int client = socket(AF_UNIX, SOCK_STREAM, 0);
	int sock = udp_open("127.0.0.1");

	/* A name that the kernel chooses. */
	if (bind(listener, (struct sockaddr *)&name, sizeof(sa_family_t)) ||
	    listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&name, &length) ||
	    connect(client, (struct sockaddr *)&name, length))
		tap_bail_errno("a unix connection");
	send_descriptor(client, sock);
	scene_waits(&scene, to, sock_inode(listener), sock);
	give(to, listener);
	/* The connection ends with its other end. */
	give(to, client);
	close(sock);
}

/* A listener in flight, with a connection that waits to be accepted. */
static void make_listener(unsigned int holder, unsigned int client)
{
	int listener = tcp_listen("127.0.0.1", 1);

	scene_not_accepted(&scene, client, listener);
	scene_in_flight(&scene, BIT(holder), listener);
}

static void make(void)
{
	for (unsigned int i = 0; i < NR_HOLDERS; i++) {
		unsigned int other = i == BOB ? ALICE : BOB;

		scene_in_flight(&scene, BIT(i), udp_open("127.0.0.1"));
		/* Bound to nothing, it is in no table. */
		scene_in_flight(&scene, BIT(i),
				sock_open(AF_INET, SOCK_STREAM, 0));
		make_twice(i);
		make_two_ways(i, other, true);
		make_nested(BIT(i), NOBODY);
		make_nested(BIT(i), BIT(other));
		make_not_accepted(BIT(i));
		make_listener(i, other);
	}
	scene_in_flight(&scene, BOTH, udp_open("127.0.0.1"));
	make_two_ways(BOB, ALICE, false);
	make_nested(BOTH, NOBODY);
	make_not_accepted(BOTH);
}

int main(void)
{
	static const struct {
		const char *claim;
		struct person person;
		unsigned int sees;
		bool everything;
	} readers[] = {
		{ .claim = "root: under the lowest",
		  .person = { .name = "reader",
			      .capabilities = EVERY_CAPABILITY },
		  .sees = BOTH,
		  .everything = true },
		{ .claim = "the user of the lower number",
		  .person = { .name = "reader", .uid = 1001, .gid = 1001 },
		  .sees = BIT(BOB) },
		{ .claim = "the user of the higher number",
		  .person = { .name = "reader", .uid = 1000, .gid = 1000 },
		  .sees = BIT(ALICE) },
		{ .claim = "another user: all are hidden, each once",
		  .person = { .name = "reader", .uid = 2000, .gid = 2000 } },
	};

	tap_plan(ARRAY_SIZE(readers));
	net_enter_new();
	scene_netns(&scene);
	make();
	for (unsigned int i = 0; i < NR_HOLDERS; i++)
		scene_process(&scene, &holders[i]);
	scene_hand_over(&scene);
	for (size_t i = 0; i < ARRAY_SIZE(readers); i++) {
		struct view view = {
			.reader = scene_process(&scene, &readers[i].person),
			.sees = readers[i].sees,
			.netns = EVERYWHERE,
			.everything = readers[i].everything,
		};

		scene_is_seen(&scene, &view, "%s", readers[i].claim);
	}
	scene_end(&scene);
	return tap_done();
}
