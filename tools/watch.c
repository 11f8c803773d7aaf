// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// The listing again and again: redrawn in place where that can be, else one behind
// the other.

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "numbers.h"
#include "output.h"
#include "screen.h"
#include "view.h"
#include "watch.h"

#define DEFAULT_SECONDS 2
#define SECONDS_MAX	86400
#define MSEC		UINT64_C(1000000)
#define SEC		(1000 * MSEC)

/* Up to nine digits behind the point. Return: whether they are nanoseconds. */
static bool parse_fraction(const char *digits, uint64_t *nanoseconds)
{
	size_t length = strlen(digits);

	if (length > 9 || !number_parse(nanoseconds, digits, SEC))
		return false;
	for (size_t i = length; i < 9; i++)
		*nanoseconds *= 10;
	return true;
}

/**
 * watch_interval() - how long to wait between two listings
 * @seconds: a number, also with a fraction; NULL for what it is by default. The
 *	program ends with an error if it is not
 *
 * Return: nanoseconds.
 */
uint64_t watch_interval(const char *seconds)
{
	uint64_t whole = DEFAULT_SECONDS, fraction = 0;
	const char *point;
	char digits[32];
	size_t length;

	if (!seconds)
		return whole * SEC;
	point = strchr(seconds, '.');
	length = point ? (size_t)(point - seconds) : strlen(seconds);
	if (length < sizeof(digits)) {
		memcpy(digits, seconds, length);
		digits[length] = '\0';
		if (number_parse(&whole, digits, SECONDS_MAX) &&
		    (!point || parse_fraction(point + 1, &fraction)) &&
		    whole * SEC + fraction >= 100 * MSEC)
			return whole * SEC + fraction;
	}
	usage_error("'%s' is no number of seconds from 0.1 to %d", seconds,
		    SECONDS_MAX);
}

/* JSON is for programs; and what is counted has no row that comes or goes. */
static bool is_drawn(const struct options *options)
{
	return options->format == FORMAT_TABLE && !options->count &&
	       screen_is_one();
}

/**
 * watch_wish() - which fields it takes to watch
 * @options: what was asked for
 * @wish: is added to
 */
void watch_wish(const struct options *options, struct wish *wish)
{
	/* Piped, nothing is marked. */
	if (is_drawn(options))
		marks_wish(wish);
}

static int say_problem(const struct reading *reading)
{
	report("%s", reading->problem);
	return reading->status;
}

/* A line before each listing; an object has its time in it. */
static void put_time(const struct options *options)
{
	struct timespec now;
	struct tm utc;
	char date[32];

	if (options->format != FORMAT_TABLE)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	if (gmtime_r(&now.tv_sec, &utc) &&
	    strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &utc))
		printf("# %s.%03ldZ\n", date, now.tv_nsec / 1000000);
}

static int watch_piped(struct reading *reading)
{
	const struct options *options = reading->options;
	uint64_t rows = 0, hidden = 0;
	uint32_t lacks = 0;

	for (;;) {
		struct wish wish = { 0 };
		struct output *output = output_start(options, &wish);
		int result;

		put_time(options);
		result = reading_each(reading, output_row, output);
		if (result == READING_STOPPED ||
		    output_end(output, result == READING_WHOLE))
			return output_fail(output);
		if (result == READING_FAILED)
			return say_problem(reading);
		/* Once, as there is no end to say it at. */
		listing_report_lacks(reading->lacks & ~lacks);
		lacks |= reading->lacks;
		if (reading->hidden && !hidden)
			report_hidden(reading->hidden, options->from);
		hidden += reading->hidden;
		rows += output_rows(output);
		if (screen_wait(screen_clock() + options->watch) != SCREEN_TIME)
			return rows ? STATUS_LISTED : STATUS_NOTHING;
	}
}

static void set_time(struct view *view)
{
	struct timespec now;
	struct tm local;

	if (!clock_gettime(CLOCK_REALTIME, &now) &&
	    localtime_r(&now.tv_sec, &local))
		strftime(view->time, sizeof(view->time), "%H:%M:%S", &local);
}

static int read_into(struct view *view, struct reading *reading)
{
	int result;

	if (view_begin(view))
		return READING_STOPPED;
	result = reading_each(reading, view_row, view);
	view->hidden = reading->hidden;
	set_time(view);
	return result;
}

/* Return: what ends it, which is never the time. */
static enum screen_event wait_and_redraw(struct view *view, uint64_t until)
{
	enum screen_event event;

	while ((event = screen_wait(until)) == SCREEN_REDRAW) {
		if (view_draw(view))
			return SCREEN_GONE;
	}
	return event;
}

static int watch_screen(struct reading *reading)
{
	const struct options *options = reading->options;
	struct view *view = calloc(1, sizeof(*view));
	enum screen_event event = SCREEN_TIME;
	int result = READING_STOPPED, error = ENOMEM;
	uint64_t rows = 0;
	uint32_t lacks = 0;

	if (view) {
		view->columns = &options->columns;
		view->header = !options->no_header;
		view->fields = wish_fields(&reading->wish);
		screen_enter();
	}
	while (view && event == SCREEN_TIME) {
		result = read_into(view, reading);
		lacks |= reading->lacks;
		if (result == READING_WHOLE && view_draw(view))
			result = READING_STOPPED;
		error = errno;
		if (result != READING_WHOLE)
			break;
		rows += view->total;
		event = wait_and_redraw(view, screen_clock() + options->watch);
	}
	if (view)
		screen_leave();
	if (result == READING_FAILED)
		return say_problem(reading);
	if (result == READING_STOPPED) {
		report("cannot go on: %s; watch less (sockowners --watch :PORT)",
		       strerror(error));
		return STATUS_ERROR;
	}
	/* There was no place for it before. */
	listing_report_lacks(lacks);
	return rows ? STATUS_LISTED : STATUS_NOTHING;
}

/**
 * watch_run() - list again and again
 * @reading: started before, with watch_wish()
 *
 * Until somebody quits, nobody reads any longer, or the listing cannot be read.
 *
 * Return: the exit status.
 */
int watch_run(struct reading *reading)
{
	return is_drawn(reading->options) ? watch_screen(reading) :
					    watch_piped(reading);
}
