/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copyright (C) The sockowners authors
 */
#ifndef SOCKOWNERS_SUITES_H
#define SOCKOWNERS_SUITES_H

#include <kunit/test.h>

extern struct kunit_suite sko_text_suite;
extern struct kunit_suite sko_addresses_suite;
extern struct kunit_suite sko_line_suite;
extern struct kunit_suite sko_row_suite;
extern struct kunit_suite sko_hold_suite;
extern struct kunit_suite sko_descriptors_suite;
extern struct kunit_suite sko_batch_suite;
extern struct kunit_suite sko_columns_suite;
extern struct kunit_suite sko_accept_suite;
extern struct kunit_suite sko_inet_suite;
extern struct kunit_suite sko_bound_suite;
extern struct kunit_suite sko_chain_suite;
extern struct kunit_suite sko_look_suite;
extern struct kunit_suite sko_pointers_suite;
extern struct kunit_suite sko_listed_suite;
extern struct kunit_suite sko_readers_suite;
extern struct kunit_suite sko_access_suite;
extern struct kunit_suite sko_cursor_suite;
extern struct kunit_suite sko_query_suite;
extern struct kunit_suite sko_packet_suite;
extern struct kunit_suite sko_match_suite;
extern struct kunit_suite sko_ranges_suite;

#endif
