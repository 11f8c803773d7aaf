/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_WANTED_H
#define SOCKOWNERS_WANTED_H

#include <net/if.h>

#include "conflict.h"
#include "protocols.h"

/**
 * struct wanted - a bind() that somebody wants to do
 * @given: somebody does
 * @protocol: bit, of protocols.h
 * @port: the port
 * @claim: the address, and whose
 * @device: room for what @claim says of one
 * @address: as bind() and the listing have it
 */
struct wanted {
	bool given;
	unsigned int protocol;
	unsigned int port;
	struct claim claim;
	char device[IF_NAMESIZE];
	char address[48];
};

void wanted_parse(struct wanted *wanted, const char *argument);
void wanted_choose_family(struct wanted *wanted, bool ipv4, bool ipv6);

/* PROTO ADDR%DEV:PORT */
#define WANTED_TEXT_MAX 128

void wanted_text(char text[WANTED_TEXT_MAX], const struct wanted *wanted);

static inline bool wanted_is_tcp(const struct wanted *wanted)
{
	return wanted->protocol == PROTOCOL_TCP;
}

bool wanted_is_dual_stack(const struct wanted *wanted);

#endif
