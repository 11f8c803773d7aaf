// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Processes that call themselves what would break a line of text. The name is
 * escaped: nothing in it can end a field or a line, or look like no name.
 */
#define _GNU_SOURCE
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/expect.h"
#include "lib/sock.h"
#include "lib/tap.h"

static const struct {
	const char *what;
	const char *name;
	const char *listed;
} samples[] = {
	{ "a plain name", "nginx", "nginx" },
	{ "spaces", "a b  c ", "a\\040b\\040\\040c\\040" },
	{ "one space", " ", "\\040" },
	{ "tabs", "\ta\tb", "\\011a\\011b" },
	{ "newlines", "a\nb\n", "a\\012b\\012" },
	{ "a forged row", "x\n1\t3\ttcp", "x\\0121\\0113\\011tcp" },
	{ "backslashes", "\\a\\\\", "\\134a\\134\\134" },
	{ "an escape of its own", "\\040", "\\134040" },
	{ "UTF-8", "\xc3\xa9t\xc3\xa9", "\\303\\251t\\303\\251" },
	{ "Latin-1 no-break space", "a\xa0z", "a\\240z" },
	{ "control bytes", "\x01\x1b[2J\x7f", "\\001\\033[2J\\177" },
	{ "highest byte", "\xff", "\\377" },
	{ "carriage return", "a\rb", "a\\015b" },
	{ "a hyphen", "-", "\\055" },
	{ "two hyphens", "--", "--" },
	{ "a hyphen first", "-a", "-a" },
	{ "no name", "", "\\000" },
	{ "punctuation", "!\"#$%&'()*+,-./", "!\"#$%&'()*+,-./" },
	{ "more punctuation", ":;<=>?@[]^_`{|}", ":;<=>?@[]^_`{|}" },
	{ "a tilde", "~", "~" },
	{ "15 bytes to escape", "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n",
	  "\\012\\012\\012\\012\\012\\012\\012\\012\\012\\012\\012\\012\\012\\012\\012" },
};

#define NR_SAMPLES ARRAY_SIZE(samples)

int main(void)
{
	struct expected_row row;
	int sock;

	tap_plan(NR_SAMPLES);
	sock = tcp_listen("127.0.0.1", 1);
	row_of_socket(&row, getpid(), sock, sock);
	for (size_t i = 0; i < NR_SAMPLES; i++) {
		struct expect expect = { 0 };

		if (prctl(PR_SET_NAME, samples[i].name))
			tap_bail_errno("PR_SET_NAME");
		row_set(&row, COMM, "%s", samples[i].listed);
		expect_row(&expect, &row);
		expect_listed(&expect, "%s", samples[i].what);
		expect_clear(&expect);
	}
	return tap_done();
}
