// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * serve SECONDS: a server and its client on loopback, in one process, that connect,
 * accept and close as fast as they can. Prints how many connections a second.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int fail(const char *what)
{
	fprintf(stderr, "serve: %s: %s\n", what, strerror(errno));
	return 1;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	/* A reset, so that no time-wait sockets pile up. */
	struct linger reset = { .l_onoff = 1 };
	socklen_t length = sizeof(address);
	unsigned long connections = 0;
	double begin, end;
	int listener;

	if (argc != 2) {
		fputs("usage: serve SECONDS\n", stderr);
		return 2;
	}
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	listener = socket(AF_INET, SOCK_STREAM, 0);
	if (listener < 0 || listen(listener, 16) ||
	    getsockname(listener, (struct sockaddr *)&address, &length))
		return fail("listen");
	begin = now();
	do {
		int client = socket(AF_INET, SOCK_STREAM, 0), server;

		if (client < 0 ||
		    connect(client, (struct sockaddr *)&address, length))
			return fail("connect");
		server = accept(listener, NULL, NULL);
		if (server < 0)
			return fail("accept");
		setsockopt(server, SOL_SOCKET, SO_LINGER, &reset,
			   sizeof(reset));
		close(server);
		close(client);
		connections++;
		end = now();
	} while (end < begin + atof(argv[1]));
	printf("%.1f\n", (double)connections / (end - begin));
	return 0;
}
