/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * The join that ss, lsof and netstat do, by hand: /proc/PID/fd of every process
 * with the tables in /proc/net of the calling thread's network namespace.
 */
#ifndef SCENARIOS_PROC_NET_H
#define SCENARIOS_PROC_NET_H

#include "facts.h"

void facts_of_proc(struct facts *facts);

#endif
