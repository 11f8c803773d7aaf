/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * The kernel's rules for bind(): which socket that has a port keeps another one
 * from having it. Nothing here is read from the system, and nothing printed.
 */
#ifndef SOCKOWNERS_CONFLICT_H
#define SOCKOWNERS_CONFLICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What bind() is tried with: bits, and their number of combinations. */
enum bind_way {
	BIND_PLAIN = 0,
	BIND_REUSEADDR = 1,
	BIND_REUSEPORT = 2,
	BIND_WAYS = 4,
};

/**
 * struct claim - what a socket has of a port, or wants of it
 * @ipv6: an AF_INET6 socket
 * @v6only: IPV6_V6ONLY, which a bind() to a true IPv6 address sets too
 * @reuseaddr: SO_REUSEADDR
 * @reuseport: SO_REUSEPORT
 * @listens: it is a TCP listener
 * @timewait: it is a TCP time-wait
 * @ownerless: no file refers to it: in an accept queue, or an orphan
 * @portless: it has no port in the kernel's table, whatever it shows
 * @unknown: nobody knows its options
 * @address: of AF_INET6; an IPv4 address is v4-mapped
 * @device: the interface that it is bound to, NULL for none
 * @uid: user of the socket
 */
struct claim {
	bool ipv6;
	bool v6only;
	bool reuseaddr;
	bool reuseport;
	bool listens;
	bool timewait;
	bool ownerless;
	bool portless;
	bool unknown;
	uint8_t address[16];
	const char *device;
	uint64_t uid;
};

/**
 * struct claim_text - a row of the listing, field by field
 *
 * @flags may be NULL: the listing does not have them.
 */
struct claim_text {
	const char *state;
	const char *laddr;
	const char *device;
	const char *holder;
	const char *flags;
	const char *sockuid;
};

bool claim_read(struct claim *claim, const struct claim_text *text);

/**
 * struct bind_rules - in what the kernels differ
 * @ownerless_is_root: a socket without a file counts as root's, before 6.17
 * @mapped_any_missed: before 6.8, a bind() to a v4-mapped address may not see
 *	who has the v4-mapped any-address
 */
struct bind_rules {
	bool ownerless_is_root;
	bool mapped_any_missed;
};

void bind_rules_of(struct bind_rules *rules, const char *release);

/* Where a socket and a wanted address meet, or why they do not. */
enum meeting {
	MEETS,
	MEETS_NO_PORT, /* it has none */
	MEETS_NO_DEVICE, /* each is bound to an interface of its own */
	MEETS_NO_FAMILY, /* one of them is for IPv6 only */
	MEETS_NO_ADDRESS,
};

enum conflict {
	CONFLICT_NONE,
	CONFLICT_SHARED, /* none: both have SO_REUSEPORT, and one user */
	CONFLICT_PERHAPS, /* it depends on what the listing does not show */
	CONFLICT_SURE,
};

enum meeting claim_meets(const struct claim *holder, const struct claim *wanted,
			 bool tcp);
enum conflict claim_conflict(const struct claim *holder,
			     const struct claim *wanted, unsigned int way,
			     bool tcp, const struct bind_rules *rules);

/**
 * struct conflicts - of all holders of a port with one that is wanted
 * @sure: there is one
 * @perhaps: there may be one
 * @shared: somebody shares it through SO_REUSEPORT
 */
struct conflicts {
	bool sure;
	bool perhaps;
	bool shared;
};

void conflicts_add(struct conflicts *all, enum conflict one);
enum conflict conflicts_judge(const struct conflicts *all, bool tcp);

#endif
