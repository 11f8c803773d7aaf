// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "listing.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

#define READ_SIZE  (1024 * 1024)
#define MAX_FIELDS 64

static const char *const names[NR_COLUMNS] = {
	[PID] = "pid",	     [FD] = "fd",	[PROTO] = "proto",
	[STATE] = "state",   [LADDR] = "laddr", [LPORT] = "lport",
	[RADDR] = "raddr",   [RPORT] = "rport", [DEV] = "dev",
	[INODE] = "inode",   [NETNS] = "netns", [OWNER] = "uid",
	[HOLDER] = "holder", [VIA] = "via",	[COMM] = "comm",
};

char *slurp(int fd, size_t size, size_t *length)
{
	size_t room = size + 1;
	char *text = malloc(room);
	size_t used = 0;
	ssize_t got;

	while (text) {
		if (room - used <= size) {
			char *larger = realloc(text, room * 2 + size);

			if (!larger)
				break;
			room = room * 2 + size;
			text = larger;
		}
		got = read(fd, text + used, size);
		if (got < 0)
			break;
		if (got == 0) {
			text[used] = '\0';
			*length = used;
			return text;
		}
		used += got;
	}
	free(text);
	return NULL;
}

/* Splits @line at its tabs, in place; returns the number of fields. */
static size_t split(char *line, char *fields[MAX_FIELDS], size_t number)
{
	size_t nr = 0;

	for (;;) {
		char *tab = strchr(line, '\t');

		if (nr == MAX_FIELDS)
			tap_bail("line %zu has too many fields", number);
		if (tab)
			*tab = '\0';
		if (*line == '\0')
			tap_bail("line %zu: field %zu is empty", number,
				 nr + 1);
		for (const char *c = line; *c; c++)
			if (*c <= ' ' || *c > '~')
				tap_bail("line %zu: byte 0x%02x in field %zu",
					 number, (unsigned char)*c, nr + 1);
		fields[nr++] = line;
		if (!tab)
			return nr;
		line = tab + 1;
	}
}

/* Where in a line each column that the tests know stands. */
static size_t parse_header(char *line, size_t position[NR_COLUMNS])
{
	char *fields[MAX_FIELDS];
	size_t nr = split(line, fields, 1);

	for (size_t column = 0; column < NR_COLUMNS; column++) {
		bool found = false;

		for (size_t i = 0; i < nr; i++) {
			if (strcmp(fields[i], names[column]))
				continue;
			if (found)
				tap_bail("column %s is named twice",
					 names[column]);
			found = true;
			position[column] = i;
		}
		if (!found)
			tap_bail("no column %s", names[column]);
	}
	return nr;
}

void listing_parse(struct listing *listing, char *text, size_t length)
{
	size_t position[NR_COLUMNS];
	size_t nr_fields = 0;
	size_t nr_lines = 0;
	char *end = text + length;
	char *line = text;

	if (strlen(text) != length)
		tap_bail("a NUL byte in the listing");
	if (length == 0 || end[-1] != '\n')
		tap_bail("the listing does not end with a newline");

	for (const char *c = text; *c; c++)
		nr_lines += *c == '\n';
	listing->text = text;
	listing->nr_rows = 0;
	listing->rows = calloc(nr_lines, sizeof(*listing->rows));
	if (!listing->rows)
		tap_bail_errno("rows of a listing");

	for (size_t number = 1; line < end; number++) {
		char *newline = strchr(line, '\n');
		char *fields[MAX_FIELDS];
		struct row *row;
		size_t nr;

		*newline = '\0';
		if (number == 1) {
			nr_fields = parse_header(line, position);
			line = newline + 1;
			continue;
		}
		nr = split(line, fields, number);
		if (nr != nr_fields)
			tap_bail("line %zu has %zu fields, the header %zu",
				 number, nr, nr_fields);
		row = &listing->rows[listing->nr_rows++];
		for (size_t column = 0; column < NR_COLUMNS; column++)
			row->field[column] = fields[position[column]];
		line = newline + 1;
	}
}

void listing_read_at(struct listing *listing, const char *path, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t length;
	char *text;

	if (fd < 0)
		tap_bail_errno("open %s", path);
	text = slurp(fd, size, &length);
	if (!text)
		tap_bail_errno("read %s", path);
	close(fd);
	listing_parse(listing, text, length);
}

void listing_read(struct listing *listing)
{
	listing_read_at(listing, LISTING_PATH, READ_SIZE);
}

void listing_free(struct listing *listing)
{
	free(listing->rows);
	free(listing->text);
}
