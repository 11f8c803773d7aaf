// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Thousands of time-waits at once, of both families. Each is listed once.
 */
#define _GNU_SOURCE

#include "lib/deadline.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/tap.h"
#include "lib/timewait.h"

int main(void)
{
	struct expect expect = { 0 };
	double begun = now();

	tap_plan(2);
	net_enter_new();
	timewaits_make(&expect, "127.0.0.1", 4000);
	timewaits_make(&expect, "::1", 1000);
	tap_diag("made in %.1f s", now() - begun);
	expect_listed(&expect, "5,000 time-waits, each once");
	expect_listed(&expect, "the same again in a second reading");
	return tap_done();
}
