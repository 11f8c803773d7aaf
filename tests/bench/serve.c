// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * serve COUNT: a server that holds COUNT sockets, both ends of COUNT / 2 connections to
 * its port. Says "ready" when all of it is there. For each line of standard input, a
 * number of seconds, it connects, accepts and closes as fast as it can for as long, and
 * says how many connections a second that were. Ends with standard input.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PORT 9998
/* Connections to one address: fewer than the port range has. */
#define EACH_ADDRESS 20000

static void fail(const char *what)
{
	fprintf(stderr, "serve: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int stream(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		fail("socket");
	return fd;
}

static int listen_on_all(void)
{
	struct sockaddr_in local = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
	};
	int one = 1, listener = stream();

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(listener, (struct sockaddr *)&local, sizeof(local)))
		fail("bind");
	if (listen(listener, 16))
		fail("listen");
	return listener;
}

static void connect_to(int listener, unsigned int host, int *client,
		       int *server)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK + host),
		.sin_port = htons(PORT),
	};

	*client = stream();
	if (connect(*client, (struct sockaddr *)&to, sizeof(to)))
		fail("connect");
	*server = accept(listener, NULL, NULL);
	if (*server < 0)
		fail("accept");
}

static double rate_for(double seconds, int listener)
{
	/* A reset, so that no time-wait sockets pile up. */
	struct linger reset = { .l_onoff = 1 };
	unsigned long connections = 0;
	double begin = now(), end;
	int client, server;

	do {
		connect_to(listener, 0, &client, &server);
		setsockopt(server, SOL_SOCKET, SO_LINGER, &reset,
			   sizeof(reset));
		close(server);
		close(client);
		connections++;
		end = now();
	} while (end < begin + seconds);
	return (double)connections / (end - begin);
}

int main(int argc, char **argv)
{
	int listener, client, server;
	unsigned long count, i;
	struct rlimit limit;
	char line[64];

	if (argc != 2) {
		fputs("usage: serve COUNT\n", stderr);
		return 2;
	}
	count = strtoul(argv[1], NULL, 10);
	limit.rlim_cur = count + 64;
	limit.rlim_max = limit.rlim_cur;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		fail("RLIMIT_NOFILE (raise fs.nr_open)");
	listener = listen_on_all();
	for (i = 0; i < count / 2; i++)
		connect_to(listener, 1 + (unsigned int)(i / EACH_ADDRESS),
			   &client, &server);
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("ready");
	while (fgets(line, sizeof(line), stdin))
		printf("%.1f\n", rate_for(atof(line), listener));
	return 0;
}
