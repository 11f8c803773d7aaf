// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * A socket has a port, and another one wants it: every kind of holder, on every
 * kind of address, with every combination of options, users and interfaces,
 * against every bind() there is. What tools/conflict.c, as the reader's --why,
 * says of the holder's rows must be what the kernel does. make check takes one
 * holder of SAMPLE, of each kind and place others; make check-all takes all.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/ask.h"
#include "lib/deadline.h"
#include "lib/effort.h"
#include "lib/link.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/table.h"
#include "lib/tap.h"
#include "../../tools/conflict.h"

#define OTHER_UID  1234
#define FIRST_PORT 10000
#define COLUMNS	   "columns=proto,state,laddr,dev,holder,flags,sockuid "
#define MAX_TOLD   20

/*
 * Where a holder is, and where its peer is. Sockets without a peer pass over
 * what differs in it alone.
 */
static const struct place {
	const char *address;
	bool v6only;
	const char *peer;
	bool again;
	const char *name;
} places[] = {
	{ "0.0.0.0", false, "127.0.0.1", false, "0.0.0.0" },
	{ "127.0.0.1", false, "127.0.0.1", false, "127.0.0.1" },
	{ "127.0.0.2", false, "127.0.0.2", false, "127.0.0.2" },
	{ "::", false, "::1", false, "::" },
	{ "::", false, "127.0.0.1", true, "::, IPv4" },
	{ "::", true, "::1", false, ":: v6only" },
	{ "::1", false, "::1", false, "::1" },
	{ "::ffff:127.0.0.1", false, "127.0.0.1", false, "::ffff:127.0.0.1" },
	{ "::ffff:0.0.0.0", false, "127.0.0.1", false, "::ffff:0.0.0.0" },
};

/* 127.0.0.6 is what a true IPv6 address is to IPv4 inside the kernel. */
static const struct target {
	const char *address;
	bool v6only;
} targets[] = {
	{ "0.0.0.0", false },
	{ "127.0.0.1", false },
	{ "127.0.0.2", false },
	{ "127.0.0.6", false },
	{ "::", false },
	{ "::", true },
	{ "::1", false },
	{ "::ffff:127.0.0.1", false },
	{ "::ffff:0.0.0.0", false },
	{ "::ffff:127.0.0.2", false },
	{ "::ffff:127.0.0.6", false },
};

static const char *const devices[] = { NULL, "lo", "other" };

/* How a socket is opened, of a holder as of somebody who wants its port. */
struct options {
	int type;
	int protocol;
	unsigned int way;
	uid_t uid;
	const char *device;
};

/* A holder: what it is made of, and its sockets. */
struct holder {
	const struct place *place;
	struct options options;
	unsigned int port;
	int socks[4];
	size_t nr_socks;
};

static struct bind_rules rules;
static unsigned int next_port = FIRST_PORT;

static void option(int sock, int level, int name)
{
	sock_option(sock, level, name, 1);
}

static int open_socket(const struct options *options, int family, bool v6only)
{
	int sock;

	/* A socket is its maker's, who is root in all other respects. */
	setfsuid(options->uid);
	sock = socket(family, options->type, options->protocol);
	setfsuid(0);
	if (sock < 0)
		tap_bail_errno("socket");
	if (options->way & BIND_REUSEADDR)
		option(sock, SOL_SOCKET, SO_REUSEADDR);
	if (options->way & BIND_REUSEPORT)
		option(sock, SOL_SOCKET, SO_REUSEPORT);
	if (v6only)
		option(sock, IPPROTO_IPV6, IPV6_V6ONLY);
	if (options->device &&
	    setsockopt(sock, SOL_SOCKET, SO_BINDTODEVICE, options->device,
		       strlen(options->device)))
		tap_bail_errno("SO_BINDTODEVICE");
	return sock;
}

static int keep(struct holder *holder, int sock)
{
	return holder->socks[holder->nr_socks++] = sock;
}

static int hold_port(struct holder *holder)
{
	const struct place *place = holder->place;
	int family = address_of(place->address, 0).any.sa_family;
	int sock = open_socket(&holder->options, family, place->v6only);

	sock_bind(sock, place->address, holder->port);
	return keep(holder, sock);
}

static void make_bound(struct holder *holder)
{
	hold_port(holder);
}

static int make_listener(struct holder *holder)
{
	int sock = hold_port(holder);

	if (listen(sock, 8))
		tap_bail_errno("listen");
	return sock;
}

static void make_listening(struct holder *holder)
{
	make_listener(holder);
}

/* The peer as the holder must name it. */
static void connect_to_peer(struct holder *holder, int sock, unsigned int port)
{
	const struct place *place = holder->place;
	char mapped[64];

	snprintf(mapped, sizeof(mapped), "%s%s",
		 strchr(place->address, ':') && !strchr(place->peer, ':') ?
			 "::ffff:" :
			 "",
		 place->peer);
	sock_connect(sock, mapped, port);
}

/* The connected one has the port. */
static void make_client(struct holder *holder)
{
	int listener = keep(holder, tcp_listen(holder->place->peer, 8));

	connect_to_peer(holder, hold_port(holder), sock_port(listener));
}

static void make_connected(struct holder *holder)
{
	connect_to_peer(holder, hold_port(holder), 9);
}

static void make_queued(struct holder *holder)
{
	int listener = make_listener(holder);

	keep(holder, tcp_connect_waiting(holder->place->peer, listener));
}

/* The accepted socket has the port, and its listener is gone. */
static int make_accepted(struct holder *holder, int *client)
{
	int listener = make_listener(holder);
	int sock;

	*client = keep(holder, tcp_connect(holder->place->peer, holder->port));
	setfsuid(holder->options.uid);
	sock = tcp_accept(listener);
	setfsuid(0);
	close(listener);
	holder->socks[0] = sock;
	return sock;
}

static void make_child(struct holder *holder)
{
	int client;

	make_accepted(holder, &client);
}

static bool has_state(void *arg)
{
	struct holder *holder = arg;
	char query[64];

	snprintf(query, sizeof(query), "columns=state lport=%u state=TIME_WAIT",
		 holder->port);
	return ask_count(query);
}

static void half_close(struct holder *holder, int *client)
{
	int sock = make_accepted(holder, client);

	shutdown(sock, SHUT_WR);
	tcp_wait_state(sock, TCP_FIN_WAIT2);
	close(sock);
	holder->socks[0] = -1;
}

static void make_fin_wait2(struct holder *holder)
{
	int client;

	half_close(holder, &client);
}

static void make_time_wait(struct holder *holder)
{
	int client;

	half_close(holder, &client);
	close(client);
	holder->nr_socks = 0;
	if (!wait_until(has_state, holder))
		tap_bail("no TIME_WAIT comes");
}

/* In FIN_WAIT2 for more than the minute that would make it a time-wait. */
static void make_orphan(struct holder *holder)
{
	int client;
	int sock = make_accepted(holder, &client);

	sock_option(sock, IPPROTO_TCP, TCP_LINGER2, 120);
	close(sock);
	holder->socks[0] = -1;
}

static void make_reset(struct holder *holder)
{
	int client;
	int sock = make_accepted(holder, &client);

	tcp_reset_on_close(client);
	close(client);
	holder->nr_socks = 1;
	tcp_wait_state(sock, TCP_CLOSE);
}

static void end(struct holder *holder)
{
	for (size_t i = 0; i < holder->nr_socks; i++)
		if (holder->socks[i] >= 0)
			close(holder->socks[i]);
}

static const struct kind {
	const char *name;
	int type;
	int protocol;
	bool has_peer;
	size_t rows; /* of its port, at least */
	void (*make)(struct holder *holder);
} kinds[] = {
	{ "tcp, bound", SOCK_STREAM, 0, false, 1, make_bound },
	{ "tcp, listening", SOCK_STREAM, 0, false, 1, make_listening },
	{ "tcp, connected", SOCK_STREAM, 0, true, 1, make_client },
	{ "tcp, not yet accepted", SOCK_STREAM, 0, true, 2, make_queued },
	{ "tcp, accepted", SOCK_STREAM, 0, true, 1, make_child },
	{ "tcp, FIN_WAIT2", SOCK_STREAM, 0, true, 1, make_fin_wait2 },
	{ "tcp, TIME_WAIT", SOCK_STREAM, 0, true, 1, make_time_wait },
	{ "tcp, orphan", SOCK_STREAM, 0, true, 1, make_orphan },
	{ "tcp, reset", SOCK_STREAM, 0, true, 1, make_reset },
	{ "mptcp, bound", SOCK_STREAM, IPPROTO_MPTCP, false, 1, make_bound },
	{ "mptcp, listening", SOCK_STREAM, IPPROTO_MPTCP, false, 1,
	  make_listening },
	{ "udp, bound", SOCK_DGRAM, 0, false, 1, make_bound },
	{ "udp, connected", SOCK_DGRAM, 0, true, 1, make_connected },
	{ "udplite, bound", SOCK_DGRAM, IPPROTO_UDPLITE, false, 1, make_bound },
};

static const char *proto_of(const struct kind *kind)
{
	if (kind->protocol == IPPROTO_UDPLITE)
		return "udplite,udplite6";
	return kind->type == SOCK_STREAM ? "tcp,tcp6" : "udp,udp6";
}

static void ask_for(struct table *table, const struct kind *kind,
		    unsigned int port)
{
	char query[160];

	snprintf(query, sizeof(query), COLUMNS "lport=%u netns=%lu proto=%s",
		 port, net_inode(), proto_of(kind));
	ask(table, query);
	if (table->nr_rows < kind->rows)
		tap_bail("%s: %zu rows", kind->name, table->nr_rows);
}

static void read_claims(struct claim *claims, const struct table *table)
{
	for (size_t i = 0; i < table->nr_rows; i++) {
		struct claim_text text = {
			.state = table_cell(table, i, "state"),
			.laddr = table_cell(table, i, "laddr"),
			.device = table_cell(table, i, "dev"),
			.holder = table_cell(table, i, "holder"),
			.flags = table_cell(table, i, "flags"),
			.sockuid = table_cell(table, i, "sockuid"),
		};

		if (!claim_read(&claims[i], &text))
			tap_bail("%s is no address", text.laddr);
	}
}

static void want(struct claim *wanted, const struct target *target,
		 const struct options *options)
{
	struct claim_text text = {
		.state = "BOUND",
		.laddr = target->address,
		.device = options->device ?: "-",
		.holder = "fd",
		.flags = target->v6only ? "v6only" : "-",
		.sockuid = options->uid ? "1234" : "0",
	};

	if (!claim_read(wanted, &text))
		tap_bail("%s is no address", target->address);
}

static enum conflict predict(const struct claim *claims, size_t nr,
			     const struct target *target,
			     const struct options *options)
{
	struct conflicts all = { 0 };
	struct claim wanted;

	want(&wanted, target, options);
	for (size_t i = 0; i < nr; i++)
		conflicts_add(&all,
			      claim_conflict(&claims[i], &wanted, options->way,
					     options->type == SOCK_STREAM,
					     &rules));
	return conflicts_judge(&all, options->type == SOCK_STREAM);
}

/* Returns 0 or errno. */
static int try_bind(const struct target *target, const struct options *options,
		    unsigned int port)
{
	struct address address = address_of(target->address, port);
	int sock = open_socket(options, address.any.sa_family, target->v6only);
	int error = bind(sock, &address.any, address.length) ? errno : 0;

	close(sock);
	return error;
}

/* What the rules say they do not know. */
static bool may_be_unknown(const struct claim *claims, size_t nr,
			   const struct target *target)
{
	for (size_t i = 0; i < nr; i++) {
		if (claims[i].ownerless && claims[i].reuseport &&
		    rules.ownerless_is_root)
			return true;
	}
	return rules.mapped_any_missed &&
	       !strncmp(target->address, "::ffff:127", strlen("::ffff:127"));
}

struct score {
	unsigned long tried;
	unsigned long refused;
	unsigned long unknown;
	unsigned long unknown_refused;
	unsigned long wrong;
};

static void judge(struct score *score, const struct kind *kind,
		  const struct holder *holder, const struct claim *claims,
		  size_t nr, const struct target *target,
		  const struct options *options)
{
	static const char *const ways[] = { "", " reuseaddr", " reuseport",
					    " reuseaddr reuseport" };
	enum conflict predicted = predict(claims, nr, target, options);
	int error = try_bind(target, options, holder->port);
	bool right;

	/* An address of lo, on another interface. */
	if (error == EADDRNOTAVAIL && options->device)
		return;
	score->tried++;
	score->refused += error == EADDRINUSE;
	switch (predicted) {
	case CONFLICT_NONE:
		right = !error;
		break;
	case CONFLICT_SURE:
		right = error == EADDRINUSE;
		break;
	default:
		score->unknown++;
		score->unknown_refused += !!error;
		right = (!error || error == EADDRINUSE) &&
			may_be_unknown(claims, nr, target);
	}
	if (right || score->wrong++ >= MAX_TOLD)
		return;
	tap_diag("%s at %s%s uid %u dev %s:", kind->name, holder->place->name,
		 ways[holder->options.way], holder->options.uid,
		 holder->options.device ?: "-");
	tap_diag("bind to %s%s%s uid %u dev %s: %s, not %d", target->address,
		 target->v6only ? " v6only" : "", ways[options->way],
		 options->uid, options->device ?: "-",
		 error ? strerror(error) : "works", predicted);
}

/*
 * Each device has a holder of its own: a bind() on another device that worked,
 * with SO_REUSEPORT, leaves a short cut in the bucket of the port, and who comes
 * after it is let in unseen.
 */
static void check_holder(struct score *score, const struct kind *kind,
			 struct holder *holder, const char *device)
{
	struct options options = holder->options;
	struct claim claims[8];
	struct table table;

	holder->port = next_port++;
	holder->nr_socks = 0;
	kind->make(holder);
	ask_for(&table, kind, holder->port);
	if (table.nr_rows > ARRAY_SIZE(claims))
		tap_bail("%zu rows", table.nr_rows);
	read_claims(claims, &table);

	options.device = device;
	if (kind->protocol == IPPROTO_MPTCP)
		options.protocol = 0;
	for (size_t t = 0; t < ARRAY_SIZE(targets); t++) {
		for (unsigned int i = 0; i < 2 * BIND_WAYS; i++) {
			options.way = i % BIND_WAYS;
			options.uid = i / BIND_WAYS ? OTHER_UID : 0;
			judge(score, kind, holder, claims, table.nr_rows,
			      &targets[t], &options);
		}
	}
	table_free(&table);
	end(holder);
}

static void check(const struct kind *kind, const struct place *place)
{
	/* Of these holders; no number that the ways or devices are a part of. */
	const int sample = times(1, 13, 37);
	size_t number = (kind - kinds) + (place - places);
	struct score score = { 0 };

	for (unsigned int i = 0; i < 4 * BIND_WAYS; i++) {
		struct holder holder = {
			.place = place,
			.options = {
				.type = kind->type,
				.protocol = kind->protocol,
				.way = i % BIND_WAYS,
				.uid = i / BIND_WAYS % 2 ? OTHER_UID : 0,
				.device = i / BIND_WAYS / 2 ? "lo" : NULL,
			},
		};

		for (size_t d = 0; d < ARRAY_SIZE(devices); d++)
			if (number++ % sample == 0)
				check_holder(&score, kind, &holder, devices[d]);
	}
	tap_ok(!score.wrong && score.tried > 1000UL / sample, "%s, %s",
	       kind->name, place->name);
	tap_diag("%lu tried, %lu refused, %lu unknown (%lu refused), %lu wrong",
		 score.tried, score.refused, score.unknown,
		 score.unknown_refused, score.wrong);
}

static bool exists(const struct kind *kind)
{
	int sock = socket(AF_INET, kind->type, kind->protocol);

	if (sock < 0)
		return false;
	close(sock);
	return true;
}

static void enter(void)
{
	net_enter_new();
	if (!link_add("other", "dummy"))
		tap_bail("no dummy device");
	net_bring_up("other");
	sysctl_set("net/ipv4/ip_local_port_range", "50000 60999");
	/* A reset would end a time-wait. */
	sysctl_set("net/ipv4/tcp_rfc1337", "1");
}

int main(void)
{
	struct utsname name;
	unsigned int claims = 0;

	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++)
		for (size_t p = 0; p < ARRAY_SIZE(places); p++)
			claims += kinds[k].has_peer || !places[p].again;
	tap_plan(claims);
	uname(&name);
	bind_rules_of(&rules, name.release);
	enter();
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		for (size_t p = 0; p < ARRAY_SIZE(places); p++) {
			if (places[p].again && !kinds[k].has_peer)
				continue;
			if (exists(&kinds[k]))
				check(&kinds[k], &places[p]);
			else
				tap_skip("this kernel has no such protocol",
					 "%s, %s", kinds[k].name,
					 places[p].name);
		}
	}
	return tap_done();
}
