// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "compat.h"
#include "inflight.h"
#include "proc.h"

#include <linux/module.h>

static int __init sko_init(void)
{
	sko_inflight_probe();
	return sko_proc_init();
}

static void __exit sko_exit(void)
{
	sko_proc_exit();
}

module_init(sko_init);
module_exit(sko_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The sockowners authors");
MODULE_DESCRIPTION("/proc/sockowners: which process holds which socket");
MODULE_VERSION(SOCKOWNERS_VERSION);
/* By the name of its file: modprobe proc-sockowners. */
MODULE_ALIAS("proc-sockowners");
