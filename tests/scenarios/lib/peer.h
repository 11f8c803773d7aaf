/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * The programs that people ask today, and what they say of the network namespace
 * of the caller; each with the options for all protocols that it knows.
 */
#ifndef SCENARIOS_PEER_H
#define SCENARIOS_PEER_H

#include "facts.h"

#define SS   "ss -tuawnpMSd"
#define LSOF "lsof -nP -i"

/* Ends the test if one of them is not there; loads what they make the kernel load. */
void peers_prepare(void);

void facts_of_ss(struct facts *facts);
void facts_of_lsof(struct facts *facts);
/* netstat -tuwanp, -Uanp, -Sanp: one process for each socket, no descriptor. */
void facts_of_netstat(struct facts *facts);

#endif
