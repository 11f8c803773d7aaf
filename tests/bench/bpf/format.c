// SPDX-License-Identifier: GPL-2.0-only
/* Copyright (C) The sockowners authors */
/*
 * format RECORDS: a line for each record that the iterator of that name writes, made as
 * the module makes its own.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <linux/types.h>

#include "record.h"

/* What cat reads at once. */
#define SIZE	 (128 * 1024)
#define LINE_MAX 128

static char input[SIZE], output[SIZE];
static size_t used;

static int fail(const char *what)
{
	fprintf(stderr, "format: %s: %s\n", what, strerror(errno));
	return 1;
}

static void flush_output(void)
{
	for (size_t done = 0; done < used;) {
		ssize_t some = write(STDOUT_FILENO, output + done, used - done);

		if (some < 0)
			_exit(fail("write"));
		done += (size_t)some;
	}
	used = 0;
}

static char *put_number(char *p, uint32_t number)
{
	char digits[10];
	int count = 0;

	do {
		digits[count++] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	while (count)
		*p++ = digits[--count];
	return p;
}

static char *put_address(char *p, int family, const __u32 *address)
{
	const unsigned char *octet = (const unsigned char *)address;

	if (family == AF_INET6) {
		inet_ntop(AF_INET6, address, p, INET6_ADDRSTRLEN);
		return p + strlen(p);
	}
	for (int i = 0; i < 4; i++) {
		if (i)
			*p++ = '.';
		p = put_number(p, octet[i]);
	}
	return p;
}

static void print(const struct record *record)
{
	char *p = output + used;

	p = put_number(p, record->pid);
	*p++ = '\t';
	p = put_number(p, record->fd);
	*p++ = '\t';
	p = put_address(p, record->family, record->laddr);
	*p++ = '\t';
	p = put_number(p, record->lport);
	*p++ = '\t';
	p = put_address(p, record->family, record->raddr);
	*p++ = '\t';
	p = put_number(p, ntohs(record->rport));
	*p++ = '\n';
	used = (size_t)(p - output);
	if (used > SIZE - LINE_MAX)
		flush_output();
}

/* The kernel may end a read in the middle of a record. */
static int records(int from)
{
	size_t left = 0;
	ssize_t got;

	while ((got = read(from, input + left, SIZE - left)) > 0) {
		size_t end = left + (size_t)got, at = 0;
		struct record record;

		for (; end - at >= sizeof(record); at += sizeof(record)) {
			memcpy(&record, input + at, sizeof(record));
			print(&record);
		}
		left = end - at;
		memmove(input, input + at, left);
	}
	flush_output();
	return got < 0 ? fail("read") : 0;
}

int main(int argc, char **argv)
{
	int from;

	if (argc != 2) {
		fputs("usage: format RECORDS\n", stderr);
		return 2;
	}
	from = open(argv[1], O_RDONLY | O_CLOEXEC);
	return from < 0 ? fail(argv[1]) : records(from);
}
