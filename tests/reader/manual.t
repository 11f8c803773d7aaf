#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# The manual page has every option, and its examples are accepted.

. tests/reader/lib.sh

missing=
for option in $("$reader" --help | sed 's/-COL//' | grep -oE -e '(^|[ ,])--?[a-zA-Z0-9][a-z0-9-]*' |
	tr -d ' ,'); do
	grep -qE -e "^\.(It|Fl).* ${option#-}( |\$)" tools/sockowners.8 || missing="$missing $option"
done
is "$missing" "" "every option"

sed -n 's/^\.Dl sockowners \([^|]*\).*/\1/p' tools/sockowners.8 |
	grep -v -e --cgroup -e recvq -e --watch >"$tmp/examples"
ok $(($(wc -l <"$tmp/examples") < 4)) "there are examples"
while read -r example; do
	eval "'$reader' --from '$data/all.listing' $example" >"$tmp/out" 2>"$tmp/err"
	ok $(($? > 1)) "sockowners $example"
done <"$tmp/examples"

if command -v mandoc >/dev/null; then
	is "$(mandoc -T lint -W warning tools/sockowners.8 2>&1)" "" "mandoc has nothing to say"
else
	skip "mandoc" "it is not there"
fi

plan
