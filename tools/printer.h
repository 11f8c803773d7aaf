/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_PRINTER_H
#define SOCKOWNERS_PRINTER_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "bytes.h"

/* So much is written at once: stdio takes as long for a byte as for a line. */
#ifndef PRINTER_SIZE
#define PRINTER_SIZE (64 * 1024)
#endif

/* A piece that is copied faster than it takes to look how long it is. */
#define PRINTER_SHORT 16

/**
 * struct printer - pieces of text on their way to a stream
 * @to: the stream
 * @error: errno of the first piece that it did not take, 0 for none
 * @kept: all pieces since somebody has set this are there
 * @length: bytes of @text that it has not got yet
 * @text: the pieces
 */
struct printer {
	FILE *to;
	int error;
	bool kept;
	size_t length;
	char text[PRINTER_SIZE + COPY_PIECE];
};

/**
 * printer_flush() - give the stream all pieces
 * @printer: its error is set if one is lost; those after it are lost, too
 */
static inline void printer_flush(struct printer *printer)
{
	size_t length = printer->error ? 0 : printer->length;

	if (fwrite_unlocked(printer->text, 1, length, printer->to) < length)
		printer->error = errno;
	printer->length = 0;
	printer->kept = false;
}

static inline size_t printer_room(const struct printer *printer)
{
	return PRINTER_SIZE - printer->length;
}

/**
 * printer_put_char() - print a byte
 * @printer: flushed before somebody else prints to its stream
 * @c: the byte
 */
static inline void printer_put_char(struct printer *printer, char c)
{
	if (!printer_room(printer))
		printer_flush(printer);
	printer->text[printer->length++] = c;
}

/**
 * printer_put() - print a piece of text
 * @printer: flushed before somebody else prints to its stream
 * @text: the text, of any length
 * @length: of it
 */
static inline void printer_put(struct printer *printer, const char *text,
			       size_t length)
{
	while (length > printer_room(printer)) {
		size_t some = printer_room(printer);

		memcpy(printer->text + printer->length, text, some);
		printer->length += some;
		text += some;
		length -= some;
		printer_flush(printer);
	}
	memcpy(printer->text + printer->length, text, length);
	printer->length += length;
}

/**
 * printer_put_short() - print a short piece of text
 * @printer: flushed before somebody else prints to its stream
 * @text: the text, with anything behind it
 * @length: of it
 */
static inline void printer_put_short(struct printer *printer,
				     const char text[PRINTER_SHORT],
				     size_t length)
{
	if (printer_room(printer) < PRINTER_SHORT)
		printer_flush(printer);
	memcpy(printer->text + printer->length, text, PRINTER_SHORT);
	printer->length += length;
}

/**
 * printer_repeat() - print again some of what was printed since @kept was set
 * @printer: flushed before somebody else prints to its stream
 * @from: where that is in its text
 * @length: of it
 *
 * Return: false if it is not there any more, or there is no room for it.
 */
static inline bool printer_repeat(struct printer *printer, size_t from,
				  size_t length)
{
	if (!printer->kept || length > printer_room(printer))
		return false;
	copy_pieces(printer->text + printer->length, printer->text + from,
		    length);
	printer->length += length;
	return true;
}

#endif
