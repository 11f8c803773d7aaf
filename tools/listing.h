/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_LISTING_H
#define SOCKOWNERS_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "report.h"

/* The columns of the listing, in the kernel's order. */
enum field {
	FIELD_PID,
	FIELD_FD,
	FIELD_PROTO,
	FIELD_STATE,
	FIELD_LADDR,
	FIELD_LPORT,
	FIELD_RADDR,
	FIELD_RPORT,
	FIELD_DEV,
	FIELD_INODE,
	FIELD_NETNS,
	FIELD_UID,
	FIELD_HOLDER,
	FIELD_VIA,
	FIELD_COMM,
	FIELD_START,
	FIELD_COOKIE,
	FIELD_SOCKUID,
	FIELD_CGROUP,
	FIELD_SOCKCGROUP,
	FIELD_RECVQ,
	FIELD_SENDQ,
	FIELD_DROPS,
	FIELD_FLAGS,
	FIELD_TIMER,
	FIELD_EXPLAINED,
	FIELD_COUNT,
	FIELD_HOST,
	FIELD_HOLDERS,
	FIELD_PEER,
	FIELD_FAILS,
	FIELD_WHY,
	FIELDS
};

/* From here on a plain read does not have it, only the answer to a query. */
#define FIELD_ON_REQUEST FIELD_START

/* From here on no listing has it: the reader makes it. */
#define FIELD_MADE FIELD_EXPLAINED

/* Bit n for field n. */
#define FIELD_BIT(field) (UINT32_C(1) << (field))
#define FIELDS_ALL	 UINT32_MAX

const char *field_name(enum field field);

/*
 * Printable ASCII, never empty, with a NUL behind it; without a space unless the
 * reader has made it.
 */
struct text {
	const char *start;
	size_t length;
};

static inline bool text_is(const struct text *text, const char *other)
{
	return text->length == strlen(other) &&
	       !memcmp(text->start, other, text->length);
}

static inline bool text_begins(const struct text *text, const char *beginning)
{
	return text->length >= strlen(beginning) &&
	       !memcmp(text->start, beginning, strlen(beginning));
}

/* What the listing writes for "none". */
static inline bool text_is_none(const struct text *text)
{
	return text_is(text, "-");
}

/**
 * text_write() - copy a text
 * @to: where to, without a NUL
 * @text: the text
 *
 * Return: where it ends.
 */
static inline char *text_write(char *to, const struct text *text)
{
	const char *from = text->start;
	size_t length = text->length;

	/* Most are short; the parts that make one may overlap. */
	if (length > 16) {
		memcpy(to, from, length);
	} else if (length >= 8) {
		memcpy(to, from, 8);
		memcpy(to + length - 8, from + length - 8, 8);
	} else if (length >= 4) {
		memcpy(to, from, 4);
		memcpy(to + length - 4, from + length - 4, 4);
	} else if (length) {
		to[0] = from[0];
		to[length / 2] = from[length / 2];
		to[length - 1] = from[length - 1];
	}
	return to + length;
}

extern const char *const unknown;

/* There is no such column, which is shown as none, but is no answer. */
static inline bool text_is_unknown(const struct text *text)
{
	return text->start == unknown;
}

#define NO_NUMBER UINT64_MAX

/**
 * struct row - one (socket, holder) pair
 * @text: the fields as the listing writes them, valid until the next row; "-"
 *	also for those that it does not have or that nobody wants. What the reader has
 *	made is valid until it is made for another row
 * @number: the value of those that are numbers, NO_NUMBER for "-"
 * @changed: bits of those that may be others than in the row before. They add up until
 *	somebody, who knows which that is, clears them
 */
struct row {
	struct text text[FIELDS];
	uint64_t number[FIELDS];
	uint32_t changed;
};

/*
 * An AF_INET6 socket, if the local address is wanted. The name of the protocol does not
 * tell: inet61 may be either.
 */
static inline bool row_is_ipv6(const struct row *row)
{
	const struct text *address = &row->text[FIELD_LADDR];

	return memchr(address->start, ':', address->length);
}

void row_init(struct row *row);
bool row_set(struct row *row, enum field field, const struct text *text);
void row_set_host(struct row *row, const char *host);

/**
 * struct wish - what somebody needs to know of each row
 * @needed: bits of the fields without which there is no answer
 * @shown: bits of those that are just shown: a saved listing may lack them
 * @useful: bits of those that make it better
 */
struct wish {
	uint32_t needed;
	uint32_t shown;
	uint32_t useful;
};

static inline uint32_t wish_fields(const struct wish *wish)
{
	return wish->needed | wish->shown | wish->useful;
}

static inline void wish_for(struct wish *wish, const struct wish *other)
{
	wish->needed |= other->needed;
	wish->shown |= other->shown;
	wish->useful |= other->useful;
}

/*
 * Far above what a row can be (a name is at most 64 bytes when every byte of
 * it is escaped), so that a file which is no listing cannot take all memory.
 * tests/fuzz sets its own limits, which small inputs reach.
 */
#ifndef LISTING_LINE_MAX
#define LISTING_LINE_MAX (1024 * 1024)
#endif
#ifndef LISTING_READ_SIZE
#define LISTING_READ_SIZE (256 * 1024)
#endif

/* A short listing is read in two goes, of which one is the end. */
#define LISTING_READS_SHORT 2

struct ahead;

/* A text up to this length is compared with the one before. */
#define CELL_MAX 15

/**
 * struct cell - a column of the listing, and what it had in the row before
 * @bytes: the text and the byte that ended it, and zeros
 * @mask: which bits of sixteen bytes these are. NO_CELL and none: of no text
 * @text: it with a NUL behind it, which the row points to
 * @length: of the text
 * @field: which field it is, -1 for one that is unknown or not wanted
 */
#define NO_CELL 1
struct cell {
	uint64_t bytes[2];
	uint64_t mask[2];
	char text[CELL_MAX + 1];
	unsigned char length;
	signed char field;
};

/**
 * struct listing - a listing being read
 * @source: what to call it in a message
 * @problem: what was wrong with it, once a function has failed
 * @status: the exit status that goes with @problem
 * @saved: not the live file
 * @required: it is of no use without the query
 * @opened: @fd is closed with the listing; standard input is not
 * @fd: where it is read from
 * @reads: how often it was read from
 * @ahead: who does that while rows are taken; NULL: nobody yet
 * @line: number of the last line that was taken, from 1
 * @wish: which fields to take
 * @lacks: those of them that are shown and not there
 * @cells: its columns
 * @columns: how many the header names
 * @next: the first byte that was not taken yet
 * @whole: behind the last line that was read with its newline
 * @end: behind the last byte that was read
 * @buffer: what was read
 */
struct listing {
	const char *source;
	char problem[512];
	int status;
	bool saved;
	bool required;
	bool opened;
	int fd;
	unsigned int reads;
	struct ahead *ahead;
	unsigned long long line;
	struct wish wish;
	uint32_t lacks;
	struct cell *cells;
	size_t columns;
	char *next;
	char *whole;
	char *end;
	/* Sixteen bytes are looked at in one go, and some may be behind the last one. */
	char buffer[LISTING_LINE_MAX + LISTING_READ_SIZE + 16];
};

struct query;

int listing_open(struct listing *listing, const char *path,
		 const struct wish *wish, const struct query *query);
int listing_again(struct listing *listing, const char *path,
		  const struct query *query);
bool listing_has(const struct listing *listing, enum field field);
int listing_next(struct listing *listing, struct row *row);
void listing_close(struct listing *listing);
void listing_report_lacks(uint32_t fields);

#endif
