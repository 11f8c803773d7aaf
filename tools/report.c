// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report.h"

/*
 * A message quotes file names and arguments, and whoever chose those need not
 * be whoever reads the message: it stays on one line and cannot move the
 * cursor. That is written at once, so that others' lines are not in the midst of it.
 */
static __printf(1, 0) void print_line(const char *format, va_list arguments)
{
	static const char name[] = "sockowners: ";
	char text[8192], line[4 * sizeof(text) + sizeof(name)];
	char *to = stpcpy(line, name);

	vsnprintf(text, sizeof(text), format, arguments);
	for (const char *p = text; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if (c < ' ' || c > '~')
			to += sprintf(to, "\\%03o", c);
		else
			*to++ = (char)c;
	}
	*to++ = '\n';
	fwrite(line, 1, (size_t)(to - line), stderr);
}

static void (*flush_first)(void);

/**
 * report_behind() - have something to write before anything is said
 * @flush: gives standard output what is there for it
 */
void report_behind(void (*flush)(void))
{
	flush_first = flush;
}

/**
 * report() - say one line on stderr, after what was printed before it
 * @format: as printf()'s, without a newline
 */
void report(const char *format, ...)
{
	va_list arguments;

	if (flush_first)
		flush_first();
	fflush(stdout);
	va_start(arguments, format);
	print_line(format, arguments);
	va_end(arguments);
}

/**
 * usage_error() - refuse the command line and exit
 * @format: what is wrong; the next step is added
 */
void usage_error(const char *format, ...)
{
	char problem[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(problem, sizeof(problem), format, arguments);
	va_end(arguments);
	report("%s; try 'sockowners --help'", problem);
	exit(STATUS_ERROR);
}

/**
 * no_memory() - give up on a command line and exit
 */
void no_memory(void)
{
	report("%s; name fewer things", strerror(ENOMEM));
	exit(STATUS_ERROR);
}

/**
 * report_hidden() - say that there is more than is shown
 * @rows: how many have a holder that is hidden
 * @saved: from whoever saved the listing
 */
void report_hidden(unsigned long long rows, bool saved)
{
	report("rows with a holder hidden from %s: %llu; root sees more (sudo %s)",
	       saved ? "who saved them" : "you", rows,
	       saved ? "cat /proc/sockowners" : "sockowners");
}

/**
 * finish_output() - write what is left of standard output
 *
 * A stream that could not write has forgotten why, and has nothing left to fail with. A
 * pipe or socket that nobody reads from any longer says so.
 *
 * Return: 0, or an errno if some of it is lost.
 */
int finish_output(void)
{
	struct pollfd output = { .fd = STDOUT_FILENO, .events = POLLOUT };
	bool is_left;

	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return 0;
	if (errno)
		return errno;
	is_left = poll(&output, 1, 0) > 0 &&
		  output.revents & (POLLERR | POLLHUP);
	return is_left ? EPIPE : EIO;
}

/**
 * report_write_error() - judge a failed write to stdout
 * @error: its errno
 *
 * Return: the exit status. A reader that goes away ("| head") got what it
 * wanted, so EPIPE is no error and nothing is said.
 */
int report_write_error(int error)
{
	if (error == EPIPE)
		return STATUS_LISTED;
	report("cannot write the output: %s; write it somewhere else",
	       strerror(error));
	return STATUS_ERROR;
}
