// SPDX-License-Identifier: GPL-2.0-only
/* Copyright (C) The sockowners authors */
/* Each socket as a line of text, made in the kernel. */
#include "socket.bpf.h"

SEC("iter/task_file")
int text(struct bpf_iter__task_file *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct task_struct *task = ctx->task;
	struct sock *sk = socket_of(ctx);
	__u32 pid, fd, lport, rport;

	if (!task || !sk)
		return 0;
	pid = task->tgid;
	fd = ctx->fd;
	lport = sk->__sk_common.skc_num;
	rport = bpf_ntohs(sk->__sk_common.skc_dport);
	if (sk->__sk_common.skc_family == AF_INET)
		BPF_SEQ_PRINTF(seq, "%u\t%u\t%pI4\t%u\t%pI4\t%u\n", pid, fd,
			       &sk->__sk_common.skc_rcv_saddr, lport,
			       &sk->__sk_common.skc_daddr, rport);
	else
		BPF_SEQ_PRINTF(seq, "%u\t%u\t%pI6\t%u\t%pI6\t%u\n", pid, fd,
			       &sk->__sk_common.skc_v6_rcv_saddr, lport,
			       &sk->__sk_common.skc_v6_daddr, rport);
	return 0;
}
