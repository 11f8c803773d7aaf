// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Sockets of protocols, or in states, that ss, lsof or netstat do not know or
 * take for another. Each is measured; the lines "# |" are part of the table of
 * the README.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/net.h"
#include "lib/peer.h"
#include "lib/situation.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define PROTOCOL_L2TP 115
#define DCCP_SERVICE  2 /* DCCP_SOCKOPT_SERVICE */

enum step {
	MADE,
	BOUND,
	LISTENING,
};

/* One socket, as it is made. */
static const struct sample {
	const char *name;
	const char *needs;
	int type;
	int protocol;
	enum step step;
	const char *proto;
	const char *ss;
	const char *lsof;
	const char *netstat;
	const char *ours;
} samples[] = {
	{ "TCP, neither bound nor connected", "TCP", SOCK_STREAM, IPPROTO_TCP,
	  MADE, "tcp", "nothing", "nothing", "nothing", "`fd`" },
	{ "TCP, bound and no more", "TCP", SOCK_STREAM, IPPROTO_TCP, BOUND,
	  "tcp", "nothing", "nothing", "nothing", "`fd`" },
	{ "UDP, without a port", "UDP", SOCK_DGRAM, IPPROTO_UDP, MADE, "udp",
	  "nothing", "nothing", "nothing", "`fd`" },
	{ "UDP-Lite", "UDP-Lite", SOCK_DGRAM, IPPROTO_UDPLITE, BOUND, "udplite",
	  "nothing", "owner", "owner", "`fd`" },
	{ "a ping socket", "ping sockets", SOCK_DGRAM, IPPROTO_ICMP, BOUND,
	  "icmp", "nothing", "nothing", "nothing", "`fd`" },
	{ "MPTCP, bound and no more", "MPTCP", SOCK_STREAM, IPPROTO_MPTCP,
	  BOUND, "mptcp", "nothing", "nothing", "nothing", "`fd`, `mptcp`" },
	{ "MPTCP", "MPTCP", SOCK_STREAM, IPPROTO_MPTCP, LISTENING, "mptcp",
	  "owner", "owner, as tcp", "owner, as tcp", "`fd`, `mptcp`" },
	{ "SCTP, bound and no more", "SCTP", SOCK_STREAM, IPPROTO_SCTP, BOUND,
	  "sctp", "nothing", "nothing", "nothing", "`fd`" },
	{ "SCTP, one-to-one", "SCTP", SOCK_STREAM, IPPROTO_SCTP, LISTENING,
	  "sctp", "owner", "nothing", "owner", "`fd`" },
	{ "DCCP", "DCCP", SOCK_DCCP, IPPROTO_DCCP, LISTENING, "dccp", "owner",
	  "nothing", "nothing", "`fd`" },
	{ "L2TP", "L2TP", SOCK_DGRAM, PROTOCOL_L2TP, MADE, "inet115", "nothing",
	  "nothing", "nothing", "`fd`" },
};

static int make(const struct sample *sample)
{
	int sock = socket(AF_INET, sample->type, sample->protocol);
	int service = htonl(42);

	if (sock < 0)
		return -1;
	if (sample->protocol == IPPROTO_DCCP &&
	    setsockopt(sock, SOL_DCCP, DCCP_SERVICE, &service, sizeof(service)))
		tap_bail_errno("a DCCP service");
	if (sample->step >= BOUND)
		sock_bind(sock, "127.0.0.1", 0);
	if (sample->step >= LISTENING && listen(sock, 1))
		tap_bail_errno("listen");
	return sock;
}

static void check_sample(const struct sample *sample)
{
	int sock = make(sample);

	if (sock < 0) {
		situation_skip(sample->name, sample->needs);
		return;
	}
	situation((struct situation){
		.name = sample->name,
		.proto = sample->proto,
		.port = sample->step == MADE ? 0 : sock_port(sock),
		.ss = sample->ss,
		.lsof = sample->lsof,
		.netstat = sample->netstat,
		.ours = sample->ours,
	});
	close(sock);
}

/* Its "port" is its protocol. */
static void check_raw(void)
{
	int sock = sock_open(AF_INET, SOCK_RAW, IPPROTO_UDP);

	situation((struct situation){
		.name = "a raw socket, of protocol UDP",
		.proto = "raw",
		.port = IPPROTO_UDP,
		.ss = "owner, as udp",
		.lsof = "nothing",
		.netstat = "owner",
		.ours = "`fd`",
	});
	close(sock);
}

/* A client and a listener that has not accepted it. */
static void check_not_accepted(void)
{
	const char *name = "an MPTCP connection in the accept queue";
	int listener = socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP);
	unsigned int port;
	int client;

	if (listener < 0) {
		situation_skip(name, "MPTCP");
		return;
	}
	sock_bind(listener, "127.0.0.1", 0);
	if (listen(listener, 1))
		tap_bail_errno("listen");
	port = sock_port(listener);
	client = sock_open(AF_INET, SOCK_STREAM, IPPROTO_MPTCP);
	sock_connect(client, "127.0.0.1", port);
	situation((struct situation){
		.name = name,
		.proto = "tcp",
		.port = port,
		.peer_port = sock_port(client),
		.ss = "no owner",
		.lsof = "nothing",
		.netstat = "no owner",
		.ours = "`accept`",
	});
	close(client);
	close(listener);
}

/* Every association of such a socket is a connection. */
static void check_association(void)
{
	const char *name = "SCTP, an association of a one-to-many socket";
	int many = socket(AF_INET, SOCK_SEQPACKET, IPPROTO_SCTP);
	int client;

	if (many < 0) {
		situation_skip(name, "SCTP");
		return;
	}
	sock_bind(many, "127.0.0.1", 0);
	if (listen(many, 1))
		tap_bail_errno("listen");
	client = sock_open(AF_INET, SOCK_STREAM, IPPROTO_SCTP);
	sock_connect(client, "127.0.0.1", sock_port(many));
	situation((struct situation){
		.name = name,
		.proto = "sctp",
		.port = sock_port(many),
		.peer_port = sock_port(client),
		.ss = "owner",
		.lsof = "nothing",
		.netstat = "owner",
		.ours = "`assoc`",
	});
	close(client);
	close(many);
}

static void enter(void)
{
	net_enter_new();
	sysctl_set("net/ipv4/ping_group_range", "0 2147483647");
}

int main(void)
{
	tap_plan(ARRAY_SIZE(samples) + 3);
	/* Debian does not let the kernel load these by itself. */
	if (system("modprobe -q -a dccp_ipv4 dccp_diag 2>/dev/null") < 0)
		tap_bail_errno("modprobe");
	peers_prepare();
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		enter();
		check_sample(&samples[i]);
	}
	enter();
	check_raw();
	enter();
	check_not_accepted();
	enter();
	check_association();
	return tap_done();
}
