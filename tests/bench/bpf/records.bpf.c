// SPDX-License-Identifier: GPL-2.0-only
/* Copyright (C) The sockowners authors */
/* Each socket as a struct, of which format.c makes a line. */
#include "socket.bpf.h"

#include "record.h"

SEC("iter/task_file")
int records(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct sock *sk = socket_of(ctx);
	struct record record = {};

	if (!task || !sk)
		return 0;
	record.pid = task->tgid;
	record.fd = ctx->fd;
	record.family = sk->__sk_common.skc_family;
	record.lport = sk->__sk_common.skc_num;
	record.rport = sk->__sk_common.skc_dport;
	if (record.family == AF_INET) {
		record.laddr[0] = sk->__sk_common.skc_rcv_saddr;
		record.raddr[0] = sk->__sk_common.skc_daddr;
	} else {
		for (int i = 0; i < 4; i++) {
			record.laddr[i] = sk->__sk_common.skc_v6_rcv_saddr.in6_u
						  .u6_addr32[i];
			record.raddr[i] =
				sk->__sk_common.skc_v6_daddr.in6_u.u6_addr32[i];
		}
	}
	bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}
