/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * What goes on besides the churns of the scenarios' library: each is the body of a
 * child and ends when it is stopped.
 */
#ifndef STRESS_STORMS_H
#define STRESS_STORMS_H

/* A program executes itself over and over, also from a second thread. */
void storm_execute(int control, void *unused);
/* Where an executed copy of this program goes on. */
void storm_executed(void);
/* Unix sockets in each other's queues, left to the garbage collector. */
void storm_garbage(int control, void *unused);
/* One descriptor is one socket after the other. */
void storm_replace(int control, void *unused);
/* File tables that grow to half a million descriptors and shrink. */
void storm_tables(int control, void *unused);
/* A table of a million slots with a few files in it. */
void storm_sparse(int control, void *unused);
/* Network namespaces, each with sockets of all kinds, that come and go. */
void storm_namespaces(int control, void *unused);
/* io_urings that keep sockets and let them go. */
void storm_rings(int control, void *unused);
/* MPTCP connections. */
void storm_mptcp(int control, void *unused);

#endif
