/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_FUZZ_JSON_H
#define SOCKOWNERS_FUZZ_JSON_H

#include <stdbool.h>

bool json_is_good(const char *text);

#endif
