/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_ESCAPE_H
#define SOCKOWNERS_ESCAPE_H

#include <stddef.h>

/* A byte that is escaped: a backslash and three digits. */
#define ESCAPED_BYTE 4

const char *unescape_byte(const char *text, unsigned char *byte);
void unescape(char *to, size_t size, const char *text);
char *escape(char *to, const char *name);

#endif
