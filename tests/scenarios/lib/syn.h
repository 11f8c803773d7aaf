/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/* A SYN made by hand: the beginning of a connection that nobody goes on with. */
#ifndef SCENARIOS_SYN_H
#define SCENARIOS_SYN_H

/* Sends one to @to, port @port, that says it comes from @from, @from_port. */
void send_syn(const char *from, unsigned int from_port, const char *to,
	      unsigned int port);

/*
 * Waits until @nr half-open connections of this network namespace have been
 * answered three times, or four on a slow kernel. When the next SYN-ACK is due
 * the kernel forgets those whose listener was closed: now that takes 8 seconds,
 * or 16.
 */
void wait_for_answers(unsigned int nr);

#endif
