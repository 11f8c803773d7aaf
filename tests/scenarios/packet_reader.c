// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * sockowners --packet: who would get it, in the reader's words. Whether the kernel
 * agrees is the matter of packet.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/command.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define ASK                                                             \
	"out=$(sockowners -H -o pid,fd,state --packet=%s 2>&1); s=$?; " \
	"echo $out; echo $s"

/* All that it prints, and its exit status. */
static void check(const char *claim, const char *packet, const char *expected,
		  int status)
{
	char line[256], got[1024], want[1024];
	struct command command;
	size_t length;

	snprintf(line, sizeof(line), ASK, packet);
	command_start(&command, line);
	length = fread(got, 1, sizeof(got) - 1, command.output);
	got[length] = '\0';
	command_end(&command);
	snprintf(want, sizeof(want), "%s\n%d\n", expected, status);
	tap_is_text(got, want, "%s", claim);
}

int main(void)
{
	char packet[128], row[64];
	struct connection c;
	int listener, sock;

	tap_plan(6);
	net_enter_new();
	listener = tcp_listen("127.0.0.1", 8);
	c = tcp_connection(listener, "127.0.0.1");

	snprintf(packet, sizeof(packet), "tcp,127.0.0.1:%u,127.0.0.1:%u",
		 sock_port(c.client), sock_port(listener));
	snprintf(row, sizeof(row), "%d %d ESTABLISHED", getpid(), c.server);
	check("a connection", packet, row, 0);
	snprintf(packet, sizeof(packet), "tcp,127.0.0.1:1,127.0.0.1:%u,lo",
		 sock_port(listener));
	snprintf(row, sizeof(row), "%d %d LISTEN", getpid(), listener);
	check("a new one", packet, row, 0);
	check("nobody", "udp,127.0.0.1:1,127.0.0.1:9", "", 1);
	sock = sock_open(AF_INET6, SOCK_DGRAM, 0);
	sock_bind(sock, "::", 9);
	snprintf(row, sizeof(row), "%d %d UNCONNECTED", getpid(), sock);
	check("a dual-stack socket", "udp,127.0.0.1:1,127.0.0.1:9", row, 0);
	check("no such interface", "udp,127.0.0.1:1,127.0.0.1:9,eth7",
	      "sockowners: /proc/sockowners: there is no such interface in this network namespace",
	      2);
	check("multicast", "udp,127.0.0.1:1,224.0.0.1:9",
	      "sockowners: /proc/sockowners: many may get a multicast or broadcast packet; ask about another address",
	      2);
	return tap_done();
}
