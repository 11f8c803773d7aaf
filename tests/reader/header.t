#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# Columns are found by their names in the first line.

. tests/reader/lib.sh

default=$("$reader" --from "$data/all.listing" 2>/dev/null)

awk -F '\t' -v OFS='\t' '{ for (i = NF; i > 1; i--) printf "%s\t", $i; print $1 }' \
	"$data/all.listing" >"$tmp/reversed"
run --from "$tmp/reversed"
is "$out" "$default" "the columns in reverse order"

awk -F '\t' '{ for (i = 1; i <= NF; i++)
	printf "%s\t%s\t", NR == 1 ? "new" i : "what/ever:" i, $i
	print NR == 1 ? "last" : "\\040" }' "$data/all.listing" >"$tmp/more"
run --from "$tmp/more"
is "$out" "$default" "unknown columns between all of them"

awk -F '\t' -v OFS='\t' '{ $10 = NR == 1 ? "inode" : "new"; print }' \
	"$data/all.listing" >"$tmp/inode"
run --from "$tmp/inode" -o pid,local
is "$out" "$("$reader" --from "$data/all.listing" -o pid,local 2>/dev/null)" \
	"a column that is not shown may hold anything"

cut -f 1-9,11- "$data/all.listing" >"$tmp/fewer"
run --from "$tmp/fewer"
is "$(printf '%s\n' "$out" | sed 's/ of socket .*//')" "$(printf '%s\n' "$default" | sed 's/ of [em].*//')" \
	"or be absent: then its sockets have no names"

for column in $default_header; do
	[ "$column" = inode ] && continue
	header=$(printf '%s' "$default_header" | sed "s/\\b$column\\b/new/")
	listing '1 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 0 fd - a' >"$tmp/listing"
	run --from "$tmp/listing"
	like "$status $err" "2 sockowners: $tmp/listing: line 1: the header has no column '$column'; *" \
		"without $column"
done

header="$default_header pid"
listing >"$tmp/listing"
run --from "$tmp/listing"
like "$status $err" "2 *: line 1: column 'pid' comes twice; *" "a column that comes twice"

header="$default_header new new"
listing '1 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 0 fd - a b c' >"$tmp/listing"
run --from "$tmp/listing"
is "$status" 0 "unless it is an unknown one"

plan
