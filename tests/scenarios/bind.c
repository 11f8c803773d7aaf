// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Sockets without a peer: just made, bound, listening. Each is listed with
 * the address and port it is bound to, and "-" for its remote end.
 */
#define _GNU_SOURCE
#include <unistd.h>

#include "lib/array.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

static const struct {
	int family;
	int type;
	const char *address; /* NULL: not bound */
	bool listens;
	const char *proto;
	const char *state;
	const char *laddr;
} samples[] = {
	{ AF_INET, SOCK_STREAM, NULL, false, "tcp", "CLOSE", "0.0.0.0" },
	{ AF_INET, SOCK_STREAM, "127.0.0.1", false, "tcp", "BOUND",
	  "127.0.0.1" },
	{ AF_INET, SOCK_STREAM, "0.0.0.0", false, "tcp", "BOUND", "0.0.0.0" },
	{ AF_INET, SOCK_STREAM, "127.1.2.3", true, "tcp", "LISTEN",
	  "127.1.2.3" },
	{ AF_INET, SOCK_STREAM, "0.0.0.0", true, "tcp", "LISTEN", "0.0.0.0" },
	{ AF_INET, SOCK_STREAM, NULL, true, "tcp", "LISTEN", "0.0.0.0" },
	{ AF_INET6, SOCK_STREAM, NULL, false, "tcp6", "CLOSE", "::" },
	{ AF_INET6, SOCK_STREAM, "::1", false, "tcp6", "BOUND", "::1" },
	{ AF_INET6, SOCK_STREAM, "::", false, "tcp6", "BOUND", "::" },
	{ AF_INET6, SOCK_STREAM, "::1", true, "tcp6", "LISTEN", "::1" },
	{ AF_INET6, SOCK_STREAM, "::", true, "tcp6", "LISTEN", "::" },
	{ AF_INET, SOCK_DGRAM, NULL, false, "udp", "UNCONNECTED", "0.0.0.0" },
	{ AF_INET, SOCK_DGRAM, "127.0.0.1", false, "udp", "UNCONNECTED",
	  "127.0.0.1" },
	{ AF_INET, SOCK_DGRAM, "0.0.0.0", false, "udp", "UNCONNECTED",
	  "0.0.0.0" },
	{ AF_INET6, SOCK_DGRAM, NULL, false, "udp6", "UNCONNECTED", "::" },
	{ AF_INET6, SOCK_DGRAM, "::1", false, "udp6", "UNCONNECTED", "::1" },
	{ AF_INET6, SOCK_DGRAM, "::", false, "udp6", "UNCONNECTED", "::" },
};

#define NR_SAMPLES ARRAY_SIZE(samples)

static int make(size_t i)
{
	int sock = sock_open(samples[i].family, samples[i].type, 0);

	if (samples[i].address)
		sock_bind(sock, samples[i].address, 0);
	if (samples[i].listens && listen(sock, 8))
		tap_bail_errno("listen");
	return sock;
}

static void expect_sample(struct expect *expect, size_t i, int sock)
{
	bool has_port = samples[i].address || samples[i].listens;
	struct expected_row row;

	row_of_socket(&row, getpid(), sock, sock);
	row_set(&row, PROTO, "%s", samples[i].proto);
	row_set(&row, STATE, "%s", samples[i].state);
	row_set(&row, LADDR, "%s", samples[i].laddr);
	if (has_port)
		row_set(&row, LPORT, "%u", sock_port(sock));
	else
		row_set(&row, LPORT, "-");
	row_set(&row, RADDR, "-");
	row_set(&row, RPORT, "-");
	row_set(&row, NETNS, "%lu", net_inode());
	expect_row(expect, &row);
}

int main(void)
{
	struct expect expect = { 0 };

	tap_plan(NR_SAMPLES + 1);
	for (size_t i = 0; i < NR_SAMPLES; i++) {
		int sock = make(i);

		expect_sample(&expect, i, sock);
		expect_listed(&expect, "%s, %s %s: %s without a peer",
			      samples[i].proto,
			      samples[i].listens ? "listening on" : "bound to",
			      samples[i].address ?: "nothing",
			      samples[i].state);
		expect_clear(&expect);
		close(sock);
	}

	for (size_t i = 0; i < NR_SAMPLES; i++)
		expect_sample(&expect, i, make(i));
	expect_listed(&expect, "all of them at once, each once");
	return tap_done();
}
