/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_PEERS_H
#define SOCKOWNERS_PEERS_H

#include "explain.h"
#include "store.h"

struct ends;

/**
 * struct peers - all rows, to find both ends of a connection among them
 * @active: somebody wants to know
 * @lists: and wants all holders, for a program, and not a text
 * @store: the rows
 * @ends: of each, its two ends
 * @room: how many @ends may become before it has to grow
 * @buckets: a hash table of chains through @ends
 * @size: of @buckets, a power of two
 * @text: what was written last
 * @text_size: of @text
 */
struct peers {
	bool active;
	bool lists;
	struct store store;
	struct ends *ends;
	size_t room;
	uint32_t *buckets;
	size_t size;
	char *text;
	size_t text_size;
};

/* Nobody, in the place of a row. */
#define NO_PEER SIZE_MAX

/**
 * struct peer - the other end of a connection
 * @at: in the store, the row of its lowest holder; NO_PEER if it is not there
 * @holding: who holds it
 * @sockets: how many sockets it may be, if more than one has these ends
 */
struct peer {
	size_t at;
	struct holding holding;
	uint32_t sockets;
};

/* The longest text that is no list. */
#define PEER_MAX (EXPLAINED_MAX + HOST_MAX + 8)

void peers_wish(struct wish *wish);
void peers_start(struct peers *peers, struct wish *wish);
int peers_keep(struct peers *peers, const struct row *row);
int peers_match(struct peers *peers);
void peers_find(const struct peers *peers, size_t at, struct peer *peer);
int peers_write(struct peers *peers, size_t at, struct text *text);
void peers_clear(struct peers *peers);

#endif
