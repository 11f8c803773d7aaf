/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_EXPLAIN_H
#define SOCKOWNERS_EXPLAIN_H

#include "holdings.h"

/* The longest text of explain_write(). */
#define EXPLAINED_MAX (HOLDING_MAX + 96)

void explain_wish(struct wish *wish);
bool explain_asks(const struct row *row);
char *explain_write(char *to, const struct row *row,
		    const struct holding *holding);

#endif
