// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "row.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "array.h"
#include "sock.h"
#include "tap.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif
#ifndef SO_BINDTOIFINDEX
#define SO_BINDTOIFINDEX 62
#endif

static const char *const tcp_state_names[] = {
	[TCP_ESTABLISHED] = "ESTABLISHED",
	[TCP_SYN_SENT] = "SYN_SENT",
	[TCP_SYN_RECV] = "SYN_RECV",
	[TCP_FIN_WAIT1] = "FIN_WAIT1",
	[TCP_FIN_WAIT2] = "FIN_WAIT2",
	[TCP_TIME_WAIT] = "TIME_WAIT",
	[TCP_CLOSE] = "CLOSE",
	[TCP_CLOSE_WAIT] = "CLOSE_WAIT",
	[TCP_LAST_ACK] = "LAST_ACK",
	[TCP_LISTEN] = "LISTEN",
	[TCP_CLOSING] = "CLOSING",
};

static const struct {
	int protocol;
	const char *name;
} protocol_names[] = {
	{ IPPROTO_TCP, "tcp" },	    { IPPROTO_UDP, "udp" },
	{ IPPROTO_MPTCP, "mptcp" }, { IPPROTO_UDPLITE, "udplite" },
	{ IPPROTO_SCTP, "sctp" },   { IPPROTO_DCCP, "dccp" },
	{ IPPROTO_ICMP, "icmp" },   { IPPROTO_ICMPV6, "icmp" },
};

void row_set(struct expected_row *row, enum column column, const char *text,
	     ...)
{
	va_list args;

	va_start(args, text);
	vsnprintf(row->field[column], sizeof(row->field[column]), text, args);
	va_end(args);
}

void escape_name(char *text, size_t size, const char *name, size_t length)
{
	size_t used = 0;

	if (length == 0) {
		snprintf(text, size, "\\000");
		return;
	}
	if (length == 1 && name[0] == '-') {
		snprintf(text, size, "\\055");
		return;
	}
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = name[i];
		const char *format = byte > ' ' && byte <= '~' && byte != '\\' ?
					     "%c" :
					     "\\%03o";

		used += snprintf(text + used, size - used, format, byte);
	}
}

static int option(int sock, int level, int name)
{
	socklen_t length = sizeof(int);
	int value = 0;

	if (getsockopt(sock, level, name, &value, &length))
		tap_bail_errno("getsockopt(%d, %d)", level, name);
	return value;
}

static void set_proto(struct expected_row *row, int sock)
{
	const char *six =
		option(sock, SOL_SOCKET, SO_DOMAIN) == AF_INET6 ? "6" : "";
	int protocol = option(sock, SOL_SOCKET, SO_PROTOCOL);

	if (option(sock, SOL_SOCKET, SO_TYPE) == SOCK_RAW) {
		row_set(row, PROTO, "raw%s", six);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(protocol_names); i++) {
		if (protocol_names[i].protocol == protocol) {
			row_set(row, PROTO, "%s%s", protocol_names[i].name,
				six);
			return;
		}
	}
	row_set(row, PROTO, "inet%s%d", six, protocol);
}

static void set_endpoint(struct expected_row *row, enum column address,
			 enum column port, const struct sockaddr_storage *name)
{
	const struct sockaddr_in6 *v6 = (const void *)name;
	const struct sockaddr_in *v4 = (const void *)name;
	unsigned int number;
	const void *bytes;

	if (name->ss_family == AF_INET6) {
		number = ntohs(v6->sin6_port);
		bytes = &v6->sin6_addr;
	} else {
		number = ntohs(v4->sin_port);
		bytes = &v4->sin_addr;
	}
	if (!inet_ntop(name->ss_family, bytes, row->field[address],
		       sizeof(row->field[address])))
		tap_bail_errno("inet_ntop");
	if (number)
		row_set(row, port, "%u", number);
	else
		row_set(row, port, "-");
}

static void set_state(struct expected_row *row, int sock)
{
	int type = option(sock, SOL_SOCKET, SO_TYPE);
	int protocol = option(sock, SOL_SOCKET, SO_PROTOCOL);
	bool connected = strcmp(row->field[RADDR], "-") != 0;
	bool bound = strcmp(row->field[LPORT], "-") != 0;
	int state = TCP_CLOSE;

	if (type == SOCK_DGRAM || type == SOCK_RAW) {
		row_set(row, STATE, connected ? "ESTABLISHED" : "UNCONNECTED");
		return;
	}
	if (protocol == IPPROTO_TCP) {
		struct tcp_info info = { 0 };
		socklen_t length = sizeof(info);

		if (getsockopt(sock, IPPROTO_TCP, TCP_INFO, &info, &length))
			tap_bail_errno("TCP_INFO");
		state = info.tcpi_state;
	} else if (option(sock, SOL_SOCKET, SO_ACCEPTCONN)) {
		state = TCP_LISTEN;
	} else if (connected) {
		state = TCP_ESTABLISHED;
	}
	if (state == TCP_CLOSE && bound)
		row_set(row, STATE, "BOUND");
	else
		row_set(row, STATE, "%s", tcp_state_names[state]);
}

static void set_dev(struct expected_row *row, int sock)
{
	char name[IF_NAMESIZE] = "";
	socklen_t length = sizeof(name);
	int index = option(sock, SOL_SOCKET, SO_BINDTOIFINDEX);

	if (!index)
		row_set(row, DEV, "-");
	else if (getsockopt(sock, SOL_SOCKET, SO_BINDTODEVICE, name, &length))
		row_set(row, DEV, "if%d", index); /* the device is gone */
	else
		escape_name(row->field[DEV], sizeof(row->field[DEV]), name,
			    strlen(name));
}

static void set_process(struct expected_row *row, pid_t pid)
{
	char path[64], text[4096];
	const char *uids;
	unsigned int euid;
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	length = read(fd, text, sizeof(text));
	if (fd < 0 || length < 1)
		tap_bail_errno("%s", path);
	close(fd);
	escape_name(row->field[COMM], sizeof(row->field[COMM]), text,
		    length - 1);

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	length = read(fd, text, sizeof(text) - 1);
	if (fd < 0 || length < 1)
		tap_bail_errno("%s", path);
	close(fd);
	text[length] = '\0';
	uids = strstr(text, "\nUid:");
	if (!uids || sscanf(uids, "\nUid: %*u %u", &euid) != 1)
		tap_bail("no user ids in %s", path);
	row_set(row, OWNER, "%u", euid);
}

unsigned long netns_of_socket(int sock)
{
	int netns = ioctl(sock, SIOCGSKNS);
	struct stat st;

	if (netns < 0 || fstat(netns, &st))
		tap_bail_errno("network namespace of a socket");
	close(netns);
	return st.st_ino;
}

void row_set_tuple(struct expected_row *row, int sock)
{
	struct sockaddr_storage name = { 0 };
	socklen_t length = sizeof(name);
	struct stat st;

	if (getsockname(sock, (struct sockaddr *)&name, &length))
		tap_bail_errno("getsockname");
	set_endpoint(row, LADDR, LPORT, &name);

	length = sizeof(name);
	if (getpeername(sock, (struct sockaddr *)&name, &length) == 0) {
		set_endpoint(row, RADDR, RPORT, &name);
	} else if (errno == ENOTCONN) {
		row_set(row, RADDR, "-");
		row_set(row, RPORT, "-");
	} else {
		tap_bail_errno("getpeername");
	}

	if (fstat(sock, &st))
		tap_bail_errno("fstat of a socket");
	row_set(row, INODE, "%lu", (unsigned long)st.st_ino);
}

void row_of_socket(struct expected_row *row, pid_t pid, int fd, int sock)
{
	row_set(row, PID, "%d", pid);
	row_set(row, FD, "%d", fd);
	set_proto(row, sock);
	row_set_tuple(row, sock);
	/* getsockname() forgets it when a raw socket is disconnected. */
	if (option(sock, SOL_SOCKET, SO_TYPE) == SOCK_RAW)
		row_set(row, LPORT, "%d",
			option(sock, SOL_SOCKET, SO_PROTOCOL));
	set_state(row, sock);
	set_dev(row, sock);
	row_set(row, NETNS, "%lu", netns_of_socket(sock));
	set_process(row, pid);
	row_set(row, HOLDER, "fd");
	row_set(row, VIA, "-");
}

void row_of_thread(struct expected_row *row, pid_t pid, pid_t tid, int fd,
		   int sock)
{
	row_of_socket(row, pid, fd, sock);
	row_set(row, HOLDER, "thread");
	row_set(row, VIA, "%d", tid);
}

void row_of_nobody(struct expected_row *row, const char *holder, int sock)
{
	static const enum column none[] = { PID, FD, OWNER, VIA, COMM };

	row_of_socket(row, getpid(), sock, sock);
	for (size_t i = 0; i < ARRAY_SIZE(none); i++)
		row_set(row, none[i], "-");
	row_set(row, HOLDER, "%s", holder);
}

void row_of_scm(struct expected_row *row, pid_t pid, unsigned long via,
		int sock)
{
	row_of_socket(row, pid, sock, sock);
	row_set(row, FD, "-");
	row_set(row, HOLDER, "scm");
	row_set(row, VIA, "%lu", via);
}

void row_of_timewait(struct expected_row *row, const char *state, int sock)
{
	row_of_nobody(row, "timewait", sock);
	row_set(row, STATE, "%s", state);
	row_set(row, INODE, "-");
}

void row_of_accept(struct expected_row *row, int client, int listener,
		   const char *state)
{
	struct expected_row end;

	row_of_nobody(&end, "accept", client);
	*row = end;
	strcpy(row->field[LADDR], end.field[RADDR]);
	strcpy(row->field[LPORT], end.field[RPORT]);
	strcpy(row->field[RADDR], end.field[LADDR]);
	strcpy(row->field[RPORT], end.field[LPORT]);
	row_set(row, STATE, "%s", state);
	row_set(row, INODE, "-");
	row_set(row, VIA, "%lu", sock_inode(listener));
}

void row_of_synrecv(struct expected_row *row, int listener, const char *from,
		    unsigned int from_port)
{
	row_of_nobody(row, "synrecv", listener);
	row_set(row, VIA, "%lu", sock_inode(listener));
	row_set(row, STATE, "SYN_RECV");
	row_set(row, INODE, "-");
	row_set(row, RADDR, "%s", from);
	row_set(row, RPORT, "%u", from_port);
}

void row_of_subflow(struct expected_row *row, int sock)
{
	row_of_nobody(row, "mptcp", sock);
	row_set(row, PROTO, "tcp%s", strchr(row->field[PROTO], '6') ? "6" : "");
	row_set(row, VIA, "%s", row->field[INODE]);
}
