/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/* Queries: what is written to /proc/sockowners before it is read. */
#ifndef SCENARIOS_ASK_H
#define SCENARIOS_ASK_H

#include "table.h"

/* Opens the file with @flags of open(2). */
int ask_open(int flags);

/* Writes the query in one call; returns 0 or errno. */
int ask_try(int fd, const char *query);

/* The same; a query that is refused ends the test. */
void ask_on(int fd, const char *query);

/* What can be read from here to the end. */
char *ask_rest(int fd);

/* The answer through a descriptor of its own; NULL asks nothing. */
char *ask_text(const char *query);
void ask(struct table *answer, const char *query);

/* How many rows it has. */
size_t ask_count(const char *query);

#endif
