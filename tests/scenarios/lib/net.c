// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "net.h"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sock.h"
#include "tap.h"

void net_bring_up(const char *device)
{
	int sock = sock_open(AF_INET, SOCK_DGRAM, 0);
	struct ifreq request = { 0 };

	strncpy(request.ifr_name, device, IFNAMSIZ - 1);
	if (ioctl(sock, SIOCGIFFLAGS, &request))
		tap_bail_errno("flags of %s", device);
	request.ifr_flags |= IFF_UP;
	if (ioctl(sock, SIOCSIFFLAGS, &request))
		tap_bail_errno("bringing %s up", device);
	close(sock);
}

void net_enter_new(void)
{
	if (unshare(CLONE_NEWNET))
		tap_bail_errno("a network namespace");
	net_bring_up("lo");
}

static int open_namespace(const char *path)
{
	int netns = open(path, O_RDONLY | O_CLOEXEC);

	if (netns < 0)
		tap_bail_errno("%s", path);
	return netns;
}

int net_open(void)
{
	return open_namespace("/proc/thread-self/ns/net");
}

int net_open_of(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	return open_namespace(path);
}

void net_enter(int netns)
{
	if (setns(netns, CLONE_NEWNET))
		tap_bail_errno("entering a network namespace");
}

unsigned long net_inode(void)
{
	struct stat st;

	if (stat("/proc/thread-self/ns/net", &st))
		tap_bail_errno("/proc/thread-self/ns/net");
	return st.st_ino;
}

bool sysctl_try(const char *name, const char *value)
{
	char path[256];
	ssize_t length = strlen(value);
	bool written;
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	written = write(fd, value, length) == length;
	close(fd);
	return written;
}

void sysctl_set(const char *name, const char *value)
{
	if (!sysctl_try(name, value))
		tap_bail_errno("setting %s to %s", name, value);
}

void allow_descriptors(unsigned long number)
{
	struct rlimit limit = { number, number };

	if (setrlimit(RLIMIT_NOFILE, &limit))
		tap_bail_errno("RLIMIT_NOFILE of %lu", number);
}
