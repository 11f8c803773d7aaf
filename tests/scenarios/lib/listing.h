/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * One reading of /proc/sockowners, checked line by line against the format:
 * a header that names the columns, one tab between fields, no empty field.
 */
#ifndef SCENARIOS_LISTING_H
#define SCENARIOS_LISTING_H

#include <stddef.h>

#define LISTING_PATH "/proc/sockowners"

enum column {
	PID,
	FD,
	PROTO,
	STATE,
	LADDR,
	LPORT,
	RADDR,
	RPORT,
	DEV,
	INODE,
	NETNS,
	OWNER, /* "uid" in the file */
	HOLDER,
	VIA,
	COMM,
	NR_COLUMNS,
};

struct row {
	const char *field[NR_COLUMNS];
};

struct listing {
	struct row *rows;
	size_t nr_rows;
	char *text; /* what the fields point into */
};

/*
 * Everything that read() gives from here to the end, in calls of @size bytes;
 * a NUL is appended. Returns NULL and errno if a call fails.
 */
char *slurp(int fd, size_t size, size_t *length);

/* Takes @text over. Stops the test at the first line that is not well formed. */
void listing_parse(struct listing *listing, char *text, size_t length);

/* Opens, reads and parses the file at @path. */
void listing_read_at(struct listing *listing, const char *path, size_t size);
void listing_read(struct listing *listing);
void listing_free(struct listing *listing);

#endif
