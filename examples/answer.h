/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
#ifndef EXAMPLES_ANSWER_H
#define EXAMPLES_ANSWER_H

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>

/*
 * Sends back in upper case what has arrived on @connection. No letter's case
 * depends on its neighbours, so it does not matter where a read cuts a line.
 *
 * Returns false when there is no more to say: the client has gone, or it does
 * not read its answers and the send buffer is full.
 */
static inline bool answer(int connection)
{
	char text[4096];
	ssize_t length, i;

	length = recv(connection, text, sizeof(text), 0);
	if (length < 0)
		return errno == EAGAIN || errno == EINTR;
	if (length == 0)
		return false;

	for (i = 0; i < length; i++)
		text[i] = toupper((unsigned char)text[i]);

	/* MSG_NOSIGNAL: a client that hangs up must not kill its server. */
	return send(connection, text, length, MSG_NOSIGNAL) == length;
}

#endif /* EXAMPLES_ANSWER_H */
