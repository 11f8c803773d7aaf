/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * Processes that change, without pause, what the listing is read from: each is the
 * body of a child, in a network namespace of its own, whose inode number it tells
 * first; it ends when it is stopped.
 */
#ifndef SCENARIOS_CHURN_H
#define SCENARIOS_CHURN_H

/* Processes that come and go, each with sockets of its own. */
void churn_processes(int control, void *unused);
/* Connections that wait to be accepted, are, and leave time-waits. */
void churn_connections(int control, void *unused);
/* Threads that get a copy of the file table and leave. */
void churn_tables(int control, void *unused);
/* Sockets that are passed through a unix socket, round and round. */
void churn_passing(int control, void *unused);

#endif
