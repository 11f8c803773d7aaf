/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_PLACES_H
#define SOCKOWNERS_PLACES_H

#include "numbers.h"

void places_add_netns(struct numbers *numbers, const char *item);

#endif
