/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_RESOLVE_H
#define SOCKOWNERS_RESOLVE_H

#include <stdbool.h>

/* The longest name that is shown as one, with its escapes. */
#define RESOLVED_MAX 255

void resolve_start(bool wanted);
bool resolve_is_on(void);
const char *resolve_host(const char *address);
const char *resolve_service(const char *port, const char *protocol);

#endif
