// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Protocols that are modules. A listing loads none of them. Then SCTP with
 * sockets of both styles, and DCCP where the kernel has it.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/ring.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define DCCP_SERVICE 2 /* DCCP_SOCKOPT_SERVICE */

static struct expect expect;

/* The names in the first column of /proc/modules, without the counts. */
static size_t list_modules(char *names, size_t size)
{
	FILE *file = fopen("/proc/modules", "re");
	char line[512];
	size_t used = 0;

	names[0] = '\0';
	while (file && fgets(line, sizeof(line), file))
		used += snprintf(names + used, size - used, "%.*s ",
				 (int)strcspn(line, " "), line);
	if (file)
		fclose(file);
	return used;
}

static void unload(void)
{
	static const char *const names[] = { "sctp_diag", "sctp",
					     "dccp_diag", "dccp_ipv6",
					     "dccp_ipv4", "dccp" };
	char command[64];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(command, sizeof(command), "rmmod %s 2>/dev/null",
			 names[i]);
		if (system(command) < 0)
			tap_bail_errno("rmmod");
	}
}

static void check_not_loaded(void)
{
	static char before[8192], after[8192];
	struct listing listing;

	unload();
	list_modules(before, sizeof(before));
	listing_read(&listing);
	listing_free(&listing);
	list_modules(after, sizeof(after));
	tap_is_text(after, before, "a listing loads no module");
}

/* What the other end of @sock's connection shows, as row of nobody. */
static void row_of_peer(struct expected_row *row, const char *holder, int sock,
			int via)
{
	struct expected_row own;

	row_of_nobody(row, holder, sock);
	own = *row;
	strcpy(row->field[LADDR], own.field[RADDR]);
	strcpy(row->field[LPORT], own.field[RPORT]);
	strcpy(row->field[RADDR], own.field[LADDR]);
	strcpy(row->field[RPORT], own.field[LPORT]);
	row_set(row, INODE, "-");
	row_set(row, STATE, "ESTABLISHED");
	row_set(row, VIA, "%lu", sock_inode(via));
}

static int made(int family, int type, int protocol, const char *address)
{
	int sock = socket(family, type, protocol);
	int service = htonl(42);

	if (sock < 0)
		return -1;
	if (protocol == IPPROTO_DCCP &&
	    setsockopt(sock, SOL_DCCP, DCCP_SERVICE, &service, sizeof(service)))
		tap_bail_errno("a DCCP service");
	sock_bind(sock, address, 0);
	return sock;
}

/* A listener, a connection that waits, one that is accepted. */
static void check_streams(int family, int type, int protocol,
			  const char *address)
{
	const char *name = protocol == IPPROTO_SCTP ? "SCTP" : "DCCP";
	int listener = made(family, type, protocol, address);
	int clients[2], server, bound, ring;
	struct expected_row row;

	if (listener < 0) {
		for (int i = 0; i < 2; i++)
			tap_skip("this kernel has no such protocol", "%s, %s",
				 name, address);
		return;
	}
	if (listen(listener, 4))
		tap_bail_errno("listen");
	for (int i = 0; i < 2; i++) {
		clients[i] = made(family, type, protocol, address);
		sock_connect(clients[i], address, sock_port(listener));
	}
	server = tcp_accept(listener);
	bound = made(family, type, protocol, address);

	expect_fd(&expect, listener);
	expect_fd(&expect, clients[0]);
	expect_fd(&expect, clients[1]);
	expect_fd(&expect, server);
	expect_fd(&expect, bound);
	row_of_peer(&row, "accept", clients[1], listener);
	expect_row(&expect, &row);
	expect_namespace(&expect);
	expect_listed(&expect,
		      "%s, %s: listening, connected, accepted, waiting", name,
		      address);
	expect_clear(&expect);

	ring = ring_keep(&listener, 1);
	row_of_nobody(&row, "elsewhere", listener);
	expect_row(&expect, &row);
	row_of_peer(&row, "accept", clients[1], listener);
	expect_row(&expect, &row);
	close(listener);
	expect_fd(&expect, clients[0]);
	expect_fd(&expect, clients[1]);
	expect_fd(&expect, server);
	expect_fd(&expect, bound);
	expect_namespace(&expect);
	expect_listed(&expect, "%s, %s: the listener is held by an io_uring",
		      name, address);
	expect_clear(&expect);
	close(ring);
	close(clients[0]);
	close(clients[1]);
	close(server);
	close(bound);
}

/* Every association of such a socket is a connection. */
static void check_one_to_many(int family, const char *address)
{
	int many = made(family, SOCK_SEQPACKET, IPPROTO_SCTP, address);
	int clients[3], nr = 3;
	struct expected_row row;

	if (many < 0) {
		tap_skip("this kernel has no SCTP", "one-to-many, %s", address);
		return;
	}
	if (listen(many, 4))
		tap_bail_errno("listen");
	for (int i = 0; i < nr; i++) {
		clients[i] = made(family, SOCK_STREAM, IPPROTO_SCTP, address);
		sock_connect(clients[i], address, sock_port(many));
		row_of_peer(&row, "assoc", clients[i], many);
		expect_row(&expect, &row);
		expect_fd(&expect, clients[i]);
	}
	expect_fd(&expect, many);
	expect_namespace(&expect);
	expect_listed(&expect, "one-to-many, %s: the socket, %d associations",
		      address, nr);
	expect_clear(&expect);
	for (int i = 0; i < nr; i++)
		close(clients[i]);
	close(many);
}

int main(void)
{
	tap_plan(1 + 4 * 2 + 2);
	check_not_loaded();
	/* Debian does not let the kernel load it by itself. */
	system("modprobe -q -a dccp_ipv4 dccp_ipv6 2>/dev/null");
	net_enter_new();
	check_streams(AF_INET, SOCK_STREAM, IPPROTO_SCTP, "127.0.0.1");
	net_enter_new();
	check_streams(AF_INET6, SOCK_STREAM, IPPROTO_SCTP, "::1");
	net_enter_new();
	check_streams(AF_INET, SOCK_DCCP, IPPROTO_DCCP, "127.0.0.1");
	net_enter_new();
	check_streams(AF_INET6, SOCK_DCCP, IPPROTO_DCCP, "::1");
	net_enter_new();
	check_one_to_many(AF_INET, "127.0.0.1");
	net_enter_new();
	check_one_to_many(AF_INET6, "::1");
	return tap_done();
}
