#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# What differs on a terminal.

. tests/reader/lib.sh

if ! script --version >/dev/null 2>&1; then
	echo "1..0 # SKIP no script(1), which makes a terminal"
	exit 0
fi

# on_terminal COMMAND: its output, without carriage returns
on_terminal() {
	TERM=${term-xterm} script -qec "$1" /dev/null </dev/null | tr -d '\r'
}

wide=a-name-that-has-thirty-two-bytes
listing "1 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 0 fd - $wide" \
	'2 3 tcp LISTEN 0.0.0.0 81 - - - 1 1 0 fd - b' >"$tmp/listing"
plain="USER COMMAND                          PID FD PROTO STATE  LOCAL      REMOTE HOLDER
root a-name-that-has-thirty-two-bytes   1  3 tcp   LISTEN 0.0.0.0:80 *:*    fd
root b                                  2  3 tcp   LISTEN 0.0.0.0:81 *:*    fd"
read_it="'$reader' --from '$tmp/listing'"

is "$(COLUMNS=40 NO_COLOR=1 sh -c "$read_it | cat")" "$plain" "to a pipe nothing is shortened"
is "$(on_terminal "COLUMNS=200 NO_COLOR=1 $read_it")" "$plain" "nor on a wide terminal"
is "$(on_terminal "COLUMNS=82 NO_COLOR=1 $read_it")" "$plain" "nor on one that is just wide enough"
is "$(on_terminal "COLUMNS=81 NO_COLOR=1 $read_it" | head -n 2)" \
	"USER COMMAND                         PID FD PROTO STATE  LOCAL      REMOTE HOLDER
root a-name-that-has-thirty-two-byt+   1  3 tcp   LISTEN 0.0.0.0:80 *:*    fd" \
	"COMMAND gives what is missing"
short="USER COMMAND PID FD PROTO STATE  LOCAL      REMOTE HOLDER
root a-name+   1  3 tcp   LISTEN 0.0.0.0:80 *:*    fd
root b         2  3 tcp   LISTEN 0.0.0.0:81 *:*    fd"
is "$(on_terminal "COLUMNS=57 NO_COLOR=1 $read_it")" "$short" "down to its heading"
is "$(on_terminal "COLUMNS=20 NO_COLOR=1 $read_it")" "$short" "and addresses are never cut"
is "$(on_terminal "stty cols 57; NO_COLOR=1 $read_it")" "$short" "the width of the window"
is "$(on_terminal "stty cols 0; NO_COLOR=1 $read_it" | awk '{ print length($0) }' | head -n 2)" \
	"80
76" "80 columns if it has none"

escape=$(printf '\033')
is "$(on_terminal "COLUMNS=200 NO_COLOR= $read_it")" "$(printf '%s\n' "$plain" |
	sed "1s/.*/${escape}[1m&${escape}[0m/; s/LISTEN/${escape}[32m&${escape}[0m/")" \
	"the heading is bold, who listens is green"
read_all="'$reader' --from '$data/all.listing' 2>/dev/null"
is "$(on_terminal "COLUMNS=200 $read_all" | tail -n +2)" "$(tail -n +2 "$data/all.out" |
	sed -E "s/ LISTEN / ${escape}[32mLISTEN${escape}[0m /
		s/ (SYN_RECV|FIN_WAIT.|TIME_WAIT|CLOSE_WAIT) / ${escape}[33m\\1${escape}[0m /
		s/hidden from you\$/${escape}[31m&${escape}[0m/")" "what begins or ends is yellow, what is hidden red"
is "$(on_terminal "COLUMNS=200 $read_all" | grep -c "${escape}\[31m")" 2 "of which there is some"
is "$(on_terminal "COLUMNS=200 $read_all" | sed "s/${escape}\[[0-9]*m//g")" "$(cat "$data/all.out")" \
	"and nothing moves for it"
is "$(on_terminal "COLUMNS=200 NO_COLOR=1 $read_it" | tr -dc '\033')" "" "not with NO_COLOR"
is "$(sh -c "$read_it" | tr -dc '\033')" "" "nor to a pipe"
for term in dumb ''; do
	is "$(on_terminal "COLUMNS=200 $read_it")" "$plain" "nor where TERM is '$term'"
done
unset term

for cut in 3 4 5 6; do
	name=$(printf 'abcdef' | cut -c "1-$((7 - cut))")'\033[2J\040padding'
	listing "1 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 0 fd - $name" >"$tmp/escape"
	is "$(on_terminal "COLUMNS=20 '$reader' -H --from '$tmp/escape'" | awk '{ print $2 }')" \
		"$(case $cut in
		3) printf 'abcd+' ;;
		4) printf 'abc+' ;;
		5) printf 'ab\\033+' ;;
		6) printf 'a\\033[+' ;;
		esac)" "no escape is cut in two: $name"
done

plan
