// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "cgroups.h"
#include "columns.h"

static bool is_v6only(const struct row *row)
{
	const char *flag = row->text[FIELD_FLAGS].start;

	while (flag) {
		size_t length = strcspn(flag, ",");

		if (length == strlen("v6only") &&
		    !strncmp(flag, "v6only", length))
			return true;
		flag = flag[length] ? flag + length + 1 : NULL;
	}
	return false;
}

/* An IPv4 address; no other one that begins with a digit has a dot so early. */
static inline bool is_dotted(const struct text *text)
{
	return text->length >= strlen("0.0.0.0") && text->start[0] != ':' &&
	       (text->start[1] == '.' || text->start[2] == '.' ||
		text->start[3] == '.');
}

/*
 * As inet_addr_print() of iproute2's ss does: "*" is the any-address of a
 * socket that takes both families.
 */
static char *write_host(char *to, const struct row *row,
			const struct text *text)
{
	const char *host = resolve_host(text->start);

	if (host || text_is_unknown(text))
		return stpcpy(to, host ? host : text->start);
	if (text_is_none(text) || (text_is(text, "::") && !is_v6only(row))) {
		*to++ = '*';
	} else if (memchr(text->start, ':', text->length)) {
		*to++ = '[';
		to = text_write(to, text);
		*to++ = ']';
	} else {
		to = text_write(to, text);
	}
	return to;
}

static char *write_port(char *to, const struct row *row,
			const struct text *port)
{
	const char *service =
		resolve_service(port->start, row->text[FIELD_PROTO].start);

	if (service)
		return stpcpy(to, service);
	if (text_is_none(port) && !text_is_unknown(port)) {
		*to++ = '*';
		return to;
	}
	return text_write(to, port);
}

/*
 * The device stands behind the brackets, as with ss. Names stand in the place of
 * numbers where they are wanted.
 */
static char *write_address(char *to, const struct row *row, enum field address,
			   enum field device, enum field port)
{
	const struct text *host = &row->text[address];

	if (text_is_unknown(host) && text_is_unknown(&row->text[port])) {
		*to++ = '-';
		return to;
	}
	if (is_dotted(host) && !resolve_is_on())
		to = text_write(to, host);
	else
		to = write_host(to, row, host);
	if (device != FIELDS && !text_is_none(&row->text[device])) {
		*to++ = '%';
		to = text_write(to, &row->text[device]);
	}
	*to++ = ':';
	return write_port(to, row, &row->text[port]);
}

static char *write_user(char *to, const struct row *row)
{
	const char *name = NULL;

	if (row->number[FIELD_UID] != NO_NUMBER)
		name = user_name((uint32_t)row->number[FIELD_UID]);
	if (!name)
		return text_write(to, &row->text[FIELD_UID]);
	return stpcpy(to, name);
}

static char *write_local(char *to, const struct row *row)
{
	return write_address(to, row, FIELD_LADDR, FIELD_DEV, FIELD_LPORT);
}

static char *write_remote(char *to, const struct row *row)
{
	return write_address(to, row, FIELD_RADDR, FIELDS, FIELD_RPORT);
}

static char *write_holder(char *to, const struct row *row)
{
	if (!text_is_none(&row->text[FIELD_EXPLAINED]))
		return text_write(to, &row->text[FIELD_EXPLAINED]);
	to = text_write(to, &row->text[FIELD_HOLDER]);
	if (text_is_none(&row->text[FIELD_VIA]))
		return to;
	*to++ = ':';
	return text_write(to, &row->text[FIELD_VIA]);
}

static char *write_list(char *to, struct text text)
{
	if (text.length <= HOLDERS_MAX)
		return text_write(to, &text);
	text.length = HOLDERS_MAX;
	while (text.start[text.length - 1] != ',')
		text.length--;
	return stpcpy(text_write(to, &text), "...");
}

static char *write_holders(char *to, const struct row *row)
{
	return write_list(to, row->text[FIELD_HOLDERS]);
}

static char *write_peer(char *to, const struct row *row)
{
	return write_list(to, row->text[FIELD_PEER]);
}

static char *write_cgroup(char *to, const struct row *row)
{
	return cgroup_write(to, row, FIELD_CGROUP);
}

static char *write_sockcgroup(char *to, const struct row *row)
{
	return cgroup_write(to, row, FIELD_SOCKCGROUP);
}

/* A column that shows a field as it is. */
#define AS_IS(heading, kind_of_it, field_of_it, flush_right, text)       \
	{                                                                \
		.name = (heading), .help = (text), .kind = (kind_of_it), \
		.field = (field_of_it), .right = (flush_right)           \
	}
#define WORD(heading, field, text) AS_IS(heading, KIND_WORD, field, false, text)
#define NUMBER(heading, field, text) \
	AS_IS(heading, KIND_NUMBER, field, true, text)

const struct column_type column_types[COLUMNS] = {
	[COLUMN_USER] = {
		.name = "USER",
		.help = "user that the process runs as",
		.field = FIELDS,
		.wish = { .needed = FIELD_BIT(FIELD_UID) },
		.write = write_user,
	},
	[COLUMN_COMMAND] = AS_IS("COMMAND", KIND_NAME, FIELD_COMM, false,
				 "name of the process"),
	[COLUMN_PID] = NUMBER("PID", FIELD_PID, "process id"),
	[COLUMN_FD] = NUMBER("FD", FIELD_FD, "descriptor in that process"),
	[COLUMN_PROTO] = WORD("PROTO", FIELD_PROTO,
			      "protocol, with a 6 behind for IPv6 sockets"),
	[COLUMN_STATE] = WORD("STATE", FIELD_STATE, "state of the socket"),
	[COLUMN_LOCAL] = {
		.name = "LOCAL",
		.help = "local address and port, as ss writes them",
		.kind = KIND_NAME,
		.field = FIELDS,
		.wish = { .needed = FIELD_BIT(FIELD_LADDR) |
				    FIELD_BIT(FIELD_LPORT),
			  .shown = FIELD_BIT(FIELD_DEV),
			  .useful = FIELD_BIT(FIELD_FLAGS) },
		.write = write_local,
	},
	[COLUMN_REMOTE] = {
		.name = "REMOTE",
		.help = "remote address and port, as ss writes them",
		.kind = KIND_NAME,
		.field = FIELDS,
		.wish = { .needed = FIELD_BIT(FIELD_RADDR) |
				    FIELD_BIT(FIELD_RPORT),
			  .useful = FIELD_BIT(FIELD_FLAGS) },
		.write = write_remote,
	},
	[COLUMN_HOLDER] = {
		.name = "HOLDER",
		.help = "how the socket is held, in words if by no process",
		.field = FIELD_HOLDER,
		.wish = { .shown = FIELD_BIT(FIELD_VIA),
			  .useful = FIELD_BIT(FIELD_EXPLAINED) },
		.write = write_holder,
	},
	/* It comes last by itself, where numbers need no padding. */
	[COLUMN_NETNS] = AS_IS("NETNS", KIND_NUMBER, FIELD_NETNS, false,
			       "inode of the socket's network namespace"),
	[COLUMN_VIA] = NUMBER("VIA", FIELD_VIA,
			      "thread, or inode of listener or unix socket"),
	[COLUMN_LADDR] = WORD("LADDR", FIELD_LADDR, "local address"),
	[COLUMN_LPORT] = NUMBER("LPORT", FIELD_LPORT,
				"local port; of a raw socket its protocol"),
	[COLUMN_RADDR] = WORD("RADDR", FIELD_RADDR, "remote address"),
	[COLUMN_RPORT] = NUMBER("RPORT", FIELD_RPORT, "remote port"),
	[COLUMN_DEV] = AS_IS("DEV", KIND_NAME, FIELD_DEV, false,
			     "interface that the socket is bound to"),
	[COLUMN_INODE] = NUMBER("INODE", FIELD_INODE,
				"inode, as in /proc/PID/fd"),
	[COLUMN_UID] = NUMBER("UID", FIELD_UID,
			      "id of the user that the process runs as"),
	[COLUMN_START] = NUMBER("START", FIELD_START,
				"start of the process, as in /proc/PID/stat"),
	[COLUMN_COOKIE] = NUMBER("COOKIE", FIELD_COOKIE,
				 "cookie of the socket, as ss -e shows it"),
	[COLUMN_SOCKUID] = NUMBER("SOCKUID", FIELD_SOCKUID,
				  "id of the user that the socket belongs to"),
	[COLUMN_CGROUP] = {
		.name = "CGROUP",
		.help = "path of the process's cgroup (v2)",
		.kind = KIND_NUMBER,
		.field = FIELD_CGROUP,
		.wish = { .useful = FIELD_BIT(FIELD_HOST) },
		.write = write_cgroup,
	},
	[COLUMN_SOCKCGROUP] = {
		.name = "SOCKCGROUP",
		.help = "path of the cgroup that made the socket",
		.kind = KIND_NUMBER,
		.field = FIELD_SOCKCGROUP,
		.wish = { .useful = FIELD_BIT(FIELD_HOST) },
		.write = write_sockcgroup,
	},
	[COLUMN_RECVQ] = NUMBER("RECVQ", FIELD_RECVQ,
				"bytes to read; connections to accept"),
	[COLUMN_SENDQ] = NUMBER("SENDQ", FIELD_SENDQ,
				"bytes to send; most that may wait for accept"),
	[COLUMN_DROPS] = NUMBER("DROPS", FIELD_DROPS,
				"packets dropped at the socket"),
	[COLUMN_FLAGS] = AS_IS("FLAGS", KIND_LIST, FIELD_FLAGS, false,
			       "reuseaddr, reuseport, v6only"),
	[COLUMN_TIMER] = NUMBER("TIMER", FIELD_TIMER,
				"milliseconds until the kernel gives it up"),
	[COLUMN_EXPLAINED] = {
		.name = "EXPLAINED",
		.help = "in words, how it is held without descriptor",
		.kind = KIND_NAME,
		.field = FIELD_EXPLAINED,
		.wish = { .shown = FIELD_BIT(FIELD_HOLDER) },
	},
	[COLUMN_COUNT] = NUMBER("COUNT", FIELD_COUNT,
				"how many rows are alike, with --count"),
	[COLUMN_HOST] = WORD("HOST", FIELD_HOST,
			     "host that the listing was saved on"),
	[COLUMN_HOLDERS] = {
		.name = "HOLDERS",
		.help = "all holders of the socket, in one row",
		.kind = KIND_HOLDERS,
		.field = FIELD_HOLDERS,
		.write = write_holders,
	},
	[COLUMN_PEER] = {
		.name = "PEER",
		.help = "who holds the other end, if that is known",
		.kind = KIND_PEER,
		.field = FIELD_PEER,
		.write = write_peer,
	},
	[COLUMN_UNIT] = {
		.name = "UNIT",
		.help = "systemd unit or container",
		.kind = KIND_NAME,
		.field = FIELDS,
		.wish = { .needed = FIELD_BIT(FIELD_CGROUP),
			  .useful = FIELD_BIT(FIELD_SOCKCGROUP) |
				    FIELD_BIT(FIELD_HOST) },
		.write = unit_write,
	},
	[COLUMN_FAILS] = AS_IS("FAILS", KIND_LIST, FIELD_FAILS, false,
			       "with --why: which bind() it makes fail"),
	[COLUMN_WHY] = AS_IS("WHY", KIND_NAME, FIELD_WHY, false,
			     "with --why: the reason"),
};

/**
 * column_find() - the column of a name, in capitals or not
 * @name: the name
 * @length: of the name
 *
 * Return: the column, or -1. What the listing calls comm is one too.
 */
int column_find(const char *name, size_t length)
{
	if (length == 4 && !strncasecmp(name, "comm", length))
		return COLUMN_COMMAND;
	for (int i = 0; i < COLUMNS; i++) {
		if (strlen(column_types[i].name) == length &&
		    !strncasecmp(name, column_types[i].name, length))
			return i;
	}
	return -1;
}

/**
 * no_column() - refuse a name of a column and exit
 * @name: the name
 * @length: of the name
 */
void no_column(const char *name, size_t length)
{
	report("no column is named '%.*s'; try 'sockowners -o help'",
	       (int)length, name);
	exit(STATUS_ERROR);
}

/**
 * columns_default() - what a person wants to see
 * @columns: is filled in
 */
void columns_default(struct columns *columns)
{
	*columns = (struct columns){ 0 };
	for (int i = COLUMN_USER; i <= COLUMN_HOLDER; i++)
		columns->list[columns->count++] = (enum column)i;
}

/**
 * columns_group() - what a person wants to see of a socket with all its holders
 * @columns: is filled in
 */
void columns_group(struct columns *columns)
{
	*columns = (struct columns){
		.list = { COLUMN_PROTO, COLUMN_STATE, COLUMN_LOCAL,
			  COLUMN_REMOTE, COLUMN_HOLDERS },
		.count = 5,
	};
}

/**
 * columns_insert() - show one more
 * @columns: what is shown; does not have it yet
 * @at: where it is to be
 * @column: the column
 */
void columns_insert(struct columns *columns, size_t at, enum column column)
{
	memmove(columns->list + at + 1, columns->list + at,
		(columns->count - at) * sizeof(*columns->list));
	columns->list[at] = column;
	columns->count++;
}

/**
 * columns_have() - whether a column is shown
 * @columns: what is shown
 * @column: which
 */
bool columns_have(const struct columns *columns, enum column column)
{
	for (size_t i = 0; i < columns->count; i++) {
		if (columns->list[i] == column)
			return true;
	}
	return false;
}

/**
 * columns_add() - show one more
 * @columns: what is shown
 * @column: which
 */
void columns_add(struct columns *columns, enum column column)
{
	if (!columns_have(columns, column))
		columns->list[columns->count++] = column;
}

/**
 * columns_choose() - show what somebody asks for
 * @columns: what is shown if nobody does; is changed
 * @list: "COL[,COL...]", or "+COL[,COL...]" for these too; the program ends with
 *	an error if it is not
 */
void columns_choose(struct columns *columns, const char *list)
{
	bool add = *list == '+';
	const char *name = list + add;

	if (!add)
		*columns = (struct columns){ .chosen = true };
	for (;;) {
		size_t length = strcspn(name, ",");
		int column = column_find(name, length);

		if (column < 0)
			no_column(name, length);
		if (!columns_have(columns, (enum column)column))
			columns->list[columns->count++] = (enum column)column;
		else if (!add)
			usage_error("column %s comes twice",
				    column_types[column].name);
		if (column == COLUMN_NETNS)
			columns->chosen = true;
		if (!name[length])
			return;
		name += length + 1;
	}
}

/**
 * columns_help() - list all columns on stdout
 */
void columns_help(void)
{
	for (int i = 0; i < COLUMNS; i++)
		printf("%-10s  %s\n", column_types[i].name,
		       column_types[i].help);
}

/**
 * columns_wish() - which fields the cells are made from
 * @columns: the columns
 * @wish: is added to
 */
void columns_wish(const struct columns *columns, struct wish *wish)
{
	for (size_t i = 0; i < columns->count; i++) {
		const struct column_type *type =
			&column_types[columns->list[i]];

		wish->shown |= type->wish.needed | type->wish.shown;
		wish->useful |= type->wish.useful;
		if (type->field != FIELDS)
			wish->shown |= FIELD_BIT(type->field);
	}
	/* A port has a name in a protocol. */
	if (resolve_is_on())
		wish->useful |= FIELD_BIT(FIELD_PROTO);
}

/**
 * columns_write_cell() - write what a column shows of a row
 * @to: where to, CELLS_MAX bytes for all of a row
 * @column: the column
 * @row: the row
 *
 * Return: the end of the cell, which has no NUL.
 */
char *columns_write_cell(char *to, enum column column, const struct row *row)
{
	const struct column_type *type = &column_types[column];

	if (type->write)
		return type->write(to, row);
	return text_write(to, &row->text[type->field]);
}

/**
 * columns_cell() - what a cell shows
 * @column: the column
 * @row: the row
 *
 * Return: the text, with a NUL behind it; valid until the next call. There is one
 *	place for all, since it is large.
 */
struct text columns_cell(enum column column, const struct row *row)
{
	static char cell[CELLS_MAX];
	char *end = columns_write_cell(cell, column, row);

	*end = '\0';
	return (struct text){ .start = cell, .length = (size_t)(end - cell) };
}
