/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 *
 * The module's parameters.
 */
#ifndef SOCKOWNERS_PARAMETERS_H
#define SOCKOWNERS_PARAMETERS_H

struct sko_columns;

void sko_parameters_columns(struct sko_columns *columns);

#endif
