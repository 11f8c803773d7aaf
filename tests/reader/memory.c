// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// Preloaded into the reader: when it has begun to make a text in memory there are no
// large pieces of that any more.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#define LARGE 8192

void *__libc_malloc(size_t size);

static bool begun;

FILE *open_memstream(char **text, size_t *length)
{
	typeof(open_memstream) *next =
		(typeof(open_memstream) *)dlsym(RTLD_NEXT, __func__);
	FILE *file = next(text, length);

	begun = true;
	return file;
}

void *malloc(size_t size)
{
	if (!begun || size <= LARGE)
		return __libc_malloc(size);
	errno = ENOMEM;
	return NULL;
}
