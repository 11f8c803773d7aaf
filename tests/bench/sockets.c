// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * sockets KIND COUNT PROCESSES: what the bench lists. Says "ready" when all of it is
 * there, and holds it until standard input ends.
 *
 * tcp		COUNT TCP sockets, the two ends of COUNT / 2 connections on loopback,
 *		spread evenly over PROCESSES processes
 * files	COUNT descriptors of files in one process, and ten TCP sockets behind
 *		them
 * namespaces	as tcp, but each process in a network namespace of its own
 * workers	COUNT listeners that PROCESSES processes share, as after fork()
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
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
		address(process + (1 + i / EACH_SOURCE) * 4096, 0);
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

static void loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = stream();

	if (ioctl(fd, SIOCSIFFLAGS, &request))
		fail("SIOCSIFFLAGS");
	close(fd);
}

static void hold_in_namespace(unsigned int process, unsigned int connections,
			      int ready)
{
	if (unshare(CLONE_NEWNET))
		fail("unshare");
	loopback_up();
	hold(process, connections, ready);
}

static void hold_files(unsigned int process, unsigned int count, int ready)
{
	int fd = open("/dev/null", O_RDONLY);

	if (fd < 0)
		fail("/dev/null");
	for (unsigned int i = 1; i < count; i++)
		if (dup(fd) < 0)
			fail("dup");
	hold(process, 5, ready);
}

static void share(unsigned int process, unsigned int unused, int ready)
{
	(void)process;
	(void)unused;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (write(ready, "", 1) != 1)
		fail("write");
	pause();
}

static void listen_on_many(unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		struct sockaddr_in local = address(i / 256, 10000 + i % 256);
		int fd = stream();

		if (bind(fd, (struct sockaddr *)&local, sizeof(local)))
			fail("bind");
		if (listen(fd, 16))
			fail("listen");
	}
}

int main(int argc, char **argv)
{
	void (*holds)(unsigned int process, unsigned int count, int ready);
	unsigned int count, processes, i, each;
	struct rlimit limit;
	int ready[2];
	char byte;

	if (argc != 4) {
		fputs("usage: sockets KIND COUNT PROCESSES\n", stderr);
		return 2;
	}
	count = strtoul(argv[2], NULL, 10);
	processes = strtoul(argv[3], NULL, 10);
	each = count / processes;
	limit.rlim_cur = count + 64;
	limit.rlim_max = limit.rlim_cur;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		fail("RLIMIT_NOFILE (raise fs.nr_open)");
	if (pipe(ready))
		fail("pipe");
	if (!strcmp(argv[1], "tcp")) {
		holds = hold;
		each /= 2;
	} else if (!strcmp(argv[1], "namespaces")) {
		holds = hold_in_namespace;
		each /= 2;
	} else if (!strcmp(argv[1], "files")) {
		holds = hold_files;
	} else if (!strcmp(argv[1], "workers")) {
		holds = share;
		listen_on_many(count);
	} else {
		fprintf(stderr, "sockets: no kind %s\n", argv[1]);
		return 2;
	}
	for (i = 0; i < processes; i++) {
		pid_t pid = fork();

		if (pid < 0)
			fail("fork");
		if (!pid)
			holds(i, each, ready[1]);
	}
	close(ready[1]);
	for (i = 0; i < processes; i++)
		if (read(ready[0], &byte, 1) != 1)
			return 1;
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	signal(SIGTERM, SIG_IGN);
	kill(0, SIGTERM);
	while (wait(NULL) > 0)
		;
	return 0;
}
