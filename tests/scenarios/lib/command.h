/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * What a command of the shell prints. It inherits no descriptor, so that it is
 * no holder of the sockets that it is asked about.
 */
#ifndef SCENARIOS_COMMAND_H
#define SCENARIOS_COMMAND_H

#include <stdio.h>

struct command {
	const char *text;
	FILE *output;
	int pid;
};

void command_start(struct command *command, const char *text);
/* Reaps it. */
void command_end(struct command *command);

#endif
