// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * upper - a TCP server that answers in upper case what a client says.
 *
 *	upper PORT		serves everybody who connects to 127.0.0.1:PORT
 *	upper --step PORT	does one system call at a time, as it is told on
 *				standard input, and says when each is done
 *
 * Both use the same few functions below, one for each event in the life of a
 * server's sockets. --step stops between them, so that one can look:
 *
 *	bind  listen  accept  answer  fork  reap  pass PATH  close  quit
 */
#define _GNU_SOURCE /* accept4() */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "answer.h"
#include "limit.h"

/* ---- a server's sockets, from bind() to the way out through sendmsg() ---- */

/*
 * A socket with a local address; its remote one is still any: *:*. @flags as
 * socket() takes them.
 */
static int bind_socket(in_port_t port, int flags)
{
	struct sockaddr_in local = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd, yes = 1;

	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
	if (fd < 0)
		err(1, "socket");

	/* Former connections in TIME_WAIT must not keep us from the port. */
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)))
		err(1, "setsockopt(SO_REUSEADDR)");
	if (bind(fd, (struct sockaddr *)&local, sizeof(local)))
		errx(1,
		     "cannot bind 127.0.0.1:%u: %m (who has it: sockowners -l :%u)",
		     port, port);
	return fd;
}

/* From here on the kernel finishes handshakes by itself and queues them. */
static void start_listening(int listener)
{
	/* The kernel cuts this down to net.core.somaxconn. */
	if (listen(listener, INT_MAX))
		err(1, "listen");
}

/*
 * A new socket for one connection: the listener's local address and port, the
 * client's remote ones. @flags as accept4() takes them. -1 with errno if the
 * kernel has none to give.
 */
static int accept_connection(int listener, int flags,
			     struct sockaddr_in *client)
{
	socklen_t length = sizeof(*client);

	return accept4(listener, (struct sockaddr *)client,
		       client ? &length : NULL, flags | SOCK_CLOEXEC);
}

/*
 * A child process has a copy of its parent's descriptor table: the sockets are
 * the same ones, now with two holders. It ends when @leash does.
 */
static pid_t fork_holder(int *leash)
{
	int ends[2];
	pid_t child;
	char byte;

	if (pipe(ends))
		err(1, "pipe");
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (child == 0) {
		close(ends[1]);
		/* End of file: the parent has closed its end, or has died. */
		while (read(ends[0], &byte, 1) < 0 && errno == EINTR)
			;
		_exit(0);
	}
	close(ends[0]);
	*leash = ends[1];
	return child;
}

/*
 * Sends a descriptor to the process that listens on the unix socket @path.
 * What travels is a reference to the socket, not its number: the receiver gets
 * a number of its own, and the sender keeps its own until it closes it.
 */
static void pass_descriptor(int fd, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	union {
		struct cmsghdr header; /* for its alignment */
		char bytes[CMSG_SPACE(sizeof(fd))];
	} control = { 0 };
	/* A stream carries descriptors only along with at least one byte. */
	struct iovec byte = { .iov_base = "", .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &byte,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
	int to;

	if (strlen(path) >= sizeof(address.sun_path))
		errx(1, "%s: too long for a unix socket, at most %zu bytes",
		     path, sizeof(address.sun_path) - 1);
	strcpy(address.sun_path, path);

	to = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (to < 0)
		err(1, "socket");
	if (connect(to, (struct sockaddr *)&address, sizeof(address)))
		errx(1, "cannot connect to %s: %m (is 'adopt %s' running?)",
		     path, path);

	rights->cmsg_level = SOL_SOCKET;
	rights->cmsg_type = SCM_RIGHTS;
	rights->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(rights), &fd, sizeof(fd));

	if (sendmsg(to, &message, MSG_NOSIGNAL) != 1)
		err(1, "sendmsg(SCM_RIGHTS) to %s", path);
	close(to);
}

/* ---- upper PORT: a server for everybody ---- */

static void watch(int epoll, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
		errx(1, "epoll_ctl: %m (see fs.epoll.max_user_watches)");
}

static void unwatch(int epoll, int fd)
{
	if (epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL))
		err(1, "epoll_ctl");
}

/* Accepts all who wait. False if it had to leave some waiting. */
static bool accept_all(int epoll, int listener)
{
	for (;;) {
		int fd = accept_connection(listener, SOCK_NONBLOCK, NULL);

		if (fd >= 0) {
			watch(epoll, fd);
			continue;
		}
		switch (errno) {
		case EAGAIN:
			return true;
		case EMFILE:
			warnx("no descriptor left; raise 'ulimit -Hn' and fs.nr_open");
			return false;
		case ENFILE:
			warnx("no open file left on this machine; raise fs.file-max");
			return false;
		case EINTR:
		case ECONNABORTED:
			continue;
		default:
			err(1, "accept");
		}
	}
}

static void serve(in_port_t port)
{
	struct epoll_event events[256];
	bool accepting = true;
	int listener, epoll, count, i;

	/* One descriptor for each client: as many as this process may have. */
	raise_descriptors(descriptors_possible());

	listener = bind_socket(port, SOCK_NONBLOCK);
	start_listening(listener);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (epoll < 0)
		err(1, "epoll_create1");
	watch(epoll, listener);
	printf("serving 127.0.0.1:%u\n", port);

	for (;;) {
		count = epoll_wait(epoll, events, 256, -1);
		if (count < 0 && errno != EINTR)
			err(1, "epoll_wait");

		for (i = 0; i < count; i++) {
			int fd = events[i].data.fd;

			if (fd == listener) {
				accepting = accept_all(epoll, fd);
				/* Else epoll would report it again at once. */
				if (!accepting)
					unwatch(epoll, fd);
			} else if (!answer(fd)) {
				close(fd);
				if (!accepting)
					watch(epoll, listener);
				accepting = true;
			}
		}
	}
}

/* ---- upper --step PORT: one event at a time ---- */

static struct {
	in_port_t port;
	int listener;
	int connection;
	pid_t child;
	/* The child ends when this is closed. */
	int leash;
	/* What follows the name of the step. */
	const char *argument;
} server = { .listener = -1, .connection = -1 };

static void step_bind(void)
{
	if (server.listener >= 0)
		errx(1, "bound already");
	server.listener = bind_socket(server.port, 0);
	printf("bound to 127.0.0.1:%u\n", server.port);
}

static void step_listen(void)
{
	if (server.listener < 0)
		errx(1, "nothing to listen on; bind first");
	start_listening(server.listener);
	printf("listening on 127.0.0.1:%u\n", server.port);
}

static void step_accept(void)
{
	struct sockaddr_in client;

	if (server.listener < 0)
		errx(1, "nobody can connect yet; bind and listen first");
	if (server.connection >= 0)
		errx(1, "one client at a time here; close first");
	server.connection = accept_connection(server.listener, 0, &client);
	if (server.connection < 0)
		err(1, "accept");
	printf("accepted %s:%u\n", inet_ntoa(client.sin_addr),
	       ntohs(client.sin_port));
}

static void step_answer(void)
{
	if (server.connection < 0)
		errx(1, "nobody to answer; accept first");
	puts(answer(server.connection) ? "answered" : "the client has gone");
}

static void step_fork(void)
{
	if (server.child)
		errx(1, "one child at a time; reap first");
	server.child = fork_holder(&server.leash);
	printf("forked %d\n", server.child);
}

static void step_reap(void)
{
	if (!server.child)
		errx(1, "no child to reap; fork first");
	close(server.leash);
	waitpid(server.child, NULL, 0);
	printf("reaped %d\n", server.child);
	server.child = 0;
}

static void step_pass(void)
{
	if (server.connection < 0)
		errx(1, "no connection to pass; accept first");
	if (!*server.argument)
		errx(1, "to whom? pass PATH, as given to 'adopt PATH'");
	pass_descriptor(server.connection, server.argument);
	printf("passed descriptor %d\n", server.connection);
}

static void step_close(void)
{
	if (server.connection < 0)
		errx(1, "no connection to close");
	close(server.connection);
	printf("closed descriptor %d\n", server.connection);
	server.connection = -1;
}

static void step_quit(void)
{
	puts("bye");
	exit(0);
}

static const struct step {
	const char *name;
	void (*run)(void);
	const char *help;
} steps[] = {
	{ "bind", step_bind, "give a new socket its address and port" },
	{ "listen", step_listen, "let clients connect" },
	{ "accept", step_accept, "wait for a client, take its connection" },
	{ "answer", step_answer, "wait for what it says, answer once" },
	{ "fork", step_fork, "share all sockets with a child process" },
	{ "reap", step_reap, "end the child" },
	{ "pass", step_pass, "PATH: send the connection to 'adopt PATH'" },
	{ "close", step_close, "close the connection here" },
	{ "quit", step_quit, "end" },
	{ NULL, NULL, NULL },
};

static void take_step(char *line)
{
	const struct step *step;
	const char *name;

	line[strcspn(line, "\n")] = '\0';
	name = strsep(&line, " ");
	server.argument = line ? line : "";

	for (step = steps; step->name; step++) {
		if (!strcmp(name, step->name)) {
			step->run();
			return;
		}
	}

	warnx("there is no step '%s'; the steps are:", name);
	for (step = steps; step->name; step++)
		fprintf(stderr, "  %-8s%s\n", step->name, step->help);
	exit(1);
}

static void take_steps(in_port_t port)
{
	char line[256];

	server.port = port;
	while (fgets(line, sizeof(line), stdin))
		take_step(line);
}

int main(int argc, char **argv)
{
	bool step = argc == 3 && !strcmp(argv[1], "--step");
	char *end;
	long port;

	if (!step && argc != 2)
		errx(2, "usage: upper [--step] PORT");
	port = strtol(argv[argc - 1], &end, 10);
	if (*end || port < 1 || port > UINT16_MAX)
		errx(2, "'%s' is no port; a port is 1 to 65535",
		     argv[argc - 1]);

	setlinebuf(stdout);
	if (step)
		take_steps(port);
	else
		serve(port);
	return 0;
}
