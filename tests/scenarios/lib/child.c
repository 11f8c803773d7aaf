// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "child.h"

#include <dirent.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

/* Longer than any part of a scenario takes on a slow machine. */
#define PATIENCE_MS (540 * 1000)

pid_t child_clone(int flags)
{
	/* Not clone(): the order of its arguments depends on the machine. */
	struct clone_args args = { .flags = flags, .exit_signal = SIGCHLD };

	return syscall(SYS_clone3, &args, sizeof(args));
}

void child_start_flags(struct child *child, int flags,
		       void (*body)(int control, void *arg), void *arg)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		tap_bail_errno("socketpair");
	child->pid = child_clone(flags);
	if (child->pid < 0)
		tap_bail_errno("clone");
	if (child->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* A table that is shared must keep the parent's end. */
		if (!(flags & CLONE_FILES))
			close(ends[0]);
		body(ends[1], arg);
		_exit(0);
	}
	if (!(flags & CLONE_FILES))
		close(ends[1]);
	child->control = ends[0];
}

void child_start(struct child *child, void (*body)(int control, void *arg),
		 void *arg)
{
	child_start_flags(child, 0, body, arg);
}

/* The leader of a process that goes on without it is a zombie. */
bool child_leader_has_exited(void *arg)
{
	struct child *child = arg;
	char path[64], state;
	FILE *stat;
	int got;

	snprintf(path, sizeof(path), "/proc/%d/stat", child->pid);
	stat = fopen(path, "re");
	if (!stat)
		return false;
	got = fscanf(stat, "%*d %*s %c", &state);
	fclose(stat);
	return got == 1 && state == 'Z';
}

pid_t child_below(pid_t pid)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;
	pid_t found = 0;

	if (!processes)
		tap_bail_errno("/proc");
	while ((entry = readdir(processes))) {
		char path[300];
		int parent = 0;
		FILE *stat;

		if (atoi(entry->d_name) <= 0)
			continue;
		snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
		stat = fopen(path, "re");
		if (!stat)
			continue;
		if (fscanf(stat, "%*d %*s %*c %d", &parent) == 1 &&
		    parent == pid)
			found = atoi(entry->d_name);
		fclose(stat);
	}
	closedir(processes);
	if (!found)
		tap_bail("process %d has no child", pid);
	return found;
}

int child_stop(struct child *child)
{
	int status;

	kill(child->pid, SIGKILL);
	close(child->control);
	if (waitpid(child->pid, &status, 0) != child->pid)
		tap_bail_errno("waitpid");
	return status;
}

void child_finish(struct child *child)
{
	int status;

	close(child->control);
	if (waitpid(child->pid, &status, 0) != child->pid)
		tap_bail_errno("waitpid");
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		tap_bail("a child ended with status 0x%x", status);
}

void tell(int control, long number)
{
	if (send(control, &number, sizeof(number), MSG_NOSIGNAL) !=
	    sizeof(number))
		tap_bail_errno("telling the other process");
}

static void wait_for_word(int control)
{
	struct pollfd poll_control = { .fd = control, .events = POLLIN };

	if (poll(&poll_control, 1, PATIENCE_MS) != 1)
		tap_bail("the other process is silent");
}

bool hear_if_alive(int control, long *number)
{
	wait_for_word(control);
	return recv(control, number, sizeof(*number), 0) == sizeof(*number);
}

long hear(int control)
{
	long number;

	if (!hear_if_alive(control, &number))
		tap_bail("the other process has gone");
	return number;
}

void tell_text(int control, const char *text)
{
	ssize_t length = strlen(text);

	if (send(control, text, length, MSG_NOSIGNAL) != length)
		tap_bail_errno("telling the other process");
}

bool hear_text(int control, char *text, size_t size)
{
	ssize_t length;

	wait_for_word(control);
	length = recv(control, text, size - 1, 0);
	if (length < 0)
		tap_bail_errno("hearing the other process");
	text[length] = '\0';
	return length > 0;
}

void stay(int control)
{
	long number;

	/* However long it takes: a parent that dies is heard. */
	if (recv(control, &number, sizeof(number), 0) < 0)
		tap_bail_errno("waiting for the other process");
}

union rights {
	struct cmsghdr header;
	char space[CMSG_SPACE(sizeof(int))];
};

void send_descriptors(int control, const int *fds, unsigned int number)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(DESCRIPTORS_MAX * sizeof(int))];
	} rights = { 0 };
	struct iovec byte = { .iov_base = "", .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &byte,
		.msg_iovlen = 1,
		.msg_control = &rights,
		.msg_controllen = CMSG_SPACE(number * sizeof(int)),
	};

	rights.header.cmsg_level = SOL_SOCKET;
	rights.header.cmsg_type = SCM_RIGHTS;
	rights.header.cmsg_len = CMSG_LEN(number * sizeof(int));
	memcpy(CMSG_DATA(&rights.header), fds, number * sizeof(int));
	if (sendmsg(control, &message, MSG_NOSIGNAL) != 1)
		tap_bail_errno("sending %u descriptors", number);
}

void send_descriptor(int control, int fd)
{
	send_descriptors(control, &fd, 1);
}

int receive_descriptor(int control)
{
	union rights rights;
	char received;
	struct iovec byte = { .iov_base = &received, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &byte,
		.msg_iovlen = 1,
		.msg_control = &rights,
		.msg_controllen = sizeof(rights),
	};
	int fd;

	wait_for_word(control);
	if (recvmsg(control, &message, 0) != 1 ||
	    message.msg_controllen < CMSG_LEN(sizeof(int)))
		tap_bail_errno("receiving a descriptor");
	memcpy(&fd, CMSG_DATA(&rights.header), sizeof(fd));
	return fd;
}
