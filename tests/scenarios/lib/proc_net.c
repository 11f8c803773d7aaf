// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "proc_net.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "tap.h"

/* A descriptor that is a socket, of whatever family. */
struct descriptor {
	int pid;
	int fd;
	unsigned long inode;
};

struct descriptors {
	struct descriptor *descriptor;
	size_t nr;
};

static void add_descriptors(struct descriptors *all, int pid)
{
	char path[300], target[64];
	unsigned long inode;
	struct dirent *entry;
	DIR *fds;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	fds = opendir(path);
	while (fds && (entry = readdir(fds))) {
		ssize_t length = readlinkat(dirfd(fds), entry->d_name, target,
					    sizeof(target) - 1);

		target[length > 0 ? length : 0] = '\0';
		if (sscanf(target, "socket:[%lu]", &inode) != 1)
			continue;
		all->descriptor =
			realloc(all->descriptor,
				(all->nr + 1) * sizeof(*all->descriptor));
		if (!all->descriptor)
			tap_bail_errno("descriptors");
		all->descriptor[all->nr++] = (struct descriptor){
			.pid = pid,
			.fd = atoi(entry->d_name),
			.inode = inode,
		};
	}
	if (fds)
		closedir(fds);
}

static void read_descriptors(struct descriptors *all)
{
	DIR *processes = opendir("/proc");
	struct dirent *process;

	if (!processes)
		tap_bail_errno("/proc");
	while ((process = readdir(processes)))
		if (atoi(process->d_name))
			add_descriptors(all, atoi(process->d_name));
	closedir(processes);
}

static void join(struct facts *facts, const struct descriptors *all,
		 const char *proto, unsigned long inode, const char *local,
		 const char *remote)
{
	bool found = false;

	for (size_t i = 0; i < all->nr; i++) {
		const struct descriptor *descriptor = &all->descriptor[i];

		if (!inode || descriptor->inode != inode)
			continue;
		found = true;
		facts_add(facts, proto, descriptor->pid, descriptor->fd, local,
			  remote);
	}
	if (!found)
		facts_add(facts, proto, NOBODY, NOBODY, local, remote);
}

/* The 32-bit words of an address are written as numbers of this machine. */
static void end_of_hex(char end[100], const char *hex, unsigned int port)
{
	bool six = strlen(hex) > 8;
	char text[INET6_ADDRSTRLEN], whole[64];
	unsigned int words[4] = { 0 };

	for (size_t i = 0; i < strlen(hex) / 8; i++) {
		char word[9];

		snprintf(word, sizeof(word), "%.8s", hex + 8 * i);
		words[i] = strtoul(word, NULL, 16);
	}
	inet_ntop(six ? AF_INET6 : AF_INET, words, text, sizeof(text));
	snprintf(whole, sizeof(whole), "%s:%u", text, port);
	fact_end(end, 100, whole, six);
}

/* The two ends, and the inode. */
#define TABLE_LINE                                       \
	"%*d: %32[0-9A-F]:%x %32[0-9A-F]:%x %*x %*s %*s" \
	" %*s %*s %*s %lu"

static void join_table(struct facts *facts, const struct descriptors *all,
		       const char *proto, const char *table, FILE *lines)
{
	char line[512];

	while (fgets(line, sizeof(line), lines)) {
		char hex[2][33], local[100], remote[100];
		unsigned int port[2];
		unsigned long inode;
		int got = sscanf(line, TABLE_LINE, hex[0], &port[0], hex[1],
				 &port[1], &inode);

		if (got == 5) {
			end_of_hex(local, hex[0], port[0]);
			end_of_hex(remote, hex[1], port[1]);
			join(facts, all, proto, inode, local, remote);
		} else if (!strstr(line, "local_address")) {
			tap_bail("%s says %s", table, line);
		}
	}
}

/* IPv6 addresses with all zeroes; the primary one has a star before it. */
static void end_of_sctp(char end[100], const char *address, unsigned int port)
{
	char text[INET6_ADDRSTRLEN], whole[64];
	struct in6_addr six;

	address += *address == '*';
	if (inet_pton(AF_INET6, address, &six) == 1)
		address = inet_ntop(AF_INET6, &six, text, sizeof(text));
	snprintf(whole, sizeof(whole), "%s:%u", address, port);
	fact_end(end, 100, whole, false);
}

static void join_endpoints(struct facts *facts, const struct descriptors *all,
			   FILE *lines)
{
	char line[1024], address[64], local[100];
	unsigned long inode;
	unsigned int port;

	while (fgets(line, sizeof(line), lines)) {
		if (sscanf(line, "%*s %*s %*d %*d %*d %u %*u %lu %63s", &port,
			   &inode, address) == 3) {
			end_of_sctp(local, address, port);
			join(facts, all, "sctp", inode, local, "*:*");
		} else if (!strstr(line, "LADDRS")) {
			tap_bail("sctp/eps says %s", line);
		}
	}
}

/* Like no other table, and the pointers before the numbers may be any text. */
#define ASSOCIATION_LINE                                    \
	"%*s %*s %*d %*d %*d %*d %*d %*u %*u %*u %lu %u %u" \
	" %63s <-> %63s"

static void join_associations(struct facts *facts,
			      const struct descriptors *all, FILE *lines)
{
	char line[1024], address[2][64], local[100], remote[100];
	unsigned long inode;
	unsigned int port[2];

	while (fgets(line, sizeof(line), lines)) {
		int got = sscanf(line, ASSOCIATION_LINE, &inode, &port[0],
				 &port[1], address[0], address[1]);

		if (got == 5) {
			end_of_sctp(local, address[0], port[0]);
			end_of_sctp(remote, address[1], port[1]);
			join(facts, all, "sctp", inode, local, remote);
		} else if (!strstr(line, "LADDRS")) {
			tap_bail("sctp/assocs says %s", line);
		}
	}
}

static FILE *open_table(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/thread-self/net/%s", name);
	return fopen(path, "re");
}

void facts_of_proc(struct facts *facts)
{
	static const char *const tables[] = { "tcp",  "tcp6",	 "udp",
					      "udp6", "udplite", "udplite6",
					      "raw",  "raw6",	 "icmp",
					      "icmp6" };
	struct descriptors all = { 0 };
	FILE *lines;

	read_descriptors(&all);
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		char proto[16];

		lines = open_table(tables[i]);
		if (!lines)
			continue;
		snprintf(proto, sizeof(proto), "%.*s",
			 (int)strcspn(tables[i], "6"), tables[i]);
		join_table(facts, &all, proto, tables[i], lines);
		fclose(lines);
	}
	lines = open_table("sctp/eps");
	if (lines) {
		join_endpoints(facts, &all, lines);
		fclose(lines);
	}
	lines = open_table("sctp/assocs");
	if (lines) {
		join_associations(facts, &all, lines);
		fclose(lines);
	}
	free(all.descriptor);
}
