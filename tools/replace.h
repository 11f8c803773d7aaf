/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_REPLACE_H
#define SOCKOWNERS_REPLACE_H

#include <stddef.h>

int replace_file(const char *path, const char *text, size_t length);

#endif
