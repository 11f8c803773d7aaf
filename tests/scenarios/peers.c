// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * What ss, lsof and the join of /proc/PID/fd with /proc/net say of an idle
 * network namespace with sockets of all kinds, held by two processes. Each of
 * them must say what the listing says: protocol, process, descriptor, both
 * ends. The differences that remain are in a table, with the reason why the
 * listing is right; one that goes away is a failure, like a new one.
 */
#define _GNU_SOURCE
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/child.h"
#include "lib/mix.h"
#include "lib/net.h"
#include "lib/peer.h"
#include "lib/proc_net.h"
#include "lib/sock.h"
#include "lib/tap.h"

enum side {
	HERE,
	THERE,
};

enum peer {
	FROM_SS,
	FROM_LSOF,
	FROM_PROC,
	NR_PEERS,
};

static const struct {
	const char *name;
	void (*ask)(struct facts *facts);
	size_t devices; /* facts whose device it does not know */
} peers[NR_PEERS] = {
	[FROM_SS] = { SS, facts_of_ss, 0 },
	[FROM_LSOF] = { LSOF, facts_of_lsof, 30 },
	[FROM_PROC] = { "/proc/*/fd joined with /proc/net/*", facts_of_proc,
			30 },
};

/*
 * Facts that only one side has, @number of them: those that are, written as
 * "PROTO LOCAL REMOTE" with "fd" or "-" behind the protocol, like @pattern.
 * Every socket has two holders, some of them twice.
 */
static const struct difference {
	enum peer peer;
	enum side side;
	const char *pattern;
	size_t number;
	enum mix_protocol needs;
	const char *why;
} differences[] = {
	/* Sockets that it does not know. */
	{ FROM_SS, HERE, "tcp fd \\*:\\* *", 2, ALWAYS,
	  "TCP, neither bound nor connected, is in no hash table" },
	{ FROM_SS, HERE, "tcp fd *:1013 *", 2, ALWAYS,
	  "TCP, bound and no more, is in a hash table that it cannot read" },
	{ FROM_SS, HERE, "udp fd \\*:\\* *", 2, ALWAYS,
	  "UDP without a port is in no hash table" },
	{ FROM_SS, HERE, "udplite fd *", 4, UDPLITE,
	  "it does not ask for UDP-Lite" },
	{ FROM_SS, HERE, "icmp fd *", 4, ALWAYS,
	  "it does not ask for ping sockets" },
	{ FROM_SS, HERE, "inet115 fd *", 2, L2TP, "it does not ask for L2TP" },
	{ FROM_SS, HERE, "mptcp fd *:1406 *", 2, MPTCP,
	  "MPTCP, bound and no more, is in no hash table" },
	{ FROM_SS, HERE, "sctp fd *:1508 *", 2, SCTP,
	  "SCTP, bound and no more, is in a hash table that it cannot read" },
	/* A raw socket is none of the protocol that it sends. */
	{ FROM_SS, HERE, "raw fd *", 14, ALWAYS,
	  "raw sockets, whatever their protocol" },
	{ FROM_SS, THERE, "[?][?][?] fd *", 8, ALWAYS,
	  "it has no name for these raw sockets" },
	{ FROM_SS, THERE, "tcp fd *:6 *", 2, ALWAYS,
	  "it takes a raw socket for one of its protocol" },
	{ FROM_SS, THERE, "udp fd *:17 *", 2, ALWAYS,
	  "it takes a raw socket for one of its protocol" },
	{ FROM_SS, THERE, "icmp6 fd *:58 *", 2, ALWAYS,
	  "it takes a raw socket for one of its protocol" },
	/* The process holds the MPTCP socket, which holds the TCP socket. */
	{ FROM_SS, HERE, "tcp - *", 7, MPTCP, "no process holds a subflow" },
	{ FROM_SS, THERE, "tcp fd *:?40[24] *", 12, MPTCP,
	  "the process is said to hold the subflow" },
	/* One descriptor is one socket, with many associations. */
	{ FROM_SS, HERE, "sctp - *:1506 *", 2, SCTP,
	  "no process holds an association" },
	{ FROM_SS, THERE, "sctp fd *%lo:1506 *", 4, SCTP,
	  "the process is said to hold each association" },
	{ FROM_SS, THERE, "sctp fd *%lo:*", 12, SCTP,
	  "an association again, with the device that it goes through" },

	{ FROM_LSOF, HERE, "tcp fd \\*:\\* *", 2, ALWAYS,
	  "TCP, neither bound nor connected, is in no file of /proc/net" },
	{ FROM_LSOF, HERE, "tcp fd *:1013 *", 2, ALWAYS,
	  "TCP, bound and no more, is in no file of /proc/net" },
	{ FROM_LSOF, HERE, "udp fd \\*:\\* *", 2, ALWAYS,
	  "UDP without a port is in no file of /proc/net" },
	{ FROM_LSOF, HERE, "icmp fd *", 4, ALWAYS,
	  "-i does not mean ping sockets" },
	{ FROM_LSOF, HERE, "raw fd *", 14, ALWAYS,
	  "-i does not mean raw sockets" },
	{ FROM_LSOF, HERE, "inet115 fd *", 2, L2TP, "-i does not mean L2TP" },
	{ FROM_LSOF, HERE, "sctp *", 22, SCTP, "-i does not mean SCTP" },
	{ FROM_LSOF, HERE, "mptcp fd *", 14, MPTCP,
	  "the process holds MPTCP sockets" },
	{ FROM_LSOF, HERE, "tcp - *", 7, MPTCP, "no process holds a subflow" },
	{ FROM_LSOF, THERE, "tcp fd *:?40[24] *", 12, MPTCP,
	  "the process is said to hold the subflow" },

	{ FROM_PROC, HERE, "tcp fd \\*:\\* *", 2, ALWAYS,
	  "TCP, neither bound nor connected, is in no file of /proc/net" },
	{ FROM_PROC, HERE, "tcp fd *:1013 *", 2, ALWAYS,
	  "TCP, bound and no more, is in no file of /proc/net" },
	{ FROM_PROC, HERE, "udp fd \\*:\\* *", 2, ALWAYS,
	  "UDP without a port is in no file of /proc/net" },
	{ FROM_PROC, HERE, "inet115 fd *", 2, L2TP,
	  "L2TP is in no file of /proc/net" },
	{ FROM_PROC, HERE, "sctp fd *:1508 *", 2, SCTP,
	  "SCTP, bound and no more, is in no file of /proc/net" },
	{ FROM_PROC, HERE, "raw fd *:143 *:99", 2, ALWAYS,
	  "the peer of a raw socket has the port that getpeername() says" },
	{ FROM_PROC, THERE, "raw fd *:143 *:\\*", 2, ALWAYS,
	  "/proc/net/raw has 0 for it" },
	{ FROM_PROC, HERE, "mptcp fd *", 14, MPTCP,
	  "the process holds MPTCP sockets" },
	{ FROM_PROC, HERE, "tcp - *", 7, MPTCP, "no process holds a subflow" },
	{ FROM_PROC, THERE, "tcp fd *:?40[24] *", 12, MPTCP,
	  "the inode of a subflow is that of its MPTCP socket" },
	{ FROM_PROC, HERE, "sctp - *:1506 *", 2, SCTP,
	  "no process holds an association" },
	{ FROM_PROC, THERE, "sctp fd *:1506 *:250[67]", 4, SCTP,
	  "the inode of an association is that of its socket" },
};

/* Holds all of them, and one in a namespace where nobody looks. */
static void hold(int control, void *arg)
{
	(void)arg;
	net_enter_new();
	tcp_listen("127.0.0.1", 1);
	tell(control, 0);
	stay(control);
}

/* Each fact that one side has alone goes to its entry in the table. */
static bool explained(enum peer peer, enum side side, const struct fact *fact,
		      size_t count[])
{
	char text[256];

	snprintf(text, sizeof(text), "%s %s %s %s", fact->proto,
		 fact->pid == NOBODY ? "-" : "fd", fact->local, fact->remote);
	for (size_t i = 0; i < ARRAY_SIZE(differences); i++) {
		const struct difference *known = &differences[i];

		if (known->peer == peer && known->side == side &&
		    !fnmatch(known->pattern, text, 0)) {
			count[i]++;
			return true;
		}
	}
	tap_diag("only %s: %s pid %d fd %d %s %s",
		 side == HERE ? "here" : "there", fact->proto, fact->pid,
		 fact->fd, fact->local, fact->remote);
	return false;
}

/* Without the device, for those who do not know it; returns how many had one. */
static size_t forget_devices(struct facts *facts)
{
	size_t forgotten = 0;

	for (size_t i = 0; i < facts->nr; i++) {
		char *dev = strchr(facts->fact[i].local, '%');

		if (!dev)
			continue;
		memmove(dev, strrchr(dev, ':'), strlen(strrchr(dev, ':')) + 1);
		forgotten++;
	}
	return forgotten;
}

static void check_differences(enum peer peer, const size_t count[])
{
	for (size_t i = 0; i < ARRAY_SIZE(differences); i++) {
		const struct difference *known = &differences[i];
		const char *where = known->side == HERE ? "here" : "there";

		if (known->peer != peer)
			continue;
		if (mix_has[known->needs])
			tap_is_number(count[i], known->number,
				      "%s: only %s: %s: %s", peers[peer].name,
				      where, known->pattern, known->why);
		else
			tap_skip("this kernel has no such protocol",
				 "%s: only %s: %s", peers[peer].name, where,
				 known->pattern);
	}
}

static void check_devices(enum peer peer, size_t forgotten)
{
	tap_is_number(forgotten, peers[peer].devices,
		      "%s: only here: the device that a socket is bound to",
		      peers[peer].name);
}

static void check(enum peer peer)
{
	size_t count[ARRAY_SIZE(differences)] = { 0 };
	size_t unknown = 0, same = 0, o = 0, t = 0;
	struct facts ours = { 0 }, theirs = { 0 };

	facts_of_listing(&ours);
	if (peers[peer].devices)
		check_devices(peer, forget_devices(&ours));
	peers[peer].ask(&theirs);
	facts_sort(&ours);
	facts_sort(&theirs);
	while (o < ours.nr || t < theirs.nr) {
		int order;

		if (o == ours.nr)
			order = 1;
		else if (t == theirs.nr)
			order = -1;
		else
			order = fact_compare(&ours.fact[o], &theirs.fact[t]);
		if (order == 0)
			same++;
		else if (order < 0)
			unknown += !explained(peer, HERE, &ours.fact[o], count);
		else if (!explained(peer, THERE, &theirs.fact[t], count))
			unknown++;
		o += order <= 0;
		t += order >= 0;
	}
	tap_ok(!unknown && same > 80,
	       "%s: the same but for what is named below", peers[peer].name);
	tap_diag("%zu facts here, %zu there, %zu the same", ours.nr, theirs.nr,
		 same);
	check_differences(peer, count);
	facts_clear(&ours);
	facts_clear(&theirs);
}

int main(void)
{
	struct child child;

	tap_plan(NR_PEERS + 2 + ARRAY_SIZE(differences));
	/* What they make the kernel load must not be new in the picture. */
	peers_prepare();
	net_enter_new();
	mix_make();
	child_start(&child, hold, NULL);
	hear(child.control);
	for (enum peer peer = 0; peer < NR_PEERS; peer++)
		check(peer);
	child_stop(&child);
	return tap_done();
}
