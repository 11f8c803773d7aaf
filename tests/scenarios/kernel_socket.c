// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * Sockets that the kernel has made for itself: those of a VXLAN and a WireGuard
 * device, and the connection of a 9p mount, which has a file like a process's.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/expect.h"
#include "lib/link.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

static struct expect expect;

/* A socket like those of a tunnel: of ours, and closed before it is compared. */
static void expect_tunnel(int family, const char *any, unsigned int port)
{
	int sock = sock_open(family, SOCK_DGRAM, 0);
	struct expected_row row;

	if (family == AF_INET6)
		sock_option(sock, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	sock_bind(sock, any, 0);
	row_of_nobody(&row, "kernel", sock);
	row_set(&row, LPORT, "%u", port);
	row_set(&row, INODE, "-");
	expect_row(&expect, &row);
	close(sock);
}

/* The inode number of a socket without a file is one that nobody can ask for. */
static void forget_inodes(struct listing *listing)
{
	for (size_t i = 0; i < listing->nr_rows; i++)
		if (!strcmp(listing->rows[i].field[HOLDER], "kernel"))
			listing->rows[i].field[INODE] = "-";
}

static void check_tunnel(const char *kind, bool both, unsigned int port)
{
	struct listing listing;

	if (!link_add("tunnel", kind)) {
		tap_skip("this kernel has no such device", "%s", kind);
		return;
	}
	net_bring_up("tunnel");
	expect_tunnel(AF_INET, "0.0.0.0", port);
	if (both)
		expect_tunnel(AF_INET6, "::", port);
	expect_namespace(&expect);
	listing_read(&listing);
	forget_inodes(&listing);
	expect_in(&expect, &listing, "%s: the kernel's on port %u", kind, port);
	listing_free(&listing);
	expect_clear(&expect);
	link_delete(if_nametoindex("tunnel"));
}

static unsigned int wireguard_port(void)
{
	struct listing listing;
	unsigned long netns = net_inode();
	unsigned int port = 0;

	listing_read(&listing);
	for (size_t i = 0; i < listing.nr_rows; i++)
		if (strtoul(listing.rows[i].field[NETNS], NULL, 10) == netns)
			port = atoi(listing.rows[i].field[LPORT]);
	listing_free(&listing);
	return port;
}

/* Its port is chosen when it comes up: the same for both families. */
static void check_wireguard(void)
{
	unsigned int port;
	struct listing listing;

	if (!link_add("wg", "wireguard")) {
		tap_skip("this kernel has no such device", "wireguard");
		return;
	}
	net_bring_up("wg");
	port = wireguard_port();
	expect_tunnel(AF_INET, "0.0.0.0", port);
	expect_tunnel(AF_INET6, "::", port);
	expect_namespace(&expect);
	listing_read(&listing);
	forget_inodes(&listing);
	expect_in(&expect, &listing, "wireguard: the kernel's, both families");
	listing_free(&listing);
	expect_clear(&expect);
	link_delete(if_nametoindex("wg"));
}

static void *mount_9p(void *arg)
{
	char options[100];

	snprintf(options, sizeof(options), "trans=tcp,port=%u",
		 *(unsigned int *)arg);
	mount("127.0.0.1", "/tmp/9p", "9p", 0, options);
	return (void *)(long)errno;
}

/* The server answers nothing, so the mount stays where it is. */
static void check_9p(void)
{
	int listener = tcp_listen("127.0.0.1", 1), server;
	unsigned int port = sock_port(listener);
	struct address peer = { .length = sizeof(peer.v4) };
	struct expected_row row, other;
	struct listing listing;
	pthread_t thread;
	void *error;

	sock_nonblocking(listener);
	mkdir("/tmp/9p", 0700);
	if (pthread_create(&thread, NULL, mount_9p, &port))
		tap_bail("no thread");
	for (double start = now(); now() < start + PATIENCE; pause_ms(20)) {
		server = accept(listener, &peer.any, &peer.length);
		if (server >= 0)
			break;
	}
	if (server < 0) {
		pthread_join(thread, &error);
		tap_skip("this kernel has no 9p over TCP", "9p");
		close(listener);
		return;
	}
	row_of_nobody(&row, "kernel", server);
	other = row;
	strcpy(row.field[LPORT], other.field[RPORT]);
	strcpy(row.field[RPORT], other.field[LPORT]);
	row_set(&row, INODE, "-");
	expect_row(&expect, &row);
	expect_fd(&expect, server);
	expect_fd(&expect, listener);
	expect_namespace(&expect);
	listing_read(&listing);
	forget_inodes(&listing);
	expect_in(&expect, &listing, "a 9p mount: the kernel's end");
	listing_free(&listing);
	expect_clear(&expect);
	close(server);
	close(listener);
	pthread_join(thread, &error);
	rmdir("/tmp/9p");
}

int main(void)
{
	tap_plan(3);
	net_enter_new();
	check_tunnel("vxlan", false, 8472);
	net_enter_new();
	check_wireguard();
	net_enter_new();
	check_9p();
	return tap_done();
}
