// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * adopt - takes over a connection that another process gives away.
 *
 *	adopt PATH	waits on the unix socket PATH for one descriptor, then
 *			is the connection's server: it answers in upper case
 *			until the client goes or a signal ends it
 *
 * The connection notices nothing. It keeps its four-tuple, its buffers and its
 * inode; the only thing that changes is who holds it.
 */
#define _GNU_SOURCE /* accept4() */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "answer.h"

/* Waits for somebody to connect to @path. */
static int wait_for_sender(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int listener, from;

	if (strlen(path) >= sizeof(address.sun_path))
		errx(1, "%s: too long for a unix socket, at most %zu bytes",
		     path, sizeof(address.sun_path) - 1);
	strcpy(address.sun_path, path);

	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener < 0)
		err(1, "socket");
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)))
		errx(1, "cannot bind %s: %m (is it left over? then remove it)",
		     path);
	if (listen(listener, 1))
		err(1, "listen");
	printf("waiting on %s\n", path);

	from = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (from < 0)
		err(1, "accept");
	unlink(path);
	close(listener);
	return from;
}

/* The descriptor that comes with the next message on @from. */
static int receive_descriptor(int from)
{
	char byte;
	int fd;
	union {
		struct cmsghdr header; /* for its alignment */
		char bytes[CMSG_SPACE(sizeof(fd))];
	} control;
	struct iovec text = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &text,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	struct cmsghdr *rights;

	if (recvmsg(from, &message, MSG_CMSG_CLOEXEC) < 0)
		err(1, "recvmsg");
	rights = CMSG_FIRSTHDR(&message);
	if (!rights || rights->cmsg_level != SOL_SOCKET ||
	    rights->cmsg_type != SCM_RIGHTS ||
	    rights->cmsg_len != CMSG_LEN(sizeof(fd)))
		errx(1,
		     "the message carries no descriptor; send one with SCM_RIGHTS");
	memcpy(&fd, CMSG_DATA(rights), sizeof(fd));
	return fd;
}

int main(int argc, char **argv)
{
	struct sockaddr_in client;
	socklen_t length = sizeof(client);
	int from, connection;

	if (argc != 2)
		errx(2, "usage: adopt PATH");
	setlinebuf(stdout);

	from = wait_for_sender(argv[1]);
	connection = receive_descriptor(from);
	close(from);

	if (getpeername(connection, (struct sockaddr *)&client, &length) ||
	    client.sin_family != AF_INET)
		errx(1, "descriptor %d is no IPv4 connection; pass me one",
		     connection);
	printf("adopted %s:%u as descriptor %d\n", inet_ntoa(client.sin_addr),
	       ntohs(client.sin_port), connection);

	while (answer(connection))
		;
	return 0;
}
