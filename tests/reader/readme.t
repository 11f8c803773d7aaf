#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# README.md: the chapter of questions has the answers that the reader gives.

. tests/reader/lib.sh

sed -n '/^## Questions/,/^## What you see/p' README.md | sed -n 's/^    //p; /^$/p' >"$tmp/blocks"
blocks "$data/host.listing" <"$tmp/blocks"
ok $((count < 6)) "each question has one"

plan
