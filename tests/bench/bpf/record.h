/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * What the iterator hands to user space for each socket and descriptor. Included by
 * both sides, after what defines the types for it.
 */
#ifndef BENCH_BPF_RECORD_H
#define BENCH_BPF_RECORD_H

struct record {
	__u32 pid;
	__u32 fd;
	__u32 laddr[4]; /* network byte order; of IPv4 the first one */
	__u32 raddr[4];
	__u16 lport;
	__u16 rport; /* network byte order */
	__u16 family;
	__u16 unused;
};

#endif
