/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * Sockets of all kinds on ports that are always the same, some of them held by
 * two descriptors, in an idle network namespace: TCP 1001 to 1013, UDP 1101 to
 * 1111, UDP-Lite 1201 and 1202, ping 1301 and 1302, MPTCP 1402 to 1406, SCTP
 * 1502 to 1508; the client's port is higher by 1,000.
 */
#ifndef SCENARIOS_MIX_H
#define SCENARIOS_MIX_H

#include <stdbool.h>

enum mix_protocol {
	ALWAYS,
	UDPLITE,
	MPTCP,
	SCTP,
	L2TP,
	NR_MIX_PROTOCOLS,
};

/* The protocols that this kernel has, once the sockets are made. */
extern bool mix_has[NR_MIX_PROTOCOLS];

/* They are open until the process exits. */
void mix_make(void);

#endif
