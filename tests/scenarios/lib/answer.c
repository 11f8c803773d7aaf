// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "answer.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "filter.h"
#include "tap.h"

#define MAX_ATTEMPTS	20
#define MAX_DIAGNOSTICS 6

struct lines {
	char **line;
	size_t nr;
};

static struct table full;

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The row in the columns of another table, without the timer. */
static char *line_of(const struct table *table, size_t row,
		     const struct table *columns)
{
	size_t size = 1;
	char *line, *end;

	for (size_t i = 0; i < table->nr_columns; i++)
		size += strlen(table->cells[row * table->nr_columns + i]) + 1;
	line = calloc(1, size);
	if (!line)
		tap_bail_errno("line");
	end = line;
	for (size_t i = 0; i < columns->nr_columns; i++) {
		const char *name = columns->name[i];

		if (!strcmp(name, "timer"))
			continue;
		end = stpcpy(end, table_cell(table, row, name));
		*end++ = ' ';
	}
	return line;
}

static void collect(struct lines *lines, const struct table *table,
		    const struct table *columns, const char *query)
{
	lines->nr = 0;
	lines->line = calloc(table->nr_rows + 1, sizeof(*lines->line));
	if (!lines->line)
		tap_bail_errno("lines");
	for (size_t row = 0; row < table->nr_rows; row++)
		if (!query || filter_matches(table, row, query))
			lines->line[lines->nr++] = line_of(table, row, columns);
	qsort(lines->line, lines->nr, sizeof(*lines->line), compare);
}

static void drop(struct lines *lines)
{
	for (size_t i = 0; i < lines->nr; i++)
		free(lines->line[i]);
	free(lines->line);
}

static size_t differences(const struct lines *want, const struct lines *got,
			  bool say)
{
	size_t nr = 0, w = 0, g = 0;

	while (w < want->nr || g < got->nr) {
		int order;

		if (w == want->nr)
			order = 1;
		else if (g == got->nr)
			order = -1;
		else
			order = strcmp(want->line[w], got->line[g]);
		if (order && nr++ < MAX_DIAGNOSTICS && say)
			tap_diag("%s: %s", order < 0 ? "missing" : "strange",
				 order < 0 ? want->line[w] : got->line[g]);
		w += order <= 0;
		g += order >= 0;
	}
	return nr;
}

static size_t compare_tables(const struct table *expected,
			     const struct table *got, const char *query,
			     bool say)
{
	struct lines want, have;
	size_t nr;

	collect(&want, expected, got, query);
	collect(&have, got, got, NULL);
	nr = differences(&want, &have, say);
	drop(&want);
	drop(&have);
	return nr;
}

const struct table *answer_full(void)
{
	if (!full.text)
		ask(&full, "columns=" STEADY_COLUMNS);
	return &full;
}

/* Is the full listing another one than it was? */
static bool has_changed(void)
{
	struct table former = full;
	bool changed;

	full = (struct table){ 0 };
	changed = compare_tables(&former, answer_full(), NULL, false);
	table_free(&former);
	return changed;
}

size_t answer_differences(struct answers *answers, const char *query)
{
	answer_full();
	for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
		struct table answer;
		size_t nr;

		ask(&answer, query);
		nr = compare_tables(&full, &answer, query, false);
		if (nr && has_changed()) {
			table_free(&answer);
			continue;
		}
		if (nr) {
			tap_diag("query: %s", query);
			compare_tables(&full, &answer, query, true);
		}
		answers->nr++;
		answers->with_rows += answer.nr_rows > 0;
		answers->with_some += answer.nr_rows &&
				      answer.nr_rows < full.nr_rows;
		table_free(&answer);
		return nr;
	}
	tap_bail("other processes never leave the listing alone");
}
