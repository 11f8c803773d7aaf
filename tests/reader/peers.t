#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# --peer, and --from HOST=FILE: who is at the other end.

. tests/reader/lib.sh

client='99 5 tcp ESTABLISHED 10.0.0.1 5000 10.0.0.2 80 - 21 1 0 fd - curl'
server='812 7 tcp ESTABLISHED 10.0.0.2 80 10.0.0.1 5000 - 22 1 33 fd - nginx'
worker='813 7 tcp ESTABLISHED 10.0.0.2 80 10.0.0.1 5000 - 22 1 33 fd - nginx'

# peer ROW...: the last cell of the first of these rows
peer() {
	listing "$@" >"$tmp/listing"
	run -H --from "$tmp/listing" -o peer
	head -n 1 "$tmp/out"
}

is "$(peer "$client" "$server")" "nginx[812] fd 7" "the same tuple the other way round"
is "$(peer "$client" "$worker" "$server")" "nginx[812] fd 7 and 1 more" "the lowest of several"
is "$(peer "$client" "${server/ 80 / 81 }")" "-" "another port"
is "$(peer "$client" "${server/10.0.0.1/10.0.0.3}")" "-" "another address"
is "$(peer "$client" "${server/tcp/udp}")" "-" "another protocol"
is "$(peer "$client" "${server/ 22 1 / 22 2 }")" "nginx[812] fd 7" "in another network namespace"
is "$(peer "${client//10.0.0./127.0.0.}" "$(printf '%s' "${server//10.0.0./127.0.0.}" | sed 's/ 22 1 / 22 2 /')")" \
	"-" "but not through a loopback address"
is "$(peer "${client//10.0.0./127.0.0.}" "${server//10.0.0./127.0.0.}")" "nginx[812] fd 7" \
	"which is one in its own namespace"
is "$(peer '9 5 tcp6 ESTABLISHED ::1 5000 ::1 80 - 21 1 0 fd - a' \
	'10 5 tcp6 ESTABLISHED ::1 80 ::1 5000 - 22 2 0 fd - b' \
	'11 5 tcp6 ESTABLISHED ::1 80 ::1 5000 - 23 1 0 fd - c')" "c[11] fd 5" "of IPv6"
is "$(peer "$client" "${server/ 22 1 / 22 2 }" "${server/812 7/814 8}")" "nginx[814] fd 8" \
	"the nearer one, if there are two"
is "$(peer "$client" "${server/ 22 1 / 22 2 }" "${server/ 22 1 / 23 3 }")" "one of 2 sockets" \
	"which of two that are alike nobody knows"
is "$(peer "$client" '7 4 tcp6 ESTABLISHED ::ffff:10.0.0.2 80 ::ffff:10.0.0.1 5000 - 22 1 33 fd - web')" \
	"web[7] fd 4" "a v4-mapped address is the same"
is "$(peer '7 3 tcp ESTABLISHED 127.0.0.1 9 127.0.0.1 9 - 22 1 33 fd - self')" "self[7] fd 3" \
	"connected to itself"
is "$(peer "$client" '812 6 tcp LISTEN 0.0.0.0 80 - - - 11 1 33 fd - nginx' \
	'- - tcp ESTABLISHED 10.0.0.2 80 10.0.0.1 5000 - 22 1 - accept 11 -')" \
	"in the accept queue of nginx[812] fd 6" "not accepted yet"
is "$(peer "$client" '- - tcp FIN_WAIT2 10.0.0.2 80 10.0.0.1 5000 - - 1 - timewait - -')" \
	"closed" "closed there"
is "$(peer '7 3 raw ESTABLISHED 10.0.0.1 1 10.0.0.2 - - 22 1 33 fd - ping')" "-" "no connection"
is "$(peer "$client" '- - tcp ESTABLISHED 10.0.0.2 80 10.0.0.1 5000 - 22 1 - accept 11 -')" \
	"in the accept queue of socket 11" "of a listener that is not there"
is "$(peer "$client" "${server/nginx/a,b[1]}")" 'a\054b\1331\135[812] fd 7' "an odd name"

listing "$client" "$server" "$worker" >"$tmp/listing"
run --from "$tmp/listing" --peer --pid 99
is "$out" "USER COMMAND PID FD PROTO STATE       LOCAL         REMOTE      PEER                       HOLDER
root curl     99  5 tcp   ESTABLISHED 10.0.0.1:5000 10.0.0.2:80 nginx[812] fd 7 and 1 more fd" \
	"--peer: a filter does not cut off the other end"
run -H --from "$tmp/listing" -o pid,peer --pid 99
peer=$out
run -H --from "$tmp/listing" -o pid --peer --pid 99
is "$out" "$peer" "with -o, too"
run -H --from "$tmp/listing" -o peer,pid --peer --pid 99
is "$(printf '%s' "$out" | wc -w)" "$(printf '%s' "$peer" | wc -w)" "once"
run -H --from "$tmp/listing" --count -o +peer
peer=$out
run -H --from "$tmp/listing" --count --peer
is "$out" "$peer" "and with --count"
run --from "$tmp/listing" --peer -g
is "$out" "PROTO STATE       LOCAL         REMOTE        PEER                       HOLDERS
tcp   ESTABLISHED 10.0.0.1:5000 10.0.0.2:80   nginx[812] fd 7 and 1 more curl[99]:5
tcp   ESTABLISHED 10.0.0.2:80   10.0.0.1:5000 curl[99] fd 5              nginx[812]:7,nginx[813]:7" \
	"with all holders at this end"
run --from "$tmp/listing" -J -o pid,peer
is "$(sed -n 2,4p "$tmp/out")" '{"pid":99,"peer":[{"command":"nginx","pid":812,"fd":7},{"command":"nginx","pid":813,"fd":7}]},
{"pid":812,"peer":[{"command":"curl","pid":99,"fd":5}]},
{"pid":813,"peer":[{"command":"curl","pid":99,"fd":5}]}' "JSON: a list of all who hold it"

# json ROW...: the peer of the first of these rows there
json() {
	listing "$@" >"$tmp/rows"
	run --from "$tmp/rows" --ndjson -o peer
	sed -n '1s/.*"peer":\(.*\)}$/\1/p' "$tmp/out"
}
is "$(json "$client" "${server/tcp/udp}")" null "nobody"
is "$(json "$client" "${server/7 tcp/- tcp}")" '[{"command":"nginx","pid":812,"fd":null}]' "without a descriptor"
is "$(json "$client" "${server/nginx/\\000}" "${worker/nginx/a,b[1]}")" \
	'[{"command":"","pid":812,"fd":7},{"command":"a,b[1]","pid":813,"fd":7}]' "odd names"
is "$(json "$client" '812 6 tcp LISTEN 0.0.0.0 80 - - - 11 1 33 fd - nginx' \
	'- - tcp ESTABLISHED 10.0.0.2 80 10.0.0.1 5000 - 22 1 - accept 11 -')" \
	'[{"command":null,"pid":null,"fd":null,"explained":"in the accept queue of nginx[812] fd 6"}]' \
	"no process: how it is held"
is "$(json "$client" "${server/ 22 1 / 22 2 }" "${server/ 22 1 / 23 3 }")" \
	'[{"command":null,"pid":null,"fd":null,"explained":"one of 2 sockets"}]' "or that nobody knows which"
many=()
for i in {1000..2999}; do
	many+=("$i 7 tcp ESTABLISHED 10.0.0.2 80 10.0.0.1 5000 - 22 1 33 fd - nginx")
done
is "$(json "$client" "${many[@]}" | tr '{' '\n' | grep -c '^"command":"nginx","pid":[12][0-9]*,"fd":7}')" 2000 \
	"2000 of them"
run --from "$tmp/rows" --ndjson -o pid,peer --count --sort pid
is "$status $(wc -l <"$tmp/out")" "0 2001" "which can be counted by"
# As many at both ends: a list for each of these rows would take 100 MB.
for i in {3000..4999}; do
	many+=("$i 5 tcp ESTABLISHED 10.0.0.1 5000 10.0.0.2 80 - 21 1 1000 fd - curl")
done
listing "${many[@]}" >"$tmp/rows"
status=0
(ulimit -v 30000 && exec "$reader" --from "$tmp/rows" -g --ndjson -o pid,peer) >"$tmp/out" 2>"$tmp/err" || status=$?
is "$status $(grep -o '"pid"' "$tmp/out" | wc -l) $(cat "$tmp/err")" "0 4002 " "listed once for a socket with all its holders"
status=0
(ulimit -v 30000 && exec "$reader" --from "$tmp/rows" --ndjson -o pid,peer --pid 1000 --sort pid) >"$tmp/out" || status=$?
is "$status $(wc -l <"$tmp/out")" "0 1" "and for what is shown"
cut -f 1-13 "$tmp/listing" >"$tmp/old"
run --from "$tmp/old" -H -o pid,peer --sort pid
is "$status $(head -n 1 "$tmp/out")" "0  99 -[812] fd 7 and 1 more" "an older listing, without names"

# Two hosts, each with a namespace 1.
listing "$client" '5 3 tcp ESTABLISHED 127.0.0.1 1 127.0.0.1 2 - 31 1 0 fd - a' >"$tmp/one"
listing "$server" '6 3 tcp ESTABLISHED 127.0.0.1 2 127.0.0.1 1 - 31 1 0 fd - b' >"$tmp/two"
# What this one calls a user says nothing about theirs.
run --from "web1=$tmp/one" --from "db=$tmp/two" --peer
is "$out" "HOST USER COMMAND PID FD PROTO STATE       LOCAL         REMOTE        PEER                  HOLDER
web1 0    curl     99  5 tcp   ESTABLISHED 10.0.0.1:5000 10.0.0.2:80   nginx[812] fd 7 on db fd
web1 0    a         5  3 tcp   ESTABLISHED 127.0.0.1:1   127.0.0.1:2   -                     fd
db   33   nginx   812  7 tcp   ESTABLISHED 10.0.0.2:80   10.0.0.1:5000 curl[99] fd 5 on web1 fd
db   0    b         6  3 tcp   ESTABLISHED 127.0.0.1:2   127.0.0.1:1   -                     fd" \
	"two hosts; a loopback address stays on its own"
run -H -U 33 --from "db=$tmp/two" -o user
is "$status $out" "0 33" "users of another host are numbers"
run -U root --from "db=$tmp/two"
is "$status $out $err" \
	"2  sockowners: --user 'root' is a name of this host; take what -o +uid shows of another one" "and are asked for so"
run -H -U root --from "$tmp/two" -o user
is "$status $out" "0 root" "if nobody says where, they are those of this one"
run --from "web1=$tmp/one" --from "db=$tmp/two" -g -H -o host,holders
is "$(sort "$tmp/out")" "db   b[6]:3
db   nginx[812]:7
web1 a[5]:3
web1 curl[99]:5" "the same inode on two hosts is not the same socket"
run --from "web1=$tmp/one" --from "db=$tmp/two" --ndjson -o pid :80
is "$out" '{"host":"web1","boot_id":null,"time":null,"pid":99}
{"host":"db","boot_id":null,"time":null,"pid":812}' "in lines each has its host"
run --from "web1=$tmp/one" --from "db=$tmp/two" --ndjson -o host,pid,netns --sort -host :80
is "$out" '{"host":"web1","boot_id":null,"time":null,"pid":99,"netns":1}
{"host":"db","boot_id":null,"time":null,"pid":812,"netns":1}' "once, also if it is asked for"
run --from "web1=$tmp/one" --ndjson -o host :80
is "$out" '{"host":"web1","boot_id":null,"time":null}' "and nothing else"
run --from "web1=$tmp/one" --from "db=$tmp/two" -J -o +pid :80
is "$(sed -n 3p "$tmp/out" | cut -c -30)" '{"host":"db","user":"33","comm' "and so has JSON"
run --from "web1=$tmp/one" --from "db=$tmp/two" -J -o peer --sort pid
is "$(sed -n 4,5p "$tmp/out")" '{"peer":[{"command":"nginx","pid":812,"fd":7,"host":"db"}]},
{"peer":[{"command":"curl","pid":99,"fd":5,"host":"web1"}]}' "the other host, too"
run --from "web1=$tmp/one" -H -o host,pid :80
is "$out" "web1  99" "one host shows its name on request"
run --from "web1=$tmp/one" --from "db=$tmp/nowhere"
like "$status $(wc -l <"$tmp/out") $err" "2 3 *$tmp/nowhere: cannot open*" "one that cannot be read"
cp "$tmp/one" "$tmp/a=b"
run --from "$tmp/a=b" -H -o pid :80
is "$out" " 99" "a file with an equals sign behind a slash"
run --from "$tmp/one" --from "$tmp/two"
is "$status $err" "2 sockowners: several --from need HOST=FILE each; try 'sockowners --help'" "several without names"
run --from a=- --from b=- </dev/null
is "$status $err" "2 sockowners: only one --from can be '-'; try 'sockowners --help'" "standard input twice"
run --from "a=$tmp/one" --from "a=$tmp/two"
is "$status $err" "2 sockowners: host 'a' comes twice; try 'sockowners --help'" "a host that comes twice"

if "${CC:-cc}" -shared -fPIC -o "$tmp/live.so" tests/reader/live.c -ldl 2>/dev/null; then
	LIVE_LISTING=$tmp/listing LIVE_LOG=$tmp/log LD_PRELOAD="$tmp/live.so" "$reader" --peer -o pid,peer --pid 99 >"$tmp/out"
	is "$(tail -n 1 "$tmp/log" | tr ' ' '\n' | grep -vc columns=) $(tail -n 1 "$tmp/out")" \
		"0  99 nginx[812] fd 7 and 1 more" "the kernel is asked for all, in one reading"
else
	skip "the live one" "no compiler for what stands for the module"
fi

plan
