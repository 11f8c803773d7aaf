#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# How a row is shown.

. tests/reader/lib.sh

run --from "$data/all.listing"
is "$out" "$(cat "$data/all.out")" "the default table, every protocol, state and holder"
is "$status" 0 "the exit status is 0"
is "$err" "sockowners: rows with a holder hidden from who saved them: 2; root sees more (sudo cat /proc/sockowners)" \
	"one line on stderr counts the hidden rows"

run -H --from "$data/all.listing" --pid 101
is "$out" "root sshd    101  3 tcp   LISTEN 0.0.0.0:22 *:*    fd" "a table of one row"
is "$err" "" "no hidden row is shown, no note"

run --from "$data/all.listing"
is "$(grep -c ' $' "$tmp/out")" 0 "no line ends in a space"
is "$(tr -d '\n -~' <"$tmp/out" | wc -c)" 0 "nothing but printable ASCII is printed"
is "$(awk '$4 != "-" { print NF }' "$tmp/out" | sort -u)" 9 "every line with a descriptor has nine words"

# local_cell ROW
local_cell() {
	listing "$@" | "$reader" -H --from - | awk '{ print $7 }'
}

is "$(local_cell '1 3 tcp6 LISTEN :: 80 - - eth0 1 1 0 fd - a')" '*%eth0:80' \
	"the any-address of both families, bound to a device"
header="$default_header flags"
is "$(local_cell '1 3 tcp6 LISTEN :: 80 - - - 1 1 0 fd - a -')" '*:80' \
	"no flag, so both families"
is "$(local_cell '1 3 tcp6 LISTEN :: 80 - - - 1 1 0 fd - a v6only')" '[::]:80' \
	"v6only"
is "$(local_cell '1 3 tcp6 LISTEN :: 80 - - - 1 1 0 fd - a reuseaddr,v6only,new')" '[::]:80' \
	"v6only among other flags"
is "$(local_cell '1 3 tcp6 LISTEN :: 80 - - - 1 1 0 fd - a v6onlyish,notv6only,v6')" '*:80' \
	"flags that merely look like v6only"
is "$(local_cell '1 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 0 fd - a v6only')" '0.0.0.0:80' \
	"an IPv4 address is not bracketed"
unset header
is "$(local_cell '1 3 tcp6 LISTEN ::1.2.3.4 80 - - - 1 1 0 fd - a')" '[::1.2.3.4]:80' \
	"an IPv6 address that ends as an IPv4 one is"

long=$(awk 'BEGIN { while (n++ < 100000) printf "x" }')
run -H --from - <<EOF
$(listing "1 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 0 fd - $long" \
	'2 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 0 fd - short')
EOF
is "$(awk '{ print length($2) }' "$tmp/out" | tr '\n' ' ')" "100000 5 " \
	"a name of 100,000 bytes is printed whole"
is "$(awk 'NR == 2 { print length($0) < 200 }' "$tmp/out")" 1 \
	"and does not make the other rows as wide"

user() {
	listing "1 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 $1 fd - a" |
		"$reader" -H --from - | awk '{ print $1 }'
}

is "$(user 0)" "$(id -un 0)" "a user id becomes a name"
is "$(user 4294967294)" 4294967294 "an unknown one stays a number"
is "$(user 4294967295)" 4294967295 "so does the highest"
is "$(user -)" - "none stays none"

plan
