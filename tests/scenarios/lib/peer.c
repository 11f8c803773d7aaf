// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "peer.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "tap.h"

/* Not those that busybox has under the same names. */
#define PLACE "/usr/bin/"

void peers_prepare(void)
{
	struct facts facts = { 0 };

	if (access(PLACE "ss", X_OK) || access(PLACE "lsof", X_OK) ||
	    access(PLACE "netstat", X_OK))
		tap_bail("ss, lsof and netstat are not all there");
	facts_of_ss(&facts);
	facts_clear(&facts);
}

/* The association below the line of its SCTP socket has no name before it. */
static const char *without_branch(const char *line, char proto[16])
{
	const char *branch = strstr(line, "`- ");

	if (branch) {
		strcpy(proto, "sctp");
		return branch + 3;
	}
	if (sscanf(line, "%15s", proto) != 1)
		tap_bail("ss says %s", line);
	return line + strspn(line, " ") + strlen(proto);
}

void facts_of_ss(struct facts *facts)
{
	struct command ss;
	char line[4096];

	command_start(&ss, PLACE SS "HO 2>/dev/null");
	while (fgets(line, sizeof(line), ss.output)) {
		char proto[16], text[2][100], end[2][100];
		const char *rest = without_branch(line, proto);
		const char *user = strstr(rest, "users:");
		int pid, fd;

		if (sscanf(rest, "%*s %*s %*s %99s %99s", text[0], text[1]) !=
		    2)
			tap_bail("ss says %s", line);
		for (int i = 0; i < 2; i++)
			fact_end(end[i], sizeof(end[i]), text[i],
				 strchr("[*", text[i][0]));
		if (!user)
			facts_add(facts, proto, NOBODY, NOBODY, end[0], end[1]);
		while (user && (user = strstr(user, "pid="))) {
			if (sscanf(user, "pid=%d,fd=%d", &pid, &fd) != 2)
				tap_bail("ss says %s", line);
			facts_add(facts, proto, pid, fd, end[0], end[1]);
			user++;
		}
	}
	command_end(&ss);
}

/* One field a line: process, file, then what is known of the file. */
void facts_of_lsof(struct facts *facts)
{
	char line[512], proto[16] = "";
	int pid = NOBODY, fd = NOBODY;
	struct command lsof;
	bool six = false;

	command_start(&lsof, PLACE LSOF " -F pftPn 2>/dev/null");
	while (fgets(line, sizeof(line), lsof.output)) {
		char local[100], remote[100] = "*:*", *arrow;

		line[strcspn(line, "\n")] = '\0';
		switch (*line) {
		case 'p':
			pid = atoi(line + 1);
			break;
		case 'f':
			fd = atoi(line + 1);
			break;
		case 't':
			six = !strcmp(line, "tIPv6");
			break;
		case 'P':
			for (size_t i = 0; i < sizeof(proto) - 1; i++)
				proto[i] = tolower(line[i + 1]);
			break;
		case 'n':
			arrow = strstr(line, "->");
			if (arrow) {
				*arrow = '\0';
				fact_end(remote, sizeof(remote), arrow + 2,
					 six);
			}
			fact_end(local, sizeof(local), line + 1, six);
			facts_add(facts, proto, pid, fd, local, remote);
		}
	}
	command_end(&lsof);
}

static void netstat_fact(struct facts *facts, const char *name,
			 const char *local, const char *remote,
			 const char *owner)
{
	size_t length = strcspn(name, "6");
	char end[2][100], proto[16];
	bool six = name[length] || strstr(local, "::");

	snprintf(proto, sizeof(proto), "%.*s", (int)length, name);
	fact_end(end[0], sizeof(end[0]), local, six);
	fact_end(end[1], sizeof(end[1]), remote, six);
	facts_add(facts, strcmp(proto, "udpl") ? proto : "udplite",
		  strcmp(owner, "-") ? atoi(owner) : NOBODY, NOBODY, end[0],
		  end[1]);
}

void facts_of_netstat(struct facts *facts)
{
	struct command netstat;
	char line[1024];

	/* It ends at the first protocol that this kernel has not. */
	command_start(&netstat, "for protocols in -tuw -U -S; do " PLACE
				"netstat $protocols -anp 2>/dev/null; done");
	while (fgets(line, sizeof(line), netstat.output)) {
		char *word[16] = { NULL }, *rest = line;
		int nr = 0;

		while (nr < 15 && (word[nr] = strsep(&rest, "\n ")))
			nr += *word[nr] != '\0';
		/* The name of a protocol is in lower case, the heads are not. */
		if (nr < 4 || !islower(*word[0]))
			continue;
		/* An SCTP endpoint has no queues and no peer. */
		if (strchr(word[1], ':'))
			netstat_fact(facts, word[0], word[1], "*:*",
				     word[nr - 1]);
		else
			netstat_fact(facts, word[0], word[3], word[4],
				     word[nr - 1]);
	}
	command_end(&netstat);
}
