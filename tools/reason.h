/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_REASON_H
#define SOCKOWNERS_REASON_H

#include "conflict.h"
#include "listing.h"

/**
 * struct effect - what a socket does to a bind()
 * @elsewhere: it is in another network namespace
 * @meeting: whether it has the port there
 * @holder: what it has
 * @ways: what that means, by bits of enum bind_way
 */
struct effect {
	bool elsewhere;
	enum meeting meeting;
	struct claim holder;
	enum conflict ways[BIND_WAYS];
};

#define REASON_MAX 256

void reason_fails(char text[REASON_MAX], const struct effect *effect);
void reason_why(char text[REASON_MAX], const struct effect *effect,
		const struct claim *wanted, const struct row *row);

#endif
