// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Sockets that no process holds. ss and netstat show most of them, and do not
 * say why. Each is measured; the lines "# |" are part of the table of the README.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/deadline.h"
#include "lib/link.h"
#include "lib/net.h"
#include "lib/peer.h"
#include "lib/situation.h"
#include "lib/sock.h"
#include "lib/syn.h"
#include "lib/tap.h"
#include "lib/timewait.h"

/* As nearly all of them are seen. */
static void nobody_holds(const char *name, const char *proto, unsigned int port,
			 unsigned int peer_port, const char *ours)
{
	situation((struct situation){
		.name = name,
		.proto = proto,
		.port = port,
		.peer_port = peer_port,
		.ss = "no owner",
		.lsof = "nothing",
		.netstat = "no owner",
		.ours = ours,
	});
}

static struct connection connected(void)
{
	int listener = tcp_listen("127.0.0.1", 1);
	struct connection c = tcp_connection(listener, "127.0.0.1");

	close(listener);
	return c;
}

static void check_orphan(void)
{
	struct connection c = connected();
	unsigned int port = sock_port(c.client);

	tcp_fill(c.client);
	close(c.client);
	nobody_holds("closed, and not yet finished", "tcp", port, 0,
		     "`orphan`");
	tcp_reset_on_close(c.server);
	close(c.server);
}

static void *close_slowly(void *arg)
{
	close(*(int *)arg);
	return NULL;
}

static bool descriptor_is_closed(void *arg)
{
	return fcntl(*(int *)arg, F_GETFD) < 0;
}

/* The descriptor is given up first, the file last. */
static void check_lingering(void)
{
	struct linger linger = { .l_onoff = 1, .l_linger = 30 };
	struct connection c = connected();
	unsigned int port = sock_port(c.client);
	pthread_t thread;

	tcp_fill(c.client);
	fcntl(c.client, F_SETFL, 0);
	if (setsockopt(c.client, SOL_SOCKET, SO_LINGER, &linger,
		       sizeof(linger)))
		tap_bail_errno("SO_LINGER");
	if (pthread_create(&thread, NULL, close_slowly, &c.client))
		tap_bail("no thread");
	/* Whoever asks for the descriptor while it is closed is who lingers. */
	pause_ms(200);
	if (!wait_until(descriptor_is_closed, &c.client))
		tap_bail("close() has not begun");
	nobody_holds("in a close() that lingers", "tcp", port, 0, "`orphan`");
	tcp_reset_on_close(c.server);
	close(c.server);
	pthread_join(thread, NULL);
}

static void check_fin_wait2(void)
{
	struct connection c = connected();
	unsigned int port = sock_port(c.client);

	shutdown(c.client, SHUT_WR);
	tcp_wait_state(c.client, TCP_FIN_WAIT2);
	close(c.client);
	nobody_holds("FIN_WAIT2, the socket is gone", "tcp", port, 0,
		     "`timewait`");
	close(c.server);
}

static bool is_time_wait(void *arg)
{
	(void)arg;
	return tcp_count(TCP_TIME_WAIT) == 1;
}

static void check_timewait(void)
{
	struct connection c = connected();
	unsigned int port = sock_port(c.client);

	shutdown(c.client, SHUT_WR);
	tcp_wait_state(c.client, TCP_FIN_WAIT2);
	close(c.client);
	close(c.server);
	if (!wait_until(is_time_wait, NULL))
		tap_bail("no TIME_WAIT comes");
	nobody_holds("TIME_WAIT", "tcp", port, 0, "`timewait`");
}

static void check_accept(void)
{
	int listener = tcp_listen("127.0.0.1", 1);
	unsigned int port = sock_port(listener);
	int client = tcp_connect_waiting("127.0.0.1", listener);

	nobody_holds("in the accept queue", "tcp", port, sock_port(client),
		     "`accept`");
	tcp_reset_on_close(client);
	close(client);
	close(listener);
}

static void check_fast_open(void)
{
	int listener = tcp_listen("127.0.0.1", 1);
	int client = sock_open(AF_INET, SOCK_STREAM, 0);
	unsigned int port = sock_port(listener);
	struct address to = address_of("127.0.0.1", port);

	sysctl_set("net/ipv4/tcp_fastopen", "1027"); /* both, no cookie */
	sock_option(listener, IPPROTO_TCP, TCP_FASTOPEN, 1);
	if (sendto(client, "early", 5, MSG_FASTOPEN, &to.any, to.length) != 5)
		tap_bail_errno("MSG_FASTOPEN");
	tcp_wait_state(client, TCP_ESTABLISHED);
	nobody_holds("in the accept queue through TCP Fast Open", "tcp", port,
		     sock_port(client), "`accept`");
	tcp_reset_on_close(client);
	close(client);
	close(listener);
}

/* The SYN comes in over lo; the SYN-ACK goes into the void. */
static int half_open(unsigned int *port)
{
	int listener;

	if (!link_add("void", "dummy"))
		return -1;
	net_bring_up("void");
	link_set_address4("void", "10.99.0.1");
	listener = tcp_listen("10.99.0.1", 1);
	*port = sock_port(listener);
	send_syn("10.99.0.7", 1000, "10.99.0.1", *port);
	return listener;
}

static void check_half_open(void)
{
	const char *name = "half-open";
	unsigned int port;
	int listener = half_open(&port);

	if (listener < 0) {
		situation_skip(name, "dummy devices");
		return;
	}
	nobody_holds(name, "tcp", port, 1000, "`synrecv`");
	close(listener);
}

static void check_half_open_closed(void)
{
	const char *name = "half-open, and the listener was closed";
	unsigned int port;
	int listener = half_open(&port);

	if (listener < 0) {
		situation_skip(name, "dummy devices");
		return;
	}
	wait_for_answers(1);
	close(listener);
	nobody_holds(name, "tcp", port, 1000, "`synrecv`");
}

/* Nothing else has a socket in this namespace. */
static void check_tunnel(const char *kind, const char *name)
{
	struct facts facts = { 0 };

	if (!link_add("tunnel", kind)) {
		situation_skip(name, kind);
		return;
	}
	net_bring_up("tunnel");
	facts_of_listing(&facts);
	if (!facts.nr)
		tap_bail("%s made no socket", kind);
	nobody_holds(name, "udp", fact_port(facts.fact[0].local), 0,
		     "`kernel`");
	facts_clear(&facts);
}

static void check_vxlan(void)
{
	check_tunnel("vxlan", "the kernel's own: VXLAN");
}

static void check_wireguard(void)
{
	check_tunnel("wireguard", "the kernel's own: WireGuard");
}

static void *mount_9p(void *arg)
{
	char options[100];

	snprintf(options, sizeof(options), "trans=tcp,port=%u",
		 *(unsigned int *)arg);
	mount("127.0.0.1", "/tmp/9p", "9p", 0, options);
	return NULL;
}

/* The server answers nothing, so the mount stays where it is. */
static void check_9p(void)
{
	const char *name = "the kernel's own: the connection of a 9p mount";
	int listener = tcp_listen("127.0.0.1", 1), server = -1;
	struct address peer = { .length = sizeof(peer.v4) };
	unsigned int port = sock_port(listener);
	pthread_t thread;

	sock_nonblocking(listener);
	mkdir("/tmp/9p", 0700);
	if (pthread_create(&thread, NULL, mount_9p, &port))
		tap_bail("no thread");
	for (double start = now(); now() < start + PATIENCE; pause_ms(20)) {
		server = accept(listener, &peer.any, &peer.length);
		if (server >= 0)
			break;
	}
	if (server < 0)
		situation_skip(name, "9p over TCP");
	else
		nobody_holds(name, "tcp", ntohs(peer.v4.sin_port), 0,
			     "`kernel`");
	close(server);
	close(listener);
	pthread_join(thread, NULL);
	rmdir("/tmp/9p");
}

int main(void)
{
	static void (*const checks[])(void) = {
		check_orphan,	 check_lingering,
		check_fin_wait2, check_timewait,
		check_accept,	 check_fast_open,
		check_half_open, check_half_open_closed,
		check_vxlan,	 check_wireguard,
		check_9p,
	};

	tap_plan(ARRAY_SIZE(checks));
	peers_prepare();
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		net_enter_new();
		checks[i]();
	}
	return tap_done();
}
