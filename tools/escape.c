// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// Names in the listing: some bytes are written \ooo.

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "escape.h"

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/**
 * unescape_byte() - take a byte of a name
 * @text: the name, as the listing writes it, or what is left of it
 * @byte: is filled in
 *
 * Return: what is behind it.
 */
const char *unescape_byte(const char *text, unsigned char *byte)
{
	if (*text != '\\' || text[1] < '0' || text[1] > '3' ||
	    !is_octal(text[2]) || !is_octal(text[3])) {
		*byte = (unsigned char)*text;
		return text + 1;
	}
	*byte = (unsigned char)((text[1] - '0') << 6 | (text[2] - '0') << 3 |
				(text[3] - '0'));
	return text + ESCAPED_BYTE;
}

/**
 * unescape() - a name as it is
 * @to: where to, with a NUL at its end
 * @size: of @to; of a longer name it is the beginning
 * @text: as the listing writes it
 */
void unescape(char *to, size_t size, const char *text)
{
	while (*text && size > 1) {
		unsigned char byte;

		text = unescape_byte(text, &byte);
		*to++ = (char)byte;
		size--;
	}
	*to = '\0';
}

/**
 * escape() - a name as the kernel wants it in a query
 * @to: where to, ESCAPED_BYTE for each byte and one more
 * @name: the name
 *
 * A comma would end it, and a "-" alone would mean none.
 *
 * Return: @to
 */
char *escape(char *to, const char *name)
{
	bool is_dash = !strcmp(name, "-");
	char *p = to;

	for (; *name; name++) {
		unsigned char byte = (unsigned char)*name;

		if (byte <= ' ' || byte > '~' || byte == '\\' || byte == ',' ||
		    is_dash)
			p += sprintf(p, "\\%03o", byte);
		else
			*p++ = (char)byte;
	}
	*p = '\0';
	return to;
}
