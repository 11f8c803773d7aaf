/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * How many listings a user has open.
 */
#ifndef SOCKOWNERS_READERS_H
#define SOCKOWNERS_READERS_H

#include <linux/types.h>
#include <linux/uidgid.h>

/* Each has some 220 KiB from the beginning: 14 MiB for a user. */
#define SKO_READERS_MAX 64

struct cred;
struct sko_readers;

kuid_t sko_readers_user(const struct cred *cred);
struct sko_readers *sko_readers_enter(kuid_t uid);
void sko_readers_leave(struct sko_readers *readers);
bool sko_readers_has(kuid_t uid);

#endif
