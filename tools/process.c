// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// A process in a text of our own: NAME[PID]. A process that calls itself "a[1]" or
// "a,b" must not look like another one, or like two.

#include <stdio.h>

#include "process.h"

/**
 * process_of() - remember the process of a row
 * @process: is filled in
 * @row: the row
 */
void process_of(struct process *process, const struct row *row)
{
	process->pid = row->number[FIELD_PID];
	snprintf(process->comm, sizeof(process->comm), "%s",
		 row->text[FIELD_COMM].start);
}

/**
 * process_write() - write its name and number
 * @to: PROCESS_MAX bytes
 * @process: who
 *
 * Return: the end of the text, where there is a NUL.
 */
char *process_write(char *to, const struct process *process)
{
	for (const char *p = process->comm; *p; p++) {
		if (strchr("[],", *p))
			to += sprintf(to, "\\%03o", (unsigned char)*p);
		else
			*to++ = *p;
	}
	return to + sprintf(to, "[%llu]", (unsigned long long)process->pid);
}
