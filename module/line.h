/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * A row as a line of text: the format that scripts depend on.
 */
#ifndef SOCKOWNERS_LINE_H
#define SOCKOWNERS_LINE_H

#include "columns.h"
#include "row.h"
#include "text.h"

/*
 * No line is longer. The numbers, addresses and words have at most SKO_IPV6_MAX
 * bytes each; the two names may be escaped throughout.
 */
#define SKO_LINE_MAX ((SKO_COLUMNS - 2) * (SKO_IPV6_MAX + 1) + \
		      SKO_NAME_MAX(IFNAMSIZ) + SKO_NAME_MAX(TASK_COMM_LEN) + 2)

char *sko_line_header(char *p, const struct sko_columns *columns);
char *sko_line(char *p, const struct sko_row *row,
	       const struct sko_columns *columns);

/* Its words, for whoever has to read them. */
const char *sko_holder_name(unsigned int holder);
const char *sko_state_name(u8 state);
const char *sko_proto_name(u16 type, u16 protocol);

#endif
