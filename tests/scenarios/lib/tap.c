// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include "tap.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static unsigned int planned;
static unsigned int judged;
static unsigned int failed;

void tap_plan(unsigned int claims)
{
	/* A forked child must not print again what waits in a buffer. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	planned = claims;
	printf("TAP version 13\n1..%u\n", claims);
}

static void result(bool passed, const char *claim, va_list args)
{
	judged++;
	if (!passed)
		failed++;
	printf("%sok %u - ", passed ? "" : "not ", judged);
	vprintf(claim, args);
	putchar('\n');
}

bool tap_ok(bool passed, const char *claim, ...)
{
	va_list args;

	va_start(args, claim);
	result(passed, claim, args);
	va_end(args);
	return passed;
}

bool tap_is_text(const char *got, const char *expected, const char *claim, ...)
{
	bool passed = strcmp(got, expected) == 0;
	va_list args;

	va_start(args, claim);
	result(passed, claim, args);
	va_end(args);
	if (!passed) {
		tap_diag("expected: %s", expected);
		tap_diag("     got: %s", got);
	}
	return passed;
}

bool tap_is_number(long long got, long long expected, const char *claim, ...)
{
	bool passed = got == expected;
	va_list args;

	va_start(args, claim);
	result(passed, claim, args);
	va_end(args);
	if (!passed) {
		tap_diag("expected: %lld", expected);
		tap_diag("     got: %lld", got);
	}
	return passed;
}

void tap_skip(const char *why, const char *claim, ...)
{
	va_list args;

	va_start(args, claim);
	judged++;
	printf("ok %u - ", judged);
	vprintf(claim, args);
	printf(" # SKIP %s\n", why);
	va_end(args);
}

void tap_diag(const char *text, ...)
{
	va_list args;

	va_start(args, text);
	fputs("# ", stdout);
	vprintf(text, args);
	putchar('\n');
	va_end(args);
}

static void bail(const char *why, va_list args, int error)
{
	fputs("Bail out! ", stdout);
	vprintf(why, args);
	if (error)
		printf(": %s", strerror(error));
	putchar('\n');
	fflush(stdout);
	/* No exit handlers: the caller may be a forked child. */
	_exit(1);
}

void tap_bail(const char *why, ...)
{
	va_list args;

	va_start(args, why);
	bail(why, args, 0);
	va_end(args);
	abort();
}

void tap_bail_errno(const char *what, ...)
{
	int error = errno;
	va_list args;

	va_start(args, what);
	bail(what, args, error);
	va_end(args);
	abort();
}

int tap_done(void)
{
	if (judged != planned)
		tap_diag("%u claims planned, %u judged", planned, judged);
	return failed || judged != planned;
}
