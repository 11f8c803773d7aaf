// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * crowd KIND COUNT: one process with COUNT descriptors of a kind. Says "ready" when
 * they are there, and holds them until standard input ends.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif

#define PORT	   9999
#define SCM_MAX_FD 253
/* Connections from one source address: fewer than the port range has. */
#define EACH_SOURCE 20000

static void fail(const char *what)
{
	fprintf(stderr, "crowd: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int make(int type)
{
	int fd = socket(AF_INET, type, 0);

	if (fd < 0)
		fail("socket");
	return fd;
}

static void set(int fd, int level, int option)
{
	int one = 1;

	if (setsockopt(fd, level, option, &one, sizeof(one)))
		fail("setsockopt");
}

static void bind_to(int fd, unsigned int host, unsigned short port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK + host),
		.sin_port = htons(port),
	};

	if (bind(fd, (struct sockaddr *)&address, sizeof(address)))
		fail("bind");
}

static void connect_to(int fd, unsigned int host)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK + host),
		.sin_port = htons(PORT),
	};

	if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
		fail("connect");
}

static int listener(unsigned int backlog)
{
	int fd = make(SOCK_STREAM);

	bind_to(fd, 0, PORT);
	if (listen(fd, backlog))
		fail("listen");
	return fd;
}

static void connect_from(unsigned int i)
{
	int fd = make(SOCK_STREAM);

	set(fd, SOL_IP, IP_BIND_ADDRESS_NO_PORT);
	bind_to(fd, (1 + i / EACH_SOURCE) * 256, 0);
	connect_to(fd, 0);
}

static void sockets(unsigned int count)
{
	while (count--)
		make(SOCK_STREAM);
}

/* Ten sockets somewhere between, and each of them twice. */
static void files(unsigned int count)
{
	int file = open("/dev/null", O_RDONLY);

	for (unsigned int i = 0; i < count; i++) {
		bool turn = i % (count / 10) == count / 20;

		if (dup(turn ? make(SOCK_STREAM) : file) < 0)
			fail("dup");
	}
}

/* One far up: all else is a bitmap of nothing. */
static void sparse(unsigned int count)
{
	if (dup2(make(SOCK_STREAM), count - 1) < 0)
		fail("dup2");
}

static void connections(unsigned int count)
{
	int fd = listener(16);

	for (unsigned int i = 0; i < count / 2; i++) {
		connect_from(i);
		if (accept(fd, NULL, NULL) < 0)
			fail("accept");
	}
}

static void queue(unsigned int count)
{
	listener(count);
	for (unsigned int i = 0; i < count; i++)
		connect_from(i);
}

/* All on one address and port, so in one bucket of bound ports. */
static void bound(unsigned int count)
{
	while (count--) {
		int fd = make(SOCK_STREAM);

		set(fd, SOL_SOCKET, SO_REUSEADDR);
		bind_to(fd, 0, PORT);
	}
}

/* Of one port, so in one slot. */
static void udp(unsigned int count)
{
	while (count--)
		bind_to(make(SOCK_DGRAM), count, PORT);
}

/* In one bucket; a group has at most 32,768. */
static void listeners(unsigned int count)
{
	while (count--) {
		int fd = make(SOCK_STREAM);

		set(fd, SOL_SOCKET, SO_REUSEPORT);
		bind_to(fd, 0, PORT);
		if (listen(fd, 1))
			fail("listen");
	}
}

/* All in one queue: so many in each message as the kernel lets be there. */
static void flight(unsigned int count)
{
	int pair[2], sock = make(SOCK_STREAM), size = INT_MAX / 2;
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(SCM_MAX_FD * sizeof(int))];
	} control;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) ||
	    setsockopt(pair[0], SOL_SOCKET, SO_SNDBUFFORCE, &size,
		       sizeof(size)))
		fail("socketpair");
	while (count) {
		unsigned int n = count < SCM_MAX_FD ? count : SCM_MAX_FD;
		struct iovec byte = { "", 1 };
		struct msghdr message = {
			.msg_iov = &byte,
			.msg_iovlen = 1,
			.msg_control = &control,
			.msg_controllen = CMSG_SPACE(n * sizeof(int)),
		};

		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(n * sizeof(int));
		for (unsigned int i = 0; i < n; i++)
			((int *)CMSG_DATA(&control.header))[i] = sock;
		if (sendmsg(pair[0], &message, 0) != 1)
			fail("sendmsg");
		count -= n;
	}
}

static const struct kind {
	const char *name;
	void (*make)(unsigned int count);
} kinds[] = {
	{ "sockets", sockets },	    { "files", files },
	{ "sparse", sparse },	    { "connections", connections },
	{ "queue", queue },	    { "bound", bound },
	{ "flight", flight },	    { "udp", udp },
	{ "listeners", listeners },
};

int main(int argc, char **argv)
{
	struct rlimit limit = {};
	unsigned int count;
	char byte;

	if (argc != 3) {
		fputs("usage: crowd KIND COUNT\n", stderr);
		return 2;
	}
	count = strtoul(argv[2], NULL, 10);
	limit.rlim_cur = count + 64;
	limit.rlim_max = limit.rlim_cur;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		fail("RLIMIT_NOFILE (raise fs.nr_open)");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(kinds[i].name, argv[1]))
			continue;
		kinds[i].make(count);
		puts("ready");
		fflush(stdout);
		while (read(STDIN_FILENO, &byte, 1) > 0)
			;
		return 0;
	}
	fprintf(stderr, "crowd: there is no kind %s\n", argv[1]);
	return 2;
}
