// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * The kernel's own listings of listeners and of raw sockets, and listen(), on the
 * processor of a reader who takes it from them at any moment. Who is behind whose lock
 * then must not wait for the other.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/child.h"
#include "lib/deadline.h"
#include "lib/effort.h"
#include "lib/listing.h"
#include "lib/net.h"
#include "lib/processor.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define NR_SOCKETS  300
#define NR_READINGS times(400, 200, 20)

/* How often each has done what it does, without end. */
struct done {
	unsigned int readings, tables, listeners;
};

static struct done *done;

static void read_whole(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t length;
	char *text;

	if (fd < 0)
		tap_bail_errno("%s", path);
	text = slurp(fd, 64 * 1024, &length);
	if (!text)
		tap_bail_errno("reading %s", path);
	free(text);
	close(fd);
}

static void be_real_time(int control, void *arg)
{
	const struct sched_param first = { .sched_priority = 10 };

	(void)control;
	(void)arg;
	run_on(0);
	if (sched_setscheduler(0, SCHED_FIFO, &first))
		tap_bail_errno("sched_setscheduler");
	for (;;) {
		double begun = now();

		read_whole(LISTING_PATH);
		done->readings++;
		/* At any point of what the others do, who have the processor as long. */
		usleep(1000000 * (now() - begun) + rand() % 3000);
	}
}

static void read_tables(int control, void *arg)
{
	static const char *const tables[] = { "/proc/thread-self/net/tcp",
					      "/proc/thread-self/net/raw" };

	(void)control;
	(void)arg;
	run_on(0);
	for (;;) {
		for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
			read_whole(tables[i]);
		done->tables++;
	}
}

static void listen_again(int control, void *arg)
{
	(void)control;
	(void)arg;
	run_on(0);
	for (;;) {
		int first = sock_open(AF_INET, SOCK_STREAM, 0);
		int second = sock_open(AF_INET, SOCK_STREAM, 0);

		sock_option(first, SOL_SOCKET, SO_REUSEPORT, 1);
		sock_option(second, SOL_SOCKET, SO_REUSEPORT, 1);
		sock_bind(first, "127.0.0.1", 0);
		sock_bind(second, "127.0.0.1", sock_port(first));
		if (listen(first, 1) || listen(second, 1))
			tap_bail_errno("listen");
		close(first);
		close(second);
		done->listeners++;
	}
}

/* Has each gone on? */
static bool all_have(void *arg)
{
	const struct done *wanted = arg;

	return done->readings >= wanted->readings &&
	       done->tables >= wanted->tables &&
	       done->listeners >= wanted->listeners;
}

int main(void)
{
	void (*const bodies[])(int control, void *arg) = {
		be_real_time,
		read_tables,
		listen_again,
	};
	struct child child[ARRAY_SIZE(bodies)];
	struct done wanted;
	bool passed = true;

	tap_plan(1);
	net_enter_new();
	net_bring_up("lo");
	/* Or the kernel says that it takes the processor from who asks for all of it. */
	sysctl_set("kernel/sched_rt_runtime_us", "-1");
	done = mmap(NULL, sizeof(*done), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (done == MAP_FAILED)
		tap_bail_errno("mmap");
	for (int i = 0; i < NR_SOCKETS; i++) {
		tcp_listen("127.0.0.1", 1);
		sock_open(AF_INET, SOCK_RAW, 1 + i % 250);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bodies); i++)
		child_start(&child[i], bodies[i], NULL);
	/* Step by step, so that it is seen soon if somebody has stopped. */
	wanted = (struct done){ 1, 1, 1 };
	while (passed && done->readings < (unsigned int)NR_READINGS) {
		passed = wait_until(all_have, &wanted);
		wanted = (struct done){ done->readings + 1, done->tables + 1,
					done->listeners + 1 };
	}
	tap_ok(passed,
	       "%u readings, %u of the kernel's tables, %u times listen()",
	       done->readings, done->tables, done->listeners);
	/* Who waits for a lock for ever does not die, either. */
	if (!passed)
		_exit(1);
	for (size_t i = 0; i < ARRAY_SIZE(bodies); i++)
		child_stop(&child[i]);
	sysctl_set("kernel/sched_rt_runtime_us", "950000");
	return tap_done();
}
