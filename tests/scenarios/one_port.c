// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * One process with more than 65,535 connections on one local port. Every one
 * of them is listed, once: what ends is the number of descriptors, not of
 * ports.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/deadline.h"
#include "lib/expect.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define NR_CONNECTIONS 66000
/* Each has ports for 64,512 of them, and finds one at once if it needs few. */
#define NR_SOURCES 8
/*
 * Client and server take turns: if both ran at once they would fight for the
 * locks of the hash tables, which costs more than a second processor gives.
 */
#define TURN 1000

static unsigned int port;
/* Descriptors of the client's ends; both processes have this memory. */
static int *client_socks;

static void be_client(int control, void *arg)
{
	char source[16];

	(void)arg;
	for (int i = 0; i < NR_CONNECTIONS; i++) {
		int sock = sock_open(AF_INET, SOCK_STREAM, 0);

		snprintf(source, sizeof(source), "127.0.0.%d",
			 2 + i % NR_SOURCES);
		sock_option(sock, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
		sock_bind(sock, source, 0);
		tcp_reset_on_close(sock);
		sock_connect(sock, "127.0.0.1", port);
		client_socks[i] = sock;
		if (i % TURN == TURN - 1) {
			tell(control, 0);
			hear(control);
		}
	}
	stay(control);
}

/* All these rows differ in the descriptor, the tuple and the inode alone. */
static void expect_accepted(struct expect *expect, const int *socks)
{
	struct expected_row row;

	for (int i = 0; i < NR_CONNECTIONS; i++) {
		if (i == 0)
			row_of_socket(&row, getpid(), socks[i], socks[i]);
		row_set(&row, FD, "%d", socks[i]);
		row_set_tuple(&row, socks[i]);
		expect_row(expect, &row);
	}
}

static void expect_connected(struct expect *expect, pid_t client)
{
	int pidfd = syscall(SYS_pidfd_open, client, 0);
	struct expected_row row;

	for (int i = 0; i < NR_CONNECTIONS; i++) {
		int fd = client_socks[i];
		int sock = syscall(SYS_pidfd_getfd, pidfd, fd, 0);

		if (sock < 0)
			tap_bail_errno("descriptor %d of the client", fd);
		if (i == 0)
			row_of_socket(&row, client, fd, sock);
		row_set(&row, FD, "%d", fd);
		row_set_tuple(&row, sock);
		expect_row(expect, &row);
		close(sock);
	}
	close(pidfd);
}

int main(void)
{
	static int socks[NR_CONNECTIONS];
	struct expect expect = { 0 };
	struct listing listing;
	struct child client;
	double begun = now();
	int listener;

	tap_plan(2);
	allow_descriptors(NR_CONNECTIONS + 100);
	net_enter_new();
	sysctl_set("net/ipv4/ip_local_port_range", "1024 65535");
	/* No connection waits for room in the queue. */
	sysctl_set("net/core/somaxconn", "4096");
	listener = tcp_listen("127.0.0.1", 2 * TURN);
	port = sock_port(listener);

	client_socks = mmap(NULL, sizeof(socks), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (client_socks == MAP_FAILED)
		tap_bail_errno("mmap");
	child_start(&client, be_client, NULL);
	for (int i = 0; i < NR_CONNECTIONS; i++) {
		if (i % TURN == 0)
			hear(client.control);
		socks[i] = tcp_accept(listener);
		if (i % TURN == TURN - 1)
			tell(client.control, 0);
	}
	tap_diag("%d connections made in %.1f s", NR_CONNECTIONS,
		 now() - begun);

	begun = now();
	expect_fd(&expect, listener);
	expect_accepted(&expect, socks);
	expect_shared(&expect, client.pid, listener, listener);
	expect_connected(&expect, client.pid);
	tap_diag("rows put together in %.1f s", now() - begun);

	begun = now();
	listing_read(&listing);
	tap_diag("%zu rows read in %.2f s", listing.nr_rows, now() - begun);
	expect_in(&expect, &listing,
		  "%d connections on one port: both ends, each once",
		  NR_CONNECTIONS);
	listing_free(&listing);

	child_stop(&client);
	close(listener);
	for (int i = 0; i < NR_CONNECTIONS; i++)
		close(socks[i]);
	expect_clear(&expect);
	expect_process(&expect, getpid());
	expect_process(&expect, client.pid);
	expect_listed(&expect, "all closed: none");
	return tap_done();
}
