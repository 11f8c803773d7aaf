/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_BYTES_H
#define SOCKOWNERS_BYTES_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

/* Eight bytes of text are looked at together, as a number. */
#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

/**
 * eight_bytes() - have the next eight bytes
 * @p: there are as many
 *
 * Return: the number of which the first one is the lowest byte.
 */
static inline uint64_t eight_bytes(const char *p)
{
	uint64_t bytes;

	memcpy(&bytes, p, sizeof(bytes));
	return le64toh(bytes);
}

#define COPY_PIECE 16

/**
 * copy_pieces() - copy some text, COPY_PIECE bytes at a time
 * @to: behind @from, or somewhere else; the last piece may be too long
 * @from: and something behind it
 * @length: of the text
 *
 * What calls memcpy() for less than a line takes most of the time to find out how much
 * that is.
 */
static inline void copy_pieces(char *to, const char *from, size_t length)
{
	for (size_t i = 0; i < length; i += COPY_PIECE) {
		char piece[COPY_PIECE];

		memcpy(piece, from + i, COPY_PIECE);
		memcpy(to + i, piece, COPY_PIECE);
	}
}

#endif
