/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/* The module's parameters, as the files in /sys/module/sockowners. */
#ifndef SCENARIOS_PARAMETER_H
#define SCENARIOS_PARAMETER_H

#include <stdbool.h>
#include <stddef.h>

/* Returns 0 or errno. */
int parameter_set(const char *name, const char *value);
/* Without the newline. */
void parameter_get(const char *name, char *value, size_t size);
bool parameter_is(const char *name, const char *value);

#endif
