// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "table.h"

static char spaces[TABLE_WIDTH_MAX];

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
	memset(table, 0, offsetof(struct table, cells));
	table->columns = *columns;
	if (!columns->chosen) {
		table->columns.list[table->columns.count++] = COLUMN_NETNS;
		table->netns_by_itself = true;
	}
	memset(spaces, ' ', sizeof(spaces));
	table->to = stdout;
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

static void put(const struct table *table, const char *text, size_t length)
{
	fwrite_unlocked(text, 1, length, table->to);
}

/* How much of it to print: an escape, "\ooo", is not cut in two. */
static size_t shorten(const char *command, size_t length)
{
	for (size_t i = 1; i < 4; i++) {
		if (command[length - i] == '\\')
			return length - i;
	}
	return length;
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

static void print_cell(const struct table *table, size_t at, const char *cell,
		       size_t length)
{
	enum column column = table->columns.list[at];
	const char *colour = table->colours ? colour_of(column, cell) : NULL;
	bool shortened = false;
	size_t padding;

	if (column == COLUMN_COMMAND && table->command_max &&
	    length > table->command_max) {
		length = shorten(cell, table->command_max - 1);
		shortened = true;
	}
	padding = length + shortened < table->widths[at] ?
			  table->widths[at] - length - shortened :
			  0;

	if (column_types[column].right)
		put(table, spaces, padding);
	if (colour)
		put(table, colour, strlen(colour));
	put(table, cell, length);
	if (shortened)
		put(table, "+", 1);
	if (colour)
		put(table, "\033[0m", 4);
	if (at + 1 == shown(table))
		return;
	if (!column_types[column].right)
		put(table, spaces, padding);
	put(table, " ", 1);
}

/* Each line is looked at once, so the errno is that of its own write. */
static int end_line(struct table *table)
{
	put(table, "\n", 1);
	if (!ferror_unlocked(table->to))
		return 0;
	table->error = errno;
	return -1;
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
static const char *print_row(struct table *table, const char *cells)
{
	for (size_t i = 0; i < table->columns.count; i++) {
		size_t length = strlen(cells);

		if (i < shown(table))
			print_cell(table, i, cells, length);
		cells += length + 1;
	}
	return end_line(table) ? NULL : cells;
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
 * COMMAND gets what the others leave of the window, but never less than its
 * heading. Everything else is printed whole: half an address is a wrong one.
 */
static void fit_window(struct table *table)
{
	size_t others = shown(table) - 1;
	size_t *command = NULL;

	for (size_t i = 0; i < shown(table); i++) {
		if (table->columns.list[i] == COLUMN_COMMAND)
			command = &table->widths[i];
		else
			others += table->widths[i];
	}
	if (!command)
		return;
	table->command_max = strlen(column_types[COLUMN_COMMAND].name);
	if (table->window > others + table->command_max)
		table->command_max = table->window - others;
	if (*command > table->command_max)
		*command = table->command_max;
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
		cells = print_row(table, cells);
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
	columns_write(table->cells, &table->columns, row);
	return print_row(table, table->cells) ? 0 : -1;
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
	if (fflush(table->to)) {
		table->error = errno;
		return -1;
	}
	return 0;
}
