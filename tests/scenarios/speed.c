// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * 10,000 TCP sockets: the listing is read faster than /proc/net/tcp, and the answer to
 * a query much faster still. Where the processor's clock is its instructions, so that
 * no other load changes the ratios, and with bounds away from what is measured (7.9, 93
 * and 2.6): they are for who makes it slow by mistake. See make bench.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/ask.h"
#include "lib/child.h"
#include "lib/listing.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define NR_CONNECTIONS 5000
#define NR_TIMINGS     15
#define NR_ANSWERS \
	20 /* of one process, in a timing: each is too short to time */

static double processor_time(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* From open() to the end of the file. @query: NULL for none. */
static double time_of(const char *path, const char *query)
{
	static char buffer[128 * 1024];
	double begun = processor_time();
	int fd = open(path, query ? O_RDWR : O_RDONLY);
	ssize_t got;

	if (fd < 0)
		tap_bail_errno("%s", path);
	if (query)
		ask_on(fd, query);
	while ((got = read(fd, buffer, sizeof(buffer))) > 0)
		;
	if (got < 0)
		tap_bail_errno("read");
	close(fd);
	return processor_time() - begun;
}

/* What others take of the processor only makes it longer. */
static double fastest(const double *times)
{
	double time = times[0];

	for (int i = 1; i < NR_TIMINGS; i++)
		if (times[i] < time)
			time = times[i];
	return time;
}

static double time_of_answer(const char *query)
{
	double time = 0;

	for (int i = 0; i < NR_ANSWERS; i++)
		time += time_of(LISTING_PATH, query);
	return time / NR_ANSWERS;
}

static void listen_alone(int control, void *arg)
{
	(void)arg;
	tell(control, sock_port(tcp_listen("127.0.0.1", 1)));
	stay(control);
}

int main(void)
{
	static const struct {
		const char *what;
		double at_least;
	} bounds[] = {
		{ "/proc/net/tcp takes so much longer than the listing", 5.0 },
		{ "the listing than all of one process", 50.0 },
		{ "the listing than one port", 1.8 },
	};
	double times[1 + ARRAY_SIZE(bounds)][NR_TIMINGS];
	char by_process[64], by_port[64];
	struct child other;
	int listener;

	tap_plan(ARRAY_SIZE(bounds));
	allow_descriptors(3 * NR_CONNECTIONS);
	net_enter_new();
	/* Before there is much that it would inherit. */
	child_start(&other, listen_alone, NULL);
	listener = tcp_listen("127.0.0.1", 1);
	for (int i = 0; i < NR_CONNECTIONS; i++)
		tcp_connection(listener, "127.0.0.1");
	snprintf(by_port, sizeof(by_port), "lport=%ld", hear(other.control));
	snprintf(by_process, sizeof(by_process), "pid=%d", other.pid);

	for (int i = 0; i < NR_TIMINGS; i++) {
		times[0][i] = time_of(LISTING_PATH, NULL);
		times[1][i] = time_of("/proc/net/tcp", NULL);
		times[2][i] = time_of_answer(by_process);
		times[3][i] = time_of(LISTING_PATH, by_port);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bounds); i++) {
		double own = fastest(times[0]),
		       other_time = fastest(times[i + 1]);
		double ratio = i ? own / other_time : other_time / own;

		tap_diag("%.1f times, at least %.1f", ratio,
			 bounds[i].at_least);
		tap_ok(ratio >= bounds[i].at_least, "%s", bounds[i].what);
	}
	child_stop(&other);
	return tap_done();
}
