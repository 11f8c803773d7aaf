// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Every way to read the file: buffers of all sizes, again from the start, from
 * the middle, at offsets, several readers at once. All give the same text.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"
#include "lib/timewait.h"

#define HEADER                                                            \
	"pid\tfd\tproto\tstate\tladdr\tlport\traddr\trport\tdev\tinode\t" \
	"netns\tuid\tholder\tvia\tcomm\n"

#define WHOLE	     (1024 * 1024)
#define NR_COPIES    2500
#define NR_TIMEWAITS 300
#define MAX_ATTEMPTS 20

struct text {
	char *bytes;
	size_t length;
};

static int open_listing(void)
{
	int fd = open(LISTING_PATH, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		tap_bail_errno("open %s", LISTING_PATH);
	return fd;
}

static struct text read_rest(int fd, size_t size)
{
	struct text text;

	text.bytes = slurp(fd, size, &text.length);
	if (!text.bytes)
		tap_bail_errno("read %s", LISTING_PATH);
	return text;
}

static struct text read_sized(size_t size)
{
	int fd = open_listing();
	struct text text = read_rest(fd, size);

	close(fd);
	return text;
}

static bool same(const struct text *a, const struct text *b)
{
	return a->length == b->length && !memcmp(a->bytes, b->bytes, a->length);
}

static void diagnose(const struct text *expected, const struct text *got)
{
	size_t at = 0;

	while (at < expected->length && at < got->length &&
	       expected->bytes[at] == got->bytes[at])
		at++;
	tap_diag("expected: %zu bytes", expected->length);
	tap_diag("     got: %zu bytes, others from byte %zu on", got->length,
		 at);
}

/*
 * What @way reads must be the listing. It is judged only if the listing was the
 * same before and after: then it was so in between.
 */
static void check(struct text (*way)(size_t length, long arg), long arg,
		  const char *claim)
{
	for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
		struct text before = read_sized(WHOLE);
		struct text got = way(before.length, arg);
		struct text after = read_sized(WHOLE);
		bool quiet = same(&before, &after);

		if (quiet && !tap_ok(same(&before, &got), "%s", claim))
			diagnose(&before, &got);
		free(before.bytes);
		free(got.bytes);
		free(after.bytes);
		if (quiet)
			return;
	}
	tap_bail("other processes never leave the listing alone");
}

static struct text new_text(size_t length)
{
	struct text text = { calloc(1, length + 1), 0 };

	if (!text.bytes)
		tap_bail_errno("memory");
	return text;
}

static struct text in_size(size_t length, long size)
{
	(void)length;
	return read_sized(size);
}

/* Reads @before bytes, or all of them, goes back, and reads all. */
static struct text again(size_t length, long before)
{
	int fd = open_listing();
	struct text text;

	if (before) {
		text = new_text(length);
		if (read(fd, text.bytes, before) < 0)
			tap_bail_errno("read");
	} else {
		text = read_rest(fd, 4096);
	}
	free(text.bytes);
	if (lseek(fd, 0, SEEK_SET))
		tap_bail_errno("lseek to 0");
	text = read_rest(fd, 4096);
	close(fd);
	return text;
}

/* The second half first, then the first one, through lseek(). */
static struct text halves(size_t length, long size)
{
	struct text text = new_text(length);
	size_t half = length / 2;
	int fd = open_listing();
	struct text second;
	ssize_t got;

	if (lseek(fd, half, SEEK_SET) != (off_t)half)
		tap_bail_errno("lseek to the middle");
	second = read_rest(fd, size);
	if (lseek(fd, 0, SEEK_SET))
		tap_bail_errno("lseek to 0");
	while (text.length < half) {
		got = read(fd, text.bytes + text.length, half - text.length);
		if (got <= 0)
			break;
		text.length += got;
	}
	if (text.length + second.length <= length)
		memcpy(text.bytes + text.length, second.bytes, second.length);
	text.length += second.length;
	free(second.bytes);
	close(fd);
	return text;
}

/* Pieces at offsets, from the last to the first. */
static struct text backwards(size_t length, long size)
{
	struct text text = new_text(length);
	int fd = open_listing();
	size_t end = length;

	while (end) {
		size_t piece = end < (size_t)size ? end : (size_t)size;

		end -= piece;
		for (size_t done = 0; done < piece;) {
			ssize_t got = pread(fd, text.bytes + end + done,
					    piece - done, end + done);

			if (got <= 0)
				break;
			done += got;
			text.length += got;
		}
	}
	close(fd);
	return text;
}

/* pread() leaves the place where read() goes on alone. */
static struct text pread_between(size_t length, long size)
{
	struct text text = new_text(length + size);
	char *elsewhere = malloc(size);
	int fd = open_listing();
	ssize_t got;

	while (text.length <= length) {
		got = read(fd, text.bytes + text.length, size);
		if (got <= 0)
			break;
		text.length += got;
		if (pread(fd, elsewhere, size, length / 3) < 0)
			tap_bail_errno("pread");
	}
	free(elsewhere);
	close(fd);
	return text;
}

static struct text scattered(size_t length, long size)
{
	struct text text = new_text(length + 3 * size);
	int fd = open_listing();
	ssize_t got;

	do {
		char *at = text.bytes + text.length;
		struct iovec pieces[] = {
			{ at, 1 },
			{ at + 1, size },
			{ at + 1 + size, size - 1 },
		};

		got = readv(fd, pieces, 3);
		if (got < 0)
			tap_bail_errno("readv");
		text.length += got;
	} while (got && text.length <= length);
	close(fd);
	return text;
}

/* Two descriptors, a piece of each in turn; must not disturb each other. */
static struct text in_turn(size_t length, long size)
{
	struct text texts[2] = { new_text(length + size),
				 new_text(length + size) };
	int fds[2] = { open_listing(), open_listing() };
	bool more = true;

	while (more) {
		more = false;
		for (int i = 0; i < 2; i++) {
			ssize_t got = read(fds[i],
					   texts[i].bytes + texts[i].length,
					   i ? size : size / 3);

			if (got > 0 && texts[i].length <= length)
				more = true;
			if (got > 0)
				texts[i].length += got;
		}
	}
	if (!same(&texts[0], &texts[1]))
		texts[0].length = 0;
	free(texts[1].bytes);
	close(fds[0]);
	close(fds[1]);
	return texts[0];
}

/* Readers that go away in the middle leave nothing behind. */
static struct text after_half(size_t length, long readers)
{
	struct text text = new_text(length);

	for (long i = 0; i < readers; i++) {
		int fd = open_listing();

		if (read(fd, text.bytes, length / 2) < 0)
			tap_bail_errno("read");
		close(fd);
	}
	free(text.bytes);
	return read_sized(WHOLE);
}

/* As busybox cat does it. */
static struct text sent(size_t length, long size)
{
	int file = memfd_create("listing", MFD_CLOEXEC);
	int fd = open_listing();
	struct text text;
	ssize_t got;

	(void)length;
	while ((got = sendfile(file, fd, NULL, size)) > 0)
		;
	if (got < 0)
		tap_bail_errno("sendfile");
	lseek(file, 0, SEEK_SET);
	text = read_rest(file, WHOLE);
	close(file);
	close(fd);
	return text;
}

static void hold(int control, void *arg)
{
	(void)arg;
	tell(control, 0);
	stay(control);
}

static void check_header(void)
{
	struct text text = read_sized(WHOLE);

	text.bytes[strcspn(text.bytes, "\n") + 1] = '\0';
	tap_ok(!strcmp(text.bytes, HEADER), "the first line names the columns");
	free(text.bytes);
}

static void check_nothing(void)
{
	int fd = open_listing();
	char byte;

	tap_is_number(read(fd, &byte, 0), 0, "read() of no bytes gives none");
	free(read_rest(fd, WHOLE).bytes);
	tap_is_number(read(fd, &byte, 1), 0, "read() at the end gives none");
	tap_is_number(read(fd, &byte, 1), 0, "and again none");
	close(fd);
}

int main(void)
{
	static int copies[NR_COPIES];
	struct expect expect = { 0 };
	struct expected_row row;
	struct child child;
	int sock;

	tap_plan(25);
	allow_descriptors(NR_COPIES + 100);
	net_enter_new();
	sock = tcp_listen("127.0.0.1", 1);
	row_of_socket(&row, getpid(), sock, sock);
	expect_row(&expect, &row);
	for (int i = 0; i < NR_COPIES; i++) {
		copies[i] = dup(sock);
		row_set(&row, FD, "%d", copies[i]);
		expect_row(&expect, &row);
	}
	/* Two processes, and rows that no process holds. */
	child_start(&child, hold, NULL);
	hear(child.control);
	row_of_socket(&row, child.pid, sock, sock);
	expect_row(&expect, &row);
	for (int i = 0; i < NR_COPIES; i++) {
		row_set(&row, FD, "%d", copies[i]);
		expect_row(&expect, &row);
	}
	timewaits_make(&expect, "127.0.0.1", NR_TIMEWAITS);
	expect_listed(&expect, "%zu rows", expect.nr_lines);
	expect_clear(&expect);

	check_header();
	check_nothing();
	check(in_size, 1, "in pieces of 1 byte");
	check(in_size, 7, "in pieces of 7 bytes");
	check(in_size, 113, "in pieces of 113 bytes");
	check(in_size, 4095, "in pieces of 4,095 bytes");
	check(in_size, 4096, "in pieces of 4,096 bytes");
	check(in_size, 131072, "in pieces of 128 KiB");
	check(in_size, 131073, "in pieces of 128 KiB and a byte");
	check(in_size, 64 * WHOLE, "in pieces of 64 MiB");
	check(again, 0, "again after lseek(0) from the end");
	check(again, 1, "again after lseek(0) from the second byte");
	check(again, 200000, "again after lseek(0) from the midst");
	check(halves, 4096, "the second half after lseek(), then the first");
	check(halves, WHOLE, "the same in large pieces");
	check(backwards, 10007,
	      "pread() of small pieces from the end backwards");
	check(backwards, 150001,
	      "pread() of large pieces from the end backwards");
	check(pread_between, 20000, "read() with pread() in between");
	check(scattered, 5000, "readv() into three buffers");
	check(in_turn, 9000, "two descriptors in turn");
	check(after_half, 50, "after 50 readers closed in the midst");
	check(sent, 65536, "sendfile()");
	child_stop(&child);
	return tap_done();
}
