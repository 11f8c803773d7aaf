#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# README.md: the chapter of questions has the answers that the reader gives.

. tests/reader/lib.sh

sed -n '/^## Questions/,/^## /p' README.md >"$tmp/questions"
sed -n 's/^    //p; /^$/p' "$tmp/questions" >"$tmp/blocks"
blocks "$data/host.listing" <"$tmp/blocks"
answered=$count
# But for one that only the kernel can answer.
is "$(awk -v RS= 'asked && !/^    \$ sockowners / && !/^    sudo sockowners --packet=/ { print asked }
	{ asked = !/^    / && /[?]/ ? $0 : "" }' "$tmp/questions")" "" "each question has one"
is "$(awk -v RS= '!/^    / && /[?]/' "$tmp/questions" | grep -c '[?]')" $((answered + 1)) "which was compared"
ok $((answered < 6)) "and they are found"

plan
