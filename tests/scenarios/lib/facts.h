/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * Who holds which socket, in one notation for everybody who can be asked: ss,
 * lsof, netstat, /proc, and /proc/sockowners.
 */
#ifndef SCENARIOS_FACTS_H
#define SCENARIOS_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#define NOBODY (-1) /* no process, or no descriptor */

struct fact {
	char proto[16]; /* without a 6 at the end: the addresses tell */
	int pid;
	int fd;
	/* As ss writes them, but never "*" for an address. */
	char local[100];
	char remote[100]; /* "*:*" without a peer */
};

/* An empty one is all zeroes. */
struct facts {
	struct fact *fact;
	size_t nr;
	size_t room;
};

void facts_add(struct facts *facts, const char *proto, int pid, int fd,
	       const char *local, const char *remote);
/* What is said twice stays there twice. */
void facts_sort(struct facts *facts);
void facts_clear(struct facts *facts);
int fact_compare(const void *a, const void *b);

/* What /proc/sockowners says of the network namespace of the caller. */
void facts_of_listing(struct facts *facts);

/*
 * ADDRESS:PORT as one of the tools writes it, in the notation of a fact. Tools
 * that do not tell the families apart in @text say @six elsewhere.
 */
void fact_end(char *end, size_t size, const char *text, bool six);

/* The number behind the last colon, 0 for none. */
unsigned int fact_port(const char *end);

#endif
