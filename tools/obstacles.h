/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_OBSTACLES_H
#define SOCKOWNERS_OBSTACLES_H

#include <stdint.h>

#include "wanted.h"

/**
 * struct obstacle - why a bind() fails, whoever has the port
 * @error: its errno
 * @text: the reason, in a line
 */
struct obstacle {
	int error;
	char text[160];
};

#define OBSTACLES_MAX 2

size_t obstacles_find(const struct wanted *wanted,
		      struct obstacle obstacles[OBSTACLES_MAX]);
bool obstacles_sees_every_netns(void);

#endif
