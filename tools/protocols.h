/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_PROTOCOLS_H
#define SOCKOWNERS_PROTOCOLS_H

#include <stddef.h>

/* Bits of a set. Those that the listing gives no name are in none. */
#define PROTOCOL_TCP	 0x01
#define PROTOCOL_UDP	 0x02
#define PROTOCOL_UDPLITE 0x04
#define PROTOCOL_RAW	 0x08
#define PROTOCOL_ICMP	 0x10
#define PROTOCOL_MPTCP	 0x20
#define PROTOCOL_SCTP	 0x40
#define PROTOCOL_DCCP	 0x80

#define PROTOCOLS 8

extern const char *const protocol_names[PROTOCOLS];

unsigned int protocol_of(const char *proto);
unsigned int protocol_find(const char *name, size_t length);

#endif
