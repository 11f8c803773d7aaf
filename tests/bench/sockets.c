// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * sockets COUNT PROCESSES: COUNT TCP sockets, the two ends of COUNT / 2
 * connections on loopback, spread evenly over PROCESSES processes. Says "ready"
 * when all of them are there, and holds them until standard input ends.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif

#define PORT 9999
/* Connections from one source address: fewer than the port range has. */
#define EACH_SOURCE 20000

static void fail(const char *what)
{
	fprintf(stderr, "sockets: %s: %s\n", what, strerror(errno));
	exit(1);
}

static struct sockaddr_in address(unsigned int host, unsigned short port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK + host),
		.sin_port = htons(port),
	};
}

static int stream(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		fail("socket");
	return fd;
}

/* Both ends of a connection stay in this process. */
static void connect_pair(int listener, unsigned int process, unsigned int i)
{
	struct sockaddr_in to = address(process, PORT);
	struct sockaddr_in from =
		address(process + (1 + i / EACH_SOURCE) * 256, 0);
	int one = 1, fd = stream();

	setsockopt(fd, SOL_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&from, sizeof(from)))
		fail("bind");
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)))
		fail("connect");
	if (accept(listener, NULL, NULL) < 0)
		fail("accept");
}

static void hold(unsigned int process, unsigned int connections, int ready)
{
	struct sockaddr_in local = address(process, PORT);
	int one = 1, listener = stream();
	unsigned int i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(listener, (struct sockaddr *)&local, sizeof(local)))
		fail("bind");
	if (listen(listener, 16))
		fail("listen");
	for (i = 0; i < connections; i++)
		connect_pair(listener, process, i);
	if (write(ready, "", 1) != 1)
		fail("write");
	pause();
}

int main(int argc, char **argv)
{
	struct rlimit limit;
	unsigned int count, processes, i;
	int ready[2];
	char byte;

	if (argc != 3) {
		fputs("usage: sockets COUNT PROCESSES\n", stderr);
		return 2;
	}
	count = strtoul(argv[1], NULL, 10);
	processes = strtoul(argv[2], NULL, 10);
	limit.rlim_cur = count / processes + 64;
	limit.rlim_max = limit.rlim_cur;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		fail("RLIMIT_NOFILE (raise fs.nr_open)");
	if (pipe(ready))
		fail("pipe");
	for (i = 0; i < processes; i++) {
		pid_t pid = fork();

		if (pid < 0)
			fail("fork");
		if (!pid)
			hold(i, count / processes / 2, ready[1]);
	}
	close(ready[1]);
	for (i = 0; i < processes; i++)
		if (read(ready[0], &byte, 1) != 1)
			return 1;
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	kill(0, SIGTERM);
	return 0;
}
