#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# --count.

. tests/reader/lib.sh

header="$default_header cgroup"
listing '1 3 tcp LISTEN 0.0.0.0 80 - - - 11 1 0 fd - web 7' \
	'9 3 tcp LISTEN 0.0.0.0 80 - - - 11 1 0 fd - web 7' \
	'9 4 tcp ESTABLISHED 10.0.0.1 80 10.0.0.2 4000 - 12 1 0 fd - web 7' \
	'9 5 tcp ESTABLISHED 10.0.0.1 80 10.0.0.2 4001 - 13 1 0 fd - web 7' \
	'10 4 tcp ESTABLISHED 10.0.0.1 80 10.0.0.3 4000 - 14 1 33 thread 11 web 7' \
	'12 3 tcp6 ESTABLISHED ::1 80 ::1 4000 - 15 2 0 fd - db 8' \
	'12 4 tcp ESTABLISHED 10.0.0.1 90 10.0.0.3 4000 - 16 1 0 fd - db 8' \
	'12 4 udp UNCONNECTED 0.0.0.0 0 - - - 17 1 0 fd - \055 8' \
	'- - tcp ESTABLISHED 10.0.0.1 80 10.0.0.2 4002 - - 1 - accept 11 - -' \
	'- - tcp ESTABLISHED 10.0.0.1 80 10.0.0.2 4003 - - 1 - accept 18 - -' \
	'- - tcp TIME_WAIT 10.0.0.1 80 10.0.0.2 4004 - - 1 - timewait - - -' \
	'- - tcp LISTEN 127.0.0.1 81 - - - 19 1 - hidden - - -' >"$tmp/listing"
unset header

run --from "$tmp/listing" --count
is "$status $err" \
	"0 sockowners: rows with a holder hidden from who saved them: 1; root sees more (sudo cat /proc/sockowners)" \
	"the note is about what was counted"
is "$out" 'COUNT COMMAND PROTO STATE
    3 web     tcp   ESTABLISHED
    2 -       tcp   ESTABLISHED
    2 web     tcp   LISTEN
    1 -       tcp   LISTEN
    1 -       tcp   TIME_WAIT
    1 \055    udp   UNCONNECTED
    1 db      tcp   ESTABLISHED
    1 db      tcp6  ESTABLISHED' "by command, protocol and state, the largest first, then by name"
run --from "$tmp/listing" --count -H -t -4 -s established
is "$out" '    3 web     tcp   ESTABLISHED
    2 -       tcp   ESTABLISHED
    1 db      tcp   ESTABLISHED' "filters, no heading"
run --from "$tmp/listing" --count -o uid,holder
is "$out" 'COUNT UID HOLDER
    7   0 fd
    2   - accept
    1   - hidden
    1   - timewait
    1  33 thread' "by other columns; the holder is the way, not through what"
run --from "$tmp/listing" --count -o state,count -c db
is "$out" 'STATE       COUNT
ESTABLISHED     2' "COUNT is where it is asked for"
# What cgroups this host has is of no interest.
: >"$tmp/listing.cgroups"
run --from "$tmp/listing" --count -o +cgroup --sort -cgroup -c 'web,db'
is "$out" 'COUNT COMMAND PROTO STATE       CGROUP
    1 db      tcp   ESTABLISHED 8
    1 db      tcp6  ESTABLISHED 8
    3 web     tcp   ESTABLISHED 7
    2 web     tcp   LISTEN      7' "by one column more, and sorted by it"
run --from "$tmp/listing" --count -o local -H :80
is "$out" '    6 10.0.0.1:80
    2 0.0.0.0:80
    1 [::1]:80' "by a cell that is made of several"
run --from "$tmp/listing" --count -o netns
is "$out" 'COUNT NETNS
   11 1
    1 2' "no NETNS by itself"
run --from "$tmp/listing" --count --sort count -o command
is "$out" 'COUNT COMMAND
    1 \055
    2 db
    4 -
    5 web' "the smallest first"
run --from "$tmp/listing" --count -J -o command,holder --pid 9,12
is "$out" '{"counts":[
{"count":3,"command":"web","holder":"fd"},
{"count":2,"command":"db","holder":"fd"},
{"count":1,"command":"-","holder":"fd"}
]}' "-J"
run --from "$tmp/listing" --count -J :9
is "$status $out" '1 {"counts":[]}' "nothing is an object too"
run --from "$tmp/listing" --count --ndjson -o command -c web
is "$out" '{"host":null,"boot_id":null,"time":null,"count":5,"command":"web"}' "--ndjson"
run --from "$tmp/listing" --count :9
is "$status $out" "1 " "nothing is nothing"

run --from "$tmp/listing" --count --sort pid
is "$status $out $err" \
	"2  sockowners: --count is sorted by what it shows: -o +PID; try 'sockowners --help'" \
	"sorted by what is not counted by"
for arguments in '-o +count' '--sort count'; do
	# shellcheck disable=SC2086
	run --from "$tmp/listing" $arguments
	is "$status $err" "2 sockowners: column COUNT needs --count; try 'sockowners --help'" "refused: $arguments"
done

{
	cat "$tmp/listing"
	echo forged row
} >"$tmp/broken"
for format in '' -J --ndjson; do
	# shellcheck disable=SC2086
	run --from "$tmp/broken" --count $format
	like "$status $out $err" "2  *line 14: *" "half a listing is not counted: $format"
done
"$reader" --from "$tmp/listing" --count >/dev/full 2>"$tmp/err"
is "$? $(cat "$tmp/err")" \
	"2 sockowners: cannot write the output: No space left on device; write it somewhere else" \
	"the disk is full"

# A million rows, and a name that each of them has alone.
many() {
	listing
	awk "BEGIN { for (n = 1; n <= 1000000; n++)
		print n \"\t3\ttcp\tLISTEN\t0.0.0.0\t80\t-\t-\t-\t1\t1\t0\tfd\t-\t\" $1 }"
}
out=$(many 'n % 1000' | (ulimit -v 30000 && "$reader" --from - --count -H | sort -u -k1,1))
is "$out" " 1000 0       tcp   LISTEN" "a million rows of 1,000 kinds, in 30 MB"
is "$(many n | "$reader" --from - --count -H -o count | uniq -c | tr -s ' ')" " 1 1000000" "counted by nothing"
is "$(many n | "$reader" --from - --count -H -o command,count | awk '{ seen[$1]++; n += $2 }
	END { print length(seen), n }')" "1000000 1000000" "a million kinds"
status=0
err=$(many n | (ulimit -v 30000 && "$reader" --from - --count 2>&1)) || status=$?
is "$status $err" "2 sockowners: cannot count: Cannot allocate memory; count by fewer columns (-o)" \
	"more than there is memory for"

is "$(timeout 60 "$reader" --from "$tmp/listing" --count -c db -o command --watch=0.1 2>&1 | head -n 6 |
	sed 's/^# 2.*/#/')" '#
COUNT COMMAND
    2 db
#
COUNT COMMAND
    2 db' "again and again, each from nothing"

if "${CC:-cc}" -shared -fPIC -o "$tmp/live.so" tests/reader/live.c -ldl 2>/dev/null; then
	LIVE_LISTING=$tmp/listing LIVE_LOG=$tmp/log LD_PRELOAD="$tmp/live.so" \
		"$reader" --count -t >/dev/null 2>&1
	is "$(tail -n 1 "$tmp/log")" "columns=proto,state,holder,comm proto=tcp,tcp6" \
		"the kernel is asked for no more than that"
else
	skip "the live one" "no compiler for what stands for the module"
fi

plan
