/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * SCTP: endpoints that nobody has listed, and associations without a socket of
 * their own.
 */
#ifndef SOCKOWNERS_SCTP_H
#define SOCKOWNERS_SCTP_H

#include "nets.h"

struct sko_batch;

struct sko_sctp {
	struct sko_nets nets;
};

void sko_sctp_rewind(struct sko_sctp *sctp);
int sko_sctp_collect(struct sko_sctp *sctp, struct sko_batch *batch);

#endif
