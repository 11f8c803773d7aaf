// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// The other end of a connection is the socket that has the same two ends the other
// way round: in the same network namespace if there is one, else in another one of
// this host, else on another host whose listing was read too. A loopback address is
// another one in each namespace, so it never leaves its own.

#include <stdio.h>
#include <stdlib.h>

#include "address.h"
#include "peers.h"
#include "protocols.h"

/**
 * struct ends - the two ends of a row
 * @local: @remote: addresses, IPv4 ones v4-mapped
 * @lport: @rport: ports
 * @protocol: of either family; 0 if it has no other end
 * @loopback: one of the addresses is one
 * @host: where it is, as the store has it
 * @netns: network namespace
 * @inode: of the socket
 * @next: place of another one in the bucket, from 1
 */
struct ends {
	uint8_t local[16], remote[16];
	uint16_t lport, rport;
	unsigned int protocol;
	bool loopback;
	const char *host;
	uint64_t netns;
	uint64_t inode;
	uint32_t next;
};

/* How near the other end is. */
enum distance {
	SAME_NETNS,
	SAME_HOST,
	OTHER_HOST,
	NOWHERE,
};

/**
 * peers_wish() - which fields it takes
 * @wish: is added to
 */
void peers_wish(struct wish *wish)
{
	wish->needed |= FIELD_BIT(FIELD_PROTO) | FIELD_BIT(FIELD_LADDR) |
			FIELD_BIT(FIELD_LPORT) | FIELD_BIT(FIELD_RADDR) |
			FIELD_BIT(FIELD_RPORT) | FIELD_BIT(FIELD_NETNS);
	wish->useful |= FIELD_BIT(FIELD_PID) | FIELD_BIT(FIELD_FD) |
			FIELD_BIT(FIELD_INODE) | FIELD_BIT(FIELD_HOLDER) |
			FIELD_BIT(FIELD_COMM) | FIELD_BIT(FIELD_HOST) |
			FIELD_BIT(FIELD_EXPLAINED);
}

/**
 * peers_start() - get ready to keep rows
 * @peers: whether it is active
 * @wish: what else is wished of a row; is added to
 */
void peers_start(struct peers *peers, struct wish *wish)
{
	peers->active |= !!(wish_fields(wish) & FIELD_BIT(FIELD_PEER));
	if (!peers->active)
		return;
	peers_wish(wish);
	peers->store.fields = wish_fields(wish);
}

static bool is_loopback(const uint8_t *address)
{
	static const uint8_t ipv6[16] = { [15] = 1 };
	static const uint8_t mapped[13] = { [10] = 0xff, [11] = 0xff, 127 };

	return !memcmp(address, ipv6, sizeof(ipv6)) ||
	       !memcmp(address, mapped, sizeof(mapped));
}

static void take_ends(struct ends *ends, const struct row *row)
{
	struct address local, remote;

	*ends = (struct ends){
		.netns = row->number[FIELD_NETNS],
		.inode = row->number[FIELD_INODE],
	};
	if (row->number[FIELD_LPORT] == NO_NUMBER ||
	    row->number[FIELD_RPORT] == NO_NUMBER ||
	    !address_parse(&local, row->text[FIELD_LADDR].start) ||
	    !address_parse(&remote, row->text[FIELD_RADDR].start))
		return;
	ends->protocol = protocol_of(row->text[FIELD_PROTO].start);
	memcpy(ends->local, local.bytes, sizeof(ends->local));
	memcpy(ends->remote, remote.bytes, sizeof(ends->remote));
	ends->lport = (uint16_t)row->number[FIELD_LPORT];
	ends->rport = (uint16_t)row->number[FIELD_RPORT];
	ends->loopback = is_loopback(ends->local) || is_loopback(ends->remote);
}

/**
 * peers_keep() - take a row
 * @peers: started before
 * @row: the row
 *
 * Return: 0, or -1 if there is no memory.
 */
int peers_keep(struct peers *peers, const struct row *row)
{
	size_t at = peers->store.count;

	if (at == peers->room) {
		size_t room = peers->room ? 2 * peers->room : 1024;
		struct ends *ends =
			reallocarray(peers->ends, room, sizeof(*ends));

		if (!ends)
			return -1;
		peers->ends = ends;
		peers->room = room;
	}
	if (store_add(&peers->store, row))
		return -1;
	take_ends(&peers->ends[at], row);
	peers->ends[at].host = store_text(&peers->store, at, FIELD_HOST);
	return 0;
}

/* FNV-1a over one end. */
static uint64_t add_end(uint64_t hash, const uint8_t *address, uint16_t port)
{
	for (size_t i = 0; i < 16; i++)
		hash = (hash ^ address[i]) * UINT64_C(0x100000001b3);
	return (hash ^ port) * UINT64_C(0x100000001b3);
}

/* The same for a socket and for its other end. */
static uint32_t *bucket_of(const struct peers *peers, const struct ends *ends)
{
	uint64_t hash = add_end(0, ends->local, ends->lport) +
			add_end(0, ends->remote, ends->rport);

	return &peers->buckets[(hash ^ hash >> 32) & (peers->size - 1)];
}

/**
 * peers_match() - get ready to find peers
 * @peers: no row follows
 *
 * Return: 0, or -1 if there is no memory.
 */
int peers_match(struct peers *peers)
{
	size_t size = 1024;

	while (size < peers->store.count)
		size *= 2;
	free(peers->buckets);
	peers->buckets = calloc(size, sizeof(*peers->buckets));
	peers->size = size;
	if (!peers->buckets)
		return -1;
	/* Backwards, so that a chain is in the order of the rows. */
	for (size_t i = peers->store.count; i--;) {
		struct ends *ends = &peers->ends[i];
		uint32_t *bucket = bucket_of(peers, ends);

		if (!ends->protocol)
			continue;
		ends->next = *bucket;
		*bucket = (uint32_t)i + 1;
	}
	return 0;
}

static enum distance distance_of(const struct ends *ends,
				 const struct ends *other)
{
	if (ends->protocol != other->protocol || ends->lport != other->rport ||
	    ends->rport != other->lport ||
	    memcmp(ends->local, other->remote, sizeof(ends->local)) ||
	    memcmp(ends->remote, other->local, sizeof(ends->remote)))
		return NOWHERE;
	if (strcmp(ends->host, other->host))
		return ends->loopback ? NOWHERE : OTHER_HOST;
	if (ends->netns == other->netns)
		return SAME_NETNS;
	return ends->loopback ? NOWHERE : SAME_HOST;
}

/* Whether two rows with the same ends are two holders of one socket. */
static bool is_same_socket(const struct ends *a, const struct ends *b)
{
	return a->inode != NO_NUMBER && a->inode == b->inode &&
	       !strcmp(a->host, b->host);
}

/**
 * peers_find() - find the other end of a row
 * @peers: after peers_match()
 * @at: the place of the row
 * @peer: is filled in
 */
void peers_find(const struct peers *peers, size_t at, struct peer *peer)
{
	const struct ends *ends = &peers->ends[at];
	enum distance nearest = NOWHERE;
	struct row row;

	*peer = (struct peer){ .at = NO_PEER };
	if (!ends->protocol)
		return;
	row_init(&row);
	for (uint32_t i = *bucket_of(peers, ends); i;
	     i = peers->ends[i - 1].next) {
		const struct ends *other = &peers->ends[i - 1];
		enum distance distance = distance_of(ends, other);
		bool same;

		if (distance > nearest || distance == NOWHERE)
			continue;
		same = distance == nearest &&
		       is_same_socket(&peers->ends[peer->at], other);
		if (distance == nearest && !same) {
			peer->sockets++;
			continue;
		}
		if (!same) {
			*peer = (struct peer){ .at = i - 1, .sockets = 1 };
			holding_start(&peer->holding, other->inode);
			nearest = distance;
		}
		store_get(&peers->store, i - 1, &row);
		if (holding_add(&peer->holding, &row))
			peer->at = i - 1;
	}
}

/* Return: where to write @more bytes behind @used ones, NULL if there is no memory. */
static char *make_room(struct peers *peers, size_t used, size_t more)
{
	if (peers->text_size - used < more) {
		size_t size = 2 * peers->text_size + more;
		char *text = realloc(peers->text, size);

		if (!text)
			return NULL;
		peers->text = text;
		peers->text_size = size;
	}
	return peers->text + used;
}

/* Without a process that holds it. */
static char *write_words(char *to, const struct peer *peer,
			 const struct row *row)
{
	if (peer->sockets > 1)
		return to + sprintf(to, "one of %u sockets", peer->sockets);
	return stpcpy(to, row->text[FIELD_EXPLAINED].start);
}

/* Return: the length of the list behind @used bytes, 0 if there is no memory. */
static size_t list_holders(struct peers *peers, const struct peer *peer,
			   size_t used)
{
	const struct ends *ends = &peers->ends[peer->at];
	size_t before = used;
	struct row row;

	row_init(&row);
	for (uint32_t i = *bucket_of(peers, ends); i;
	     i = peers->ends[i - 1].next) {
		char *to = make_room(peers, used, HOLDER_MAX);

		if (!to)
			return 0;
		if (i - 1 != peer->at &&
		    !is_same_socket(ends, &peers->ends[i - 1]))
			continue;
		store_get(&peers->store, i - 1, &row);
		if (row.number[FIELD_PID] == NO_NUMBER)
			continue;
		if (used > before)
			*to++ = ',';
		used = (size_t)(holder_write(to, &row) - peers->text);
	}
	return used - before;
}

/*
 * For a program, which takes it apart: the host, "-" if it is the same one, a space,
 * and then words, or all holders as a list, which has no space in it.
 */
static int write_list(struct peers *peers, const struct peer *peer,
		      const char *host, const struct row *row,
		      struct text *text)
{
	char *to = make_room(peers, 0, PEER_MAX);
	size_t length;

	if (!to)
		return -1;
	to += sprintf(to, "%s ", host);
	text->length = (size_t)(to - peers->text);
	if (peer->sockets > 1 || row->number[FIELD_PID] == NO_NUMBER) {
		length = (size_t)(write_words(to, peer, row) - to);
	} else {
		length = list_holders(peers, peer, text->length);
		if (!length)
			return -1;
	}
	text->start = peers->text;
	text->length += length;
	return 0;
}

/**
 * peers_write() - say who is at the other end of a row
 * @peers: after peers_match()
 * @at: the place of the row
 * @text: is filled in, "-" if nobody is known; valid until the next call
 *
 * Return: 0, or -1 if there is no memory.
 */
int peers_write(struct peers *peers, size_t at, struct text *text)
{
	const char *host = "-";
	struct peer peer;
	struct row row;
	char *to;

	*text = (struct text){ "-", 1 };
	peers_find(peers, at, &peer);
	if (peer.at == NO_PEER)
		return 0;
	row_init(&row);
	store_get(&peers->store, peer.at, &row);
	if (strcmp(peers->ends[at].host, peers->ends[peer.at].host))
		host = peers->ends[peer.at].host;
	if (peers->lists)
		return write_list(peers, &peer, host, &row, text);
	to = make_room(peers, 0, PEER_MAX);
	if (!to)
		return -1;
	if (peer.sockets > 1 || row.number[FIELD_PID] == NO_NUMBER)
		to = write_words(to, &peer, &row);
	else
		to = holding_write(to, 0, &peer.holding);
	if (strcmp(host, "-"))
		to += sprintf(to, " on %s", host);
	text->start = peers->text;
	text->length = (size_t)(to - peers->text);
	return 0;
}

/**
 * peers_clear() - keep nothing of the rows
 * @peers: ready for others
 */
void peers_clear(struct peers *peers)
{
	store_clear(&peers->store);
}
