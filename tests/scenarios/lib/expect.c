// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "expect.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "net.h"
#include "sock.h"
#include "tap.h"

#define MAX_DIAGNOSTICS 12

struct lines {
	char **line;
	size_t nr;
	size_t room;
};

static void append(struct lines *lines, char *line)
{
	if (lines->nr == lines->room) {
		lines->room = lines->room ? lines->room * 2 : 64;
		lines->line = realloc(lines->line,
				      lines->room * sizeof(*lines->line));
		if (!lines->line)
			tap_bail_errno("lines");
	}
	lines->line[lines->nr++] = line;
}

static void remember(unsigned long **numbers, size_t *nr, unsigned long number)
{
	/* Most rows of a set come one after the other for one process. */
	if (*nr && (*numbers)[*nr - 1] == number)
		return;
	/* Room grows at powers of two. */
	if ((*nr & (*nr - 1)) == 0) {
		*numbers = realloc(*numbers,
				   (*nr ? *nr * 2 : 1) * sizeof(**numbers));
		if (!*numbers)
			tap_bail_errno("numbers");
	}
	(*numbers)[(*nr)++] = number;
}

static int compare_numbers(const void *a, const void *b)
{
	unsigned long left = *(const unsigned long *)a;
	unsigned long right = *(const unsigned long *)b;

	return left < right ? -1 : left > right;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_one_of(const char *text, const unsigned long *numbers, size_t nr)
{
	unsigned long number;
	char *end;

	if (!nr)
		return false;
	number = strtoul(text, &end, 10);
	return *end == '\0' &&
	       bsearch(&number, numbers, nr, sizeof(*numbers), compare_numbers);
}

static char *join(const char *const field[NR_COLUMNS])
{
	size_t size = NR_COLUMNS;
	char *line, *end;

	for (size_t column = 0; column < NR_COLUMNS; column++)
		size += strlen(field[column]);
	line = malloc(size);
	if (!line)
		tap_bail_errno("line");
	end = line;
	for (size_t column = 0; column < NR_COLUMNS; column++) {
		if (column)
			*end++ = ' ';
		end = stpcpy(end, field[column]);
	}
	return line;
}

void expect_process(struct expect *expect, pid_t pid)
{
	remember(&expect->pids, &expect->nr_pids, pid);
}

void expect_socket(struct expect *expect, int sock)
{
	remember(&expect->inodes, &expect->nr_inodes, sock_inode(sock));
}

void expect_namespace(struct expect *expect)
{
	expect_whole(expect, net_inode());
}

void expect_whole(struct expect *expect, unsigned long netns)
{
	remember(&expect->whole, &expect->nr_whole, netns);
}

void expect_processes(struct expect *expect)
{
	expect->processes = true;
}

void expect_row(struct expect *expect, const struct expected_row *row)
{
	struct lines lines = { expect->lines, expect->nr_lines, expect->room };
	const char *field[NR_COLUMNS];

	for (size_t column = 0; column < NR_COLUMNS; column++)
		field[column] = row->field[column];
	append(&lines, join(field));
	expect->lines = lines.line;
	expect->nr_lines = lines.nr;
	expect->room = lines.room;

	if (strcmp(field[PID], "-"))
		expect_process(expect, atoi(field[PID]));
	if (strcmp(field[INODE], "-"))
		remember(&expect->inodes, &expect->nr_inodes,
			 strtoul(field[INODE], NULL, 10));
	if (!strcmp(field[HOLDER], "timewait"))
		remember(&expect->netns, &expect->nr_netns,
			 strtoul(field[NETNS], NULL, 10));
}

void expect_shared(struct expect *expect, pid_t pid, int fd, int sock)
{
	struct expected_row row;

	row_of_socket(&row, pid, fd, sock);
	expect_row(expect, &row);
}

void expect_fd(struct expect *expect, int fd)
{
	expect_shared(expect, getpid(), fd, fd);
}

void expect_fd_of(struct expect *expect, pid_t pid, int fd)
{
	int pidfd = syscall(SYS_pidfd_open, pid, 0);
	int sock = syscall(SYS_pidfd_getfd, pidfd, fd, 0);

	if (sock < 0)
		tap_bail_errno("descriptor %d of process %d", fd, pid);
	expect_shared(expect, pid, fd, sock);
	close(sock);
	close(pidfd);
}

void expect_thread(struct expect *expect, pid_t pid, pid_t tid, int fd,
		   int sock)
{
	struct expected_row row;

	row_of_thread(&row, pid, tid, fd, sock);
	expect_row(expect, &row);
}

/* The rows of the listing that belong to the situation. */
static void select_rows(const struct expect *expect,
			const struct listing *listing, struct lines *found)
{
	for (size_t i = 0; i < listing->nr_rows; i++) {
		const char *const *field = listing->rows[i].field;

		if (is_one_of(field[PID], expect->pids, expect->nr_pids) ||
		    is_one_of(field[INODE], expect->inodes,
			      expect->nr_inodes) ||
		    is_one_of(field[NETNS], expect->whole, expect->nr_whole) ||
		    (expect->processes && strcmp(field[PID], "-")) ||
		    (!strcmp(field[HOLDER], "timewait") &&
		     is_one_of(field[NETNS], expect->netns, expect->nr_netns)))
			append(found, join(field));
	}
}

/* Counts the differences of two sorted sets, and says the first of them. */
static size_t compare(const struct expect *expect, const struct lines *found,
		      bool say)
{
	size_t differences = 0;
	size_t e = 0;
	size_t f = 0;

	while (e < expect->nr_lines || f < found->nr) {
		int order;

		if (e == expect->nr_lines)
			order = 1;
		else if (f == found->nr)
			order = -1;
		else
			order = strcmp(expect->lines[e], found->line[f]);

		if (order)
			differences++;
		if (order && say && differences <= MAX_DIAGNOSTICS) {
			if (order < 0)
				tap_diag("expected, not listed: %s",
					 expect->lines[e]);
			else
				tap_diag("listed, not expected: %s",
					 found->line[f]);
		}
		e += order <= 0;
		f += order >= 0;
	}
	if (differences && say)
		tap_diag("%zu rows expected, %zu listed, %zu differences",
			 expect->nr_lines, found->nr, differences);
	return differences;
}

static void collect(struct expect *expect, const struct listing *listing,
		    struct lines *found)
{
	qsort(expect->pids, expect->nr_pids, sizeof(*expect->pids),
	      compare_numbers);
	qsort(expect->inodes, expect->nr_inodes, sizeof(*expect->inodes),
	      compare_numbers);
	qsort(expect->netns, expect->nr_netns, sizeof(*expect->netns),
	      compare_numbers);
	qsort(expect->whole, expect->nr_whole, sizeof(*expect->whole),
	      compare_numbers);
	qsort(expect->lines, expect->nr_lines, sizeof(*expect->lines),
	      compare_lines);
	select_rows(expect, listing, found);
	qsort(found->line, found->nr, sizeof(*found->line), compare_lines);
}

static void free_lines(struct lines *lines)
{
	for (size_t i = 0; i < lines->nr; i++)
		free(lines->line[i]);
	free(lines->line);
}

size_t expect_differences(struct expect *expect, const struct listing *listing)
{
	struct lines found = { 0 };
	size_t differences;

	collect(expect, listing, &found);
	differences = compare(expect, &found, true);
	free_lines(&found);
	return differences;
}

static bool judge(struct expect *expect, const struct listing *listing,
		  const char *claim, va_list args)
{
	struct lines found = { 0 };
	char text[256];
	bool passed;

	vsnprintf(text, sizeof(text), claim, args);
	collect(expect, listing, &found);
	passed = tap_ok(!compare(expect, &found, false), "%s", text);
	if (!passed)
		compare(expect, &found, true);
	free_lines(&found);
	return passed;
}

bool expect_in(struct expect *expect, const struct listing *listing,
	       const char *claim, ...)
{
	va_list args;
	bool passed;

	va_start(args, claim);
	passed = judge(expect, listing, claim, args);
	va_end(args);
	return passed;
}

bool expect_listed(struct expect *expect, const char *claim, ...)
{
	struct listing listing;
	va_list args;
	bool passed;

	listing_read(&listing);
	va_start(args, claim);
	passed = judge(expect, &listing, claim, args);
	va_end(args);
	listing_free(&listing);
	return passed;
}

bool expect_nothing_left(void *unused)
{
	unsigned long netns = net_inode();
	struct listing listing;
	size_t found = 0;

	(void)unused;
	listing_read(&listing);
	for (size_t i = 0; i < listing.nr_rows; i++)
		found += is_one_of(listing.rows[i].field[NETNS], &netns, 1);
	listing_free(&listing);
	return !found;
}

void expect_clear(struct expect *expect)
{
	for (size_t i = 0; i < expect->nr_lines; i++)
		free(expect->lines[i]);
	free(expect->lines);
	free(expect->pids);
	free(expect->inodes);
	free(expect->netns);
	free(expect->whole);
	*expect = (struct expect){ 0 };
}
