#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# make demo, the first thing that somebody new types.

. tests/reader/lib.sh

out=$(make -s --no-print-directory demo 2>"$tmp/errors")
ok $? 'make demo comes to its end' || sed 's/^/# /' "$tmp/errors"
is "$(grep -c '^== [1-6]\. ' <<<"$out")" 6 'it shows six stages'
# shellcheck disable=SC2016 # it is a person's prompt
is "$(grep -c '^\$ sockowners ' <<<"$out")" "$(grep -c '^show "sockowners ' examples/conversation.sh)" \
	'and each call of the reader'
is "$(tail -n 1 <<<"$out")" 'All six stages have shown what they said.' 'to the last one'
plan
