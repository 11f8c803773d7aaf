/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_OUTPUT_H
#define SOCKOWNERS_OUTPUT_H

#include "options.h"

struct output;

void output_buffer(void);
struct output *output_start(const struct options *options, struct wish *wish);
void output_before(struct output *output, const char *json, const char *table);
int output_row(void *output, const struct row *row);
int output_end(struct output *output, bool complete);
int output_fail(const struct output *output);
uint64_t output_rows(const struct output *output);

#endif
