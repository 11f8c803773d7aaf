/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * What a query means, said once more: of the text of a row, where the module has
 * the socket.
 */
#ifndef SCENARIOS_FILTER_H
#define SCENARIOS_FILTER_H

#include <stdbool.h>

#include "table.h"

/*
 * Does a row of @table, which has the columns that are asked about, match the
 * well-formed @query? Its term columns= does not count.
 */
bool filter_matches(const struct table *table, size_t row, const char *query);

#endif
