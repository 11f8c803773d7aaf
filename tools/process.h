/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_PROCESS_H
#define SOCKOWNERS_PROCESS_H

#include "escape.h"
#include "listing.h"

/* The longest name of a host. */
#define HOST_MAX 64

/* A name as the kernel writes it: 15 bytes, each escaped at most. */
#define COMM_MAX (15 * ESCAPED_BYTE)

/* NAME[PID], each byte of the name escaped at most. */
#define PROCESS_MAX (COMM_MAX * ESCAPED_BYTE + 22)

/**
 * struct process - who a row is about
 * @pid: NO_NUMBER if nobody
 * @comm: the name as the listing writes it
 */
struct process {
	uint64_t pid;
	char comm[COMM_MAX + 1];
};

void process_of(struct process *process, const struct row *row);
char *process_write(char *to, const struct process *process);

#endif
