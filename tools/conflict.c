// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// Read in 6.1, 6.12 and 7.3: inet_csk_get_port() and inet_csk_bind_conflict() of
// net/ipv4/inet_connection_sock.c, inet_bind2_bucket_addr_match() and
// inet_bind2_bucket_match_addr_any() of net/ipv4/inet_hashtables.c, and
// udp_lib_lport_inuse() of net/ipv4/udp.c.
//
// TCP looks no further if everybody who bound the port had SO_REUSEADDR, or
// SO_REUSEPORT and the same user (fastreuse, fastreuseport). Then nobody below
// conflicts either, but in one case: see owner(). What the listing cannot tell is
// whether options were changed after bind(), and whether a socket that has come and
// gone has left such a short cut behind.

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conflict.h"

static const uint8_t any[16];
static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

static bool is_any(const struct claim *claim)
{
	return !memcmp(claim->address, any, sizeof(any));
}

static bool is_mapped(const struct claim *claim)
{
	return !memcmp(claim->address, mapped, sizeof(mapped));
}

/*
 * sk_rcv_saddr: what a socket is for IPv4. A true IPv6 address has
 * LOOPBACK4_IPV6 there, which a socket for IPv6 only does not show to anybody.
 */
static uint32_t ipv4_of(const struct claim *claim)
{
	uint32_t address;

	if (is_any(claim))
		return INADDR_ANY;
	if (!is_mapped(claim))
		return htonl(0x7f000006);
	memcpy(&address, claim->address + sizeof(mapped), sizeof(address));
	return address;
}

static bool has_word(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *p = list; p; p = strchr(p, ',')) {
		p += *p == ',';
		if (!strncmp(p, word, length) &&
		    (!p[length] || p[length] == ','))
			return true;
	}
	return false;
}

/**
 * claim_read() - what a row says about the port that its socket has
 * @claim: is filled in; refers to @text's device
 * @text: the row
 *
 * Return: whether it has an address.
 */
bool claim_read(struct claim *claim, const struct claim_text *text)
{
	bool is_accept = !strcmp(text->holder, "accept");
	const char *flags = text->flags ?: "-";

	*claim = (struct claim){
		.ipv6 = strchr(text->laddr, ':'),
		.v6only = has_word(flags, "v6only"),
		.reuseaddr = has_word(flags, "reuseaddr"),
		.reuseport = has_word(flags, "reuseport"),
		.listens = !strcmp(text->state, "LISTEN"),
		.timewait = !strcmp(text->holder, "timewait"),
		.ownerless = is_accept || !strcmp(text->holder, "orphan"),
		/* A connection that was reset shows a port that it had. */
		.portless = !strcmp(text->state, "CLOSE") ||
			    !strcmp(text->holder, "synrecv"),
		.unknown = !text->flags,
		.device = strcmp(text->device, "-") ? text->device : NULL,
		.uid = strcmp(text->sockuid, "-") ?
			       strtoull(text->sockuid, NULL, 10) :
			       UINT64_MAX,
	};
	if (claim->ipv6)
		return inet_pton(AF_INET6, text->laddr, claim->address) == 1;
	memcpy(claim->address, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text->laddr,
			 claim->address + sizeof(mapped)) == 1;
}

/**
 * bind_rules_of() - the rules of a kernel
 * @rules: is filled in
 * @release: as uname -r says it
 */
void bind_rules_of(struct bind_rules *rules, const char *release)
{
	unsigned int major = 0, minor = 0;

	if (sscanf(release, "%u.%u", &major, &minor) < 2)
		major = UINT32_MAX;
	rules->ownerless_is_root = major < 6 || (major == 6 && minor < 17);
	rules->mapped_any_missed = major < 6 || (major == 6 && minor < 8);
}

static bool same_ipv4(const struct claim *holder, const struct claim *wanted)
{
	uint32_t theirs = ipv4_of(holder), ours = ipv4_of(wanted);

	return !holder->v6only &&
	       (theirs == ours || theirs == INADDR_ANY || ours == INADDR_ANY);
}

/*
 * inet_rcv_saddr_equal() of @wanted and @holder, with wildcards. To an AF_INET6
 * socket an AF_INET one is a v4-mapped one, any-address or not.
 */
static bool same_address(const struct claim *holder, const struct claim *wanted)
{
	if (!wanted->ipv6 || (is_mapped(holder) && is_mapped(wanted)))
		return same_ipv4(holder, wanted);
	if (is_any(holder) && is_any(wanted))
		return true;
	if (is_any(holder) && !(holder->v6only && is_mapped(wanted)))
		return true;
	if (is_any(wanted) && !(wanted->v6only && is_mapped(holder)))
		return true;
	return holder->ipv6 && !memcmp(holder->address, wanted->address, 16);
}

/*
 * A TCP socket that wants one address is compared with those in two buckets of
 * bhash2 only: of this address, and of the any-addresses that cover it.
 */
static bool same_bucket(const struct claim *holder, const struct claim *wanted)
{
	if (holder->v6only && is_mapped(wanted))
		return false;
	if (!memcmp(holder->address, wanted->address, 16))
		return true;
	if (is_any(holder))
		return true;
	return is_mapped(holder) && is_mapped(wanted) &&
	       ipv4_of(holder) == INADDR_ANY;
}

static bool wants_one_address(const struct claim *wanted)
{
	return !is_any(wanted) &&
	       !(is_mapped(wanted) && ipv4_of(wanted) == INADDR_ANY);
}

static bool addresses_meet(const struct claim *holder,
			   const struct claim *wanted, bool tcp)
{
	if (tcp && wants_one_address(wanted))
		return same_bucket(holder, wanted);
	return same_address(holder, wanted);
}

/**
 * claim_meets() - whether a socket has the port where somebody wants it
 * @holder: it
 * @wanted: where; the options do not matter
 * @tcp: both are TCP; else both are UDP
 *
 * Return: MEETS, or the reason why not.
 */
enum meeting claim_meets(const struct claim *holder, const struct claim *wanted,
			 bool tcp)
{
	struct claim dual_holder = *holder, dual_wanted = *wanted;

	if (holder->portless)
		return MEETS_NO_PORT;
	if (holder->device && wanted->device &&
	    strcmp(holder->device, wanted->device))
		return MEETS_NO_DEVICE;
	if (addresses_meet(holder, wanted, tcp))
		return MEETS;
	dual_holder.v6only = false;
	dual_wanted.v6only = false;
	return addresses_meet(&dual_holder, &dual_wanted, tcp) ?
		       MEETS_NO_FAMILY :
		       MEETS_NO_ADDRESS;
}

/*
 * Whose a socket is. To kernels that go through its file, one without a file is
 * root's, but the short cut through the port's first user may come before that.
 */
static enum conflict owner(const struct claim *holder,
			   const struct claim *wanted,
			   const struct bind_rules *rules)
{
	bool same = holder->uid == wanted->uid;

	if (!holder->ownerless || !rules->ownerless_is_root)
		return same ? CONFLICT_SHARED : CONFLICT_SURE;
	if (!wanted->uid)
		return CONFLICT_SHARED;
	return same ? CONFLICT_PERHAPS : CONFLICT_SURE;
}

static bool is_missed(const struct claim *holder, const struct claim *wanted,
		      const struct bind_rules *rules)
{
	return rules->mapped_any_missed && holder->ipv6 && wanted->ipv6 &&
	       is_mapped(holder) && ipv4_of(holder) == INADDR_ANY &&
	       is_mapped(wanted) && wants_one_address(wanted);
}

static enum conflict tcp_conflict(const struct claim *holder,
				  const struct claim *wanted, unsigned int way,
				  const struct bind_rules *rules)
{
	if (way & BIND_REUSEADDR && holder->reuseaddr && !holder->listens)
		return CONFLICT_NONE;
	if (!(way & BIND_REUSEPORT) || !holder->reuseport)
		return CONFLICT_SURE;
	if (holder->timewait)
		return CONFLICT_SHARED;
	return owner(holder, wanted, rules);
}

static enum conflict udp_conflict(const struct claim *holder,
				  const struct claim *wanted, unsigned int way)
{
	if (way & BIND_REUSEADDR && holder->reuseaddr)
		return CONFLICT_NONE;
	if (!(way & BIND_REUSEPORT) || !holder->reuseport)
		return CONFLICT_SURE;
	return holder->uid == wanted->uid ? CONFLICT_SHARED : CONFLICT_SURE;
}

/* If nobody knows its options it may be for IPv6 only, too. */
static enum conflict unknown_conflict(const struct claim *holder,
				      const struct claim *wanted,
				      unsigned int way, bool tcp)
{
	struct claim v6only = *holder;

	v6only.v6only = true;
	if (way == BIND_PLAIN &&
	    (!holder->ipv6 || claim_meets(&v6only, wanted, tcp) == MEETS))
		return CONFLICT_SURE;
	return CONFLICT_PERHAPS;
}

/**
 * claim_conflict() - whether a socket makes a bind() fail
 * @holder: it, in the same network namespace
 * @wanted: where to, and by which user
 * @way: with which options, bits of enum bind_way
 * @tcp: both are TCP; else both are UDP, or UDP-Lite
 * @rules: of the kernel
 */
enum conflict claim_conflict(const struct claim *holder,
			     const struct claim *wanted, unsigned int way,
			     bool tcp, const struct bind_rules *rules)
{
	enum conflict conflict;

	if (claim_meets(holder, wanted, tcp) != MEETS)
		return CONFLICT_NONE;
	if (holder->unknown)
		return unknown_conflict(holder, wanted, way, tcp);
	if (!tcp)
		return udp_conflict(holder, wanted, way);
	conflict = tcp_conflict(holder, wanted, way, rules);
	if (conflict == CONFLICT_SURE && is_missed(holder, wanted, rules))
		return CONFLICT_PERHAPS;
	return conflict;
}

/**
 * conflicts_add() - note what one holder means
 * @all: zeroed before the first
 * @one: of a holder
 */
void conflicts_add(struct conflicts *all, enum conflict one)
{
	all->sure |= one == CONFLICT_SURE;
	all->perhaps |= one == CONFLICT_PERHAPS;
	all->shared |= one == CONFLICT_SHARED;
}

/**
 * conflicts_judge() - what all holders mean together
 * @all: of them
 * @tcp: they are TCP
 *
 * The first one that UDP meets and shares the port with ends its search, though
 * somebody else is in the way. In which order it meets them is not to be seen.
 */
enum conflict conflicts_judge(const struct conflicts *all, bool tcp)
{
	if (all->sure && (tcp || !all->shared))
		return CONFLICT_SURE;
	return all->sure || all->perhaps ? CONFLICT_PERHAPS : CONFLICT_NONE;
}
