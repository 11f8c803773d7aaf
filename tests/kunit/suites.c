// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * The unit tests that "make module KUNIT=1" puts into the module. They run when
 * it is loaded and speak KTAP into the kernel's log.
 */
#include "suites.h"

kunit_test_suites(&sko_text_suite,
		  &sko_addresses_suite,
		  &sko_pointers_suite,
		  &sko_listed_suite,
		  &sko_batch_suite,
		  &sko_columns_suite,
		  &sko_line_suite,
		  &sko_ranges_suite,
		  &sko_query_suite,
		  &sko_packet_suite,
		  &sko_match_suite,
		  &sko_row_suite,
		  &sko_hold_suite,
		  &sko_descriptors_suite,
		  &sko_look_suite,
		  &sko_accept_suite,
		  &sko_inet_suite,
		  &sko_bound_suite,
		  &sko_chain_suite,
		  &sko_readers_suite,
		  &sko_access_suite,
		  &sko_cursor_suite);
