// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * The columns that are shown on request, each against what a system call says of
 * the same socket or process.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sock_diag.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/deadline.h"
#include "lib/link.h"
#include "lib/listing.h"
#include "lib/net.h"
#include "lib/parameter.h"
#include "lib/sock.h"
#include "lib/syn.h"
#include "lib/tap.h"

static int ask(const char *columns)
{
	return parameter_set("columns", columns);
}

static char *read_listing(void)
{
	int fd = open(LISTING_PATH, O_RDONLY | O_CLOEXEC);
	size_t length;
	char *text = slurp(fd, 65536, &length);

	if (!text)
		tap_bail_errno("read");
	close(fd);
	return text;
}

/*
 * The column @name of the row that a port is in and that is held by @holder, or
 * by a descriptor if that is NULL. The value stays until the next call.
 */
static const char *value_of(const char *name, unsigned int port,
			    const char *holder)
{
	static char value[64];
	char columns[64], *text, *line, *rest, wanted[16];
	char found[64], held[16], lport[16];
	unsigned long own = net_inode(), netns;

	snprintf(columns, sizeof(columns), "lport,holder,netns,%s", name);
	if (ask(columns))
		tap_bail("columns=%s is refused", columns);
	text = read_listing();
	snprintf(wanted, sizeof(wanted), "%u", port);
	strcpy(value, "no row");
	for (line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		if (sscanf(line, "%15s %15s %lu %63s", lport, held, &netns,
			   found) == 4 &&
		    netns == own && !strcmp(lport, wanted) &&
		    !strcmp(held, holder ? holder : "fd"))
			strcpy(value, found);
	free(text);
	ask("default");
	return value;
}

static void is(unsigned long long want, const char *name, unsigned int port,
	       const char *what)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", want);
	tap_is_text(value_of(name, port, NULL), text, "%s: %s", name, what);
}

static void check_choice(void)
{
	static const char plain[] =
		"pid,fd,proto,state,laddr,lport,raddr,rport,dev,inode,netns,uid,holder,via,comm";
	static const char *const bad[] = { "",	      "nonsense", "pid,",
					   ",pid",    "pid,,fd",  "pid,pid",
					   "pid, fd", "ALL" };
	char *before, *after;
	size_t refused = 0;

	tap_ok(parameter_is("columns", plain), "at first: those of old");
	before = read_listing();
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (*bad[i])
			refused += ask(bad[i]) == EINVAL;
	tap_is_number(refused, ARRAY_SIZE(bad) - 1, "bad lists: EINVAL");
	after = read_listing();
	before[strcspn(before, "\n")] = '\0';
	after[strcspn(after, "\n")] = '\0';
	tap_is_text(after, before, "after them the columns are as before");
	free(after);
	free(before);

	ask("timer,pid,cookie");
	after = read_listing();
	tap_ok(!strncmp(after, "timer\tpid\tcookie\n", 17),
	       "a list: these columns, in this order");
	free(after);
	tap_ok(parameter_is("columns", "timer,pid,cookie"),
	       "the parameter names them");
	ask("all");
	after = read_listing();
	after[strcspn(after, "\n")] = '\0';
	tap_is_text(after,
		    "pid\tfd\tproto\tstate\tladdr\tlport\traddr\trport\tdev\t"
		    "inode\tnetns\tuid\tholder\tvia\tcomm\tstart\tcookie\t"
		    "sockuid\tcgroup\tsockcgroup\trecvq\tsendq\tdrops\tflags\t"
		    "timer",
		    "all of them");
	free(after);
	ask("default");
	tap_ok(parameter_is("columns", plain), "and again");
}

static unsigned long long start_time(void)
{
	FILE *file = fopen("/proc/self/stat", "re");
	unsigned long long start;
	char line[1024], *field = line;

	if (!file || !fgets(line, sizeof(line), file))
		tap_bail_errno("/proc/self/stat");
	fclose(file);
	/* The 22nd field; a name without spaces is the second. */
	for (int i = 1; i < 22; i++)
		field += strcspn(field, " ") + 1;
	start = strtoull(field, NULL, 10);
	if (!start)
		tap_bail("/proc/self/stat: %s", line);
	return start;
}

static unsigned long long cookie_of(int sock)
{
	unsigned long long cookie = 0;
	socklen_t length = sizeof(cookie);

	if (getsockopt(sock, SOL_SOCKET, SO_COOKIE, &cookie, &length))
		tap_bail_errno("SO_COOKIE");
	return cookie;
}

static int listen_as(uid_t user, const char *address)
{
	int sock;

	if (seteuid(user))
		tap_bail_errno("seteuid");
	sock = tcp_listen(address, 8);
	if (seteuid(0))
		tap_bail_errno("seteuid");
	return sock;
}

static void check_identity(void)
{
	int sock = tcp_listen("127.0.0.1", 1), other;

	is(start_time(), "start", sock_port(sock), "as in /proc/PID/stat");
	is(cookie_of(sock), "cookie", sock_port(sock), "as SO_COOKIE");
	is(0, "sockuid", sock_port(sock), "root's");
	if (fchown(sock, 1234, -1))
		tap_bail_errno("fchown");
	is(1234, "sockuid", sock_port(sock), "given to another user");
	close(sock);
	other = listen_as(4321, "127.0.0.1");
	is(4321, "sockuid", sock_port(other), "that of who made it");
	close(other);
}

/* Whose the listener is, or whose the socket was. */
static void check_nobodys(void)
{
	struct connection c;
	unsigned int port;
	int listener;

	if (!link_add("void", "dummy"))
		tap_bail("no dummy device");
	net_bring_up("void");
	link_set_address4("void", "10.99.0.1");
	listener = listen_as(4321, "10.99.0.1");
	port = sock_port(listener);
	send_syn("10.99.0.7", 1000, "10.99.0.1", port);
	tap_is_text(value_of("sockuid", port, "synrecv"), "4321",
		    "sockuid: of a half-open connection");
	c.client = tcp_connect_waiting("10.99.0.1", listener);
	tap_is_text(value_of("sockuid", port, "accept"), "4321",
		    "sockuid: of one that waits to be accepted");

	c.server = tcp_accept(listener);
	close(listener);
	if (fchown(c.server, 1234, -1))
		tap_bail_errno("fchown");
	shutdown(c.server, SHUT_WR);
	tcp_wait_state(c.server, TCP_FIN_WAIT2);
	sysctl_set("net/ipv4/tcp_fin_timeout", "120");
	close(c.server);
	tap_is_text(value_of("sockuid", port, "orphan"), "1234",
		    "sockuid: of one that was closed");
	shutdown(c.client, SHUT_WR);
	tcp_wait_state(c.client, TCP_CLOSE);
	close(c.client);
	tap_is_text(value_of("sockuid", port, "timewait"), "-",
		    "sockuid: none of a time-wait");
}

static unsigned long group(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		tap_bail_errno("%s", path);
	return st.st_ino;
}

static void enter_group(const char *path)
{
	char procs[100];
	int fd;

	snprintf(procs, sizeof(procs), "%s/cgroup.procs", path);
	fd = open(procs, O_WRONLY | O_CLOEXEC);
	if (write(fd, "0", 1) != 1)
		tap_bail_errno("%s", procs);
	close(fd);
}

/* The process moves on; the socket stays with the group that made it. */
static void check_groups(void)
{
	int sock;

	mkdir("/tmp/groups", 0700);
	if (mount("none", "/tmp/groups", "cgroup2", 0, NULL))
		tap_bail_errno("cgroup2");
	mkdir("/tmp/groups/maker", 0700);
	mkdir("/tmp/groups/holder", 0700);
	enter_group("/tmp/groups/maker");
	sock = tcp_listen("127.0.0.1", 1);
	enter_group("/tmp/groups/holder");
	is(group("/tmp/groups/holder"), "cgroup", sock_port(sock),
	   "where the process is");
	is(group("/tmp/groups/maker"), "sockcgroup", sock_port(sock),
	   "where it was made");
	close(sock);
	enter_group("/tmp/groups");
	rmdir("/tmp/groups/maker");
	rmdir("/tmp/groups/holder");
	umount("/tmp/groups");
}

static unsigned int dropped_at(int sock)
{
	unsigned int memory[SK_MEMINFO_VARS];
	socklen_t length = sizeof(memory);

	if (getsockopt(sock, SOL_SOCKET, SO_MEMINFO, memory, &length))
		tap_bail_errno("SO_MEMINFO");
	return memory[SK_MEMINFO_DROPS];
}

static bool has_dropped_three(void *listener)
{
	return dropped_at(*(int *)listener) >= 3;
}

/* Whose connection is dropped tries again, now and then. */
static void check_drops_of_listener(void)
{
	int listener = tcp_listen("127.0.0.1", 0), client[4];
	unsigned int before, after, port = sock_port(listener);
	struct address peer = address_of("127.0.0.1", port);
	unsigned long listed;

	is(0, "drops", port, "a listener, no connection was dropped");
	client[0] = tcp_connect_waiting("127.0.0.1", listener);
	for (size_t i = 1; i < ARRAY_SIZE(client); i++) {
		client[i] = sock_open(AF_INET, SOCK_STREAM, 0);
		sock_nonblocking(client[i]);
		if (!connect(client[i], &peer.any, peer.length) ||
		    errno != EINPROGRESS)
			tap_bail_errno("connect");
	}
	wait_until(has_dropped_three, &listener);
	before = dropped_at(listener);
	listed = strtoul(value_of("drops", port, NULL), NULL, 10);
	after = dropped_at(listener);
	tap_ok(before >= 3 && listed >= before && listed <= after,
	       "drops: a listener whose queue is full, as SO_MEMINFO: %lu in %u to %u",
	       listed, before, after);
	for (size_t i = 0; i < ARRAY_SIZE(client); i++)
		close(client[i]);
	close(listener);
}

static void check_queues(void)
{
	int listener = tcp_listen("127.0.0.1", 7), queued;
	struct connection c;
	int udp = sock_open(AF_INET, SOCK_DGRAM, 0);
	int client = sock_open(AF_INET, SOCK_DGRAM, 0);
	char bytes[1000] = { 0 };
	bool same;

	is(0, "recvq", sock_port(listener), "nobody waits to be accepted");
	c.client = tcp_connect_waiting("127.0.0.1", listener);
	/* The one that waits is on the listener's port too. */
	is(1, "recvq", sock_port(listener), "connections that wait");
	is(7, "sendq", sock_port(listener), "a listener's backlog");
	c.server = tcp_accept(listener);

	if (send(c.client, bytes, 700, 0) != 700)
		tap_bail_errno("send");
	do {
		if (ioctl(c.server, SIOCINQ, &queued))
			tap_bail_errno("SIOCINQ");
	} while (queued < 700);
	/* The server's end has the listener's port. */
	close(listener);
	is(700, "recvq", sock_port(c.server), "bytes not read");
	tcp_fill(c.client);
	/* An acknowledgment may come between the two questions. */
	for (double begun = now();;) {
		char text[32];

		if (ioctl(c.client, SIOCOUTQ, &queued))
			tap_bail_errno("SIOCOUTQ");
		snprintf(text, sizeof(text), "%d", queued);
		same = !strcmp(value_of("sendq", sock_port(c.client), NULL),
			       text);
		if (same || now() - begun > PATIENCE)
			break;
	}
	tap_ok(same && queued, "sendq: bytes not acknowledged");

	sock_bind(udp, "127.0.0.1", 0);
	sock_connect(client, "127.0.0.1", sock_port(udp));
	is(0, "recvq", sock_port(udp), "UDP, nothing waits");
	is(0, "drops", sock_port(udp), "UDP, nothing was dropped");
	sock_option(udp, SOL_SOCKET, SO_RCVBUF, 1);
	for (int i = 0; i < 20; i++)
		send(client, bytes, sizeof(bytes), 0);
	tap_ok(atoi(value_of("recvq", sock_port(udp), NULL)) > 0,
	       "recvq: UDP, datagrams wait");
	tap_ok(dropped_at(udp) > 0, "drops: UDP, the buffer was full");
	is(dropped_at(udp), "drops", sock_port(udp), "as SO_MEMINFO");
	tcp_reset_on_close(c.client);
	close(c.client);
	close(c.server);
	close(udp);
	close(client);
}

static void check_flags(void)
{
	static const struct {
		int family;
		bool addr, port, v6only;
		const char *flags;
	} samples[] = {
		{ AF_INET, false, false, false, "-" },
		{ AF_INET, true, false, false, "reuseaddr" },
		{ AF_INET, false, true, false, "reuseport" },
		{ AF_INET, true, true, false, "reuseaddr,reuseport" },
		{ AF_INET6, false, false, false, "-" },
		{ AF_INET6, false, false, true, "v6only" },
		{ AF_INET6, true, false, true, "reuseaddr,v6only" },
		{ AF_INET6, false, true, true, "reuseport,v6only" },
		{ AF_INET6, true, true, true, "reuseaddr,reuseport,v6only" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		int sock = sock_open(samples[i].family, SOCK_STREAM, 0);

		sock_option(sock, SOL_SOCKET, SO_REUSEADDR, samples[i].addr);
		sock_option(sock, SOL_SOCKET, SO_REUSEPORT, samples[i].port);
		if (samples[i].family == AF_INET6)
			sock_option(sock, IPPROTO_IPV6, IPV6_V6ONLY,
				    samples[i].v6only);
		sock_bind(sock,
			  samples[i].family == AF_INET6 ? "::" : "127.0.0.1",
			  0);
		tap_is_text(value_of("flags", sock_port(sock), NULL),
			    samples[i].flags, "flags: %s", samples[i].flags);
		close(sock);
	}
}

static void check_timer(void)
{
	int listener = tcp_listen("127.0.0.1", 4);
	struct connection c = tcp_connection(listener, "127.0.0.1");
	unsigned int port = sock_port(c.client);
	unsigned long long cookie = cookie_of(c.client);
	char want[32];
	int left;

	tap_is_text(value_of("timer", port, "fd"), "-",
		    "timer: none for a connection");
	shutdown(c.client, SHUT_WR);
	tcp_wait_state(c.server, TCP_CLOSE_WAIT);
	close(c.server);
	tcp_wait_state(c.client, TCP_CLOSE);
	close(c.client);
	left = atoi(value_of("timer", port, "timewait"));
	tap_ok(left > 50000 && left <= 60000,
	       "timer: a minute for a time-wait: %d ms", left);
	snprintf(want, sizeof(want), "%llu", cookie);
	tap_is_text(value_of("cookie", port, "timewait"), want,
		    "cookie: a time-wait keeps that of its socket");

	c = tcp_connection(listener, "127.0.0.1");
	port = sock_port(c.client);
	shutdown(c.client, SHUT_WR);
	tcp_wait_state(c.client, TCP_FIN_WAIT2);
	sysctl_set("net/ipv4/tcp_fin_timeout", "120");
	close(c.client);
	left = atoi(value_of("timer", port, "orphan"));
	tap_ok(left > 100000 && left <= 121000,
	       "timer: an orphan in FIN_WAIT2, two minutes: %d ms", left);
	tcp_reset_on_close(c.server);
	close(c.server);
	close(listener);
}

int main(void)
{
	tap_plan(7 + 5 + 4 + 2 + 2 + 10 + 9 + 4);
	net_enter_new();
	check_choice();
	check_identity();
	check_nobodys();
	check_groups();
	check_drops_of_listener();
	check_queues();
	check_flags();
	check_timer();
	return tap_done();
}
