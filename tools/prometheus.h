/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_PROMETHEUS_H
#define SOCKOWNERS_PROMETHEUS_H

#include "reading.h"

int prometheus_run(struct reading *reading, struct options *options);

#endif
