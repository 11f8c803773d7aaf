/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
#ifndef SCENARIOS_ARRAY_H
#define SCENARIOS_ARRAY_H

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#endif
