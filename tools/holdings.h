/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_HOLDINGS_H
#define SOCKOWNERS_HOLDINGS_H

#include "process.h"

/**
 * struct holding - who holds a socket
 * @inode: of the socket
 * @process: the lowest that holds it
 * @fd: its descriptor there, NO_NUMBER if it has none
 * @more: how many other processes hold it
 * @last: the one that was counted last
 * @holder: if it is no process: how it is held, "" if nobody knows
 */
struct holding {
	uint64_t inode;
	struct process process;
	uint64_t fd;
	uint32_t more;
	uint64_t last;
	char holder[12];
};

/* The longest text of holding_write(). */
#define HOLDING_MAX (PROCESS_MAX + 64)

/* The longest text of holder_write(), and what ends it. */
#define HOLDER_MAX (PROCESS_MAX + 32)

/**
 * struct holdings - who holds which socket
 * @list: of them
 * @count: how many
 * @room: how many there may be before @list has to grow
 * @slots: a hash table of places in @list, from 1; 0 is a free slot
 * @size: of @slots, a power of two
 */
struct holdings {
	struct holding *list;
	uint32_t count, room;
	uint32_t *slots;
	uint32_t size;
};

void holding_start(struct holding *holding, uint64_t inode);
bool holding_add(struct holding *holding, const struct row *row);
int holdings_add(struct holdings *holdings, const struct row *row);
int holdings_add_unknown(struct holdings *holdings, uint64_t inode);
const struct holding *holdings_find(const struct holdings *holdings,
				    uint64_t inode);
void holdings_clear(struct holdings *holdings);
char *holder_write(char *to, const struct row *row);
char *holding_write(char *to, uint64_t inode, const struct holding *holding);

#endif
