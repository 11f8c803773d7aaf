/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * The strongest contender of the bench: an iterator of the kernel over all files of
 * all tasks, which gives pid, descriptor and four-tuple of every inet socket. It has
 * neither state nor inode, and sees nothing that no file table holds.
 */
#ifndef BENCH_BPF_SOCKET_H
#define BENCH_BPF_SOCKET_H

#include "vmlinux.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define AF_INET	 2
#define AF_INET6 10

char LICENSE[] SEC("license") = "GPL";

/* The inet socket that the iterator is at, or NULL. */
static __always_inline struct sock *socket_of(struct bpf_iter__task_file *ctx)
{
	struct file *file = ctx->file;
	struct socket *socket;
	struct sock *sk;
	__u16 family;

	if (!file)
		return NULL;
	socket = bpf_sock_from_file(file);
	if (!socket)
		return NULL;
	sk = socket->sk;
	if (!sk)
		return NULL;
	family = sk->__sk_common.skc_family;
	return family == AF_INET || family == AF_INET6 ? sk : NULL;
}

#endif
