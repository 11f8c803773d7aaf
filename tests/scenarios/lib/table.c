// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

/* Cuts a line at its tabs; returns how many cells it has. */
static size_t cut(char *line, const char *cells[MAX_COLUMNS])
{
	size_t nr = 0;
	char *cell;

	while ((cell = strsep(&line, "\t"))) {
		if (!*cell || strpbrk(cell, " \r\v\f"))
			tap_bail("a cell is empty or has a space: '%s'", cell);
		if (nr == MAX_COLUMNS)
			tap_bail("too many cells");
		cells[nr++] = cell;
	}
	return nr;
}

void table_parse(struct table *table, char *text)
{
	size_t nr_lines = 0;
	char *line;

	for (const char *c = text; *c; c++)
		nr_lines += *c == '\n';
	if (!nr_lines || text[strlen(text) - 1] != '\n')
		tap_bail("the listing does not end with a newline");
	*table = (struct table){ .text = text };
	line = strsep(&text, "\n");
	table->nr_columns = cut(line, table->name);
	table->cells = calloc(nr_lines * table->nr_columns + MAX_COLUMNS,
			      sizeof(*table->cells));
	if (!table->cells)
		tap_bail_errno("cells");
	while (*text) {
		const char **row =
			&table->cells[table->nr_rows * table->nr_columns];

		line = strsep(&text, "\n");
		if (cut(line, row) != table->nr_columns)
			tap_bail("row %zu has not %zu cells",
				 table->nr_rows + 1, table->nr_columns);
		table->nr_rows++;
	}
}

size_t table_column(const struct table *table, const char *name)
{
	for (size_t i = 0; i < table->nr_columns; i++)
		if (!strcmp(table->name[i], name))
			return i;
	return MAX_COLUMNS;
}

const char *table_cell(const struct table *table, size_t row, const char *name)
{
	size_t column = table_column(table, name);

	if (column == MAX_COLUMNS)
		tap_bail("no column %s", name);
	return table->cells[row * table->nr_columns + column];
}

void table_free(struct table *table)
{
	free(table->cells);
	free(table->text);
	*table = (struct table){ 0 };
}
