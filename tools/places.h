/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_PLACES_H
#define SOCKOWNERS_PLACES_H

#include "numbers.h"

/* What a listing is of. */
enum listing_origin {
	ORIGIN_LIVE,
	ORIGIN_SAVED, /* nobody has said where */
	ORIGIN_ELSEWHERE, /* somebody has */
};

void places_add_netns(struct numbers *numbers, const char *item,
		      enum listing_origin origin);

#endif
