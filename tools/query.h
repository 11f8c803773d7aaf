/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_QUERY_H
#define SOCKOWNERS_QUERY_H

#include "filter.h"

/* The kernel takes no longer one. */
#ifndef QUERY_MAX
#define QUERY_MAX 4096
#endif

/**
 * struct query - what the kernel is asked for
 * @text: terms with a space between two of them
 * @length: of @text
 * @columns_length: of the first term, which names the columns, or of the first two
 *	if a packet is asked about
 * @required: the listing is of no use if the kernel does not answer it
 */
struct query {
	char text[QUERY_MAX];
	size_t length;
	size_t columns_length;
	bool required;
};

void query_write(struct query *query, const struct wish *wish,
		 const struct filter *filter, const char *packet);
size_t query_write_inodes(struct query *query, const struct wish *wish,
			  const uint64_t *inodes, size_t count);
bool query_is(const struct query *query, const struct query *other);
void query_add_local_port(struct query *query, unsigned int port);

#endif
