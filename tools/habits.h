/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_HABITS_H
#define SOCKOWNERS_HABITS_H

/* Options that were given alone, where a habit puts a word behind them. */
enum {
	HABIT_PROCESSES = 1, /* lsof -p PID */
	HABIT_UDP = 2, /* lsof -u USER */
	HABIT_WATCH = 4, /* --watch SECS */
	HABIT_PROMETHEUS = 8, /* --prometheus FILE */
};

void habits_check(unsigned int habits, char *const *words);
void habits_check_cluster(const char *argument);
void habits_check_letter(int letter);

#endif
