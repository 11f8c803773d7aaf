/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * The row that a socket must have, put together from what system calls say
 * about it, never from the listing.
 */
#ifndef SCENARIOS_ROW_H
#define SCENARIOS_ROW_H

#include <sys/socket.h>
#include <sys/types.h>

#include "listing.h"
#include "tap.h"

struct expected_row {
	char field[NR_COLUMNS][64];
};

/*
 * Process @pid holds as descriptor @fd the socket that the caller knows as
 * @sock. What no system call tells is left to row_set(): the peer of a TCP
 * socket in SYN_SENT, and whether a closed TCP socket still holds its port
 * (it is taken to, if it has one).
 */
void row_of_socket(struct expected_row *row, pid_t pid, int fd, int sock);

/* The same row, held through the private table of thread @tid. */
void row_of_thread(struct expected_row *row, pid_t pid, pid_t tid, int fd,
		   int sock);

/* Replaces the two addresses, the ports and the inode by those of @sock. */
void row_set_tuple(struct expected_row *row, int sock);

__printf(3, 4) void row_set(struct expected_row *row, enum column column,
			    const char *text, ...);

/* @sock as long as no process holds it, for the reason @holder. */
void row_of_nobody(struct expected_row *row, const char *holder, int sock);

/* @sock in flight, in the unix socket @via that process @pid holds. */
void row_of_scm(struct expected_row *row, pid_t pid, unsigned long via,
		int sock);

/*
 * A connection with the tuple of @sock after the socket is gone, in @state.
 * Call it while @sock is connected.
 */
void row_of_timewait(struct expected_row *row, const char *state, int sock);

/*
 * The server's end, in @state, of the connection that @client is one end of: it
 * waits in @listener to be accepted.
 */
void row_of_accept(struct expected_row *row, int client, int listener,
		   const char *state);

/* A half-open connection of @listener. */
void row_of_synrecv(struct expected_row *row, int listener, const char *from,
		    unsigned int from_port);

/* The TCP socket below the MPTCP socket @sock. */
void row_of_subflow(struct expected_row *row, int sock);

/* Inode number of the network namespace of a socket. */
unsigned long netns_of_socket(int sock);

/* @name as the listing writes a comm or dev. */
void escape_name(char *text, size_t size, const char *name, size_t length);

#endif
