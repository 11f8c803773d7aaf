// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bytes.h"
#include "screen.h"
#include "table.h"

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

static const char *heading(const struct table *table, size_t at)
{
	return column_types[table->columns.list[at]].name;
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
	table->shown = columns->count;
	if (!columns->chosen) {
		table->columns.list[table->columns.count++] = COLUMN_NETNS;
		table->netns_by_itself = true;
	}
	for (size_t i = 0; i < table->columns.count; i++) {
		table->widths[i] = strlen(heading(table, i));
		changes_add(&table->changes, i, table->columns.list[i]);
	}
	for (size_t i = 0; i < COLUMNS; i++)
		table->limits[i] = SIZE_MAX;
	table->to = stdout;
	table->header = header;
	if (isatty(STDOUT_FILENO)) {
		table->window = window_width();
		table->colours = screen_is_one() && !is_set("NO_COLOR");
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

/* Behind what has a colour. */
#define PLAIN "\033[0m"

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

/* Of a cell that is longer than its limit, a part is printed. Return: where it ends. */
static char *cut_cell(enum column column, char *cell, size_t limit)
{
	const char *kept = end_to_keep(column, cell, limit);
	size_t kept_length = strlen(kept);
	char *sign =
		cell + shorten(cell, limit - strlen(TABLE_SIGN) - kept_length);
	char *end = stpcpy(sign, TABLE_SIGN);

	memmove(end, kept, kept_length);
	return end + kept_length;
}

/* Return: where the cell ends with its colour. */
static char *colour_cell(const char *colour, char *cell, char *end)
{
	size_t length = strlen(colour);

	memmove(cell + length, cell, (size_t)(end - cell));
	memcpy(cell, colour, length);
	return stpcpy(end + length, PLAIN);
}

/* Eight spaces at a time: what is behind the padding is yet to be written. */
static inline char *pad(char *to, size_t padding)
{
	for (size_t i = 0; i < padding; i += 8)
		memcpy(to + i, "        ", 8);
	return to + padding;
}

/*
 * Pads a cell that is flush left, and separates it from the next one, which is padding,
 * too. Return: where the next one begins.
 */
static inline char *pad_behind(const struct table *table, size_t at, char *end,
			       size_t length)
{
	size_t padding = 1;

	if (at + 1 == table->shown)
		return end;
	if (!column_types[table->columns.list[at]].right &&
	    length < table->widths[at])
		padding += table->widths[at] - length;
	return pad(end, padding);
}

/* As end_cell(), for a cell that may be too long or have a colour. */
static char *end_odd_cell(const struct table *table, size_t at, char *cell,
			  char *end)
{
	enum column column = table->columns.list[at];
	const char *colour = NULL;
	size_t length;

	*end = '\0';
	if (table->colours)
		colour = colour_of(column, cell);
	if ((size_t)(end - cell) > table->limits[at])
		end = cut_cell(column, cell, table->limits[at]);
	length = (size_t)(end - cell);
	if (colour)
		end = colour_cell(colour, cell, end);
	return pad_behind(table, at, end, length);
}

static inline bool is_odd(const struct table *table, size_t at, size_t length)
{
	return table->colours || length > table->limits[at];
}

/* A cell is in its place. Return: where the next one begins. */
static inline char *end_cell(const struct table *table, size_t at, char *cell,
			     char *end)
{
	size_t length = (size_t)(end - cell);

	if (is_odd(table, at, length))
		return end_odd_cell(table, at, cell, end);
	return pad_behind(table, at, end, length);
}

/* Return: where its text ends. */
static inline char *write_cell(const struct table *table, size_t at, char *to,
			       const struct text *text)
{
	if (column_types[table->columns.list[at]].right &&
	    text->length < table->widths[at])
		to = pad(to, table->widths[at] - text->length);
	return text_write(to, text);
}

static char *put_cell(const struct table *table, size_t at, char *to,
		      const struct text *text)
{
	return end_cell(table, at, to, write_cell(table, at, to, text));
}

/* Where the next line goes. */
static inline char *next_line(struct table *table)
{
	return table->lines + table->ready;
}

/* Give the stream so many bytes of the lines, of those that wait. */
static int write_lines(struct table *table, size_t length)
{
	size_t taken = fwrite_unlocked(table->lines, 1, length, table->to);

	if (taken < length && !table->error)
		table->error = errno;
	table->ready -= length;
	memmove(table->lines, table->lines + length, table->ready);
	table->before = NULL;
	return table->error ? -1 : 0;
}

/**
 * table_flush() - give the lines that are there to the stream
 * @table: started before
 *
 * Return: 0, or -1 with @table's error.
 */
int table_flush(struct table *table)
{
	return write_lines(table, table->ready);
}

/**
 * table_before() - print lines in front of the table
 * @table: started before, its header not printed yet; its error is set if some are lost
 * @lines: with their newlines
 */
void table_before(struct table *table, const char *lines)
{
	if (fputs(lines, table->to) == EOF && !table->error)
		table->error = errno;
}

/* The line that begins where next_line() has said is there. */
static inline int print_line(struct table *table, char *end)
{
	*end++ = '\n';
	table->ready = (size_t)(end - table->lines);
	if (table->ready < TABLE_LINES_MAX)
		return 0;
	/* A pipe has room for so many: whoever writes more waits for its reader. */
	return write_lines(table,
			   table->ready - table->ready % TABLE_LINES_MAX);
}

static int print_header(struct table *table)
{
	char *end = next_line(table);

	table->before = NULL;
	if (!table->header)
		return 0;
	if (table->colours)
		end = stpcpy(end, "\033[1m");
	for (size_t i = 0; i < table->shown; i++) {
		struct text text = { .start = heading(table, i) };

		text.length = strlen(text.start);
		end = put_cell(table, i, end, &text);
	}
	if (table->colours)
		end = stpcpy(end, PLAIN);
	return print_line(table, end);
}

/* Return: the end of the row's cells, NULL if it could not be printed. */
static const char *print_held(struct table *table, const char *cells)
{
	char *end = next_line(table);

	for (size_t i = 0; i < table->columns.count; i++) {
		struct text text = { cells, strlen(cells) };

		if (i < table->shown)
			end = put_cell(table, i, end, &text);
		cells += text.length + 1;
	}
	return print_line(table, end) ? NULL : cells;
}

static inline char *write_row_cell(const struct table *table, size_t at,
				   char *to, const struct row *row)
{
	const struct column_type *type = &column_types[table->columns.list[at]];

	if (type->write)
		return type->write(to, row);
	return write_cell(table, at, to, &row->text[type->field]);
}

/*
 * A cell in the place of that of the line before. Padding may go over the beginning of
 * the next one. Return: false if it does not take as much room, or is an odd one, which
 * takes more until it is cut.
 */
static inline bool replace_cell(const struct table *table, size_t at,
				char *line, const struct row *row)
{
	char *cell = line + table->starts[at], *end;
	char *next = line + table->starts[at + 1];
	char kept[8];

	memcpy(kept, next, sizeof(kept));
	end = write_row_cell(table, at, cell, row);
	if (is_odd(table, at, (size_t)(end - cell)) ||
	    pad_behind(table, at, end, (size_t)(end - cell)) != next)
		return false;
	memcpy(next, kept, sizeof(kept));
	return true;
}

/*
 * Most cells are as in the line before, and most others as wide as there. Return: from
 * which one on they are not in their places yet.
 */
static inline size_t replace_changed(const struct table *table, char *line,
				     const struct row *row)
{
	uint64_t left = changes_cells(&table->changes, row);
	size_t last = table->shown - 1;

	copy_pieces(line, table->before, table->length);
	for (; left; left &= left - 1) {
		size_t at = (size_t)__builtin_ctzll(left);

		if (at >= table->shown)
			break;
		if (at == last || !replace_cell(table, at, line, row))
			return at;
	}
	return table->shown;
}

/* The cells from @at on; those before it are in their places. Return: where they end. */
static inline char *put_rest(struct table *table, size_t at, char *line,
			     const struct row *row)
{
	char *to = line + table->starts[at];

	for (; at < table->shown; at++) {
		table->starts[at] = (size_t)(to - line);
		to = end_cell(table, at, to,
			      write_row_cell(table, at, to, row));
	}
	return to;
}

static int print_row(struct table *table, const struct row *row)
{
	char *line = next_line(table), *end = line + table->length;
	size_t ready = 0;

	if (table->before)
		ready = replace_changed(table, line, row);
	if (ready < table->shown)
		end = put_rest(table, ready, line, row);
	table->before = line;
	table->length = (size_t)(end - line);
	return print_line(table, end);
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

		for (size_t i = 0; i < table->shown; i++) {
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
	size_t total = table->shown - 1;
	size_t spare, missing;

	for (size_t i = 0; i < table->shown; i++)
		total += table->widths[i];
	spare = table->window > total ? table->window - total : 0;
	missing = table->window < total ? total - table->window : 0;
	for (unsigned int turn = 0; turn < turns; turn++) {
		missing = give_room(table, turn, missing);
		for (size_t i = 0; i < table->shown; i++) {
			if (least_of(table->columns.list[i], turn) != SIZE_MAX)
				table->limits[i] = table->widths[i] + spare;
		}
	}
}

/* The widths are those of the rows that are held: print these. */
static int lay_out(struct table *table)
{
	const char *cells = table->cells;

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

static void widen(struct table *table, size_t at, size_t length)
{
	if (length > TABLE_WIDTH_MAX)
		length = TABLE_WIDTH_MAX;
	if (length > table->widths[at])
		table->widths[at] = length;
}

/* Choose the widths for a row too. Return: whether there is room to hold it. */
static bool hold(struct table *table, const struct row *row)
{
	char *cells = next_line(table), *end = cells;
	size_t length;

	for (size_t i = 0; i < table->columns.count; i++) {
		char *cell = end;

		end = columns_write_cell(cell, table->columns.list[i], row);
		widen(table, i, (size_t)(end - cell));
		*end++ = '\0';
	}
	length = (size_t)(end - cells);
	if (table->rows >= TABLE_HELD_ROWS ||
	    length >= TABLE_HELD_BYTES - table->used)
		return false;
	memcpy(table->cells + table->used, cells, length);
	table->used += length;
	return true;
}

/**
 * table_row() - take a row
 * @table: started before
 * @row: the row; a field that has changed since the row of the call before is marked
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
		if (other_netns)
			table->shown = table->columns.count;
		if (hold(table, row))
			return 0;
		if (lay_out(table))
			return -1;
	}

	if (other_netns && table->shown < table->columns.count) {
		table->shown = table->columns.count;
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
	if (table_flush(table))
		return -1;
	if (table->to == stdout)
		table->error = finish_output();
	return table->error ? -1 : 0;
}
