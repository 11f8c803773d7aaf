#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# --sort.

. tests/reader/lib.sh

listing '3 3 tcp LISTEN 10.0.0.2 80 - - - 5 1 0 fd - b' \
	'20 10 tcp ESTABLISHED 10.0.0.10 9 10.0.0.9 1000 - 4 1 0 fd - a' \
	'- - tcp6 TIME_WAIT ::1 80 ::2 81 - - 1 - timewait - -' \
	'100 4 tcp ESTABLISHED 10.0.0.10 80 10.0.0.9 999 - 3 1 0 fd - a' \
	'100 5 tcp6 ESTABLISHED ::ffff:1.2.3.4 80 ::ffff:1.2.3.4 1 - 3 1 0 fd - B' \
	>"$tmp/listing"

# by COLUMN: the descriptors in that order
by() {
	run --from "$tmp/listing" --sort "$1" -H -o fd
	printf '%s\n' "$out" | tr -d ' ' | tr '\n' ' '
}

is "$(by fd)" "3 4 5 10 - " "numbers as numbers, none last"
is "$(by -fd)" "10 5 4 3 - " "the largest first, none still last"
is "$(by pid)" "3 10 4 5 - " "equal ones stay in their order"
is "$(by -pid)" "4 5 10 3 - " "also the largest first"
is "$(by local)" "3 10 4 - 5 " "addresses as addresses, then ports; IPv6 behind IPv4"
is "$(by remote)" "4 10 - 5 3 " "and remote ones, none last"
is "$(by laddr)" "3 10 4 - 5 " "an address alone"
is "$(by command)" "5 10 4 3 - " "text by its bytes"
is "$(by STATE)" "10 4 5 3 - " "a name in capitals"
is "$(by inode)" "4 5 10 3 - " "a column that is not shown"
is "$(by holder)" "- 3 10 4 5 " "a cell that is made up"

listing '7 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 0 fd - b' \
	'8 4 tcp ESTABLISHED 10.0.0.1 80 10.0.0.2 9 - 2 1 1 fd - b' \
	'9 5 tcp ESTABLISHED 10.0.0.2 9 10.0.0.1 80 - 3 1 2 fd - a' >"$tmp/pair"
# Rows that are kept for something else before they are sorted.
for option in -g --peer; do
	for column in -fd -uid -rport -local command; do
		run --from "$tmp/pair" -H -o pid,peer "$option" --sort "$column"
		is "$(printf '%s\n' "$out" | awk '{ printf "%s ", $1 }' | cut -c -2)" "9 " \
			"$option by $column, which is not shown"
	done
done
run --from "$tmp/pair" -H -o pid --sort peer
is "$status $(printf '%s' "$out" | tr -d ' ' | tr '\n' ' ')" "0 8 9 7" "who is at the other end, not shown"
run --from "$tmp/pair" -J -o pid --sort -peer
is "$(grep -o ':[0-9]' "$tmp/out" | tr -d ':\n')" 987 "in JSON, too"
run --from "$tmp/pair" -g -H -o pid --sort holders
is "$(printf '%s' "$out" | tr -d ' ' | tr '\n' ' ')" "9 7 8" "all holders, not shown"
run --from "$tmp/pair" --sort holders
is "$status $err" \
	"2 sockowners: --sort holders sorts sockets, and needs -g; try 'sockowners --help'" \
	"holders of rows that are no sockets"

run --from "$data/all.listing" --sort local
is "$(sort "$tmp/out")" "$(sed 's/ *$//' "$data/all.out" | sort)" "the rows are the same"
is "$err" "sockowners: rows with a holder hidden from who saved them: 2; root sees more (sudo cat /proc/sockowners)" \
	"and so is the note"
run --from "$data/all.listing" --sort local :9
is "$status $out" "1 " "nothing to sort"

run --from "$tmp/listing" --sort nope
is "$status $err" "2 sockowners: no column is named 'nope'; try 'sockowners -o help'" "no such column"
run --from "$tmp/listing" --sort cookie
like "$status $out $err" "2  *no column 'cookie'*" "a column that is not in the listing"

# As many as need several pieces of memory.
{
	listing
	seq 100000 -1 1 | awk '{ print $1 "\t3\ttcp\tLISTEN\t0.0.0.0\t80\t-\t-\t-\t1\t1\t0\tfd\t-\tweb" }'
} >"$tmp/many"
is "$("$reader" --from "$tmp/many" -H --sort pid -o pid | tr -d ' ' | cksum)" \
	"$(seq 1 100000 | cksum)" "100,000 rows"
{
	listing
	yes "$(listing '1 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 0 fd - a' | sed 1d)" | head -n 1000000
} >"$tmp/many"
status=0
err=$(ulimit -v 30000 && "$reader" --from "$tmp/many" --sort pid 2>&1) || status=$?
is "$status $err" "2 sockowners: cannot sort: Cannot allocate memory; sort less, or without --sort" \
	"more than there is memory for"

plan
