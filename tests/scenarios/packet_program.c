// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * A BPF program of type sk_lookup hands all of a network namespace's packets to one
 * socket, on ports that nobody is bound to: who gets one is who packet= names before.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/ask.h"
#include "lib/deadline.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/tap.h"

#define NR_CLAIMS    10
#define UNBOUND_PORT 53

static int bpf(enum bpf_cmd command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* UDP's socket and TCP's listener. -1 if this kernel has no such maps. */
static int make_map(int udp, int listener)
{
	union bpf_attr made = {
		.map_type = BPF_MAP_TYPE_SOCKMAP,
		.key_size = sizeof(__u32),
		.value_size = sizeof(__u64),
		.max_entries = 2,
	};
	int map = bpf(BPF_MAP_CREATE, &made);

	if (map < 0)
		return -1;
	for (__u32 i = 0; i < 2; i++) {
		__u64 sock = i ? listener : udp;
		union bpf_attr put = {
			.map_fd = map,
			.key = (uintptr_t)&i,
			.value = (uintptr_t)&sock,
		};

		if (bpf(BPF_MAP_UPDATE_ELEM, &put))
			tap_bail_errno("a socket in a map");
	}
	return map;
}

#define INSN(opcode, dst, src, offset, constant)                              \
	{                                                                     \
		.code = (opcode), .dst_reg = BPF_REG_##dst, .src_reg = (src), \
		.off = (offset), .imm = (constant),                           \
	}

/* A packet of TCP is for the second of @map, another for the first. */
static int load_program(int map)
{
	static const char license[] = "GPL";
	static char log[16384];
	const struct bpf_insn steps[] = {
		/* r6 = context; the key is protocol == IPPROTO_TCP */
		INSN(BPF_ALU64 | BPF_MOV | BPF_X, 6, BPF_REG_1, 0, 0),
		INSN(BPF_LDX | BPF_MEM | BPF_W, 7, BPF_REG_6,
		     offsetof(struct bpf_sk_lookup, protocol), 0),
		INSN(BPF_ST | BPF_MEM | BPF_W, 10, 0, -4, 1),
		INSN(BPF_JMP | BPF_JEQ | BPF_K, 7, 0, 1, IPPROTO_TCP),
		INSN(BPF_ST | BPF_MEM | BPF_W, 10, 0, -4, 0),
		/* r0 = the socket of that key */
		INSN(BPF_LD | BPF_IMM | BPF_DW, 1, BPF_PSEUDO_MAP_FD, 0, map),
		INSN(0, 0, 0, 0, 0),
		INSN(BPF_ALU64 | BPF_MOV | BPF_X, 2, BPF_REG_10, 0, 0),
		INSN(BPF_ALU64 | BPF_ADD | BPF_K, 2, 0, 0, -4),
		INSN(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_map_lookup_elem),
		INSN(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 7, 0),
		/* it is for that one */
		INSN(BPF_ALU64 | BPF_MOV | BPF_X, 7, BPF_REG_0, 0, 0),
		INSN(BPF_ALU64 | BPF_MOV | BPF_X, 1, BPF_REG_6, 0, 0),
		INSN(BPF_ALU64 | BPF_MOV | BPF_X, 2, BPF_REG_7, 0, 0),
		INSN(BPF_ALU64 | BPF_MOV | BPF_K, 3, 0, 0, 0),
		INSN(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_sk_assign),
		INSN(BPF_ALU64 | BPF_MOV | BPF_X, 1, BPF_REG_7, 0, 0),
		INSN(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_sk_release),
		INSN(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, SK_PASS),
		INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SK_LOOKUP,
		.expected_attach_type = BPF_SK_LOOKUP,
		.insns = (uintptr_t)steps,
		.insn_cnt = ARRAY_SIZE(steps),
		.license = (uintptr_t)license,
		.log_buf = (uintptr_t)log,
		.log_size = sizeof(log),
		.log_level = 1,
	};
	int program = bpf(BPF_PROG_LOAD, &attr);

	if (program < 0)
		tap_bail("the program: %s\n%s", strerror(errno), log);
	return program;
}

/* Closing it takes the program away. */
static int attach(int program)
{
	union bpf_attr attr = {
		.link_create = {
			.prog_fd = program,
			.target_fd = net_open(),
			.attach_type = BPF_SK_LOOKUP,
		},
	};
	int link = bpf(BPF_LINK_CREATE, &attr);

	if (link < 0)
		tap_bail_errno("attaching the program");
	close(attr.link_create.target_fd);
	return link;
}

/* Whose inode packet= says; 0 for nobody's. */
static unsigned long named(const char *protocol)
{
	char query[100], *text, *value;
	unsigned long inode;

	snprintf(query, sizeof(query),
		 "columns=inode packet=%s,127.0.0.1:1000,127.0.0.1:%d,lo",
		 protocol, UNBOUND_PORT);
	text = ask_text(query);
	value = strchr(text, '\n');
	inode = value ? strtoul(value + 1, NULL, 10) : 0;
	free(text);
	return inode;
}

static bool has_come(int sock)
{
	struct pollfd fd = { .fd = sock, .events = POLLIN };

	return poll(&fd, 1, 1000 * PATIENCE) == 1 && fd.revents == POLLIN;
}

static void check_udp(int udp)
{
	struct address address = address_of("127.0.0.1", UNBOUND_PORT);
	int client = sock_open(AF_INET, SOCK_DGRAM, 0);
	char byte = 0;

	tap_is_number(named("udp"), sock_inode(udp),
		      "UDP: packet= names whom the program chooses");
	if (sendto(client, &byte, 1, 0, &address.any, address.length) != 1)
		tap_bail_errno("sendto");
	tap_ok(has_come(udp), "and it gets the datagram");
	close(client);
}

static void check_tcp(int listener)
{
	int client = tcp_connect("127.0.0.1", UNBOUND_PORT);

	tap_is_number(named("tcp"), sock_inode(listener),
		      "TCP: packet= names whom the program chooses");
	tap_ok(has_come(listener), "and it gets the connection");
	close(client);
}

static void check_nobody(const char *when)
{
	struct address address = address_of("127.0.0.1", UNBOUND_PORT);
	int client = sock_open(AF_INET, SOCK_STREAM, 0);
	bool connected = !connect(client, &address.any, address.length);

	tap_ok(!connected && errno == ECONNREFUSED, "%s: nobody's port", when);
	tap_is_number(named("udp"), 0, "%s: nobody, UDP", when);
	tap_is_number(named("tcp"), 0, "%s: nobody, TCP", when);
	close(client);
}

int main(void)
{
	int udp, listener, map, link;

	tap_plan(NR_CLAIMS);
	net_enter_new();
	udp = udp_open("127.0.0.1");
	listener = tcp_listen("127.0.0.1", 8);
	map = make_map(udp, listener);
	if (map < 0) {
		for (int i = 0; i < NR_CLAIMS; i++)
			tap_skip("no maps of sockets here", "claim %d", i + 1);
		return tap_done();
	}
	check_nobody("before");
	link = attach(load_program(map));
	check_udp(udp);
	check_tcp(listener);
	close(link);
	check_nobody("after");
	return tap_done();
}
