/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_WHY_H
#define SOCKOWNERS_WHY_H

#include "options.h"

int why_run(struct options *options);

#endif
