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

plan
