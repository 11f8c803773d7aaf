#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# What reads ahead of the reader gives what is there, in order, however the two threads
# meet. What it is for is seen in the VM, in the scenario long_listing.

. tests/reader/lib.sh

gcc -std=gnu11 -O2 -Wall -Wextra -pthread -o "$tmp/ahead" tests/reader/ahead.c tools/ahead.c
ok $? 'it is built'
said=$(timeout 100 "$tmp/ahead" 1000000 </dev/null)
is "$?" 0 'it comes to its end'
is "$(sed -n 's/^right \([0-9]*\) of \1$/right/p' <<-END
	$said
END
)" right 'all of a million pieces, in order' || echo "# $said"
is "$(sed 1d <<-END
	$said
END
)" 'end 0 0
error -1 1
error -1 1' 'an end and an error stay'
plan
