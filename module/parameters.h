/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * The module's parameters.
 */
#ifndef SOCKOWNERS_PARAMETERS_H
#define SOCKOWNERS_PARAMETERS_H

#include <linux/types.h>
#include <linux/uidgid.h>

struct sko_columns;

void sko_parameters_columns(struct sko_columns *columns);
umode_t sko_parameters_mode(void);
kgid_t sko_parameters_group(void);
bool sko_parameters_is_member(void);

#endif
