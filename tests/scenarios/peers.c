// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * What ss, lsof and /proc say of the same machine. Of what they can see
 * they say the same.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/child.h"
#include "lib/listing.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define SS "ss -tuawnpHO"

/* A set of facts as lines of text. */
struct facts {
	char *line[512];
	size_t nr;
};

__printf(2, 3) static void add(struct facts *facts, const char *text, ...)
{
	va_list args;

	if (facts->nr == ARRAY_SIZE(facts->line))
		tap_bail("too many facts");
	va_start(args, text);
	if (vasprintf(&facts->line[facts->nr++], text, args) < 0)
		tap_bail_errno("facts");
	va_end(args);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort(struct facts *facts)
{
	size_t kept = 0;

	qsort(facts->line, facts->nr, sizeof(*facts->line), by_text);
	for (size_t i = 0; i < facts->nr; i++)
		if (!kept || strcmp(facts->line[kept - 1], facts->line[i]))
			facts->line[kept++] = facts->line[i];
	facts->nr = kept;
}

static void same(struct facts *ours, struct facts *theirs, const char *claim)
{
	size_t differences = 0, o = 0, t = 0;

	sort(ours);
	sort(theirs);
	while (o < ours->nr || t < theirs->nr) {
		int order = o == ours->nr ?
				    1 :
			    t == theirs->nr ?
				    -1 :
				    strcmp(ours->line[o], theirs->line[t]);

		if (order) {
			differences++;
			tap_diag("only %s: %s", order < 0 ? "here" : "there",
				 order < 0 ? ours->line[o] : theirs->line[t]);
		}
		o += order <= 0;
		t += order >= 0;
	}
	tap_ok(!differences && ours->nr > 20, "%s: %zu facts", claim,
	       theirs->nr);
}

static FILE *run(const char *command)
{
	FILE *output = popen(command, "re");

	if (!output)
		tap_bail_errno("%s", command);
	return output;
}

/* 0.0.0.0, :: and * are one; ::ffff: and the brackets go. */
static void plain(const char *text, char *out, size_t size)
{
	const char *port = strrchr(text, ':');
	char address[64];

	snprintf(address, sizeof(address), "%.*s", (int)(port - text), text);
	if (address[0] == '[') {
		memmove(address, address + 1, strlen(address));
		address[strcspn(address, "]")] = '\0';
	}
	if (!strncmp(address, "::ffff:", 7))
		memmove(address, address + 7, strlen(address) - 6);
	if (!strcmp(address, "0.0.0.0") || !strcmp(address, "::"))
		strcpy(address, "*");
	snprintf(out, size, "%s%s", address, port);
}

static struct child children[2];

static void add_fact(struct facts *facts, int pid, int fd, const char *local,
		     const char *remote)
{
	char here[80], there[80];

	/* What is asked inherits the sockets, and each names itself. */
	if (pid != getpid() && pid != children[0].pid && pid != children[1].pid)
		return;
	plain(local, here, sizeof(here));
	plain(remote, there, sizeof(there));
	add(facts, "pid %d fd %d %s %s", pid, fd, here,
	    strchr(there, '*') ? "*:*" : there);
}

/* From our own reader, which writes addresses as ss does. */
static void read_ours(struct facts *facts, const char *options)
{
	char line[1024], command[100];
	FILE *output;

	snprintf(command, sizeof(command), "sockowners -H -n %s", options);
	output = run(command);
	while (fgets(line, sizeof(line), output)) {
		char proto[16], local[128], remote[128], holder[16];
		int pid, fd;

		if (sscanf(line, "%*s %*s %d %d %15s %*s %127s %127s %15s",
			   &pid, &fd, proto, local, remote, holder) == 6 &&
		    !strcmp(holder, "fd"))
			add_fact(facts, pid, fd, local, remote);
	}
	pclose(output);
}

static void read_ss(struct facts *facts)
{
	FILE *output = run(SS);
	char line[4096];

	while (fgets(line, sizeof(line), output)) {
		char local[128], remote[128], *user = line;
		int pid, fd;

		if (sscanf(line, "%*s %*s %*s %*s %127s %127s", local,
			   remote) != 2)
			tap_bail("ss says %s", line);
		while ((user = strstr(user, "pid="))) {
			if (sscanf(user, "pid=%d,fd=%d", &pid, &fd) == 2)
				add_fact(facts, pid, fd, local, remote);
			user++;
		}
	}
	pclose(output);
}

static void read_lsof(struct facts *facts)
{
	FILE *output = run("lsof -nP -i -F pfn 2>/dev/null");
	int pid = 0, fd = 0;
	char line[512];

	while (fgets(line, sizeof(line), output)) {
		char *arrow = strstr(line, "->");

		line[strcspn(line, "\n")] = '\0';
		if (*line == 'p')
			pid = atoi(line + 1);
		if (*line == 'f')
			fd = atoi(line + 1);
		if (*line != 'n')
			continue;
		if (arrow)
			*arrow = '\0';
		add_fact(facts, pid, fd, line + 1, arrow ? arrow + 2 : "*:*");
	}
	pclose(output);
}

static const char *const tables[] = { "tcp",  "tcp6", "udp",
				      "udp6", "raw",  "raw6" };

/* The local port and the inode. */
#define TABLE_LINE "%*d: %*[0-9A-F]:%x %*s %*x %*s %*s %*s %*s %*s %lu"

/* Is that inode in one of the tables of /proc/net, with what local port? */
static bool in_tables(unsigned long inode, unsigned int *port)
{
	unsigned long found;
	char path[64], line[512];

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		FILE *table;

		snprintf(path, sizeof(path), "/proc/thread-self/net/%s",
			 tables[i]);
		table = fopen(path, "re");
		while (table && fgets(line, sizeof(line), table))
			if (sscanf(line, TABLE_LINE, port, &found) == 2 &&
			    found == inode) {
				fclose(table);
				return true;
			}
		if (table)
			fclose(table);
	}
	return false;
}

static void join_proc(struct facts *ours, struct facts *theirs)
{
	DIR *processes = opendir("/proc");
	struct dirent *process, *entry;
	struct listing listing;
	unsigned int port;

	while ((process = readdir(processes))) {
		char path[600], target[64];
		unsigned long inode;
		DIR *fds;

		if (!atoi(process->d_name))
			continue;
		snprintf(path, sizeof(path), "/proc/%s/fd", process->d_name);
		fds = opendir(path);
		while (fds && (entry = readdir(fds))) {
			ssize_t length;

			snprintf(path, sizeof(path), "/proc/%s/fd/%s",
				 process->d_name, entry->d_name);
			length = readlink(path, target, sizeof(target) - 1);
			target[length > 0 ? length : 0] = '\0';
			if (sscanf(target, "socket:[%lu]", &inode) == 1 &&
			    in_tables(inode, &port))
				add(theirs, "%s %s %lu port %u",
				    process->d_name, entry->d_name, inode,
				    port);
		}
		if (fds)
			closedir(fds);
	}
	closedir(processes);
	listing_read(&listing);
	for (size_t i = 0; i < listing.nr_rows; i++) {
		const char *const *field = listing.rows[i].field;

		if (strcmp(field[HOLDER], "fd") ||
		    strtoul(field[NETNS], NULL, 10) != net_inode() ||
		    !in_tables(strtoul(field[INODE], NULL, 10), &port))
			continue;
		add(ours, "%s %s %s port %s", field[PID], field[FD],
		    field[INODE],
		    strcmp(field[LPORT], "-") ? field[LPORT] : "0");
	}
	listing_free(&listing);
}

static void hold(int control, void *arg)
{
	(void)arg;
	tell(control, 0);
	stay(control);
}

static int udp_bound(int family, const char *address)
{
	int sock = sock_open(family, SOCK_DGRAM, 0);

	sock_bind(sock, address, 0);
	return sock;
}

/* Everything that the others can see, held by three processes. */
static void check_mix(void)
{
	static const char *const addresses[] = { "127.0.0.1", "::1", "0.0.0.0",
						 "::" };
	struct facts ours = { 0 }, theirs = { 0 };
	int mapped;

	for (size_t i = 0; i < ARRAY_SIZE(addresses); i++) {
		int family = i % 2 ? AF_INET6 : AF_INET;
		int listener = tcp_listen(addresses[i], 4);

		tcp_connection(listener, i % 2 ? "::1" : "127.0.0.1");
		if (dup(udp_bound(family, addresses[i])) < 0)
			tap_bail_errno("dup");
		sock_connect(udp_bound(family, i % 2 ? "::1" : "127.0.0.1"),
			     i % 2 ? "::1" : "127.0.0.1", 4242);
		if (i == 1) {
			child_start(&children[0], hold, NULL);
			hear(children[0].control);
		}
	}
	mapped = tcp_listen("::", 4);
	tcp_connection(mapped, "127.0.0.1");
	child_start(&children[1], hold, NULL);
	hear(children[1].control);

	read_ours(&ours, "-t -u");
	read_ss(&theirs);
	same(&ours, &theirs, SS);
	theirs.nr = 0;
	read_lsof(&theirs);
	same(&ours, &theirs, "lsof -nP -i");
	ours.nr = 0;
	theirs.nr = 0;
	sock_open(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	sock_open(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
	join_proc(&ours, &theirs);
	same(&ours, &theirs, "/proc/*/fd joined with /proc/net/*");
	child_stop(&children[0]);
	child_stop(&children[1]);
}

int main(void)
{
	tap_plan(3);
	if (access("/usr/bin/ss", X_OK) || access("/usr/bin/lsof", X_OK))
		tap_bail("ss and lsof are not both there");
	/* Autoloaded modules come before the picture is taken. */
	pclose(run(SS));
	net_enter_new();
	check_mix();
	return tap_done();
}
