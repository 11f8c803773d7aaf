/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_CHOSEN_H
#define SOCKOWNERS_CHOSEN_H

#include "listing.h"
#include "numbers.h"

/**
 * struct chosen - cgroups that were asked for
 * @next: those of another host
 * @host: on which they are, "-" for any
 * @ids: of them
 */
struct chosen {
	struct chosen *next;
	const char *host;
	struct numbers ids;
};

void chosen_add(struct chosen **list, const char *item);
void chosen_empty(struct chosen *list);
void chosen_add_again(struct chosen **list, const char *item);
bool chosen_have(const struct chosen *list, const struct row *row);

#endif
