// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ahead.h"
#include "bytes.h"
#include "listing.h"
#include "query.h"

#define LIVE_LISTING "/proc/sockowners"

/* A field with a .max is a number up to it, or "-". */
static const struct {
	const char *name;
	uint64_t max;
} fields[FIELDS] = {
	[FIELD_PID] = { .name = "pid", .max = INT32_MAX },
	[FIELD_FD] = { .name = "fd", .max = INT32_MAX },
	[FIELD_PROTO] = { .name = "proto" },
	[FIELD_STATE] = { .name = "state" },
	[FIELD_LADDR] = { .name = "laddr" },
	[FIELD_LPORT] = { .name = "lport", .max = UINT16_MAX },
	[FIELD_RADDR] = { .name = "raddr" },
	[FIELD_RPORT] = { .name = "rport", .max = UINT16_MAX },
	[FIELD_DEV] = { .name = "dev" },
	[FIELD_INODE] = { .name = "inode", .max = NO_NUMBER - 1 },
	[FIELD_NETNS] = { .name = "netns", .max = NO_NUMBER - 1 },
	[FIELD_UID] = { .name = "uid", .max = UINT32_MAX },
	[FIELD_HOLDER] = { .name = "holder" },
	[FIELD_VIA] = { .name = "via", .max = NO_NUMBER - 1 },
	[FIELD_COMM] = { .name = "comm" },
	[FIELD_START] = { .name = "start", .max = NO_NUMBER - 1 },
	[FIELD_COOKIE] = { .name = "cookie", .max = NO_NUMBER - 1 },
	[FIELD_SOCKUID] = { .name = "sockuid", .max = UINT32_MAX },
	[FIELD_CGROUP] = { .name = "cgroup", .max = NO_NUMBER - 1 },
	[FIELD_SOCKCGROUP] = { .name = "sockcgroup", .max = NO_NUMBER - 1 },
	[FIELD_RECVQ] = { .name = "recvq", .max = NO_NUMBER - 1 },
	[FIELD_SENDQ] = { .name = "sendq", .max = NO_NUMBER - 1 },
	[FIELD_DROPS] = { .name = "drops", .max = NO_NUMBER - 1 },
	[FIELD_FLAGS] = { .name = "flags" },
	[FIELD_TIMER] = { .name = "timer", .max = NO_NUMBER - 1 },
	[FIELD_EXPLAINED] = { .name = "explained" },
	[FIELD_COUNT] = { .name = "count", .max = NO_NUMBER - 1 },
	[FIELD_HOST] = { .name = "host" },
	[FIELD_HOLDERS] = { .name = "holders" },
	[FIELD_PEER] = { .name = "peer" },
	[FIELD_FAILS] = { .name = "fails" },
	[FIELD_WHY] = { .name = "why" },
};

/* See FIELD_BIT(). */
static_assert(FIELDS <= 32, "a bit for each field");

/**
 * field_name() - what the listing calls a field
 * @field: the field
 */
const char *field_name(enum field field)
{
	return fields[field].name;
}

/* The longest text of name_fields(). */
#define NAMES_MAX 384

/* "column 'a'", or "columns 'a', 'b'" */
static void name_fields(char text[NAMES_MAX], uint32_t which)
{
	bool several = which & (which - 1);
	char *p = text + sprintf(text, "column%s", several ? "s" : "");
	const char *before = "";

	for (int i = 0; i < FIELDS; i++) {
		if (!(which & FIELD_BIT(i)))
			continue;
		p += sprintf(p, "%s '%s'", before, fields[i].name);
		before = ",";
	}
}

/* Told from a "-" of the listing by where it is, so it is no literal. */
static const char none[] = "-";
const char *const unknown = none;

/**
 * row_init() - a row of which nothing is known
 * @row: is filled in
 */
void row_init(struct row *row)
{
	for (int i = 0; i < FIELDS; i++) {
		row->text[i] = (struct text){ unknown, 1 };
		row->number[i] = NO_NUMBER;
	}
	row->changed = FIELDS_ALL;
}

/* What eight bytes of a field are if each is to be a digit. */
static inline uint64_t as_digits(uint64_t bytes)
{
	return bytes ^ EACH_BYTE('0');
}

static inline bool are_digits(uint64_t digits)
{
	return !((digits + EACH_BYTE(0x7f - 9)) & EACH_BYTE(0x80));
}

/* Neighbours are added, ten times the lower one and the other, then pairs, then fours. */
static inline uint64_t add_digits(uint64_t digits)
{
	digits = digits * (1 + (10 << 8)) >> 8 & 0x00ff00ff00ff00ff;
	digits = digits * (1 + (100 << 16)) >> 16 & 0x0000ffff0000ffff;
	return digits * (1 + (10000ULL << 32)) >> 32;
}

static bool append(uint64_t *number, uint64_t scale, uint64_t digits)
{
	return !__builtin_mul_overflow(*number, scale, number) &&
	       !__builtin_add_overflow(*number, digits, number);
}

/* A number of any length, anywhere. Return: whether it is one up to @max. */
static bool parse_number(const struct text *text, uint64_t max,
			 uint64_t *number)
{
	const char *p = text->start, *end = p + text->length;

	if (text_is_none(text)) {
		*number = NO_NUMBER;
		return true;
	}
	*number = 0;
	for (; end - p >= 8; p += 8) {
		uint64_t digits = as_digits(eight_bytes(p));

		if (!are_digits(digits) ||
		    !append(number, 100000000, add_digits(digits)))
			return false;
	}
	for (; p < end; p++) {
		uint64_t digit = (uint64_t)(*p - '0');

		if (digit > 9 || !append(number, 10, digit))
			return false;
	}
	return *number <= max;
}

/**
 * row_set() - give a row a field
 * @row: initialised before; the field counts as changed
 * @field: which
 * @text: as the listing writes it
 *
 * Return: whether it is what the field may be.
 */
bool row_set(struct row *row, enum field field, const struct text *text)
{
	row->changed |= FIELD_BIT(field);
	row->text[field] = *text;
	return !fields[field].max ||
	       parse_number(text, fields[field].max, &row->number[field]);
}

/**
 * row_set_host() - say of which host the rows of a listing are
 * @row: initialised before
 * @host: what somebody calls it, NULL if nobody has said so
 */
void row_set_host(struct row *row, const char *host)
{
	struct text text = { .start = host };

	if (!host)
		return;
	text.length = strlen(host);
	row_set(row, FIELD_HOST, &text);
}

static __printf(2, 3) int problem(struct listing *listing, const char *format,
				  ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(listing->problem, sizeof(listing->problem), format,
		  arguments);
	va_end(arguments);
	listing->status = STATUS_ERROR;
	return -1;
}

static const char *hint(const struct listing *listing, int error)
{
	if (error == EACCES || error == EPERM)
		return "run it as root (sudo sockowners)";
	if (error == EMFILE && !listing->saved)
		return "close other listings of this user";
	if (error == ENOMEM)
		return "allow this process more memory";
	if (listing->saved)
		return "save one with 'cat " LIVE_LISTING " > FILE'";
	return "try again";
}

static int no_module(struct listing *listing, const char *what)
{
	problem(listing,
		"the module %s; load it: sudo modprobe sockowners (or make load)",
		what);
	listing->status = STATUS_NO_MODULE;
	return -1;
}

/* Why the kernel does not answer a query that is required. */
static const char *refusal(int error)
{
	if (error == EINVAL)
		return "the module does not know --packet; load a newer one";
	if (error == ENODEV)
		return "there is no such interface in this network namespace";
	if (error == EOPNOTSUPP)
		return "many may get a multicast or broadcast packet; ask about another address";
	if (error == EACCES || error == EPERM || error == EROFS)
		return "the kernel must be asked, and may not be; run it as root";
	return NULL;
}

static int bad_open(struct listing *listing, int error)
{
	if (listing->required && refusal(error))
		return problem(listing, "%s", refusal(error));
	if (error != ENOENT || listing->saved)
		return problem(listing, "cannot open: %s; %s", strerror(error),
			       hint(listing, error));
	return no_module(listing, "is not there");
}

static int bad_read(struct listing *listing, int error)
{
	if (listing->required && error == ENODEV)
		return problem(listing, "%s", refusal(error));
	if (error == EIO && !listing->saved)
		return no_module(listing, "was unloaded meanwhile");
	return problem(listing, "cannot read: %s; %s%s", strerror(error),
		       listing->line ? "the output is incomplete, " : "",
		       hint(listing, error));
}

/* The line cannot be parsed; tell what to do about it. */
static __printf(2, 3) int bad_line(struct listing *listing, const char *format,
				   ...)
{
	char what[128];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	return problem(listing, "line %llu: %s; %s%s", listing->line, what,
		       listing->line > 1 ? "the output is incomplete, " : "",
		       listing->saved ?
			       "save the listing again" :
			       "install module and reader of one version");
}

static bool is_field_byte(char c)
{
	return c > ' ' && c <= '~';
}

/*
 * The bytes that do not belong in a field: the lowest one of them has its highest bit. One
 * below '!' borrows from above it when that is taken away, and one above '~' has that bit,
 * or has it when one is added. What this does to the next byte does not matter.
 */
static inline uint64_t odd_bytes(uint64_t bytes)
{
	return ((bytes - EACH_BYTE('!')) | (bytes + EACH_BYTE(1)) | bytes) &
	       EACH_BYTE(0x80);
}

static inline size_t lowest_byte(uint64_t bytes)
{
	return (unsigned int)__builtin_ctzll(bytes) / 8;
}

/*
 * The first byte that does not belong in a field; there is one. Up to seven bytes behind
 * it are read.
 */
static char *field_end(char *p)
{
	for (;; p += sizeof(uint64_t)) {
		uint64_t odd = odd_bytes(eight_bytes(p));

		if (odd)
			return p + lowest_byte(odd);
	}
}

static int bad_byte(struct listing *listing, char c)
{
	return bad_line(listing, "byte 0x%02x does not belong in a field",
			(unsigned char)c);
}

/* No newline between here and the end of what was read, nor will one come. */
static int bad_tail(struct listing *listing, const char *what)
{
	listing->line++;
	for (const char *p = listing->next; p < listing->end; p++) {
		if (!is_field_byte(*p) && *p != '\t')
			return bad_byte(listing, *p);
	}
	return bad_line(listing, "%s", what);
}

/* As read() does. The rest of a long listing is read while its rows are taken. */
static ssize_t read_piece(struct listing *listing)
{
	ssize_t got;

	if (!listing->saved && listing->reads++ == LISTING_READS_SHORT)
		listing->ahead = ahead_start(listing->fd, LISTING_READ_SIZE);
	if (listing->ahead)
		return ahead_read(listing->ahead, listing->end);
	do {
		got = read(listing->fd, listing->end, LISTING_READ_SIZE);
	} while (got < 0 && errno == EINTR);
	return got;
}

static void stop_ahead(struct listing *listing)
{
	ahead_stop(listing->ahead);
	listing->ahead = NULL;
	listing->reads = 0;
}

/* Return: how many bytes were read, 0 at the end of the file, or -1. */
static ssize_t read_more(struct listing *listing)
{
	size_t kept = (size_t)(listing->end - listing->next);
	ssize_t got;

	memmove(listing->buffer, listing->next, kept);
	listing->next = listing->buffer;
	listing->end = listing->buffer + kept;
	got = read_piece(listing);
	if (got < 0)
		return bad_read(listing, errno);
	listing->end += got;
	return got;
}

/* Of the bytes from @seen on. Return: what is behind the last newline, NULL without one. */
static char *behind_newline(const struct listing *listing, const char *seen)
{
	for (char *p = listing->end; p > seen; p--) {
		if (p[-1] == '\n')
			return p;
	}
	return NULL;
}

/*
 * Return: 1 if the next line is there with its newline, 0 at the end of the listing, -1 if
 * it cannot be read.
 */
static int read_line(struct listing *listing)
{
	size_t seen = 0;

	while (listing->next == listing->whole) {
		size_t unread = (size_t)(listing->end - listing->next);
		char *whole = behind_newline(listing, listing->next + seen);
		ssize_t got;

		if (whole) {
			listing->whole = whole;
			break;
		}
		if (unread > LISTING_LINE_MAX)
			return bad_tail(listing, "the line does not end");
		seen = unread;
		got = read_more(listing);
		listing->whole = listing->next;
		if (got < 0)
			return -1;
		if (!got && !unread)
			return 0;
		if (!got)
			return bad_tail(listing, "cut off inside the line");
	}
	return 1;
}

static inline int next_line(struct listing *listing)
{
	int got = listing->next == listing->whole ? read_line(listing) : 1;

	listing->line += got > 0;
	return got;
}

static void bad_field(struct listing *listing, char ended_by)
{
	if (ended_by == '\t' || ended_by == '\n')
		bad_line(listing, "a field is empty");
	else
		bad_byte(listing, ended_by);
}

/* The end of the field at @start, which is on the same line: that is whole. Or NULL. */
static inline char *next_field(struct listing *listing, char *start)
{
	char *end = field_end(start);

	if (end != start && (*end == '\t' || *end == '\n'))
		return end;
	bad_field(listing, *end);
	return NULL;
}

static signed char find_field(const struct text *name)
{
	for (int i = 0; i < FIELD_MADE; i++) {
		if (text_is(name, fields[i].name))
			return (signed char)i;
	}
	return -1;
}

#define SAVE_ALL "save it with the query columns=all"

static int missing_fields(struct listing *listing, uint32_t missing)
{
	const char *next_step = "load the module with columns=all";
	char names[NAMES_MAX];

	if (listing->saved)
		next_step = SAVE_ALL;
	else if (missing & (FIELD_BIT(FIELD_ON_REQUEST) - 1))
		next_step = "install module and reader of one version";
	name_fields(names, missing);
	return problem(listing, "line 1: the header has no %s; %s", names,
		       next_step);
}

/* What is just shown may be missing, where nobody can ask for it any more. */
static int check_fields(struct listing *listing, uint32_t found)
{
	const struct wish *wish = &listing->wish;
	uint32_t needed = wish->needed, missing;

	if (!listing->saved)
		needed |= wish->shown;
	missing = needed & ~found & (FIELD_BIT(FIELD_MADE) - 1);
	listing->lacks = wish->shown & ~found & (FIELD_BIT(FIELD_MADE) - 1);
	if (!found)
		return bad_line(listing, "the header names no column");
	return missing ? missing_fields(listing, missing) : 0;
}

static int parse_header(struct listing *listing)
{
	uint32_t wanted = wish_fields(&listing->wish), found = 0;
	char *end, ended_by;
	int got;

	listing->whole = listing->next;
	got = next_line(listing);
	if (got < 0)
		return got;
	if (!got) {
		listing->line++;
		return bad_line(listing, "no header, the listing is empty");
	}

	/* A column takes two bytes at least, a name and what ends it. */
	end = memchr(listing->next, '\n',
		     (size_t)(listing->whole - listing->next));
	listing->cells = malloc(((size_t)(end - listing->next) / 2 + 1) *
				sizeof(*listing->cells));
	if (!listing->cells)
		return problem(listing, "%s; free some and try again",
			       strerror(errno));

	do {
		struct text name = { .start = listing->next };
		signed char field;

		end = next_field(listing, listing->next);
		if (!end)
			return -1;
		ended_by = *end;
		*end = '\0';
		name.length = (size_t)(end - listing->next);
		listing->next = end + 1;
		/* A row, most likely, which may have "fd" in it. */
		if (!isalpha((unsigned char)*name.start))
			return bad_line(listing,
					"'%.20s' is no name of a column",
					name.start);
		field = find_field(&name);
		if (field >= 0) {
			if (found & FIELD_BIT(field))
				return bad_line(listing,
						"column '%s' comes twice",
						name.start);
			found |= FIELD_BIT(field);
			if (!(wanted & FIELD_BIT(field)))
				field = -1;
		}
		listing->cells[listing->columns++] =
			(struct cell){ .field = field, .bytes = { NO_CELL } };
	} while (ended_by == '\t');

	return check_fields(listing, found);
}

static bool ask(int fd, const char *query, size_t length)
{
	ssize_t written;

	do {
		written = write(fd, query, length);
	} while (written < 0 && errno == EINTR);
	return written == (ssize_t)length;
}

/*
 * A query that is refused changes nothing. An older module may not know its
 * conditions, or none at all: then a plain read has more than is wanted, which
 * is the caller's to sort out, as it is when there may be no writing. But if the
 * query is required there is no listing without it.
 */
static int open_live(const struct query *query)
{
	int fd = open(LIVE_LISTING, O_RDWR | O_CLOEXEC);

	if (fd < 0 && !query->required &&
	    (errno == EACCES || errno == EPERM || errno == EROFS))
		return open(LIVE_LISTING, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && !ask(fd, query->text, query->length) &&
	    !ask(fd, query->text, query->columns_length) && query->required) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

/**
 * listing_open() - open a listing and read its header
 * @listing: is filled in
 * @path: a saved listing, "-" for standard input, NULL for the live one
 * @wish: which fields to take
 * @query: what to ask the kernel for, if it is the live one. It may answer with
 *	more rows, and without what is not needed
 *
 * Return: 0, or -1 with @listing's problem and status.
 */
int listing_open(struct listing *listing, const char *path,
		 const struct wish *wish, const struct query *query)
{
	memset(listing, 0, offsetof(struct listing, buffer));
	listing->saved = path;
	listing->source = path ? path : LIVE_LISTING;
	listing->required = query && query->required;
	listing->wish = *wish;
	listing->next = listing->buffer;
	listing->end = listing->buffer;

	if (path && !strcmp(path, "-")) {
		listing->source = "standard input";
		listing->fd = STDIN_FILENO;
		return parse_header(listing);
	}

	listing->fd = path ? open(path, O_RDONLY | O_CLOEXEC) :
			     open_live(query);
	if (listing->fd < 0)
		return bad_open(listing, errno);
	listing->opened = true;
	return parse_header(listing);
}

/**
 * listing_close() - be done with a listing
 * @listing: opened before, or not if that has failed
 */
void listing_close(struct listing *listing)
{
	stop_ahead(listing);
	free(listing->cells);
	listing->cells = NULL;
	if (listing->opened)
		close(listing->fd);
	listing->opened = false;
	listing->fd = -1;
}

/* Read on from the first line of a new listing. */
static int begin_again(struct listing *listing)
{
	listing->line = 0;
	listing->columns = 0;
	free(listing->cells);
	listing->cells = NULL;
	listing->next = listing->buffer;
	listing->end = listing->buffer;
	return parse_header(listing);
}

/**
 * listing_again() - read a new listing of the same kind
 * @listing: opened and read before
 * @path: and
 * @query: as then
 *
 * The open live file lists anew, for the same query, from its first byte. Only if
 * another module has taken the place of the one that it belongs to is it opened
 * again. A saved listing always is: another file may have its name by now.
 *
 * Return: 0, or -1 with @listing's problem and status.
 */
int listing_again(struct listing *listing, const char *path,
		  const struct query *query)
{
	struct wish wish = listing->wish;

	stop_ahead(listing);
	if (!listing->saved && !lseek(listing->fd, 0, SEEK_SET) &&
	    (!begin_again(listing) || listing->status != STATUS_NO_MODULE))
		return listing->status ? -1 : 0;
	listing_close(listing);
	return listing_open(listing, path, &wish, query);
}

static int bad_number(struct listing *listing, ptrdiff_t field,
		      const char *text)
{
	return bad_line(listing, "%s '%.20s' is no number up to %llu",
			fields[field].name, text,
			(unsigned long long)fields[field].max);
}

/**
 * listing_has() - whether rows have a field
 * @listing: opened before
 * @field: which
 */
bool listing_has(const struct listing *listing, enum field field)
{
	for (size_t i = 0; i < listing->columns; i++) {
		if (listing->cells[i].field == (int)field)
			return true;
	}
	return false;
}

static inline void put_bytes(char *to, uint64_t bytes)
{
	bytes = htole64(bytes);
	memcpy(to, &bytes, sizeof(bytes));
}

/* Is a text as in the row before, and what ended it, too? In most columns it is. */
static inline bool is_as_before(const struct cell *cell, uint64_t first,
				uint64_t second)
{
	return !(((first & cell->mask[0]) ^ cell->bytes[0]) |
		 ((second & cell->mask[1]) ^ cell->bytes[1]));
}

/* A text of 1 to 7 bytes, and what ended it, the lowest of @odd. */
static inline void remember_short(struct cell *cell, uint64_t first,
				  uint64_t odd)
{
	uint64_t mask = odd ^ (odd - 1);

	cell->bytes[0] = first & mask;
	cell->mask[0] = mask;
	cell->bytes[1] = 0;
	cell->mask[1] = 0;
	put_bytes(cell->text, first & (mask >> 8));
}

/* One of 8 to CELL_MAX bytes. */
static inline void remember_long(struct cell *cell, uint64_t first,
				 uint64_t second, uint64_t odd)
{
	uint64_t mask = odd ^ (odd - 1);

	cell->bytes[0] = first;
	cell->mask[0] = UINT64_MAX;
	cell->bytes[1] = second & mask;
	cell->mask[1] = mask;
	put_bytes(cell->text, first);
	put_bytes(cell->text + 8, second & (mask >> 8));
}

static inline void forget(struct cell *cell)
{
	cell->bytes[0] = NO_CELL;
	cell->mask[0] = 0;
}

/*
 * A number of one to seven digits, as nearly all are. What is behind it is shifted out,
 * and zeros come in before it. Return: false if it is none.
 */
static inline bool parse_short_number(uint64_t bytes, size_t length,
				      uint64_t max, uint64_t *number)
{
	uint64_t digits = as_digits(bytes) << (64 - 8 * length);

	*number = add_digits(digits);
	return are_digits(digits) && *number <= max;
}

/* As row_set(), for what stands in a listing and begins with these bytes. */
static inline bool set_field(struct row *row, ptrdiff_t field,
			     const struct text *text, uint64_t first)
{
	uint64_t max = fields[field].max, *number = &row->number[field];

	row->text[field] = *text;
	row->changed |= FIELD_BIT(field);
	return !max ||
	       (text->length < 8 &&
		parse_short_number(first, text->length, max, number)) ||
	       parse_number(text, max, number);
}

/*
 * Takes a field that is not as before, of which these are the first sixteen bytes.
 * Return: what ended it, at @*end, or NUL.
 */
static inline char take_field(struct listing *listing, struct cell *cell,
			      struct row *row, char *start, uint64_t first,
			      uint64_t second, char **end)
{
	uint64_t odd = odd_bytes(first), more = odd_bytes(second);
	struct text text = { .start = cell->text };
	char ended_by;

	if (odd) {
		text.length = lowest_byte(odd);
		remember_short(cell, first, odd);
	} else if (more) {
		text.length = 8 + lowest_byte(more);
		remember_long(cell, first, second, more);
	} else {
		text.start = start;
		text.length = (size_t)(field_end(start + 16) - start);
		forget(cell);
	}
	cell->length = (unsigned char)text.length;
	*end = start + text.length;
	ended_by = **end;
	if (!text.length || (ended_by != '\t' && ended_by != '\n')) {
		bad_field(listing, ended_by);
		return '\0';
	}
	if (text.start == start)
		**end = '\0';
	if (cell->field < 0 || set_field(row, cell->field, &text, first))
		return ended_by;
	bad_number(listing, cell->field, text.start);
	return '\0';
}

/* Behind as many fields as the header has. */
static int too_many_fields(struct listing *listing, char *start)
{
	if (!next_field(listing, start))
		return -1;
	return bad_line(listing, "more fields than the header's %zu",
			listing->columns);
}

/**
 * listing_next() - read a row
 * @listing: opened before
 * @row: initialised before the first one, and the same for all; the fields that the
 *	listing has are filled in
 *
 * Return: 1, 0 at the end, or -1 with @listing's problem and status.
 */
int listing_next(struct listing *listing, struct row *row)
{
	struct cell *cell = listing->cells;
	const struct cell *last = cell + listing->columns;
	int got = next_line(listing);
	char *start = listing->next, *end;
	char ended_by = '\t';

	if (got <= 0)
		return got;

	do {
		uint64_t first = eight_bytes(start);
		uint64_t second = eight_bytes(start + 8);

		/* In the row before, which was whole, the last one ended the line. */
		if (is_as_before(cell, first, second)) {
			start += cell->length + 1;
			continue;
		}
		ended_by = take_field(listing, cell, row, start, first, second,
				      &end);
		if (!ended_by)
			return -1;
		start = end + 1;
		if (ended_by == '\n' && cell + 1 != last)
			return bad_line(listing,
					"%zu fields, the header names %zu",
					(size_t)(cell + 1 - listing->cells),
					listing->columns);
	} while (++cell != last);
	if (ended_by == '\t' && start[-1] != '\n')
		return too_many_fields(listing, start);
	listing->next = start;
	return 1;
}

/**
 * listing_report_lacks() - say that what is shown as none was not in the listing
 * @lacks: bits of what is shown and was not there; none is fine
 */
void listing_report_lacks(uint32_t lacks)
{
	char names[NAMES_MAX];

	if (!lacks)
		return;
	name_fields(names, lacks);
	report("the listing has no %s, shown as none; " SAVE_ALL, names);
}
