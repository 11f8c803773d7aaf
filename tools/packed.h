/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_PACKED_H
#define SOCKOWNERS_PACKED_H

#include "listing.h"

size_t packed_size(const struct row *row, uint32_t fields);
void row_pack(char *to, const struct row *row, uint32_t fields);
const char *packed_text(const char *from, enum field field, uint32_t fields);
void row_unpack(struct row *row, const char *from, uint32_t fields);

#endif
