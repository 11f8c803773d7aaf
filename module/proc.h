/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * The file /proc/sockowners.
 */
#ifndef SOCKOWNERS_PROC_H
#define SOCKOWNERS_PROC_H

#include <linux/seq_file.h>

extern const struct seq_operations sko_seq_ops;

int sko_proc_init(void);
void sko_proc_exit(void);

#endif
