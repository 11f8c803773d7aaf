// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * crowd - many connections to one port.
 *
 *	crowd PORT COUNT	opens COUNT connections to 127.0.0.1:PORT, says how
 *				far it is, and holds them until standard input ends
 *
 * A connection is told from another by its four-tuple, and only that must be
 * unique. From one address to one server port there can be no more connections
 * than the client has ports; a crowd comes from many addresses: 127.0.0.2,
 * 127.0.0.3… (all of 127.0.0.0/8 is this machine).
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "limit.h"

/* Few enough for each address to find a free port in ip_local_port_range fast. */
#define PER_ADDRESS 4096

/* So many handshakes are under way at once. */
#define BATCH 500

#define REPORT_EVERY 10000
/* Standard streams and whatever else this process has inherited. */
#define OTHER_DESCRIPTORS 32

static struct in_addr source_address(long i)
{
	struct in_addr address = {
		.s_addr = htonl(INADDR_LOOPBACK + 1 + i / PER_ADDRESS),
	};

	return address;
}

/* Sends the @i-th connection on its way; does not wait for it. */
static int start_connection(long i, const struct sockaddr_in *server)
{
	struct sockaddr_in local = {
		.sin_family = AF_INET,
		.sin_addr = source_address(i),
	};
	struct linger reset = { .l_onoff = 1 };
	int fd, yes = 1;

	fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		errx(1, "socket: %m (see fs.file-max)");

	/*
	 * bind() would reserve a port that no other socket of this address may
	 * use, whoever it talks to. Leave the choice to connect(), which just
	 * needs the four-tuple to be free.
	 */
	if (setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes,
		       sizeof(yes)))
		err(1, "setsockopt(IP_BIND_ADDRESS_NO_PORT)");
	/* Close with a reset: a crowd that leaves is not to fill TIME_WAIT. */
	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)))
		err(1, "setsockopt(SO_LINGER)");

	if (bind(fd, (struct sockaddr *)&local, sizeof(local)))
		err(1, "bind to %s", inet_ntoa(local.sin_addr));
	if (connect(fd, (struct sockaddr *)server, sizeof(*server)) &&
	    errno != EINPROGRESS)
		errx(1,
		     "connect from %s: %m (see net.ipv4.ip_local_port_range)",
		     inet_ntoa(local.sin_addr));
	return fd;
}

/* Waits until @fd, whose connect() has begun, is connected. */
static void finish_connection(int fd)
{
	struct pollfd writable = { .fd = fd, .events = POLLOUT };
	socklen_t length = sizeof(int);
	int error = 0;

	while (poll(&writable, 1, -1) < 0)
		if (errno != EINTR)
			err(1, "poll");
	if (!(writable.revents & (POLLERR | POLLHUP)))
		return;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
	errx(1, "connect: %s (is 'upper PORT' running?)", strerror(error));
}

/*
 * A connection counts as open here once the kernel at the other end has queued
 * it. Servers accept in order: when the last one is answered, all before it
 * have been accepted.
 */
static void talk(int fd)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };
	char text[4];

	if (send(fd, "hi\n", 3, MSG_NOSIGNAL) != 3)
		err(1, "send");
	while (poll(&readable, 1, -1) < 0)
		if (errno != EINTR)
			err(1, "poll");
	if (recv(fd, text, sizeof(text), 0) <= 0)
		errx(1,
		     "the server has hung up; can it hold so many descriptors?");
}

static long number(const char *text, long most, const char *what)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (*end || value < 1 || value > most)
		errx(2, "'%s' is no %s; it is 1 to %ld", text, what, most);
	return value;
}

int main(int argc, char **argv)
{
	struct sockaddr_in server = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	long count, opened, i;
	int batch[BATCH];
	rlim_t limit;
	char byte;

	if (argc != 3)
		errx(2, "usage: crowd PORT COUNT");
	server.sin_port = htons(number(argv[1], UINT16_MAX, "port"));
	count = number(argv[2], 16 * 1024 * 1024, "number of connections");

	limit = raise_descriptors(count + OTHER_DESCRIPTORS);
	if (limit < (rlim_t)count + OTHER_DESCRIPTORS) {
		if (descriptors_possible() < (rlim_t)count + OTHER_DESCRIPTORS)
			errx(1,
			     "fs.nr_open allows a process just %lu descriptors; as root: sysctl -w fs.nr_open=%ld",
			     (unsigned long)descriptors_possible(),
			     count + OTHER_DESCRIPTORS);
		errx(1,
		     "the hard RLIMIT_NOFILE is %lu; run as root (CAP_SYS_RESOURCE), or raise it with 'ulimit -Hn'",
		     (unsigned long)limit);
	}

	setlinebuf(stdout);
	for (opened = 0; opened < count; opened += i) {
		for (i = 0; i < BATCH && opened + i < count; i++)
			batch[i] = start_connection(opened + i, &server);
		for (i = 0; i < BATCH && opened + i < count; i++)
			finish_connection(batch[i]);
		if ((opened + i) % REPORT_EVERY == 0)
			printf("%ld connections\n", opened + i);
	}
	talk(batch[(count - 1) % BATCH]);
	printf("%ld connections to port %s, from 127.0.0.2 to %s\n", count,
	       argv[1], inet_ntoa(source_address(count - 1)));

	/* Hold them. The kernel closes them when this process ends. */
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}
