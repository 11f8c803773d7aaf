/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * How memory for a reader is allocated.
 */
#ifndef SOCKOWNERS_MEMORY_H
#define SOCKOWNERS_MEMORY_H

#include <linux/gfp.h>

/*
 * Charged to the reader's memory cgroup. If that is full a plain charge calls the
 * OOM killer before it fails, and with __GFP_RETRY_MAYFAIL it just fails. The
 * caller is told so by an error; the log, which any user could fill, is not.
 */
#define SKO_GFP (GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

#endif
