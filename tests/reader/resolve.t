#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# -r: names of hosts and services, from a private /etc/hosts and without a network.

. tests/reader/lib.sh

cat >"$tmp/hosts" <<EOF
127.0.0.1 localhost
10.0.0.1 db.example
10.0.0.2 a:80
10.0.0.3 $(printf 'evil\033[2J')
10.0.0.4 192.0.2.1
10.0.0.5 1234
10.0.0.6 a%eth0*b
10.0.0.7 $(printf 'x%.0s' {1..300})
10.0.0.8 g$(printf '\303\274')n
10.0.0.9 ::1
2001:db8::1 six.example
fe80::1 link.example
EOF
printf 'http 80/tcp\nlater 80/udp\ntwo-eighty 280/sctp\n' >"$tmp/services"

# private COMMAND...: where these two are in the place of those in /etc
private() {
	# shellcheck disable=SC2016
	RESOLVER_LOG=$tmp/log unshare -rmn sh -ec 'mount --bind "$1/hosts" /etc/hosts
		mount --bind "$1/services" /etc/services
		shift
		exec "$@"' - "$tmp" "$@"
}

if ! private true 2>"$tmp/err"; then
	echo "1..0 # SKIP unshare(1) cannot make a private /etc/hosts: $(head -n 1 "$tmp/err")"
	exit 0
fi

# cells ARGUMENT...: LOCAL and REMOTE of $tmp/listing
cells() {
	private "$reader" -H --from "$tmp/listing" -o local,remote "$@" 2>"$tmp/err" | tr -s ' '
}

# tcp LOCAL-ADDRESS LOCAL-PORT REMOTE-ADDRESS REMOTE-PORT
tcp() {
	listing "1 3 tcp ESTABLISHED $1 $2 $3 $4 ${dev:--} 1 1 0 fd - a" >"$tmp/listing"
}

tcp 127.0.0.1 80 10.0.0.1 5000
is "$(cells)" "127.0.0.1:80 10.0.0.1:5000" "numbers, if nobody asks for names"
is "$(cells -r)" "localhost:http db.example:5000" "-r"
is "$(cells --resolve)" "localhost:http db.example:5000" "--resolve"
is "$(cells -rn) $(cells -nr)" "127.0.0.1:80 10.0.0.1:5000 localhost:http db.example:5000" "-n takes it back"
is "$(cells -r 10.0.0.1:5000)" "localhost:http db.example:5000" "filters are numbers"
is "$(private "$reader" --from "$tmp/listing" -r --ndjson -o local,laddr,lport)" \
	'{"host":null,"boot_id":null,"time":null,"local":"localhost:http","laddr":"127.0.0.1","lport":80}' \
	"in JSON, too, but not in laddr and lport"
is "$(private "$reader" --from "$tmp/listing" -r --graph | grep -c 'label="db\.example"')" 1 "a host that is drawn"
tcp ::ffff:10.0.0.1 80 ::ffff:127.0.0.1 5000
is "$(cells -r)" "db.example:http localhost:5000" "v4-mapped addresses"
tcp 2001:db8::1 80 2001:db8::2 5000
is "$(cells -r)" "six.example:http [2001:db8::2]:5000" "IPv6, and an address without a name"
dev=eth0 tcp fe80::1 80 fe80::2 5000
is "$(cells -r)" "link.example%eth0:http [fe80::2]:5000" "the device stays"
tcp 0.0.0.0 80 - -
is "$(cells -r)" "0.0.0.0:http *:*" "no name is asked for what is no address"
tcp :: 80 - -
is "$(cells -r)" "*:http *:*" "of either family"

for what in 'udp later' 'udplite6 later' 'mptcp http' 'raw 80' 'icmp6 80' 'inet115 80'; do
	listing "1 3 ${what% *} UNCONNECTED 10.0.0.9 80 - - - 1 1 0 fd - a" >"$tmp/listing"
	is "$(cells -r)" "10.0.0.9:${what#* } *:*" "a port of ${what% *}"
done
listing "1 3 sctp LISTEN 10.0.0.9 280 - - - 1 1 0 fd - a" >"$tmp/listing"
is "$(cells -r)" "10.0.0.9:two-eighty *:*" "of sctp"
listing "1 3 tcp LISTEN 10.0.0.9 0280 - - - 1 1 0 fd - a" >"$tmp/listing"
is "$(cells -r)" "10.0.0.9:0280 *:*" "a port without a name"

# What whoever owns an address would like to be shown.
odd() {
	tcp "$1" 80 127.0.0.1 5000
	is "$(cells -r)" "$2:http localhost:5000" "$3"
}

odd 10.0.0.2 'a\07280' "a name cannot forge a port"
odd 10.0.0.3 'evil\033\1332J' "or move the cursor"
odd 10.0.0.4 10.0.0.4 "or be another address"
odd 10.0.0.9 10.0.0.9 "of IPv6"
odd 10.0.0.5 10.0.0.5 "or a number"
odd 10.0.0.6 'a\045eth0\052b' "or a device"
odd 10.0.0.7 10.0.0.7 "or fill the screen"
odd 10.0.0.8 'g\303\274n' "or have bytes beyond ASCII"

if "${CC:-cc}" -shared -fPIC -o "$tmp/resolver.so" tests/reader/resolver.c -ldl 2>/dev/null; then
	rows=()
	for i in {1..500}; do
		rows+=("$i 3 tcp ESTABLISHED 10.0.0.$((1 + i % 2)) 80 203.0.113.$((i % 3)) $i - $i 1 0 fd - a")
	done
	listing "${rows[@]}" >"$tmp/listing"
	: >"$tmp/log"
	private env LD_PRELOAD="$tmp/resolver.so" "$reader" -rH --from "$tmp/listing" >"$tmp/out"
	is "$(sort "$tmp/log" | uniq -c | tr -s ' ' | tr '\n' ';')" \
		" 1 10.0.0.1; 1 10.0.0.2; 1 203.0.113.0; 1 203.0.113.1; 1 203.0.113.2;" \
		"each address is asked for once, also one without a name"
	is "$(wc -l <"$tmp/out")" 500 "of 500 rows"
	: >"$tmp/log"
	private env LD_PRELOAD="$tmp/resolver.so" "$reader" -rH --watch=0.1 --from "$tmp/listing" |
		head -n 1600 >"$tmp/out"
	is "$(wc -l <"$tmp/log")" 5 "also while it watches"
	: >"$tmp/log"
	private env LD_PRELOAD="$tmp/resolver.so" "$reader" -rH --from "$tmp/listing" -o pid >"$tmp/out"
	is "$(cat "$tmp/log")" "" "and only if it is shown"
else
	skip "each address is asked for once" "no compiler"
fi

plan
