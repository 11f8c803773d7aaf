#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# What fingers know from ss, lsof and netstat means the same here: the whole output,
# and which rows it is made of, by the rules of those programs.

. tests/reader/lib.sh

blocks "$data/host.listing" <"$data/habits.out"
ok $((count < 6)) "there are some"

# same CONDITION ARGUMENT...: rows of the listing for which awk finds the condition true
same() {
	local condition=$1
	shift
	is "$("$reader" -H --from "$data/host.listing" -o pid,fd,proto,local,remote "$@" 2>/dev/null | wc -l
		"$reader" -H --from "$data/host.listing" -o pid,fd,cookie "$@" 2>/dev/null | tr -s ' ' |
			sed 's/^ //')" \
		"$(awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
			{ proto = $at["proto"]; state = $at["state"]; pid = $at["pid"]
			  l = $at["lport"]; r = $at["rport"]; has_fd = $at["fd"] != "-" }
			'"$condition"' { rows++; text = text "\n" pid " " $at["fd"] " " $at["cookie"] }
			END { print rows text }' "$data/host.listing")" "$*: $condition"
}

tcp='proto ~ /^tcp6?$/' udp='proto ~ /^udp6?$/'
same "$tcp && state == \"LISTEN\"" -tlnp
same "$tcp && state == \"LISTEN\"" -plnt
same "$tcp && state == \"LISTEN\"" -lt -n -p
same "$tcp" -tanp
same "$tcp" -pant
same "$tcp || $udp" -tunap
same "state == \"LISTEN\" || $udp && r == \"-\"" -tulpn
same "state == \"LISTEN\" || $udp && r == \"-\"" -plunt
same 'l == 8080 || r == 8080' -nP -i :8080
same 'l == 8080 || r == 8080' -nPi:8080
same 'l == 8080 || r == 8080' -i:8080 -P -n
same "$tcp && (l == 80 || r == 80)" -i tcp:80
same "$tcp && (l == 80 || r == 80)" -iTCP:http
same "$udp && (l == 53 || r == 53)" -nP -iUDP:53
same "$tcp && state == \"LISTEN\"" -nP -iTCP -sTCP:LISTEN
same "$tcp && state == \"ESTABLISHED\"" -nP -iTCP -sTCP:ESTABLISHED
same "$tcp && state == \"ESTABLISHED\"" -t -s established
same "$tcp && state == \"ESTABLISHED\"" -ts estab
same 'pid == 900' --pid 900
same 'proto ~ /6$/' -6 -nap

# refused HINT ARGUMENT...: what means something else here is refused with what to write
refused() {
	local hint=$1

	shift
	run --from "$data/host.listing" "$@"
	is "$status $out $err" "2  sockowners: unknown $hint; try 'sockowners --help'" "refused: $*"
}

refused "filter '814'; a process is '--pid 814', a port is ':814'" -p 814
refused "filter '814,900'; a process is '--pid 814,900', a port is ':814,900'" -nPp 814,900
refused "filter 'exclude'; for others write '-s STATE,...'" -t exclude time-wait
refused "filter 'not'; to exclude write '!:22'" -t not dst 10.0.0.1
refused "filter '!'; to exclude write '!:22'" '!' :22
refused "filter 'tcp:22'; for a protocol write '-i tcp:22'" tcp:22
refused "filter 'UDP@127.0.0.53:53'; for a protocol write '-i UDP@127.0.0.53:53'" UDP@127.0.0.53:53
refused "option '-p814'; a process is '--pid 814'" -p814
refused "option '-p8'; a process is '--pid 8'" -p8
refused "option '-e'; write '-o +sockuid,inode,cookie'" -tulpen
refused "option '-x'; there are no Unix sockets here" -xl
refused "filter '814'; for a port write ':814'" -t 814
refused "filter 'root'; for a user write '-U root'" -u root
refused "filter '5'; seconds are '--watch=5', a port is ':5'" --watch 5
refused "filter '0.5'; seconds are '--watch=0.5', a port is ':0.5'" --watch 0.5
refused "filter '$tmp/x.prom'; for a file write '--prometheus=$tmp/x.prom'" --prometheus "$tmp/x.prom"
refused "filter 'x.prom'; for a file write '--prometheus=x.prom'" --prometheus x.prom
refused "filter 'state'; write '-s established'" -tn state established
refused "filter 'state'; write '-s STATE'" state
refused "filter 'established'; for a state write '-s established'" -t established
refused "filter 'tcp'; for a protocol write '-i tcp'" tcp
refused "filter 'dst'; write '10.1.2.3', which is about either end" dst 10.1.2.3
refused "filter 'src'; write '[::1]:80', which is about either end" 'src [::1]:80'
refused "filter 'sport'; write ':80', which is about either end" sport = :80
refused "filter 'sport'; write ':80', which is about either end" -tn '( sport = :80 or dport = :80 )'
refused "filter 'dport'; write ':https', which is about either end" dport eq https
refused "filter 'dport'; write '!:22', which is about either end" -t 'dport != :22'
refused "filter 'dport'; write ':FIRST-LAST'" 'dport >= :1024'
refused "filter 'dev'; write '*%eth0'" dev eth0
run --from "$data/host.listing" dst "$(printf '%0300d' 0)" and more
like "$status $err" "2 *unknown filter 'dst'; write '000*" "a long one"
run --from "$data/host.listing" --watch 10.1.2 --ndjson
like "$err" "*'10.1.2' is no address*" "what is no number of seconds"
is "$(run --from "$data/host.listing" --prometheus 127.0.0.0/8 -t; echo "$status")" 0 "a filter is one, behind any option"

plan
