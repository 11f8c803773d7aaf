// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "table.h"

static char spaces[TABLE_WIDTH_MAX + 1];

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value;
}

static size_t window_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize window;
	int chosen = columns ? atoi(columns) : 0;

	if (chosen > 0)
		return (size_t)chosen;
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) && window.ws_col)
		return window.ws_col;
	return 80;
}

/**
 * table_start() - get ready to print a table
 * @table: is filled in
 * @columns: what to show
 * @header: print the heading
 */
void table_start(struct table *table, const struct columns *columns,
		 bool header)
{
	memset(table, 0, offsetof(struct table, printer.text));
	table->columns = *columns;
	if (!columns->chosen) {
		table->columns.list[table->columns.count++] = COLUMN_NETNS;
		table->netns_by_itself = true;
	}
	memset(spaces, ' ', sizeof(spaces));
	table->printer.to = stdout;
	table->header = header;
	if (isatty(STDOUT_FILENO)) {
		table->window = window_width();
		table->colours = !is_set("NO_COLOR");
	}
}

/**
 * table_wish() - which fields the table is made from
 * @table: started before
 * @wish: is added to
 */
void table_wish(const struct table *table, struct wish *wish)
{
	struct columns columns = table->columns;

	if (table->netns_by_itself) {
		columns.count--;
		wish->useful |= FIELD_BIT(FIELD_NETNS);
	}
	columns_wish(&columns, wish);
}

/* How many columns are shown. */
static size_t shown(const struct table *table)
{
	bool hides_netns = table->netns_by_itself && !table->shows_netns;

	return table->columns.count - hides_netns;
}

static inline void put(struct table *table, const char *text, size_t length)
{
	printer_put(&table->printer, text, length);
}

/* Before its port a shortened address has a byte and the sign at least. */
#define HOST_LEAST 2

/* How much of it to print: an escape, "\ooo", is not cut in two. */
static size_t shorten(const char *text, size_t length)
{
	for (size_t i = 1; i < 4 && i <= length; i++) {
		if (text[length - i] == '\\')
			return length - i;
	}
	return length;
}

/* What is kept of the end of a cell: an address says little without its port. */
static const char *end_to_keep(enum column column, const char *cell,
			       size_t limit)
{
	const char *port = strrchr(cell, ':');

	if ((column != COLUMN_LOCAL && column != COLUMN_REMOTE) || !port ||
	    strlen(port) + HOST_LEAST > limit)
		return "";
	return port;
}

/* How a cell that is worth a look stands out. Return: NULL if it does not. */
static const char *colour_of(enum column column, const char *cell)
{
	static const struct {
		enum column column;
		const char *cell, *colour;
	} colours[] = {
		{ COLUMN_STATE, "LISTEN", "\033[32m" },
		{ COLUMN_STATE, "SYN_SENT", "\033[33m" },
		{ COLUMN_STATE, "SYN_RECV", "\033[33m" },
		{ COLUMN_STATE, "FIN_WAIT1", "\033[33m" },
		{ COLUMN_STATE, "FIN_WAIT2", "\033[33m" },
		{ COLUMN_STATE, "TIME_WAIT", "\033[33m" },
		{ COLUMN_STATE, "CLOSE_WAIT", "\033[33m" },
		{ COLUMN_STATE, "LAST_ACK", "\033[33m" },
		{ COLUMN_STATE, "CLOSING", "\033[33m" },
		{ COLUMN_HOLDER, "hidden from you", "\033[31m" },
	};

	for (size_t i = 0; i < sizeof(colours) / sizeof(*colours); i++) {
		if (column == colours[i].column &&
		    !strcmp(cell, colours[i].cell))
			return colours[i].colour;
	}
	return NULL;
}

static void print_cell(struct table *table, size_t at, const char *cell,
		       size_t length)
{
	enum column column = table->columns.list[at];
	const char *colour = table->colours ? colour_of(column, cell) : NULL;
	size_t limit = table->limits[at], padding = 0, sign = 0;
	const char *kept = "";
	size_t kept_length = 0;

	if (limit && length > limit) {
		kept = end_to_keep(column, cell, limit);
		kept_length = strlen(kept);
		sign = 1;
		length = shorten(cell, limit - sign - kept_length);
	}
	if (length + sign + kept_length < table->widths[at])
		padding = table->widths[at] - length - sign - kept_length;

	if (column_types[column].right)
		put(table, spaces, padding);
	if (colour)
		put(table, colour, strlen(colour));
	put(table, cell, length);
	if (sign) {
		put(table, TABLE_SIGN, sign);
		put(table, kept, kept_length);
	}
	if (colour)
		put(table, "\033[0m", 4);
	if (at + 1 == shown(table))
		return;
	/* What separates it from the next one is padding, too. */
	if (column_types[column].right)
		padding = 0;
	put(table, spaces, padding + 1);
}

static int end_line(struct table *table)
{
	put(table, "\n", 1);
	printer_flush(&table->printer);
	table->error = table->printer.error;
	return table->error ? -1 : 0;
}

static const char *heading(const struct table *table, size_t at)
{
	return column_types[table->columns.list[at]].name;
}

static int print_header(struct table *table)
{
	if (!table->header)
		return 0;
	if (table->colours)
		put(table, "\033[1m", 4);
	for (size_t i = 0; i < shown(table); i++)
		print_cell(table, i, heading(table, i),
			   strlen(heading(table, i)));
	if (table->colours)
		put(table, "\033[0m", 4);
	return end_line(table);
}

/* Return: the end of the row's cells, NULL if it could not be printed. */
static const char *print_held(struct table *table, const char *cells)
{
	for (size_t i = 0; i < table->columns.count; i++) {
		size_t length = strlen(cells);

		if (i < shown(table))
			print_cell(table, i, cells, length);
		cells += length + 1;
	}
	return end_line(table) ? NULL : cells;
}

static int print_row(struct table *table, const struct row *row)
{
	for (size_t i = 0; i < shown(table); i++) {
		char *end = columns_write_cell(table->cells,
					       table->columns.list[i], row);

		*end = '\0';
		print_cell(table, i, table->cells,
			   (size_t)(end - table->cells));
	}
	return end_line(table);
}

static void choose_widths(struct table *table)
{
	const char *end = table->cells + table->used;

	for (size_t i = 0; i < table->columns.count; i++)
		table->widths[i] = strlen(heading(table, i));

	for (const char *cell = table->cells; cell < end;) {
		for (size_t i = 0; i < table->columns.count; i++) {
			size_t length = strlen(cell);

			cell += length + 1;
			if (length > TABLE_WIDTH_MAX)
				length = TABLE_WIDTH_MAX;
			if (length > table->widths[i])
				table->widths[i] = length;
		}
	}
}

/*
 * What gives room if there is too little, one after the other, and what each keeps
 * at least. Where a line is not cut COMMAND alone does, and everything else is
 * printed whole: half an address is a wrong one.
 */
static const struct {
	enum column column;
	unsigned int turn;
	size_t least;
} shortened[] = {
	{ COLUMN_COMMAND, 0, 7 },    { COLUMN_PEER, 1, 16 },
	{ COLUMN_HOLDERS, 1, 16 },   { COLUMN_HOLDER, 1, 16 },
	{ COLUMN_EXPLAINED, 1, 16 }, { COLUMN_UNIT, 1, 16 },
	{ COLUMN_CGROUP, 1, 16 },    { COLUMN_SOCKCGROUP, 1, 16 },
	{ COLUMN_HOST, 1, 16 },	     { COLUMN_STATE, 2, 7 },
	{ COLUMN_LOCAL, 3, 13 },     { COLUMN_REMOTE, 3, 13 },
};

#define TURNS 4

/* Return: what a column keeps at least when it is its turn, SIZE_MAX if it is not. */
static size_t least_of(enum column column, unsigned int turn)
{
	for (size_t i = 0; i < sizeof(shortened) / sizeof(*shortened); i++) {
		if (shortened[i].column == column && shortened[i].turn == turn)
			return shortened[i].least;
	}
	return SIZE_MAX;
}

/* The widest gives first. Return: how much is still missing. */
static size_t give_room(struct table *table, unsigned int turn, size_t missing)
{
	while (missing) {
		size_t *widest = NULL;

		for (size_t i = 0; i < shown(table); i++) {
			size_t *width = &table->widths[i];

			if (*width > least_of(table->columns.list[i], turn) &&
			    (!widest || *width > *widest))
				widest = width;
		}
		if (!widest)
			break;
		--*widest;
		missing--;
	}
	return missing;
}

static void fit_window(struct table *table)
{
	unsigned int turns = table->cut ? TURNS : 1;
	size_t total = shown(table) - 1;
	size_t spare, missing;

	for (size_t i = 0; i < shown(table); i++)
		total += table->widths[i];
	spare = table->window > total ? table->window - total : 0;
	missing = table->window < total ? total - table->window : 0;
	for (unsigned int turn = 0; turn < turns; turn++) {
		missing = give_room(table, turn, missing);
		for (size_t i = 0; i < shown(table); i++) {
			if (least_of(table->columns.list[i], turn) != SIZE_MAX)
				table->limits[i] = table->widths[i] + spare;
		}
	}
}

/* Choose the widths from the rows that are held, and print these. */
static int lay_out(struct table *table)
{
	const char *cells = table->cells;

	choose_widths(table);
	if (table->window)
		fit_window(table);
	table->laid_out = true;
	if (print_header(table))
		return -1;
	while (cells < table->cells + table->used) {
		cells = print_held(table, cells);
		if (!cells)
			return -1;
	}
	return 0;
}

/**
 * table_row() - take a row
 * @table: started before
 * @row: the row
 *
 * The NETNS column is shown if the rows that are held for the widths are of
 * more than one network namespace. If a second one comes up later, a heading
 * with the column is printed, and rows have it from there on.
 *
 * Return: 0, or -1 with @table's error.
 */
int table_row(struct table *table, const struct row *row)
{
	bool other_netns;

	if (!table->rows++)
		table->netns = row->number[FIELD_NETNS];
	other_netns = table->netns_by_itself &&
		      row->number[FIELD_NETNS] != table->netns;

	if (!table->laid_out) {
		char *cells = table->cells + table->used;

		if (other_netns)
			table->shows_netns = true;
		table->used +=
			(size_t)(columns_write(cells, &table->columns, row) -
				 cells);
		if (table->rows < TABLE_HELD_ROWS &&
		    table->used < TABLE_HELD_BYTES)
			return 0;
		return lay_out(table);
	}

	if (other_netns && !table->shows_netns) {
		table->shows_netns = true;
		if (print_header(table))
			return -1;
	}
	return print_row(table, row);
}

/**
 * table_end() - print what is left
 * @table: no row follows
 *
 * Return: 0, or -1 with @table's error.
 */
int table_end(struct table *table)
{
	if (!table->laid_out && table->rows && lay_out(table))
		return -1;
	if (table->printer.to == stdout)
		table->error = finish_output();
	return table->error ? -1 : 0;
}
