/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/* A listing with any columns: each cell as it is written. */
#ifndef SCENARIOS_TABLE_H
#define SCENARIOS_TABLE_H

#include <stddef.h>

#define MAX_COLUMNS 32

struct table {
	char *text; /* cut up */
	size_t nr_columns;
	const char *name[MAX_COLUMNS];
	size_t nr_rows;
	const char **cells; /* row by row */
};

/* Takes @text over. Ends the test at the first line that is not well formed. */
void table_parse(struct table *table, char *text);

/* The place of a column in a row, MAX_COLUMNS if it is not there. */
size_t table_column(const struct table *table, const char *name);

/* Ends the test if there is no such column. */
const char *table_cell(const struct table *table, size_t row, const char *name);

void table_free(struct table *table);

#endif
