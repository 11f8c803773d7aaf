/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_READER_H
#define SOCKOWNERS_READER_H

int reader_run(int argc, char **argv);

#endif
