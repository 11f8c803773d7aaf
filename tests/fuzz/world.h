/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_FUZZ_WORLD_H
#define SOCKOWNERS_FUZZ_WORLD_H

#include <stddef.h>

/* Bytes at the beginning of an input that say how the world is. */
#define WORLD_BYTES 4

enum form {
	FORM_TABLE,
	FORM_JSON,
	FORM_ANY, /* JSON if it begins with a brace */
};

/**
 * struct world - what the reader meets in a run
 * @bytes: how reads, /proc, the terminal and failures are: see world.c
 * @listing: what is in every file
 * @length: of it
 * @form: of the output
 */
struct world {
	const unsigned char *bytes;
	const char *listing;
	size_t length;
	enum form form;
};

size_t world_choice(unsigned char byte, size_t count);
void world_run(const struct world *world, int argc, const char *const *argv);

/* What a target is, for libFuzzer under the name that it wants: see Makefile. */
int take_input(const unsigned char *data, size_t size);

#endif
