// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "population.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "array.h"
#include "child.h"
#include "link.h"
#include "mix.h"
#include "net.h"
#include "ring.h"
#include "sock.h"
#include "syn.h"
#include "tap.h"
#include "thread.h"
#include "timewait.h"

#define GROUPS "/tmp/groups"

enum {
	HAS_GROUP = 1 << 0,
	HAS_NETNS = 1 << 1,
	HAS_FLIGHT = 1 << 2,
	HAS_TABLE = 1 << 3,
};

/* Those that share nothing with the first process. */
static const struct member {
	const char *name;
	uid_t uid;
	int has;
} members[] = {
	{ "plain", 0, 0 },
	{ "plain", 1000, 0 },
	{ "a b", 0, HAS_FLIGHT },
	{ "x,y", 1001, 0 },
	{ "-", 1002, HAS_FLIGHT },
	{ "", 0, HAS_TABLE },
	{ "back\\slash", 4294967294u, 0 },
	{ "\303\251t\303\251", 1000, HAS_FLIGHT },
	{ "fifteen bytes..", 0, HAS_TABLE },
	{ "in a group", 0, HAS_GROUP },
	{ "in the group", 1000, HAS_GROUP | HAS_FLIGHT },
	{ "away", 0, HAS_NETNS },
	{ "far away", 1000, HAS_NETNS | HAS_FLIGHT },
};

static struct child children[ARRAY_SIZE(members) + 1];

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		tap_bail_errno("%s", path);
	close(fd);
}

/* Two in flight, one of them in a unix socket that is in flight as well. */
static void send_away(void)
{
	int outer[2], inner[2], sock;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, outer) ||
	    socketpair(AF_UNIX, SOCK_DGRAM, 0, inner))
		tap_bail_errno("socketpair");
	sock = tcp_listen("127.0.0.1", 1);
	send_descriptor(outer[0], sock);
	close(sock);
	sock = sock_open(AF_INET6, SOCK_DGRAM, 0);
	sock_bind(sock, "::1", 0);
	send_descriptor(inner[0], sock);
	send_descriptor(outer[0], inner[1]);
	close(inner[0]);
	close(inner[1]);
}

static void have_own(struct thread *thread)
{
	(void)thread;
	thread_own_table();
	sock_bind(sock_open(AF_INET, SOCK_DGRAM, 0), "127.0.0.1", 0);
}

static void be_member(int control, void *arg)
{
	const struct member *member = arg;
	static struct thread thread;

	prctl(PR_SET_NAME, member->name);
	if (member->has & HAS_GROUP)
		write_file(GROUPS "/members/cgroup.procs", "0");
	if (member->has & HAS_NETNS)
		net_enter_new();
	tcp_connection(tcp_listen("127.0.0.1", 4), "127.0.0.1");
	tcp_listen("::", 4);
	sock_bind(sock_open(AF_INET, SOCK_DGRAM, 0), "127.0.0.1", 0);
	if (member->has & HAS_FLIGHT)
		send_away();
	if (member->has & HAS_TABLE)
		thread_start(&thread, have_own, NULL);
	if (member->uid && (setresgid(member->uid, member->uid, member->uid) ||
			    setresuid(member->uid, member->uid, member->uid)))
		tap_bail_errno("becoming user %u", member->uid);
	/* Changing the user takes these back. */
	prctl(PR_SET_DUMPABLE, 1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	tell(control, 0);
	stay(control);
}

static void be_heir(int control, void *arg)
{
	(void)arg;
	prctl(PR_SET_NAME, "heir");
	send_away();
	tell(control, 0);
	stay(control);
}

/* Of addresses that this machine does not have. */
static void make_strangers(void)
{
	static const char *const addresses[] = {
		"10.1.2.3",	   "10.1.2.4",	      "10.2.0.1",
		"192.0.2.7",	   "255.255.255.254", "2001:db8::1",
		"2001:db8:0:1::2", "2001:db9::",      "::ffff:10.1.2.3",
		"::5efe:10.1.2.3",
	};

	for (size_t i = 0; i < ARRAY_SIZE(addresses); i++) {
		bool six = strchr(addresses[i], ':');
		int sock = sock_open(six ? AF_INET6 : AF_INET, SOCK_DGRAM, 0);

		sock_option(sock, six ? IPPROTO_IPV6 : IPPROTO_IP,
			    six ? IPV6_FREEBIND : IP_FREEBIND, 1);
		sock_bind(sock, addresses[i], 3001 + i / 2);
	}
}

static void bind_to(const char *device, int family)
{
	int sock = sock_open(family, SOCK_DGRAM, 0);

	if (setsockopt(sock, SOL_SOCKET, SO_BINDTODEVICE, device,
		       strlen(device)))
		tap_bail_errno("SO_BINDTODEVICE to %s", device);
	sock_bind(sock, family == AF_INET ? "0.0.0.0" : "::", 3100);
}

/* Half-open, unanswered, and on devices with names of all sorts. */
static void make_devices(void)
{
	static const char *const names[] = { "back\\s,x", "-", "d\303\251v" };
	struct address nowhere = address_of("10.99.0.9", 4242);
	int listener, sock;

	if (!link_add("void", "dummy"))
		tap_bail("no dummy devices");
	net_bring_up("void");
	link_set_address4("void", "10.99.0.1");
	listener = tcp_listen("10.99.0.1", 8);
	send_syn("10.99.0.7", 1000, "10.99.0.1", sock_port(listener));
	send_syn("10.99.0.8", 1001, "10.99.0.1", sock_port(listener));
	/* Its socket is the kernel's. */
	if (link_add("tunnel", "vxlan"))
		net_bring_up("tunnel");
	sock = sock_open(AF_INET, SOCK_STREAM, 0);
	sock_nonblocking(sock);
	if (connect(sock, &nowhere.any, nowhere.length) != -1 ||
	    errno != EINPROGRESS)
		tap_bail("a connection to nowhere");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		link_add(names[i], "dummy");
		bind_to(names[i], i % 2 ? AF_INET6 : AF_INET);
	}
}

/* In the states that come when one end is closed, and some that wait. */
static void make_states(void)
{
	int listener = tcp_listen("127.0.0.1", 16);
	struct connection c = tcp_connection(listener, "127.0.0.1");

	shutdown(c.client, SHUT_WR);
	tcp_wait_state(c.server, TCP_CLOSE_WAIT);
	c = tcp_connection(listener, "127.0.0.1");
	tcp_reset_on_close(c.server);
	close(c.server);
	tcp_wait_state(c.client, TCP_CLOSE);
	c = tcp_connection(listener, "127.0.0.1");
	tcp_fill(c.client);
	close(c.client);
	for (int i = 0; i < 3; i++)
		tcp_connect_waiting("127.0.0.1", listener);
	listener = tcp_listen("::", 16);
	tcp_connect_waiting("::1", listener);
	tcp_connect_waiting("127.0.0.1", listener);
}

static void make_elsewhere(void)
{
	int fds[4] = { tcp_listen("127.0.0.1", 1), tcp_listen("::1", 1),
		       sock_open(AF_INET, SOCK_DGRAM, 0),
		       sock_open(AF_INET6, SOCK_RAW, 89) };

	sock_bind(fds[2], "127.0.0.1", 0);
	ring_keep(fds, ARRAY_SIZE(fds));
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		close(fds[i]);
}

void population_make(void)
{
	static struct thread thread;
	struct expect unused = { 0 };
	size_t nr = 0;

	/* A mount that goes away with the processes, however they end. */
	mkdir(GROUPS, 0700);
	if (unshare(CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", GROUPS, "cgroup2", 0, NULL))
		tap_bail_errno("cgroup2");
	if (mkdir(GROUPS "/members", 0700) && errno != EEXIST)
		tap_bail_errno(GROUPS "/members");
	net_enter_new();
	for (; nr < ARRAY_SIZE(members); nr++) {
		child_start(&children[nr], be_member, (void *)&members[nr]);
		hear(children[nr].control);
	}
	mix_make();
	make_strangers();
	make_devices();
	make_states();
	make_elsewhere();
	timewaits_make(&unused, "127.0.0.1", 3);
	timewaits_make(&unused, "::1", 2);
	expect_clear(&unused);
	child_start(&children[nr], be_heir, NULL);
	hear(children[nr].control);
	thread_start(&thread, have_own, NULL);
}

pid_t population_pid(unsigned int n)
{
	return n < ARRAY_SIZE(children) ? children[n].pid : 0;
}

void population_end(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(children); i++)
		child_stop(&children[i]);
	rmdir(GROUPS "/members");
}
