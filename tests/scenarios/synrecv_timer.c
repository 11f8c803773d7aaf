// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * When a half-open connection is given up: as the column "timer" has said.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/ask.h"
#include "lib/deadline.h"
#include "lib/link.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/syn.h"
#include "lib/tap.h"

/* Timers are coarse, and the SYN-ACKs of a busy machine late. */
#define SLACK 2.0

static bool is_gone(void *arg)
{
	(void)arg;
	return !ask_count("holder=synrecv lport=9999");
}

/* Milliseconds, -1 for none. */
static int milliseconds_left(void)
{
	char *text = ask_text("columns=timer holder=synrecv lport=9999");
	const char *value = strchr(text, '\n');
	int left = value && value[1] && value[1] != '-' ? atoi(value + 1) : -1;

	free(text);
	return left;
}

/* With @retries SYN-ACKs sent again, which takes @seconds. */
static void check(const char *retries, double seconds, const char *what)
{
	double begun, wrong;
	int listener, left;

	net_enter_new();
	if (!link_add("void", "dummy"))
		tap_bail("no dummy device");
	net_bring_up("void");
	link_set_address4("void", "10.99.0.1");
	sysctl_set("net/ipv4/tcp_synack_retries", retries);
	sysctl_try("net/ipv4/tcp_rto_max_ms", "1000");
	listener = sock_open(AF_INET, SOCK_STREAM, 0);
	sock_bind(listener, "10.99.0.1", 9999);
	if (listen(listener, 8))
		tap_bail_errno("listen");
	send_syn("10.99.0.7", 1000, "10.99.0.1", 9999);
	begun = now();
	left = milliseconds_left();
	tap_ok(left > 1000 * (seconds - SLACK) && left <= 1000 * seconds + 100,
	       "%s: given up in %d ms", what, left);
	wait_until(is_gone, NULL);
	wrong = now() - begun - left / 1000.0;
	tap_ok(wrong > -SLACK && wrong < SLACK,
	       "%s: and so it was, but for %.1f s", what, wrong);
	close(listener);
}

int main(void)
{
	bool has_longest;

	tap_plan(2 * 2);
	net_enter_new();
	/* Newer kernels let less than two minutes be between them. */
	has_longest = sysctl_try("net/ipv4/tcp_rto_max_ms", "1000");
	check("2", has_longest ? 3 : 7, "two more answers");
	if (has_longest)
		check("4", 5, "four more answers");
	else
		check("1", 3, "one more answer");
	return tap_done();
}
