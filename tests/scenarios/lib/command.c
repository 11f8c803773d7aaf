// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "command.h"

#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

void command_start(struct command *command, const char *text)
{
	int ends[2];

	if (pipe(ends))
		tap_bail_errno("pipe");
	command->text = text;
	command->pid = fork();
	if (command->pid < 0)
		tap_bail_errno("fork");
	if (command->pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		if (close_range(STDERR_FILENO + 1, ~0U, 0))
			tap_bail_errno("close_range");
		execl("/bin/sh", "sh", "-c", text, NULL);
		_exit(127);
	}
	close(ends[1]);
	command->output = fdopen(ends[0], "r");
	if (!command->output)
		tap_bail_errno("fdopen");
}

void command_end(struct command *command)
{
	int status;

	fclose(command->output);
	if (waitpid(command->pid, &status, 0) != command->pid)
		tap_bail_errno("waitpid");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		tap_bail("no such command: %s", command->text);
}
