/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * Readers of every kind: each is the body of a child and ends when it is stopped.
 * A read that fails with anything but what unloading the module gives ends it with
 * an error.
 */
#ifndef STRESS_READERS_H
#define STRESS_READERS_H

#include <stdbool.h>

/* Is the module unloaded and loaded meanwhile? Without that nothing may fail. */
extern bool readers_reloading;

/* From the beginning to the end, in large pieces. */
void reader_whole(int control, void *unused);
/* Byte by byte. */
void reader_bytes(int control, void *unused);
/* Back to the beginning in the middle, and at other places. */
void reader_seeking(int control, void *unused);
/* A part, and then never again. */
void reader_leaving(int control, void *unused);
/* Readers that are killed at any moment. */
void reader_killed(int control, void *unused);
/* Several threads on one descriptor. */
void reader_threads(int control, void *unused);
/* With one query after the other. */
void reader_asking(int control, void *unused);
/* An ordinary user, who may not see the others. */
void reader_ordinary(int control, void *unused);

#endif
