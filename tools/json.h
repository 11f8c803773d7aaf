/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_JSON_H
#define SOCKOWNERS_JSON_H

#include "changes.h"
#include "printer.h"

/**
 * struct json_member - of each object
 * @column: its value
 * @type: of @column
 * @has_path: another member follows, the path of this one
 * @key: what stands before the value
 * @key_length: of @key
 */
struct json_member {
	enum column column;
	const struct column_type *type;
	bool has_path;
	char key[PRINTER_SHORT];
	size_t key_length;
};

/**
 * struct json - JSON being printed to stdout
 * @members: of each object, in order
 * @count: how many
 * @before: members in front of "sockets", "" for none
 * @list: what the list of objects is called
 * @lines: an object a line, and nothing round them
 * @mixes_hosts: a row may be of several: it has no host and no number of one
 * @origin: members that each object of @lines begins with
 * @error: errno of the write that failed
 * @rows: how many there were
 * @changes: of the members
 * @lengths: of the members of the last object
 * @last: where they are in what is printed
 */
struct json {
	struct json_member members[COLUMNS];
	size_t count;
	const char *before;
	const char *list;
	bool lines;
	bool mixes_hosts;
	char origin[1024];
	int error;
	uint64_t rows;
	struct changes changes;
	size_t lengths[COLUMNS];
	size_t last;
};

void json_columns(struct columns *columns);
void json_columns_group(struct columns *columns);
void json_start(struct json *json, const struct columns *columns,
		const char *list, bool lines, bool live);
void json_flush(struct json *json);
int json_row(struct json *json, const struct row *row);
int json_end(struct json *json, bool complete);

#endif
