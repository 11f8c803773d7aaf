/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_REPORT_H
#define SOCKOWNERS_REPORT_H

#include <stdbool.h>
#include <stdnoreturn.h>

/* Exit statuses; scripts depend on them. */
enum status {
	STATUS_LISTED = 0,
	STATUS_NOTHING = 1, /* no row matched */
	STATUS_ERROR = 2,
	STATUS_NO_MODULE = 3,
};

/* As the kernel has it. */
#define __printf(format_at, arguments_at) \
	__attribute__((format(printf, format_at, arguments_at)))

void report_behind(void (*flush)(void));
__printf(1, 2) void report(const char *format, ...);
__printf(1, 2) noreturn void usage_error(const char *format, ...);
noreturn void no_memory(void);
void report_hidden(unsigned long long rows, bool saved);
int finish_output(void);
int report_write_error(int error);

#endif
