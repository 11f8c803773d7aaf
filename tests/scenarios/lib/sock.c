// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "sock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <string.h>
#include <sys/stat.h>

#include "array.h"
#include "deadline.h"
#include "tap.h"

struct address address_of(const char *text, unsigned int port)
{
	struct address address = { 0 };

	if (inet_pton(AF_INET, text, &address.v4.sin_addr) == 1) {
		address.v4.sin_family = AF_INET;
		address.v4.sin_port = htons(port);
		address.length = sizeof(address.v4);
	} else if (inet_pton(AF_INET6, text, &address.v6.sin6_addr) == 1) {
		address.v6.sin6_family = AF_INET6;
		address.v6.sin6_port = htons(port);
		address.length = sizeof(address.v6);
	} else {
		tap_bail("%s is no address", text);
	}
	return address;
}

int sock_open(int family, int type, int protocol)
{
	int sock = socket(family, type, protocol);

	if (sock < 0)
		tap_bail_errno("socket(%d, %d, %d)", family, type, protocol);
	return sock;
}

void sock_bind(int sock, const char *text, unsigned int port)
{
	struct address address = address_of(text, port);

	if (bind(sock, &address.any, address.length))
		tap_bail_errno("bind to %s port %u", text, port);
}

struct attempt {
	int sock;
	struct address address;
	int error;
};

static bool is_connected(void *arg)
{
	struct attempt *attempt = arg;

	attempt->error = connect(attempt->sock, &attempt->address.any,
				 attempt->address.length) ?
				 errno :
				 0;
	return attempt->error != EALREADY;
}

/*
 * An io_uring that goes away interrupts its process. What the kernel then begins
 * anew finds the connection that it has made, or is still making.
 */
void sock_connect(int sock, const char *text, unsigned int port)
{
	struct attempt attempt = { sock, address_of(text, port), 0 };

	wait_until(is_connected, &attempt);
	errno = attempt.error;
	if (errno && errno != EISCONN)
		tap_bail_errno("connect to %s port %u", text, port);
}

void sock_disconnect(int sock)
{
	struct sockaddr nowhere = { .sa_family = AF_UNSPEC };

	if (connect(sock, &nowhere, sizeof(nowhere)))
		tap_bail_errno("connect to AF_UNSPEC");
}

void sock_option(int sock, int level, int name, int value)
{
	if (setsockopt(sock, level, name, &value, sizeof(value)))
		tap_bail_errno("setsockopt(%d, %d)", level, name);
}

void sock_choose_first(int sock)
{
	struct sock_filter first[] = { BPF_STMT(BPF_RET | BPF_K, 0) };
	struct sock_fprog program = { ARRAY_SIZE(first), first };

	if (setsockopt(sock, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program,
		       sizeof(program)))
		tap_bail_errno("SO_ATTACH_REUSEPORT_CBPF");
}

unsigned int sock_port(int sock)
{
	struct address address;

	address.length = sizeof(address.v6);
	if (getsockname(sock, &address.any, &address.length))
		tap_bail_errno("getsockname");
	/* sin_port and sin6_port are the same bytes. */
	return ntohs(address.v4.sin_port);
}

unsigned long sock_inode(int sock)
{
	struct stat st;

	if (fstat(sock, &st))
		tap_bail_errno("fstat of a socket");
	return st.st_ino;
}

void sock_nonblocking(int sock)
{
	if (fcntl(sock, F_SETFL, O_NONBLOCK))
		tap_bail_errno("O_NONBLOCK");
}

int tcp_listen(const char *text, int backlog)
{
	struct address address = address_of(text, 0);
	int sock = sock_open(address.any.sa_family, SOCK_STREAM, 0);

	if (bind(sock, &address.any, address.length) || listen(sock, backlog))
		tap_bail_errno("listen on %s", text);
	return sock;
}

int tcp_connect(const char *text, unsigned int port)
{
	struct address address = address_of(text, port);
	int sock = sock_open(address.any.sa_family, SOCK_STREAM, 0);

	if (connect(sock, &address.any, address.length))
		tap_bail_errno("connect to %s port %u", text, port);
	return sock;
}

int tcp_accept(int listener)
{
	int sock = accept(listener, NULL, NULL);

	if (sock < 0)
		tap_bail_errno("accept");
	return sock;
}

void tcp_reset_on_close(int sock)
{
	struct linger linger = { .l_onoff = 1, .l_linger = 0 };

	if (setsockopt(sock, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)))
		tap_bail_errno("SO_LINGER");
}

int udp_open(const char *text)
{
	struct address address = address_of(text, 0);
	int sock = sock_open(address.any.sa_family, SOCK_DGRAM, 0);

	sock_bind(sock, text, 0);
	return sock;
}

static struct tcp_info tcp_info(int sock)
{
	struct tcp_info info = { 0 };
	socklen_t length = sizeof(info);

	if (getsockopt(sock, IPPROTO_TCP, TCP_INFO, &info, &length))
		tap_bail_errno("TCP_INFO");
	return info;
}

int tcp_state(int sock)
{
	return tcp_info(sock).tcpi_state;
}

unsigned int tcp_waiting(int listener)
{
	/* What the field means for a listener. */
	return tcp_info(listener).tcpi_unacked;
}

struct state_wanted {
	int sock;
	int state;
};

static bool has_state(void *arg)
{
	struct state_wanted *wanted = arg;

	return tcp_state(wanted->sock) == wanted->state;
}

void tcp_wait_state(int sock, int state)
{
	struct state_wanted wanted = { sock, state };

	if (!wait_until(has_state, &wanted))
		tap_bail("a TCP socket is in state %d and never came to %d",
			 tcp_state(sock), state);
}

struct waiting_wanted {
	int listener;
	unsigned int number;
};

static bool are_waiting(void *arg)
{
	struct waiting_wanted *wanted = arg;

	return tcp_waiting(wanted->listener) >= wanted->number;
}

void tcp_wait_waiting(int listener, unsigned int number)
{
	struct waiting_wanted wanted = { listener, number };

	if (!wait_until(are_waiting, &wanted))
		tap_bail("%u connections wait to be accepted, and never %u",
			 tcp_waiting(listener), number);
}

int tcp_connect_waiting(const char *text, int listener)
{
	unsigned int before = tcp_waiting(listener);
	int client = tcp_connect(text, sock_port(listener));

	tcp_wait_waiting(listener, before + 1);
	return client;
}

void tcp_fill(int sock)
{
	static const char zeroes[65536];
	int refusals = 0;

	/* What was in flight may make room: full is what stays full. */
	sock_nonblocking(sock);
	while (refusals < 3) {
		if (send(sock, zeroes, sizeof(zeroes), MSG_NOSIGNAL) >= 0) {
			refusals = 0;
			continue;
		}
		if (errno != EAGAIN)
			tap_bail_errno("send");
		refusals++;
		pause_ms(10);
	}
}

struct connection tcp_connection(int listener, const char *text)
{
	struct connection connection;

	connection.client = tcp_connect(text, sock_port(listener));
	connection.server = tcp_accept(listener);
	return connection;
}
