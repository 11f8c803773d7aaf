/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_NUMBERS_H
#define SOCKOWNERS_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct numbers - a set
 * @list: ascending, none twice
 * @count: how many
 */
struct numbers {
	uint64_t *list;
	size_t count;
};

bool number_parse(uint64_t *number, const char *text, uint64_t max);
void numbers_add(struct numbers *numbers, uint64_t number);
bool numbers_has(const struct numbers *numbers, uint64_t number);

#endif
