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

# without COLUMN...: a listing that lacks these
without() {
	header=" $default_header "
	for column; do
		header=$(printf '%s' "$header" | sed "s/ $column / new$column /")
	done
	header=$(printf '%s' "$header" | sed 's/^ //; s/ $//')
	listing '1 3 tcp LISTEN 0.0.0.0 80 - - eth0 1 1 0 thread 7 a' >"$tmp/listing"
}

# shown COLUMN EXPECTED: what the default table shows without it
shown() {
	without "$1"
	run -H --from "$tmp/listing"
	note="sockowners: the listing has no column '$1', shown as none; save it with the query columns=all"
	[ "$1" != netns ] || note=
	is "$status $out$err" "0 $2$note" "without $1 it is shown as none"
}

shown pid "root a         -  3 tcp   LISTEN 0.0.0.0%eth0:80 *:*    thread:7"
shown fd "root a         1  - tcp   LISTEN 0.0.0.0%eth0:80 *:*    thread:7"
shown proto "root a         1  3 -     LISTEN 0.0.0.0%eth0:80 *:*    thread:7"
shown state "root a         1  3 tcp   -     0.0.0.0%eth0:80 *:*    thread:7"
shown laddr "root a         1  3 tcp   LISTEN -%eth0:80 *:*    thread:7"
shown lport "root a         1  3 tcp   LISTEN 0.0.0.0%eth0:- *:*    thread:7"
shown raddr "root a         1  3 tcp   LISTEN 0.0.0.0%eth0:80 -:*    thread:7"
shown rport "root a         1  3 tcp   LISTEN 0.0.0.0%eth0:80 *:-    thread:7"
shown dev "root a         1  3 tcp   LISTEN 0.0.0.0:80 *:*    thread:7"
shown netns "root a         1  3 tcp   LISTEN 0.0.0.0%eth0:80 *:*    thread:7"
shown uid "-    a         1  3 tcp   LISTEN 0.0.0.0%eth0:80 *:*    thread:7"
shown holder "root a         1  3 tcp   LISTEN 0.0.0.0%eth0:80 *:*    -:7"
shown via "root a         1  3 tcp   LISTEN 0.0.0.0%eth0:80 *:*    thread"
shown comm "root -         1  3 tcp   LISTEN 0.0.0.0%eth0:80 *:*    thread:7"

# The example of sockowners(5).
header='lport pid comm'
listing '80 7 a' '22 9 b' >"$tmp/listing"
run --from "$tmp/listing" -o lport,pid,comm --sort lport
is "$status $out$err" "0 LPORT PID COMMAND
   22   9 b
   80   7 a" "a listing of what a query asked for"
run -H --from "$tmp/listing" --sort pid
is "$status $out" "0 -    a         7  - -     -     -:80  -      -
-    b         9  - -     -     -:22  -      -" "also where more is shown, and kept"

# refused NAMES OPTION...: what is needed
refused() {
	names=$1
	shift
	run --from "$tmp/listing" "$@"
	is "$status $out$err" "2 sockowners: $tmp/listing: line 1: the header has no $names; save it with the query columns=all" \
		"refused: $*"
}
refused "columns 'proto', 'state', 'uid'" -t -s listen -U 0
refused "columns 'proto', 'rport'" :80
refused "columns 'laddr', 'raddr'" 10.0.0.1
refused "column 'holder'" --holder fd
refused "column 'cookie'" --sort cookie
refused "column 'laddr'" --sort local
refused "columns 'fd', 'inode', 'holder'" -g
refused "columns 'proto', 'laddr', 'raddr', 'rport', 'netns'" --peer
refused "columns 'proto', 'state'" --count

header="$default_header pid"
listing >"$tmp/listing"
run --from "$tmp/listing"
like "$status $err" "2 *: line 1: column 'pid' comes twice; *" "a column that comes twice"

header="$default_header new new"
listing '1 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 0 fd - a b c' >"$tmp/listing"
run --from "$tmp/listing"
is "$status" 0 "unless it is an unknown one"

plan
