// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "receivers.h"

#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "array.h"
#include "ask.h"
#include "deadline.h"
#include "processor.h"
#include "sock.h"
#include "tap.h"

#define NR_AT_RANDOM 120
#define MAX_SOCKETS  256

#define MIXED_PORT    7006 /* and the next one: at random */
#define PEER_PORT     30001
#define NR_PEER_PORTS 3

struct socket {
	struct spec spec;
	unsigned long inode;
};

static struct socket sockets[MAX_SOCKETS];
static struct pollfd polled[MAX_SOCKETS + 1];
static unsigned int nr_sockets;

static unsigned int random_below(unsigned int limit)
{
	return random() % limit;
}

static bool is_v6(const char *text)
{
	return strchr(text, ':');
}

static bool is_link_local(const char *text)
{
	return !strncmp(text, "fe80:", 5);
}

/* Whichever of two on one tuple gets it depends on who was there first. */
static bool is_taken(const struct spec *spec)
{
	for (unsigned int i = 0; i < nr_sockets; i++) {
		const struct spec *other = &sockets[i].spec;

		if (other->peer && spec->peer && other->port == spec->port &&
		    other->peer_port == spec->peer_port &&
		    !strcmp(other->peer->from, spec->peer->from) &&
		    !strcmp(other->peer->to, spec->peer->to))
			return true;
	}
	return false;
}

static bool set_up(int sock, int type, const struct spec *spec)
{
	struct address address = address_of(spec->address, spec->port);
	struct address peer;

	if (spec->dev && !is_link_local(spec->address) &&
	    setsockopt(sock, SOL_SOCKET, SO_BINDTODEVICE, spec->dev,
		       strlen(spec->dev)))
		tap_bail_errno("SO_BINDTODEVICE %s", spec->dev);
	if (is_link_local(spec->address))
		address.v6.sin6_scope_id = if_nametoindex(spec->dev);
	if (is_v6(spec->address))
		sock_option(sock, IPPROTO_IPV6, IPV6_V6ONLY, spec->v6only);
	if (spec->reuseport || (type == SOCK_STREAM && spec->shares))
		sock_option(sock, SOL_SOCKET, SO_REUSEPORT, 1);
	else if (type == SOCK_DGRAM)
		sock_option(sock, SOL_SOCKET, SO_REUSEADDR, 1);
	if (bind(sock, &address.any, address.length))
		return false;
	if (type == SOCK_STREAM)
		return !listen(sock, 16);
	if (!spec->peer)
		return true;
	peer = address_of(spec->peer->from, spec->peer_port);
	if (is_link_local(spec->peer->from))
		peer.v6.sin6_scope_id = if_nametoindex(spec->peer->dev);
	return !connect(sock, &peer.any, peer.length);
}

/* One that cannot be, since of others, is left out. */
static bool add(int type, const struct spec *spec)
{
	int sock;

	if (nr_sockets == MAX_SOCKETS || is_taken(spec))
		return false;
	sock = sock_open(is_v6(spec->address) ? AF_INET6 : AF_INET, type, 0);
	if (!set_up(sock, type, spec)) {
		close(sock);
		return false;
	}
	sock_nonblocking(sock);
	sockets[nr_sockets] = (struct socket){ *spec, sock_inode(sock) };
	polled[nr_sockets++] = (struct pollfd){ .fd = sock, .events = POLLIN };
	return true;
}

static struct spec spec_at_random(const struct receivers *receivers, int type)
{
	static const char *const addresses[] = {
		"0.0.0.0", "192.168.1.1", "192.168.2.1", "127.0.0.1", "::",
		"::",	   "fd00:1::1",	  "fd00:2::1",	 "::1",	      "fe80::1"
	};
	struct spec spec = {
		.address = addresses[random_below(ARRAY_SIZE(addresses))],
		.port = MIXED_PORT + random_below(2),
		.dev = receivers->devs[random_below(receivers->nr_devs)],
		.v6only = random_below(2),
		.reuseport = random_below(2),
		.peer_port = PEER_PORT + random_below(NR_PEER_PORTS),
	};

	if (!is_link_local(spec.address) && random_below(3))
		spec.dev = NULL;
	if (type == SOCK_DGRAM && random_below(2)) {
		spec.peer = &receivers->ways[random_below(receivers->nr_ways)];
		/* It is of the same family, or cannot be. */
		spec.address = spec.peer->to;
		spec.dev = random_below(4) ? NULL : spec.peer->dev;
		if (is_link_local(spec.address))
			spec.dev = spec.peer->dev;
	}
	return spec;
}

static void open_all(const struct receivers *receivers, int type)
{
	unsigned int nr_chosen;

	for (unsigned int i = 0; i < receivers->nr_chosen; i++)
		if (!add(type, &receivers->chosen[i]))
			tap_bail_errno("%s port %u",
				       receivers->chosen[i].address,
				       receivers->chosen[i].port);
	nr_chosen = nr_sockets;
	for (unsigned int i = 0; i < NR_AT_RANDOM; i++) {
		struct spec spec = spec_at_random(receivers, type);

		add(type, &spec);
	}
	tap_diag("%u sockets, and %u more at random", nr_chosen,
		 nr_sockets - nr_chosen);
}

static void close_all(void)
{
	while (nr_sockets)
		close(polled[--nr_sockets].fd);
}

/*
 * Waits until @sender has an event, or one of the sockets has something to be
 * read; returns which one, nr_sockets if none.
 */
static unsigned int wait_for_receiver(int sender, short events)
{
	unsigned int i;

	polled[nr_sockets] = (struct pollfd){ .fd = sender, .events = events };
	if (poll(polled, nr_sockets + 1, PATIENCE * 1000) <= 0)
		tap_bail_errno("neither received nor refused");
	for (i = 0; i < nr_sockets; i++)
		if (polled[i].revents)
			break;
	return i;
}

static unsigned long inode_of(unsigned int receiver)
{
	return receiver < nr_sockets ? sockets[receiver].inode : 0;
}

/* Who gets it, says the query: an inode number; 0: nobody; 1: more than one. */
static unsigned long ask_who(const char *query)
{
	char text[256];
	struct table answer;
	unsigned long inode = 0;

	snprintf(text, sizeof(text), "columns=inode,pid %s", query);
	ask(&answer, text);
	if (answer.nr_rows == 1)
		inode = strtoul(table_cell(&answer, 0, "inode"), NULL, 10);
	else if (answer.nr_rows)
		inode = 1;
	table_free(&answer);
	return inode;
}

struct counts {
	unsigned int wrong, nobody, connected;
};

static void judge(struct counts *counts, const char *query, unsigned long said,
		  unsigned long got)
{
	counts->nobody += !got;
	if (said == got)
		return;
	if (counts->wrong++ < 20)
		tap_diag("%s: inode %lu, not %lu", query, got, said);
}

static unsigned int port_at_random(void)
{
	if (random_below(2))
		return PEER_PORT + random_below(NR_PEER_PORTS);
	return 40000 + random_below(20000);
}

/* Half of them where all is mixed. */
static unsigned int port_of_ours(void)
{
	if (random_below(2))
		return MIXED_PORT + random_below(2);
	return RECEIVERS_FIRST_PORT + random_below(RECEIVERS_NR_PORTS);
}

static unsigned int receive(int sender)
{
	unsigned int receiver = wait_for_receiver(sender, 0);
	char byte;
	int error;

	if (receiver < nr_sockets) {
		if (recv(polled[receiver].fd, &byte, 1, 0) != 1)
			tap_bail_errno("receiving");
		return receiver;
	}
	error = send(sender, "", 0, 0) ? errno : 0;
	if (error != ECONNREFUSED)
		tap_bail("nobody has received, and nobody was refused: %s",
			 strerror(error));
	return receiver;
}

static void try_udp(const struct receivers *receivers, struct counts *counts)
{
	const struct way *way =
		&receivers->ways[random_below(receivers->nr_ways)];
	unsigned int port = port_of_ours();
	unsigned int from_port = port_at_random(), receiver;
	int sender = wires_open(receivers->wires, way, SOCK_DGRAM, from_port);
	unsigned long said;
	char query[200];

	wires_query(query, sizeof(query), way, "udp", from_port, port);
	said = ask_who(query);
	if (wires_connect(sender, way, port))
		tap_bail_errno("connect to %s", way->to);
	if (send(sender, "x", 1, 0) != 1)
		tap_bail_errno("%s", query);
	receiver = receive(sender);
	counts->connected += receiver < nr_sockets &&
			     sockets[receiver].spec.peer;
	judge(counts, query, said, inode_of(receiver));
	close(sender);
}

/* The connection is found by the next packet, in the queue and accepted. */
static void check_connection(struct counts *counts, const char *query,
			     unsigned int receiver)
{
	char text[256];
	struct table answer;
	int sock;

	snprintf(text, sizeof(text), "columns=holder,via %s", query);
	ask(&answer, text);
	if (answer.nr_rows != 1 ||
	    strcmp(table_cell(&answer, 0, "holder"), "accept") ||
	    strtoul(table_cell(&answer, 0, "via"), NULL, 10) !=
		    inode_of(receiver)) {
		counts->wrong++;
		tap_diag("%s: not in the queue of inode %lu", query,
			 inode_of(receiver));
	}
	table_free(&answer);
	sock = accept(polled[receiver].fd, NULL, NULL);
	if (sock < 0)
		tap_bail_errno("accept");
	if (ask_who(query) != sock_inode(sock)) {
		counts->wrong++;
		tap_diag("%s: not the one that was accepted", query);
	}
	tcp_reset_on_close(sock);
	close(sock);
	counts->connected++;
}

static void try_tcp(const struct receivers *receivers, struct counts *counts)
{
	const struct way *way =
		&receivers->ways[random_below(receivers->nr_ways)];
	unsigned int port = port_of_ours();
	unsigned int from_port = port_at_random(), receiver;
	int sender = wires_open(receivers->wires, way, SOCK_STREAM, from_port);
	unsigned long said;
	char query[200];
	int error;

	tcp_reset_on_close(sender);
	wires_query(query, sizeof(query), way, "tcp", from_port, port);
	said = ask_who(query);
	error = wires_connect(sender, way, port);
	if (error && error != ECONNREFUSED)
		tap_bail("%s: %s", query, strerror(error));
	receiver = error ? nr_sockets : wait_for_receiver(sender, 0);
	judge(counts, query, said, inode_of(receiver));
	if (!error)
		check_connection(counts, query, receiver);
	close(sender);
}

/*
 * Which sockets are there is chance, and with it how many packets find one: each
 * sort has to come up a few times.
 */
static bool is_fair(const struct counts *counts, unsigned int nr)
{
	return counts->nobody > 4 && nr - counts->nobody > 4 &&
	       counts->connected > 4;
}

static void check(const struct receivers *receivers, int type, unsigned int nr,
		  void (*try)(const struct receivers *receivers,
			      struct counts *counts),
		  const char *what)
{
	struct counts counts = { 0 };
	unsigned int tried;

	open_all(receivers, type);
	for (tried = 0;
	     tried < nr || (!is_fair(&counts, tried) && tried < 4 * nr);
	     tried++)
		try(receivers, &counts);
	close_all();
	tap_diag("of %u, %u to nobody, %u to connections", tried, counts.nobody,
		 counts.connected);
	tap_is_number(counts.wrong, 0, "%s: no difference", what);
	tap_ok(is_fair(&counts, tried),
	       "of these some were received, connected, and refused");
}

void receivers_begin(const char *seed)
{
	unsigned int number = time(NULL);

	if (seed)
		number = strtoul(seed, NULL, 10);
	run_on(sched_getcpu());
	tap_diag("seed %u", number);
	srandom(number);
}

void receivers_get_datagrams(const struct receivers *receivers, unsigned int nr)
{
	check(receivers, SOCK_DGRAM, nr, try_udp, "datagrams");
}

void receivers_get_connections(const struct receivers *receivers,
			       unsigned int nr)
{
	check(receivers, SOCK_STREAM, nr, try_tcp, "SYNs");
}
