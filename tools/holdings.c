// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// Who holds which socket, by its inode: the other half of a join.

#include <stdio.h>
#include <stdlib.h>

#include "holdings.h"

#define ROOM_MIN 64

/**
 * holding_start() - nobody holds a socket
 * @holding: is filled in
 * @inode: of the socket
 */
void holding_start(struct holding *holding, uint64_t inode)
{
	*holding = (struct holding){ .inode = inode,
				     .process.pid = NO_NUMBER,
				     .fd = NO_NUMBER,
				     .last = NO_NUMBER };
}

/**
 * holding_add() - somebody holds it
 * @holding: started before
 * @row: the socket, and a holder
 *
 * Return: whether this is the lowest one up to now.
 */
bool holding_add(struct holding *holding, const struct row *row)
{
	uint64_t pid = row->number[FIELD_PID];

	if (pid == NO_NUMBER) {
		snprintf(holding->holder, sizeof(holding->holder), "%s",
			 row->text[FIELD_HOLDER].start);
		return false;
	}
	/* They come by pid: a process that has it twice does so in a row. */
	if (holding->process.pid != NO_NUMBER && pid != holding->last)
		holding->more++;
	holding->last = pid;
	if (holding->process.pid != NO_NUMBER && pid >= holding->process.pid &&
	    (pid != holding->process.pid || holding->fd != NO_NUMBER))
		return false;
	process_of(&holding->process, row);
	holding->fd = row->number[FIELD_FD];
	return true;
}

/* Fibonacci hashing: inodes are numbered one after the other. */
static uint32_t slot_of(const struct holdings *holdings, uint64_t inode)
{
	uint64_t hash = inode * UINT64_C(0x9e3779b97f4a7c15);

	return (uint32_t)(hash >> 32) & (holdings->size - 1);
}

/* Where it is, or the free slot where it would be. */
static uint32_t *find_slot(const struct holdings *holdings, uint64_t inode)
{
	uint32_t at = slot_of(holdings, inode);

	while (holdings->slots[at] &&
	       holdings->list[holdings->slots[at] - 1].inode != inode)
		at = (at + 1) & (holdings->size - 1);
	return &holdings->slots[at];
}

/* Slots stay twice as many as what is in them. */
static int grow(struct holdings *holdings)
{
	uint32_t room = holdings->room ? 2 * holdings->room : ROOM_MIN;
	struct holding *list =
		reallocarray(holdings->list, room, sizeof(*list));
	uint32_t *slots;

	if (!list)
		return -1;
	holdings->list = list;
	slots = calloc(2 * room, sizeof(*slots));
	if (!slots)
		return -1;
	free(holdings->slots);
	holdings->slots = slots;
	holdings->size = 2 * room;
	holdings->room = room;
	for (uint32_t i = 0; i < holdings->count; i++)
		*find_slot(holdings, list[i].inode) = i + 1;
	return 0;
}

/* One that is new has no process and no holder. NULL: there is no memory. */
static struct holding *get(struct holdings *holdings, uint64_t inode)
{
	struct holding *holding;
	uint32_t *slot;

	if (holdings->count == holdings->room && grow(holdings))
		return NULL;
	slot = find_slot(holdings, inode);
	if (*slot)
		return &holdings->list[*slot - 1];
	holding = &holdings->list[holdings->count++];
	*slot = holdings->count;
	holding_start(holding, inode);
	return holding;
}

/**
 * holdings_add() - remember who holds a socket
 * @holdings: zeroed before the first
 * @row: the socket, and a holder
 *
 * Return: 0, or -1 if there is no memory: then it is as if the row had not been
 * there.
 */
int holdings_add(struct holdings *holdings, const struct row *row)
{
	struct holding *holding;

	if (row->number[FIELD_INODE] == NO_NUMBER)
		return 0;
	holding = get(holdings, row->number[FIELD_INODE]);
	if (!holding)
		return -1;
	holding_add(holding, row);
	return 0;
}

/**
 * holdings_add_unknown() - remember that nobody knows who holds a socket
 * @holdings: of which it is none
 * @inode: of the socket
 *
 * Return: 0, or -1 if there is no memory.
 */
int holdings_add_unknown(struct holdings *holdings, uint64_t inode)
{
	return get(holdings, inode) ? 0 : -1;
}

/**
 * holdings_find() - who holds a socket
 * @holdings: of all
 * @inode: of the socket
 *
 * Return: who, valid until something is added; NULL if that has not been added.
 */
const struct holding *holdings_find(const struct holdings *holdings,
				    uint64_t inode)
{
	uint32_t slot = holdings->size ? *find_slot(holdings, inode) : 0;

	return slot ? &holdings->list[slot - 1] : NULL;
}

/**
 * holdings_clear() - forget them all
 * @holdings: ready for others
 */
void holdings_clear(struct holdings *holdings)
{
	free(holdings->list);
	free(holdings->slots);
	*holdings = (struct holdings){ 0 };
}

/**
 * holder_write() - write a holder in a list of them: NAME[PID]:FD
 * @to: HOLDER_MAX bytes
 * @row: the socket, and the holder
 *
 * Return: the end of the text, where there is a NUL; how it is held stands in the
 *	place of a descriptor that there is not.
 */
char *holder_write(char *to, const struct row *row)
{
	struct process process;

	process_of(&process, row);
	to = process_write(to, &process);
	if (row->number[FIELD_FD] != NO_NUMBER)
		return to + sprintf(to, ":%llu",
				    (unsigned long long)row->number[FIELD_FD]);
	return to + sprintf(to, ":%.12s", row->text[FIELD_HOLDER].start);
}

/**
 * holding_write() - say in words who holds a socket
 * @to: HOLDING_MAX bytes
 * @inode: of the socket
 * @holding: who; NULL if nobody knows
 *
 * Return: the end of the text, where there is a NUL.
 */
char *holding_write(char *to, uint64_t inode, const struct holding *holding)
{
	static const struct {
		const char *holder, *words;
	} nobody[] = {
		{ "hidden", "a hidden process" },
		{ "kernel", "the kernel" },
		{ "orphan", "a closed socket" },
	};

	if (holding && holding->process.pid != NO_NUMBER) {
		if (holding->fd == NO_NUMBER)
			to = stpcpy(to, "a socket in flight to ");
		to = process_write(to, &holding->process);
		if (holding->fd != NO_NUMBER)
			to += sprintf(to, " fd %llu",
				      (unsigned long long)holding->fd);
		if (holding->more)
			to += sprintf(to, " and %u more", holding->more);
		return to;
	}
	for (size_t i = 0; i < sizeof(nobody) / sizeof(*nobody); i++) {
		if (holding && !strcmp(holding->holder, nobody[i].holder))
			return stpcpy(to, nobody[i].words);
	}
	return to + sprintf(to, "socket %llu", (unsigned long long)inode);
}
