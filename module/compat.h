/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * Differences between kernel versions: here, and nowhere else.
 */
#ifndef SOCKOWNERS_COMPAT_H
#define SOCKOWNERS_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "sockowners needs Linux 6.1 or newer"
#endif

#endif
