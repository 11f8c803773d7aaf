#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# --graph. The example of the README is kept true: after a change, "make docs/graph.svg".

. tests/reader/lib.sh

run --graph --from "$data/graph.listing"
is "$status $err" "0 " "--graph"
is "$out" "$(sed 1,2d docs/graph.dot)" "docs/graph.dot is what it prints"
is "$(sed -n 's/^.*<!-- sockowners: \(.*\) -->$/\1/p' docs/graph.svg)" "$(cksum <docs/graph.dot)" \
	"and docs/graph.svg is drawn from it"

# lines ROW...: what is drawn, by the labels: "a -> b: label"
lines() {
	[ $# -eq 0 ] || listing "$@" >"$tmp/listing"
	"$reader" --graph --from "$tmp/listing" "${options[@]}" >"$tmp/dot" || return
	edges
}

edges() {
	awk '/^ *n[0-9]+ \[/ { at = $1; label = $0; sub(/.*label="/, "", label); sub(/"\];$/, "", label)
			name[at] = label }
		/ -> / { label = ""; if (sub(/ \[label="/, " : ")) { label = $0; sub(/.* : /, ": ", label); sub(/"\];$/, "", label) }
			to = $3; sub(/;$/, "", to); print name[$1] " -> " name[to] label }' "$tmp/dot"
}

options=()
listener='7 3 tcp LISTEN 127.0.0.1 80 - - - 11 1 0 fd - web'
client='9 4 tcp ESTABLISHED 127.0.0.1 5000 127.0.0.1 80 - 12 1 0 fd - curl'
server='7 5 tcp ESTABLISHED 127.0.0.1 80 127.0.0.1 5000 - 13 1 0 fd - web'
is "$(lines "$listener" "$client" "$server")" 'curl\n9 -> tcp 127.0.0.1:80
tcp 127.0.0.1:80 -> web\n7' "a connection, once"
is "$(lines "$listener" "$client" "${client/9 4/10 4}" "$server" \
	"${client/5000 127.0.0.1 80 - 12/5001 127.0.0.1 80 - 15}" "${server/5000 - 13/5001 - 16}")" \
	'curl\n9 10 -> tcp 127.0.0.1:80: x2
tcp 127.0.0.1:80 -> web\n7' "parallel ones with their number, shared ones once"
abroad='9 4 tcp ESTABLISHED 127.0.0.1 5000 10.0.0.9 443 - 12 1 0 fd - curl'
is "$(lines "$abroad" "${abroad/9 4/10 4}" "${abroad/9 4 tcp/11 4 tcp}" | head -n 1)" 'curl\n9 10 11 -> 10.0.0.9: tcp :443' \
	"held by several"
is "$(lines "$abroad" "$(sed 's/^9/10/; s/curl/php/' <<<"$abroad")")" 'curl\n9 -> 10.0.0.9: tcp :443
php\n10 -> 10.0.0.9: tcp :443' "of different names"
is "$(lines "$listener" "${server//127.0.0.1 5000/10.0.0.9 5000}")" '10.0.0.9 -> tcp 127.0.0.1:80
tcp 127.0.0.1:80 -> web\n7' "from elsewhere"
is "$(lines "${client//127.0.0.1 80/10.0.0.9 80}")" 'curl\n9 -> 10.0.0.9: tcp :80' "to elsewhere"
is "$(lines "$client" "$server")" 'curl\n9 -> tcp
tcp -> web\n7' "where nobody listens any more"
is "$(lines "$listener" "$client" '- - tcp ESTABLISHED 127.0.0.1 80 127.0.0.1 5000 - 13 1 - accept 11 -' \
	'- - tcp SYN_RECV 127.0.0.1 80 127.0.0.1 5003 - - 1 - synrecv 11 -')" \
	'curl\n9 -> tcp 127.0.0.1:80\n1 waiting\n1 half-open
tcp 127.0.0.1:80\n1 waiting\n1 half-open -> web\n7' "the queues"
is "$(lines "$client" '- - tcp ESTABLISHED 127.0.0.1 80 127.0.0.1 5000 - 13 1 - accept 11 -')" \
	'curl\n9 -> 127.0.0.1: tcp :80' "of a listener that is not there"
resolver='6 12 udp UNCONNECTED 127.0.0.53 53 - - lo 1 1 0 fd - dns'
asks='9 5 udp ESTABLISHED 127.0.0.1 4000 127.0.0.53 53 - 2 1 0 fd - dig'
is "$(lines "$resolver" "$asks")" 'dig\n9 -> udp 127.0.0.53%lo:53
udp 127.0.0.53%lo:53 -> dns\n6' "a server that is not connected to who asks it"
is "$(lines "$resolver" "${asks/ 2 1 / 2 2 }" | head -n 1)" 'dig\n9 -> 127.0.0.53: udp :53' "of another namespace"
is "$(lines "${listener/127.0.0.1/0.0.0.0}" '9 4 tcp SYN_SENT 10.0.0.1 5000 10.0.0.1 80 - 12 1 0 fd - curl' |
	head -n 1)" 'curl\n9 -> tcp 0.0.0.0:80' "a connection that is not there yet"
is "$(lines "${listener/127.0.0.1/0.0.0.0}" '9 4 tcp SYN_SENT 10.0.0.1 5000 10.0.0.2 80 - 12 1 0 fd - curl' |
	head -n 1)" 'curl\n9 -> 10.0.0.2: tcp :80' "or elsewhere"
listing "$listener" "$client" "$server" '5 3 udp UNCONNECTED 0.0.0.0 53 - - - 14 1 0 fd - dns' >"$tmp/listing"
options=(-c curl)
is "$(lines)" 'curl\n9 -> tcp 127.0.0.1:80
tcp 127.0.0.1:80 -> web\n7' "a filter leaves out the others, not the other end"
options=(:9)
"$reader" --graph --from "$tmp/listing" :9 >"$tmp/dot"
is "$? $(grep -c label "$tmp/dot")" "1 0" "nothing"

for option in -J --count --watch -g --peer; do
	run --graph --from "$tmp/listing" "$option"
	is "$status $err" "2 sockowners: --graph draws, and nothing else; try 'sockowners --help'" "not with $option"
done
for option in '-o pid' '--sort pid'; do
	# shellcheck disable=SC2086
	run --graph --from "$tmp/listing" $option
	is "$status $err" "2 sockowners: --graph has no columns: no -o, --sort; try 'sockowners --help'" "nor with $option"
done

listing "$client" >"$tmp/a"
listing "$listener" "$server" >"$tmp/b"
"$reader" --graph --from "a=$tmp/a" --from "b=$tmp/b" >"$tmp/dot"
is "$(edges | head -n 1) $(grep -c 'label="[ab]";' "$tmp/dot")" 'curl\n9 -> 127.0.0.1: tcp :80 2' \
	"a cluster for each host, and no loopback between them"
sed 's/127\.0\.0\./10.0.0./g' "$tmp/a" >"$tmp/c"
sed 's/127\.0\.0\./10.0.0./g' "$tmp/b" >"$tmp/d"
"$reader" --graph --from "a=$tmp/c" --from "b=$tmp/d" >"$tmp/dot"
is "$(edges | head -n 1)" 'curl\n9 -> tcp 10.0.0.1:80' "two hosts that talk"

evil='"];\n}-><b>&amp;{|}'
listing "${listener/web/"$evil"}" "${client/curl/\\012\"]}" >"$tmp/listing"
"$reader" --graph --from "$tmp/listing" >"$tmp/dot"
is "$(grep -cF 'label="\"];\\n}-><b>&amp;{|}\n7"' "$tmp/dot")" 1 "an odd name is text"
is "$(grep -c '^  n[0-9]* \[' "$tmp/dot") $(grep -c '^}' "$tmp/dot")" "3 1" "and nothing else"
if command -v dot >/dev/null; then
	for graph in "$tmp/dot" docs/graph.dot; do
		is "$(dot -Tsvg "$graph" 2>&1 >"$tmp/svg"; grep -c '^<g id="node' "$tmp/svg")" \
			"$(grep -c '^ *n[0-9]* \[' "$graph")" "dot draws it: ${graph#"$tmp/"}"
	done
else
	skip "dot draws it" "no graphviz"
fi

plan
