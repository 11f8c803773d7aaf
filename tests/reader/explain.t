#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# Rows that no descriptor holds are explained, by other rows where it takes them.

. tests/reader/lib.sh

header="$default_header timer"
listener='812 6 tcp LISTEN 0.0.0.0 80 - - - 11 1 33 fd - nginx -'
queued='- - tcp ESTABLISHED 10.0.0.1 80 10.0.0.2 5000 - 21 1 - accept 11 - -'
half='- - tcp SYN_RECV 10.0.0.1 80 10.0.0.2 5001 - - 1 - synrecv 11 - 2100'

# holder ROW...: the last cell of the last of these rows
holder() {
	listing "$@" >"$tmp/listing"
	run -H --from "$tmp/listing" -o holder
	printf '%s\n' "$out" | tail -n 1
}

is "$(holder "$listener")" fd "a descriptor needs no words"
is "$(holder '9 4 tcp LISTEN 0.0.0.0 80 - - - 11 1 33 thread 10 web -')" thread:10 "nor does a thread's"
is "$(holder "$listener" "$queued")" "in the accept queue of nginx[812] fd 6" "accept"
is "$(holder "$listener" "$half")" "half-open, for nginx[812] fd 6, 3 s to go" "synrecv"
is "$(holder '- - tcp SYN_RECV 10.0.0.1 80 10.0.0.2 5001 - - 1 - synrecv - - -')" \
	"half-open, the listener is closed" "its listener is closed"
is "$(holder '301 - tcp LISTEN 0.0.0.0 80 - - - 12 1 0 scm 55 dbus-daemon -')" \
	"in flight to dbus-daemon[301]" "scm"
is "$(holder '99 5 mptcp ESTABLISHED 10.0.0.1 4000 10.0.0.2 443 - 31 1 0 fd - curl -' \
	'- - tcp ESTABLISHED 10.0.0.1 4000 10.0.0.2 443 - - 1 - mptcp 31 - -')" \
	"subflow of curl[99] fd 5" "mptcp"
is "$(holder '- - tcp ESTABLISHED 10.0.0.1 4000 10.0.0.2 443 - - 1 - mptcp - - -')" \
	"subflow, not accepted yet" "before it is accepted"
is "$(holder '7 3 sctp UNCONNECTED 0.0.0.0 9 - - - 41 1 0 fd - x -' \
	'- - sctp ESTABLISHED 10.0.0.1 9 10.0.0.2 9 - - 1 - assoc 41 - -')" \
	"association of x[7] fd 3" "assoc"
is "$(holder '- - tcp TIME_WAIT 10.0.0.1 80 10.0.0.2 5000 - - 1 - timewait - - 40001')" \
	"closed, 41 s to go" "timewait"
is "$(holder '- - tcp TIME_WAIT 10.0.0.1 80 10.0.0.2 5000 - - 1 - timewait - - 0')" \
	"closed, 0 s to go" "a moment before it is gone"
is "$(holder '- - tcp FIN_WAIT2 10.0.0.1 80 10.0.0.2 5000 - - 1 - orphan - - 59000')" \
	"closed, 59 s to go" "orphan"
is "$(holder '- - tcp FIN_WAIT1 10.0.0.1 80 10.0.0.2 5000 - 3 1 - orphan - - -')" \
	"closed, not finished" "for as long as it takes"
is "$(holder '- - udp UNCONNECTED 0.0.0.0 4789 - - - 3 1 - kernel - - -')" kernel "kernel"
is "$(holder '- - tcp LISTEN 0.0.0.0 80 - - - 3 1 - elsewhere - - -')" "in no file table" "elsewhere"
is "$(holder '- - tcp LISTEN 0.0.0.0 80 - - - 3 1 - hidden - - -')" "hidden from you" "hidden"
is "$(holder '- - tcp LISTEN 0.0.0.0 80 - - - 3 1 - novelty 7 - -')" novelty "a holder that is new"

second='813 6 tcp LISTEN 0.0.0.0 80 - - - 11 1 33 fd - nginx -'
again='812 9 tcp LISTEN 0.0.0.0 80 - - - 11 1 33 fd - nginx -'
is "$(holder "$listener" "$again" "$second" "${second/813/814}" "$queued")" \
	"in the accept queue of nginx[812] fd 6 and 2 more" "the lowest of several, and how many more"
is "$(holder "$second" "$listener" "$queued")" "in the accept queue of nginx[812] fd 6 and 1 more" \
	"also if it comes behind"
is "$(holder "$queued")" "in the accept queue of socket 11" "a listener that is not there"
is "$(holder '- - tcp LISTEN 0.0.0.0 80 - - - 11 1 - hidden - - -' "$queued")" \
	"in the accept queue of a hidden process" "one that is hidden"
is "$(holder '301 - tcp LISTEN 0.0.0.0 80 - - - 11 1 0 scm 55 dbus-daemon -' "$queued")" \
	"in the accept queue of a socket in flight to dbus-daemon[301]" "one that is in flight"
is "$(holder '812 6 tcp LISTEN 0.0.0.0 80 - - - 11 1 33 fd - a[1],b\040c -' "$queued")" \
	'in the accept queue of a\1331\135\054b\040c[812] fd 6' "a name cannot look like another process"
is "$(holder "$(printf '812 6 tcp LISTEN 0.0.0.0 80 - - - 11 1 33 fd - %0500d -' 0)" "$queued" | wc -c)" 94 \
	"nor take all the line"

# The rows that explain may come behind, and be of no interest themselves.
listing "$queued" "$half" "$listener" >"$tmp/listing"
run -H --from "$tmp/listing" -o holder
is "$out" "in the accept queue of nginx[812] fd 6
half-open, for nginx[812] fd 6, 3 s to go
fd" "rows wait for the ones behind them"
run -H --from "$tmp/listing" -o holder -s established
is "$out" "in the accept queue of nginx[812] fd 6" "a filter does not cut off the other half"
run -H --from "$tmp/listing" -o holder --sort -rport
is "$out" "half-open, for nginx[812] fd 6, 3 s to go
in the accept queue of nginx[812] fd 6
fd" "and they are sorted as what they are"
run --from "$tmp/listing" -J -o holder,via,explained -s established
is "$(sed -n 2p "$tmp/out")" \
	'{"holder":"accept","via":11,"explained":"in the accept queue of nginx[812] fd 6"}' \
	"JSON has both"
run -H --from "$data/all.listing" -o pid,fd -J
is "$(grep -c explained "$tmp/out")" 0 "if that is asked for"

{
	listing "$queued"
	for ((i = 0; i < 3; i++)); do
		yes -- "$(listing "$queued" | sed 1d)" | head -n 4096
		listing "$listener" | sed 1d
	done
} >"$tmp/many"
run -H --from "$tmp/many" -o holder
is "$(sort "$tmp/out" | uniq -c | tr -s ' ')" " 3 fd
 8193 in the accept queue of nginx[812] fd 6
 4096 in the accept queue of socket 11" "no more than 4096 wait"

if "${CC:-cc}" -shared -fPIC -o "$tmp/live.so" tests/reader/live.c -ldl 2>/dev/null; then
	export LIVE_LISTING=$tmp/part LIVE_ANSWER=$tmp/answer LIVE_LOG=$tmp/log LIVE_REFUSE LIVE_ERROR
	# live ARGUMENT...: what is shown
	live() {
		: >"$LIVE_LOG"
		LD_PRELOAD="$tmp/live.so" "$reader" -H "$@"
	}

	listing "$queued" "$half" "${queued/ 11 / 12 }" >"$LIVE_LISTING"
	header='pid fd inode holder comm'
	listing '812 6 11 fd nginx' '813 6 11 fd nginx' '5 5 99 fd other' >"$LIVE_ANSWER"
	is "$(live -o holder :5000-5001)" "in the accept queue of nginx[812] fd 6 and 1 more
half-open, for nginx[812] fd 6 and 1 more, 3 s to go
in the accept queue of socket 12" "the kernel is asked for what a filter has cut off"
	is "$(grep -v open "$LIVE_LOG" | cut -d ' ' -f 2-)" "port=5000-5001
inode=11,12" "once, for just that"
	is "$(grep -c open "$LIVE_LOG")" 2 "and the first listing is left as it is"

	header="$default_header timer"
	{
		listing
		awk -v row="$queued" 'BEGIN {
			for (i = 1; i <= 5000; i++) {
				copy = row
				sub(" 11 ", " 1000000000" i % 700 + 1000 " ", copy)
				gsub(" ", "\t", copy)
				print copy
			}
		}'
	} >"$LIVE_LISTING"
	is "$(live -o holder | wc -l)" 5000 "many that are cut off"
	is "$(grep -v open "$LIVE_LOG" | awk '{ print (length($0) > 4096 ? "long" : "fits") }' | sort | uniq -c | tr -s ' ')" \
		" 4 fits" "no query is too long"
	is "$(sed -n 's/.* inode=//p' "$LIVE_LOG" | tr ',' '\n' | sort -n | uniq -c | awk '{ print $1 }' | sort | uniq -c | tr -s ' ')" \
		" 700 1" "each inode is asked for once"

	header="$default_header timer"
	listing "$listener" "$queued" >"$LIVE_LISTING"
	is "$(live -o holder | tail -n 1) $(grep -c inode= "$LIVE_LOG")" \
		"in the accept queue of nginx[812] fd 6 0" "it is not asked for what it has said"
	listing "$queued" >"$LIVE_LISTING"
	for refused in 'write 22' 'conditions 22'; do
		LIVE_REFUSE=${refused% *} LIVE_ERROR=${refused#* }
		listing "$queued" >"$LIVE_LISTING"
		is "$(live -o holder)" "in the accept queue of socket 11" "it may refuse: $refused"
	done
else
	skip "what a filter has cut off" "no compiler for what stands for the module"
fi

# Words that were shorter for another row in between.
{
	listing '- - tcp FIN_WAIT1 10.0.0.1 80 10.0.0.2 5000 - 3 1 - orphan - - -' "${queued/11/999}"
	for fd in $(seq 4095); do
		echo "$listener" | sed "s/ 6 / $fd /" | tr ' ' '\t'
	done
	echo "${queued/11/998}" | tr ' ' '\t'
} >"$tmp/listing"
is "$("$reader" -H --from "one=$tmp/listing" -o host,holder | uniq -c | tr -s ' ')" \
	" 1 one closed, not finished
 1 one in the accept queue of socket 999
 4095 one fd
 1 one in the accept queue of socket 998" "rows wait as they came"

plan
