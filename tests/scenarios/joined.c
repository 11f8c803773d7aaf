// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * What one row alone does not say, the reader takes from another one: who has the
 * accept queue, where a socket is in flight to, who else holds it, who is at the
 * other end. What it is asked for does not hide the other row.
 */
#define _GNU_SOURCE
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/command.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

__printf(3, 4) static void expect_answer(const char *arguments,
					 const char *claim, const char *format,
					 ...)
{
	char text[4096], line[512], expected[512];
	struct command command;
	va_list values;
	size_t length;

	va_start(values, format);
	vsnprintf(expected, sizeof(expected), format, values);
	va_end(values);
	snprintf(line, sizeof(line), "sockowners -H %s 2>&1", arguments);
	command_start(&command, line);
	length = fread(text, 1, sizeof(text) - 1, command.output);
	text[length] = '\0';
	command_end(&command);
	tap_is_text(text, expected, "%s", claim);
}

/* Sent to @over, and not received. */
static void send_descriptor(int over, int sock)
{
	char byte = 0, control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec data = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *rights = CMSG_FIRSTHDR(&message);

	rights->cmsg_level = SOL_SOCKET;
	rights->cmsg_type = SCM_RIGHTS;
	rights->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(rights), &sock, sizeof(sock));
	if (sendmsg(over, &message, 0) != 1)
		tap_bail_errno("sendmsg()");
}

int main(void)
{
	int listener, client, server, udp, child, pair[2], pid = getpid();
	unsigned int port, udp_port;
	char arguments[256];

	tap_plan(7);
	net_enter_new();
	net_bring_up("lo");
	listener = tcp_listen("127.0.0.1", 8);
	port = sock_port(listener);
	client = tcp_connect_waiting("127.0.0.1", listener);

	snprintf(arguments, sizeof(arguments), "-o holder --holder accept :%u",
		 port);
	expect_answer(arguments, "whose accept queue it is in",
		      "in the accept queue of joined[%d] fd %d\n", pid,
		      listener);
	snprintf(arguments, sizeof(arguments),
		 "-o peer --pid %d --peer -s established", pid);
	expect_answer(arguments, "and that is the other end",
		      "in the accept queue of joined[%d] fd %d\n", pid,
		      listener);
	server = tcp_accept(listener);
	snprintf(arguments, sizeof(arguments),
		 "-o fd,peer --peer -s established :%u | tr -s ' '", port);
	expect_answer(arguments,
		      "once it is accepted, each is the other's peer",
		      " %d joined[%d] fd %d\n %d joined[%d] fd %d\n", client,
		      pid, server, server, pid, client);
	snprintf(arguments, sizeof(arguments),
		 "--graph -s established :%u | grep -c 'joined.n%d'", port,
		 pid);
	expect_answer(arguments, "and they are drawn", "1\n");

	udp = udp_open("127.0.0.1");
	udp_port = sock_port(udp);
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair))
		tap_bail_errno("socketpair()");
	send_descriptor(pair[0], udp);
	close(udp);
	snprintf(arguments, sizeof(arguments), "-u -o holder :%u", udp_port);
	expect_answer(arguments, "where it is in flight to",
		      "in flight to joined[%d]\n", pid);

	child = fork();
	if (!child) {
		pause();
		_exit(0);
	}
	snprintf(arguments, sizeof(arguments), "-g -o holders --pid %d -l :%u",
		 pid, port);
	expect_answer(arguments, "all who hold it",
		      "joined[%d]:%d,joined[%d]:%d\n",
		      pid < child ? pid : child, listener,
		      pid < child ? child : pid, listener);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);

	close(client);
	tcp_wait_state(server, TCP_CLOSE_WAIT);
	close(server);
	snprintf(arguments, sizeof(arguments),
		 "-o holder -s time-wait :%u | sed 's/[0-9][0-9]* s/N s/'",
		 port);
	expect_answer(arguments, "how long it is reserved",
		      "closed, N s to go\n");
	return tap_done();
}
