#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# NETNS appears by itself when more than one namespace is shown.

. tests/reader/lib.sh

in_one='1 3 tcp LISTEN 0.0.0.0 80 - - - 1 4026531840 0 fd - a'
in_two='2 3 tcp LISTEN 0.0.0.0 81 - - - 2 4026532000 0 fd - bcd'

run --from - <<EOF
$(listing "$in_one" "$in_one")
EOF
is "$out" "USER COMMAND PID FD PROTO STATE  LOCAL      REMOTE HOLDER
root a         1  3 tcp   LISTEN 0.0.0.0:80 *:*    fd
root a         1  3 tcp   LISTEN 0.0.0.0:80 *:*    fd" "one namespace"

listing "$in_one" "$in_two" >"$tmp/two"
run --from "$tmp/two"
is "$out" "USER COMMAND PID FD PROTO STATE  LOCAL      REMOTE HOLDER NETNS
root a         1  3 tcp   LISTEN 0.0.0.0:80 *:*    fd     4026531840
root bcd       2  3 tcp   LISTEN 0.0.0.0:81 *:*    fd     4026532000" "two namespaces"

run --from "$tmp/two" :81
is "$out" "USER COMMAND PID FD PROTO STATE  LOCAL      REMOTE HOLDER
root bcd       2  3 tcp   LISTEN 0.0.0.0:81 *:*    fd" "two of which one is shown"

# many FIRST LATER: 4096 rows to choose the widths from, and two more
many() {
	row=$(listing "$1" | sed 1d)
	{
		listing
		yes "$row" | head -n 4096
		listing "$2" "$1" | sed 1d
	} 2>/dev/null
}

many "$in_one" "$in_two" >"$tmp/later"
run --from "$tmp/later"
is "$(sed -n '1p; 4097,$p' "$tmp/out")" "USER COMMAND PID FD PROTO STATE  LOCAL      REMOTE HOLDER
root a         1  3 tcp   LISTEN 0.0.0.0:80 *:*    fd
USER COMMAND PID FD PROTO STATE  LOCAL      REMOTE HOLDER NETNS
root bcd       2  3 tcp   LISTEN 0.0.0.0:81 *:*    fd     4026532000
root a         1  3 tcp   LISTEN 0.0.0.0:80 *:*    fd     4026531840" \
	"one that comes up later starts with a new heading"
run -H --from "$tmp/later"
is "$(sed -n '4096,$p' "$tmp/out")" "root a         1  3 tcp   LISTEN 0.0.0.0:80 *:*    fd
root bcd       2  3 tcp   LISTEN 0.0.0.0:81 *:*    fd     4026532000
root a         1  3 tcp   LISTEN 0.0.0.0:80 *:*    fd     4026531840" "without one if none is wanted"

many "$in_one" "$in_one" >"$tmp/never"
run --from "$tmp/never"
is "$(grep -c USER "$tmp/out") $(wc -l <"$tmp/out")" "1 4099" "no second heading without need"
for list in pid,netns +netns +inode,netns; do
	run --from "$tmp/later" -o "$list"
	is "$(grep -c PID "$tmp/out")" 1 "nor if -o $list shows the column from the first row"
done
run --from "$tmp/later" -o pid -N 4026531840,4026532000
is "$(grep -c PID "$tmp/out")" 1 "nor if it is not shown at all"

plan
