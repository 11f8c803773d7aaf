/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * What a row shows on request only.
 */
#ifndef SOCKOWNERS_EXTRAS_H
#define SOCKOWNERS_EXTRAS_H

#include "columns.h"
#include "look.h"
#include "row.h"

struct task_struct;

void sko_extras_fill(struct sko_row *row, struct sock *sk,
		     const struct sko_look *look);
void sko_extras_process(struct sko_process *process, struct task_struct *leader,
			const struct sko_look *look);

/**
 * sko_row_extras() - copy what was asked for beyond the default columns
 * @row: its @extras are set, if there are to be any
 * @sk: the full socket, time-wait socket or request socket that it is about
 * @look: which of them are wanted; NULL: none
 *
 * Context: as sko_row_from_sock(), sko_row_from_timewait(),
 *	sko_row_from_request().
 */
static inline void sko_row_extras(struct sko_row *row, struct sock *sk,
				  const struct sko_look *look)
{
	if (look && look->columns & SKO_COLUMNS_EXTRA)
		sko_extras_fill(row, sk, look);
}

#endif
