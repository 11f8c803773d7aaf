// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "states.h"

#define BIT(n) (UINT32_C(1) << (n))

enum {
	ESTABLISHED,
	SYN_SENT,
	SYN_RECV,
	FIN_WAIT1,
	FIN_WAIT2,
	TIME_WAIT,
	CLOSE,
	CLOSE_WAIT,
	LAST_ACK,
	LISTEN,
	CLOSING,
	BOUND,
	UNCONNECTED,
};

/* As the listing has them. */
const char *const state_names[STATES] = {
	[ESTABLISHED] = "ESTABLISHED",
	[SYN_SENT] = "SYN_SENT",
	[SYN_RECV] = "SYN_RECV",
	[FIN_WAIT1] = "FIN_WAIT1",
	[FIN_WAIT2] = "FIN_WAIT2",
	[TIME_WAIT] = "TIME_WAIT",
	[CLOSE] = "CLOSE",
	[CLOSE_WAIT] = "CLOSE_WAIT",
	[LAST_ACK] = "LAST_ACK",
	[LISTEN] = "LISTEN",
	[CLOSING] = "CLOSING",
	[BOUND] = "BOUND",
	[UNCONNECTED] = "UNCONNECTED",
};

/* What ss has one state for, which it calls closed or unconnected. */
#define UNUSED (BIT(CLOSE) | BIT(BOUND) | BIT(UNCONNECTED))

/* The words of ss, where they are others. */
static const struct {
	const char *name;
	uint32_t states;
} words[] = {
	{ "listening", BIT(LISTEN) },
	{ "closed", UNUSED },
	{ "unconn", BIT(UNCONNECTED) },
	{ "estab", BIT(ESTABLISHED) },
	{ "synrcv", BIT(SYN_RECV) },
	{ "all", STATES_ALL },
	{ "connected", STATES_ALL & ~(UNUSED | BIT(LISTEN)) },
	{ "synchronized",
	  STATES_ALL & ~(UNUSED | BIT(LISTEN) | BIT(SYN_SENT)) },
	{ "bucket", BIT(SYN_RECV) | BIT(TIME_WAIT) },
	{ "big", STATES_ALL & ~(BIT(SYN_RECV) | BIT(TIME_WAIT)) },
};

static_assert(STATES_LISTENING == (BIT(LISTEN) | BIT(UNCONNECTED)),
	      "-l shows LISTEN and UNCONNECTED");

/**
 * state_of() - the state of a row
 * @state: as the listing writes it
 *
 * Return: its bit.
 */
uint32_t state_of(const char *state)
{
	for (int i = 0; i < STATES; i++) {
		if (!strcmp(state, state_names[i]))
			return BIT(i);
	}
	return STATE_OTHERS;
}

/* Whether they are the same but for capitals, "-" and "_". */
static int is_alike(const char *a, const char *b)
{
	for (;;) {
		a += strspn(a, "-_");
		b += strspn(b, "-_");
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
			return 0;
		if (!*a)
			return 1;
		a++;
		b++;
	}
}

/**
 * states_find() - the states that somebody means by a name
 * @name: as in the listing, or as ss has it: fin-wait-1, established, connected
 *
 * Return: their bits, 0 for none.
 */
uint32_t states_find(const char *name)
{
	for (int i = 0; i < STATES; i++) {
		if (is_alike(name, state_names[i]))
			return BIT(i);
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (is_alike(name, words[i].name))
			return words[i].states;
	}
	return 0;
}
