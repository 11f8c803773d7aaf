// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// ahead PIECES: from a socket into which somebody writes so many pieces, each of another
// length, take all that ahead.c reads: the same bytes in the same order, then the end,
// as often as one asks; and an error, as often as one asks.

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../tools/ahead.h"

#define SIZE 64

static unsigned char byte_at(unsigned long at)
{
	return (unsigned char)(at * 2654435761U >> 16);
}

static void write_pieces(int fd, unsigned long pieces)
{
	unsigned long at = 0;

	for (unsigned long i = 0; i < pieces; i++) {
		unsigned char bytes[SIZE];
		size_t length = 1 + byte_at(i) % SIZE;

		for (size_t j = 0; j < length; j++)
			bytes[j] = byte_at(at++);
		if (write(fd, bytes, length) != (ssize_t)length)
			exit(1);
	}
}

/* Return: how many bytes came until the first one that is wrong, or the end. */
static unsigned long take(struct ahead *ahead, bool *right)
{
	unsigned long at = 0;
	char bytes[SIZE];
	ssize_t got;

	*right = true;
	while (*right && (got = ahead_read(ahead, bytes)) > 0)
		for (ssize_t i = 0; i < got; i++)
			*right &= (unsigned char)bytes[i] == byte_at(at++);
	return at;
}

int main(int argc, char **argv)
{
	unsigned long pieces = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
	unsigned long length = 0, got;
	struct ahead *ahead;
	char bytes[SIZE];
	int ends[2];
	bool right;

	for (unsigned long i = 0; i < pieces; i++)
		length += 1 + byte_at(i) % SIZE;
	if (!pieces || socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends))
		return 1;
	if (!fork()) {
		close(ends[0]);
		write_pieces(ends[1], pieces);
		_exit(0);
	}
	close(ends[1]);
	ahead = ahead_start(ends[0], SIZE);
	if (!ahead)
		return 1;
	got = take(ahead, &right);
	printf("%s %lu of %lu\n", right ? "right" : "wrong", got, length);
	if (got == length)
		printf("end %zd %zd\n", ahead_read(ahead, bytes),
		       ahead_read(ahead, bytes));
	ahead_stop(ahead);
	close(ends[0]);
	wait(NULL);

	ahead = ahead_start(-1, SIZE);
	for (int i = 0; ahead && i < 2; i++) {
		ssize_t failed = ahead_read(ahead, bytes);

		printf("error %zd %d\n", failed, errno == EBADF);
	}
	ahead_stop(ahead);

	/* Somebody who stops at once. */
	ahead = ahead_start(STDIN_FILENO, SIZE);
	ahead_stop(ahead);
	return 0;
}
