/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_GROUP_H
#define SOCKOWNERS_GROUP_H

#include "store.h"

struct member;

/**
 * struct grouping - rows that are kept to become one for each socket
 * @active: somebody wants that
 * @store: the rows
 * @members: of each, of which socket it is
 * @room: how many @members may become before it has to grow
 * @text: the holders of the socket that is shown
 * @size: of @text
 */
struct grouping {
	bool active;
	struct store store;
	struct member *members;
	size_t room;
	char *text;
	size_t size;
};

void group_start(struct grouping *group, struct wish *wish);
int group_keep(struct grouping *group, const struct row *row, bool matches);
int group_each(struct grouping *group,
	       int (*row_to)(void *context, struct row *row, size_t first),
	       void *context);

#endif
