// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// Of a listing the first rows are kept, as packed fields, so that the window can
// be drawn anew when its size changes. Of the listing before they are kept too:
// what is gone is shown once more, where it was.

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "packed.h"
#include "screen.h"
#include "view.h"

/* A line of a frame: a mark, a space, and what fits of the table's line. */
#define MARK_WIDTH 2

#define CAME   "\033[1;32m"
#define GONE   "\033[1;31m"
#define STATUS "\033[7m"
#define PLAIN  "\033[0m"

/**
 * struct frame - the rows that are drawn
 * @rows: in order
 * @is_gone: of each
 * @count: how many
 */
struct frame {
	const struct shown *rows[2 * VIEW_ROWS];
	bool is_gone[2 * VIEW_ROWS];
	size_t count;
};

/**
 * view_begin() - a listing begins
 * @view: zeroed before the first, but for what it is to show
 *
 * Return: 0, or -1 with errno.
 */
int view_begin(struct view *view)
{
	for (size_t i = 0; i < view->before.count; i++)
		free(view->before.list[i].packed);
	view->before = view->now;
	view->now.count = 0;
	view->total = 0;
	return marks_begin(&view->marks);
}

/**
 * view_row() - a row of it
 * @context: the view
 * @row: the row
 *
 * Return: 0, or -1 with errno.
 */
int view_row(void *context, const struct row *row)
{
	struct view *view = context;
	struct rows *rows = &view->now;
	struct shown shown = { 0 };

	if (marks_take(&view->marks, row, &shown.mark))
		return -1;
	view->total++;
	if (rows->count == VIEW_ROWS)
		return 0;
	shown.packed = malloc(packed_size(row, view->fields));
	if (!shown.packed)
		return -1;
	row_pack(shown.packed, row, view->fields);
	rows->list[rows->count++] = shown;
	return 0;
}

static void insert(struct frame *frame, size_t at, const struct shown *row)
{
	size_t behind = frame->count++ - at;

	memmove(frame->rows + at + 1, frame->rows + at,
		behind * sizeof(frame->rows[0]));
	memmove(frame->is_gone + at + 1, frame->is_gone + at,
		behind * sizeof(frame->is_gone[0]));
	frame->rows[at] = row;
	frame->is_gone[at] = true;
}

/* Return: the place behind a row, 0 if it is not there. */
static size_t place_behind(const struct frame *frame, const struct mark *mark)
{
	for (size_t i = 0; i < frame->count; i++) {
		const struct mark *other = &frame->rows[i]->mark;

		if (other->identity == mark->identity &&
		    other->nth == mark->nth)
			return i + 1;
	}
	return 0;
}

/* This listing, and what is gone behind the row that it was behind. */
static void compose(const struct view *view, struct frame *frame)
{
	size_t at = 0;

	frame->count = 0;
	for (size_t i = 0; i < view->now.count; i++) {
		frame->rows[frame->count] = &view->now.list[i];
		frame->is_gone[frame->count++] = false;
	}
	for (size_t i = 0; i < view->before.count; i++) {
		const struct shown *row = &view->before.list[i];
		size_t place;

		if (marks_is_gone(&view->marks, &row->mark)) {
			insert(frame, at++, row);
			continue;
		}
		place = place_behind(frame, &row->mark);
		if (place)
			at = place;
	}
}

static size_t escape_length(const char *text)
{
	return *text == '\033' ? strcspn(text, "m") + 1 : 0;
}

/* What fits of a line, with the table's colours or without. */
static void put_cut(const char *line, const char *end, size_t width,
		    bool colours)
{
	while (line < end) {
		size_t escape = escape_length(line);

		if (escape) {
			if (colours)
				fwrite(line, 1, escape, stdout);
			line += escape;
			continue;
		}
		if (width) {
			putchar(*line);
			width--;
		}
		line++;
	}
}

/* Return: @width if all of a line fits, else how much there is room for with a sign. */
static size_t fitting(const char *line, const char *end, size_t width)
{
	size_t room = width - strlen(TABLE_SIGN), length = 0, escaped = 0;
	bool has_escaped = false;

	for (; line < end && length <= width; line++) {
		line += escape_length(line);
		if (line == end)
			break;
		if (*line == '\\' && length < room) {
			has_escaped = true;
			escaped = length;
		}
		length++;
	}
	if (length <= width)
		return width;
	/* No escape, "\ooo", is cut in two. */
	return has_escaped && room - escaped < 4 ? escaped : room;
}

/* A line of the table; that it is cut must show, or it may look whole. */
static void put_line(const char *line, const char *end, size_t width,
		     bool colours)
{
	size_t room = fitting(line, end, width);

	put_cut(line, end, room, colours);
	if (room < width)
		fputs(TABLE_SIGN, stdout);
}

/* To be drawn over what was there. */
static void put_mark(char mark, const char *colour)
{
	printf("%s%c ", colour, mark);
}

static void put_status(const struct view *view, size_t drawn, size_t drawn_gone,
		       size_t width)
{
	uint64_t gone = marks_gone(&view->marks);
	uint64_t left = view->total - (drawn - drawn_gone);
	bool colours = view->table.colours;
	char text[256];
	int length = snprintf(text, sizeof(text),
			      "%s  rows: %llu  +%llu -%llu  not shown: %llu",
			      view->time, (unsigned long long)view->total,
			      (unsigned long long)view->marks.came,
			      (unsigned long long)gone,
			      (unsigned long long)left);

	if (view->hidden)
		length += snprintf(text + length, sizeof(text) - (size_t)length,
				   "  hidden from you: %llu", view->hidden);
	length += snprintf(text + length, sizeof(text) - (size_t)length,
			   "  q quits");
	if (colours)
		fputs(STATUS, stdout);
	put_cut(text, text + length, width, false);
	if (colours)
		fputs(PLAIN, stdout);
	fputs("\033[K", stdout);
}

/* The table's lines, the heading first if there is one. Return: NULL without memory. */
static char *make_table(struct view *view, const struct frame *frame,
			size_t count, size_t width, size_t *length)
{
	struct row row;
	char *text = NULL;
	FILE *to = open_memstream(&text, length);
	int error;

	if (!to)
		return NULL;
	row_init(&row);
	table_start(&view->table, view->columns, view->header);
	view->table.to = to;
	view->table.cut = true;
	view->table.window = width > MARK_WIDTH ? width - MARK_WIDTH : 1;
	for (size_t i = 0; i < count; i++) {
		row_unpack(&row, frame->rows[i]->packed, view->fields);
		table_row(&view->table, &row);
	}
	/* A stream in memory does not remember what there was none for. */
	table_end(&view->table);
	error = view->table.error;
	if (fclose(to))
		error = errno;
	if (error) {
		free(text);
		errno = error;
		return NULL;
	}
	return text;
}

static void put_row(const struct view *view, const struct frame *frame,
		    size_t at, const char *line, const char *end, size_t width)
{
	bool gone = frame->is_gone[at], came = frame->rows[at]->mark.came;
	bool marked = gone || came, colours = view->table.colours;
	const char *colour = gone ? GONE : came ? CAME : "";

	put_mark(gone ? '-' : came ? '+' : ' ', colours ? colour : "");
	put_line(line, end, width, colours && !marked);
	if (colours && marked)
		fputs(PLAIN, stdout);
}

/**
 * view_draw() - draw what was taken, over what was drawn before
 * @view: all rows of the listing were taken
 *
 * Return: 0, or -1 with errno.
 */
int view_draw(struct view *view)
{
	static struct frame frame;
	size_t lines, width, room, count, drawn_gone = 0, length;
	const char *line, *end;
	char *text;

	compose(view, &frame);
	screen_size(&lines, &width);
	room = lines > 1U + view->header ? lines - 1 - view->header : 0;
	count = frame.count < room ? frame.count : room;
	for (size_t i = 0; i < count; i++)
		drawn_gone += frame.is_gone[i];
	text = make_table(view, &frame, count, width, &length);
	if (!text)
		return -1;

	fputs("\033[H", stdout);
	put_status(view, count, drawn_gone, width);
	width = view->table.window;
	line = text;
	/* A line is ended when another follows: the last one would scroll. */
	for (size_t i = 0; i < count + view->header && *line; i++) {
		end = strchr(line, '\n');
		fputs("\r\n", stdout);
		if (i < view->header) {
			put_mark(' ', "");
			put_line(line, end, width, true);
		} else {
			put_row(view, &frame, i - view->header, line, end,
				width);
		}
		fputs("\033[K", stdout);
		line = end + 1;
	}
	fputs("\033[J", stdout);
	free(text);
	return fflush(stdout);
}
