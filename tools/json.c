// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// What is printed is ASCII, whatever a process or an interface calls itself: no
// byte of theirs reaches a terminal or ends a string.
//
// In a string, a byte that is not part of well-formed UTF-8 is a backslash and
// three octal digits, and so is a backslash (\134): nothing is lost, and no
// parser has to take a lone surrogate. The listing's other escapes are undone.

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "bytes.h"
#include "cgroups.h"
#include "escape.h"
#include "json.h"
#include "process.h"

/* The longest sequence of UTF-8. */
#define SEQUENCE_MAX 4

static struct printer printer;

static inline void put_char(char c)
{
	printer_put_char(&printer, c);
}

static inline void put(const char *text, size_t length)
{
	printer_put(&printer, text, length);
}

/* Inline: the length of nearly all of them is known when this is compiled. */
static inline void put_string(const char *text)
{
	put(text, strlen(text));
}

static void put_hex(uint32_t unit)
{
	static const char digits[] = "0123456789abcdef";
	const char text[6] = { '\\',
			       'u',
			       digits[unit >> 12 & 15],
			       digits[unit >> 8 & 15],
			       digits[unit >> 4 & 15],
			       digits[unit & 15] };

	put(text, sizeof(text));
}

static void put_octal(unsigned char byte)
{
	const char text[5] = { '\\', '\\', (char)('0' + (byte >> 6)),
			       (char)('0' + (byte >> 3 & 7)),
			       (char)('0' + (byte & 7)) };

	put(text, sizeof(text));
}

static void put_code_point(uint32_t code)
{
	if (code > 0xffff) {
		code -= 0x10000;
		put_hex(0xd800 | code >> 10);
		put_hex(0xdc00 | (code & 0x3ff));
	} else if (code < ' ' || code > '~') {
		put_hex(code);
	} else {
		if (code == '"')
			put_char('\\');
		put_char((char)code);
	}
}

/*
 * Return: how many of @count bytes are the well-formed sequence that they begin
 * with (table 3-7 of the Unicode standard), 0 if they begin with none.
 */
static size_t decode(const unsigned char *bytes, size_t count, uint32_t *code)
{
	static const uint32_t lowest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length;

	if (bytes[0] < 0x80) {
		*code = bytes[0];
		return 1;
	}
	if (bytes[0] < 0xc2 || bytes[0] > 0xf4)
		return 0;
	length = bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
	if (length > count)
		return 0;
	*code = bytes[0] & (0x7fU >> length);
	for (size_t i = 1; i < length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (bytes[i] & 0x3f);
	}
	if (*code < lowest[length] || *code > 0x10ffff ||
	    (*code >= 0xd800 && *code <= 0xdfff))
		return 0;
	return length;
}

/* The bytes in front of @text, and where each ends. Return: how many. */
static size_t look_ahead(const char *text, unsigned char *bytes,
			 const char **ends)
{
	size_t count = 0;

	while (count < SEQUENCE_MAX && *text) {
		text = unescape_byte(text, &bytes[count]);
		ends[count++] = text;
	}
	return count;
}

/*
 * The empty name is written as a byte that no name has; so it is in front of the
 * number of a process in a text, see process_write().
 */
static bool is_empty_process(const char *p)
{
	static const char empty[] = "\\000[";

	return !strncmp(p, empty, strlen(empty));
}

/* Their highest bits tell whether there is one that cannot stand in a string as it is. */
static inline uint64_t odd_bytes(uint64_t bytes)
{
	return bytes | (bytes - EACH_BYTE(' ')) | (bytes + EACH_BYTE(1)) |
	       ((bytes ^ EACH_BYTE('"')) - EACH_BYTE(1)) |
	       ((bytes ^ EACH_BYTE('\\')) - EACH_BYTE(1));
}

/*
 * Nearly every string is as plain as a word: it is copied whole, with spaces behind, and
 * looked at there. Return: false if it is to be printed byte by byte.
 */
static bool put_plain(const char *text, size_t length)
{
	const struct text word = { text, length };
	char *to = printer.text + printer.length;
	uint64_t odd = 0;

	if (length + 10 > printer_room(&printer))
		return false;
	*to++ = '"';
	memcpy(text_write(to, &word), "        ", 8);
	for (size_t i = 0; i < length; i += 8)
		odd |= odd_bytes(eight_bytes(to + i));
	if (odd & EACH_BYTE(0x80))
		return false;
	to[length] = '"';
	printer.length += length + 2;
	return true;
}

static void put_name(const char *p)
{
	if (put_plain(p, strlen(p)))
		return;
	put_char('"');
	if (!strcmp(p, "\\000"))
		p += ESCAPED_BYTE;
	while (*p) {
		unsigned char bytes[SEQUENCE_MAX];
		const char *ends[SEQUENCE_MAX];
		size_t length;
		uint32_t code;

		/* Nearly all of what is left of nearly all names. */
		if (isalnum((unsigned char)*p)) {
			put_char(*p++);
			continue;
		}
		if (is_empty_process(p)) {
			p += ESCAPED_BYTE;
			continue;
		}
		length = decode(bytes, look_ahead(p, bytes, ends), &code);
		if (!length || code == '\\') {
			put_octal(bytes[0]);
			p = ends[0];
		} else {
			put_code_point(code);
			p = ends[length - 1];
		}
	}
	put_char('"');
}

/* Words of the listing are ASCII, but a saved one may have any there. */
static void put_word(const char *word, size_t length)
{
	if (put_plain(word, length))
		return;
	put_char('"');
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)word[i];

		if (byte == '\\')
			put_octal(byte);
		else
			put_code_point(byte);
	}
	put_char('"');
}

/* JSON has no zeros in front of a number. */
static void put_number(const struct text *text)
{
	const char *p = text->start, *end = p + text->length;

	while (*p == '0' && p + 1 < end)
		p++;
	put(p, (size_t)(end - p));
}

static void put_list(const struct text *text)
{
	const char *word = text->start;

	put_char('[');
	for (;;) {
		size_t length = strcspn(word, ",");

		put_word(word, length);
		word += length;
		if (!*word++)
			break;
		put_char(',');
	}
	put_char(']');
}

/*
 * NAME[PID]:FD, with a comma and another one behind it. None of these is in a name
 * that is not escaped; what stands in the place of FD may be how it is held. Return:
 * what is behind it, in the object.
 */
static const char *put_holder(const char *p)
{
	char name[PROCESS_MAX];
	size_t length = strcspn(p, "[");

	memcpy(name, p, length);
	name[length] = '\0';
	put_string("{\"command\":");
	/* A process that calls itself so is written as a byte in octal. */
	if (!strcmp(name, "-"))
		put_string("null");
	else
		put_name(name);
	p += length + 1;
	put_string(",\"pid\":");
	put(p, strspn(p, "0123456789"));
	p += strcspn(p, ":") + 1;
	put_string(",\"fd\":");
	if (isdigit((unsigned char)*p))
		put(p, strspn(p, "0123456789"));
	else
		put_string("null");
	return p + strcspn(p, ",");
}

/*
 * Words have a space before any process that they name. The word of a holder that is
 * not known here may be anything.
 */
static bool is_list(const char *p)
{
	for (;;) {
		size_t digits;

		p += strcspn(p, "[ ,");
		if (*p++ != '[')
			return false;
		digits = strspn(p, "0123456789");
		p += digits;
		if (!digits || strncmp(p, "]:", 2))
			return false;
		p += strcspn(p, ",");
		if (!*p++)
			return true;
	}
}

/* A member of each object may follow, NULL for none. */
static void put_each_holder(const char *p, const struct text *host)
{
	for (;;) {
		p = put_holder(p);
		if (host) {
			put_string(",\"host\":");
			put_word(host->start, host->length);
		}
		put_char('}');
		if (!*p++)
			return;
		put_char(',');
	}
}

/* A socket that no process holds has words there, which have a key of their own. */
static void put_holders(const struct text *text)
{
	put_char('[');
	if (is_list(text->start))
		put_each_holder(text->start, NULL);
	put_char(']');
}

/* HOST and the holders of the other end; words are in the one object that it has. */
static void put_peer(const struct text *text)
{
	struct text host = { text->start, strcspn(text->start, " ") };
	const char *p = text->start + host.length + 1;
	bool elsewhere = *host.start != '-' || host.length > 1;

	put_char('[');
	if (is_list(p)) {
		put_each_holder(p, elsewhere ? &host : NULL);
	} else {
		put_string("{\"command\":null,\"pid\":null,\"fd\":null");
		if (elsewhere) {
			put_string(",\"host\":");
			put_word(host.start, host.length);
		}
		put_string(",\"explained\":");
		put_name(p);
		put_char('}');
	}
	put_char(']');
}

/* A column that is no field: its cell is made up. */
static void put_cell(enum column column, const struct row *row)
{
	const struct text cell = columns_cell(column, row);

	if (!strcmp(cell.start, "-"))
		put_string("null");
	else if (column_types[column].kind == KIND_NAME)
		put_name(cell.start);
	else
		put_word(cell.start, cell.length);
}

/* Ids are used again, and mean nothing elsewhere: the path goes with them. */
static void put_path(enum column column, const struct row *row)
{
	static char text[CGROUP_MAX + 1];
	enum field field = column_types[column].field;
	const char *path = cgroup_path(row, field);

	put_string(",\"");
	put_string(field_name(field));
	put_string("_path\":");
	if (!path) {
		put_string("null");
		return;
	}
	*path_write(text, path) = '\0';
	put_name(text);
}

/* One that has a path may have another id on the next host. */
static bool is_mixed_id(const struct json *json,
			const struct json_member *member, const struct row *row)
{
	return member->has_path && json->mixes_hosts &&
	       cgroup_path(row, member->type->field);
}

static void put_value(const struct json *json, const struct json_member *member,
		      const struct row *row)
{
	const struct column_type *type = member->type;
	const struct text *text;

	if (type->field == FIELDS) {
		put_cell(member->column, row);
		return;
	}
	text = &row->text[type->field];
	if (text_is_none(text) || is_mixed_id(json, member, row)) {
		put_string("null");
		return;
	}
	switch (type->kind) {
	case KIND_NUMBER:
		put_number(text);
		break;
	case KIND_NAME:
		put_name(text->start);
		break;
	case KIND_LIST:
		put_list(text);
		break;
	case KIND_HOLDERS:
		put_holders(text);
		break;
	case KIND_PEER:
		put_peer(text);
		break;
	case KIND_WORD:
		put_word(text->start, text->length);
		break;
	}
}

/**
 * json_columns() - what a program wants to see
 * @columns: is filled in
 */
void json_columns(struct columns *columns)
{
	static const enum column list[] = {
		COLUMN_USER,	  COLUMN_COMMAND, COLUMN_PID,	 COLUMN_FD,
		COLUMN_PROTO,	  COLUMN_STATE,	  COLUMN_LADDR,	 COLUMN_LPORT,
		COLUMN_RADDR,	  COLUMN_RPORT,	  COLUMN_DEV,	 COLUMN_INODE,
		COLUMN_NETNS,	  COLUMN_UID,	  COLUMN_HOLDER, COLUMN_VIA,
		COLUMN_EXPLAINED,
	};

	*columns = (struct columns){ .count = sizeof(list) / sizeof(*list) };
	memcpy(columns->list, list, sizeof(list));
}

/**
 * json_columns_group() - what it wants to see of a socket with all its holders
 * @columns: is filled in
 */
void json_columns_group(struct columns *columns)
{
	static const enum column list[] = {
		COLUMN_PROTO, COLUMN_STATE,   COLUMN_LADDR,	COLUMN_LPORT,
		COLUMN_RADDR, COLUMN_RPORT,   COLUMN_DEV,	COLUMN_INODE,
		COLUMN_NETNS, COLUMN_HOLDERS, COLUMN_EXPLAINED,
	};

	*columns = (struct columns){ .count = sizeof(list) / sizeof(*list) };
	memcpy(columns->list, list, sizeof(list));
}

static void read_boot_id(char *id, size_t size)
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	*id = '\0';
	if (!file)
		return;
	if (fgets(id, (int)size, file))
		id[strspn(id, "0123456789abcdef-")] = '\0';
	fclose(file);
}

/* The kernel's name of the host: anything, and so it is refused if it is odd. */
static void read_host(char *host, size_t size)
{
	if (gethostname(host, size) || !memchr(host, '\0', size)) {
		*host = '\0';
		return;
	}
	for (const char *p = host; *p; p++) {
		if (*p <= ' ' || *p > '~' || *p == '"' || *p == '\\')
			*host = '\0';
	}
}

/* A saved listing does not say where and when it was saved. */
static void describe_origin(struct json *json, bool live)
{
	char host[256], id[64], date[32];
	struct timespec now;
	struct tm utc;

	snprintf(json->origin, sizeof(json->origin),
		 "\"host\":null,\"boot_id\":null,\"time\":null");
	if (!live || clock_gettime(CLOCK_REALTIME, &now) ||
	    !gmtime_r(&now.tv_sec, &utc) ||
	    !strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &utc))
		return;
	read_host(host, sizeof(host));
	read_boot_id(id, sizeof(id));
	snprintf(json->origin, sizeof(json->origin),
		 "\"host\":%s%s%s,\"boot_id\":%s%s%s,\"time\":\"%s.%03ldZ\"",
		 *host ? "\"" : "", *host ? host : "null", *host ? "\"" : "",
		 *id ? "\"" : "", *id ? id : "null", *id ? "\"" : "", date,
		 now.tv_nsec / 1000000);
}

static void add_member(struct json *json, enum column column)
{
	struct json_member *member = &json->members[json->count];
	const char *comma = json->count++ || json->lines ? "," : "";
	int length = snprintf(member->key, sizeof(member->key),
			      "%s\"%s\":", comma, column_types[column].name);

	assert(length < (int)sizeof(member->key));
	member->column = column;
	member->type = &column_types[column];
	member->has_path = column == COLUMN_CGROUP ||
			   column == COLUMN_SOCKCGROUP;
	changes_add(&json->changes, (size_t)(member - json->members), column);
	member->key_length = (size_t)length;
	for (int i = 0; i < length; i++)
		member->key[i] = (char)tolower((unsigned char)member->key[i]);
}

/**
 * json_start() - get ready to print
 * @json: is filled in
 * @columns: the members of each object
 * @list: what the list of them is called
 * @lines: an object a line, with its origin, instead of a single object
 * @live: the listing is of this host and of now
 */
void json_start(struct json *json, const struct columns *columns,
		const char *list, bool lines, bool live)
{
	printer.to = stdout;
	printer.error = 0;
	printer.kept = false;
	printer.length = 0;
	*json = (struct json){
		.list = list,
		.before = "",
		.lines = lines,
	};
	for (size_t i = 0; i < columns->count; i++) {
		/* Of a line it stands in front. */
		if (!lines || columns->list[i] != COLUMN_HOST)
			add_member(json, columns->list[i]);
	}
	if (lines)
		describe_origin(json, live);
}

/* That of a saved listing is known if somebody has said so. */
static void put_origin(const struct json *json, const struct text *host)
{
	if (json->mixes_hosts || text_is_none(host)) {
		put_string(json->origin);
		return;
	}
	put_string("\"host\":");
	put_word(host->start, host->length);
	put_string(",\"boot_id\":null,\"time\":null");
}

static void begin(const struct json *json, const char *behind)
{
	put_char('{');
	put_string(json->before);
	put_char('"');
	put_string(json->list);
	put_string("\":[");
	put_string(behind);
}

/**
 * json_flush() - give what is there to the stream
 * @json: started before; its error is set if some of it is lost
 */
void json_flush(struct json *json)
{
	printer_flush(&printer);
	json->error = printer.error;
}

static inline void put_member(const struct json *json,
			      const struct json_member *member,
			      const struct row *row)
{
	printer_put_short(&printer, member->key, member->key_length);
	put_value(json, member, row);
	if (member->has_path)
		put_path(member->column, row);
}

/* Most members are as in the row before: they are copied, neighbours in one go. */
static void put_members(struct json *json, const struct row *row)
{
	size_t before = json->last, i = 0;
	uint64_t anew = CELLS_ALL;

	if (printer.kept)
		anew = changes_cells(&json->changes, row) |
		       CELL_BIT(json->count);
	printer.kept = true;
	json->last = printer.length;
	while (i < json->count) {
		size_t next = i, length = 0, start;

		while (!(anew & CELL_BIT(next)))
			length += json->lengths[next++];
		if (length && printer_repeat(&printer, before, length)) {
			before += length;
			i = next;
			continue;
		}
		before += json->lengths[i];
		start = printer.length;
		put_member(json, &json->members[i], row);
		json->lengths[i++] = printer.length - start;
	}
}

/**
 * json_row() - print a row
 * @json: started before
 * @row: the row
 *
 * Return: 0, or -1 with @json's error.
 */
int json_row(struct json *json, const struct row *row)
{
	if (!json->lines && json->rows)
		put_string(",\n");
	else if (!json->lines)
		begin(json, "\n");
	put_char('{');
	if (json->lines)
		put_origin(json, &row->text[FIELD_HOST]);
	put_members(json, row);
	put_char('}');
	if (json->lines)
		put_char('\n');
	json->rows++;
	json->error = printer.error;
	return json->error ? -1 : 0;
}

/**
 * json_end() - print what is left
 * @json: no row follows
 * @complete: these were all; if not, what is printed stays without its end, so
 *	that nobody takes it for whole
 *
 * Return: 0, or -1 with @json's error.
 */
int json_end(struct json *json, bool complete)
{
	if (!json->lines && complete) {
		if (!json->rows)
			begin(json, "");
		put_string(json->rows ? "\n]}\n" : "]}\n");
	}
	printer_flush(&printer);
	json->error = printer.error ? printer.error : finish_output();
	return json->error ? -1 : 0;
}
