#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# -g: a row for each socket, with all its holders.

. tests/reader/lib.sh

listing '101 3 tcp LISTEN 0.0.0.0 22 - - - 11 1 0 fd - sshd' \
	'812 6 tcp LISTEN 0.0.0.0 80 - - - 12 1 33 fd - nginx' \
	'812 9 tcp LISTEN 0.0.0.0 80 - - - 12 1 33 fd - nginx' \
	'813 - tcp LISTEN 0.0.0.0 22 - - - 11 1 33 scm 5 a[1],b' \
	'813 6 tcp LISTEN 0.0.0.0 80 - - - 12 1 33 thread 815 nginx' \
	'- - tcp ESTABLISHED 10.0.0.1 80 10.0.0.2 5000 - 13 1 - accept 12 -' \
	'- - tcp TIME_WAIT 10.0.0.1 80 10.0.0.2 5001 - - 1 - timewait - -' \
	'- - tcp TIME_WAIT 10.0.0.1 80 10.0.0.2 5002 - - 1 - timewait - -' >"$tmp/listing"

run -g --from "$tmp/listing"
is "$out" 'PROTO STATE       LOCAL       REMOTE        HOLDERS
tcp   LISTEN      0.0.0.0:22  *:*           sshd[101]:3,a\1331\135\054b[813]:scm
tcp   LISTEN      0.0.0.0:80  *:*           nginx[812]:6,nginx[812]:9,nginx[813]:6
tcp   ESTABLISHED 10.0.0.1:80 10.0.0.2:5000 in the accept queue of nginx[812] fd 6 and 1 more
tcp   TIME_WAIT   10.0.0.1:80 10.0.0.2:5001 closed
tcp   TIME_WAIT   10.0.0.1:80 10.0.0.2:5002 closed' "a row for each socket"
run --group --from "$tmp/listing" -H --pid 813 -c nginx
is "$out" "tcp   LISTEN 0.0.0.0:80 *:*    nginx[812]:6,nginx[812]:9,nginx[813]:6" \
	"a filter shows a socket with all its holders, or not"
run -g --from "$tmp/listing" -H -o pid,lport --sort -lport -l
is "$out" "812    80
101    22" "other columns are of the first holder, and sorted"
run -g --from "$tmp/listing" :9
is "$status $out" "1 " "nothing"
run -g -J --from "$tmp/listing" --sort local -o holders,lport
is "$(sed -n '2,$p' "$tmp/out" | head -n 3)" \
	'{"holders":[{"command":"sshd","pid":101,"fd":3},{"command":"a[1],b","pid":813,"fd":null}],"lport":22},
{"holders":[{"command":"nginx","pid":812,"fd":6},{"command":"nginx","pid":812,"fd":9},{"command":"nginx","pid":813,"fd":6}],"lport":80},
{"holders":[],"lport":80},' "JSON has a list"
# Each subflow has the inode of its MPTCP socket, and ends of its own.
listing '99 5 mptcp ESTABLISHED 10.0.0.1 4000 10.0.0.2 443 - 31 1 0 fd - curl' \
	'- - tcp ESTABLISHED 10.0.0.1 4000 10.0.0.2 443 - 31 1 - mptcp 31 -' \
	'- - tcp ESTABLISHED 10.0.1.1 4001 10.0.1.2 443 - 31 1 - mptcp 31 -' \
	'100 3 mptcp ESTABLISHED 10.0.0.1 4000 10.0.0.2 443 - 31 1 0 fd - wget' >"$tmp/subflows"
run -g -H --from "$tmp/subflows"
is "$(tr -s ' ' <"$tmp/out")" "mptcp ESTABLISHED 10.0.0.1:4000 10.0.0.2:443 curl[99]:5,wget[100]:3
tcp ESTABLISHED 10.0.0.1:4000 10.0.0.2:443 subflow of curl[99] fd 5
tcp ESTABLISHED 10.0.1.1:4001 10.0.1.2:443 subflow of curl[99] fd 5" "subflows are sockets"
run -g -H -o local --from "$tmp/subflows" 10.0.1.2
is "$out" "10.0.1.1:4001" "that are chosen by their own ends"
cut -f 1-14 "$tmp/subflows" >"$tmp/nameless"
run -g -J -o holders --from "$tmp/nameless" 10.0.0.2
is "$(sed -n '2p' "$tmp/out")" '{"holders":[{"command":null,"pid":99,"fd":5},{"command":null,"pid":100,"fd":3}]},' \
	"a name that the listing does not have is none"
listing '7 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 0 fd - \055' >"$tmp/dash"
run -g -J -o holders --from "$tmp/dash"
is "$(sed -n '2p' "$tmp/out")" '{"holders":[{"command":"-","pid":7,"fd":3}]}' "and one may be called so"
run -g -H --from "a=$data/why.listing" --from "b=$data/host.listing" -o host,inode
is "$status $(cut -c 1 "$tmp/out" | uniq -c | tr -s ' \n' ' ')" "0  29 a 21 b " "rows that waited for others know their host"
{
	listing
	seq 1 20000 | awk '{ print $1 "\t3\ttcp\tLISTEN\t0.0.0.0\t80\t-\t-\t-\t7\t1\t0\tfd\t-\tweb" }'
} >"$tmp/many"
run -g -H --from "$tmp/many"
is "$(wc -l <"$tmp/out") $(grep -c '\.\.\.$' "$tmp/out") $(($(wc -c <"$tmp/out") < 33000))" "1 1 1" \
	"a list that is too long for a table says so"
run -g -J --from "$tmp/many"
is "$(grep -o command "$tmp/out" | wc -l)" 20000 "JSON has them all"
cp "$tmp/many" "$tmp/more"
sed 1d "$tmp/many" | awk '{ for (i = 0; i < 12; i++) print }' >>"$tmp/more"
run --count -H -o holders --from "$tmp/more"
is "$status $(cut -c 1-30 "$tmp/out")" "0     1 web[1]:3,web[2]:3,web[3]" "nor is it too long to be counted by"
cut -f 1-9,11- "$tmp/listing" >"$tmp/fewer"
run -g --from "$tmp/fewer"
like "$status $err" "2 *no column 'inode'*" "without inodes nobody knows which socket it is"
last=$(tail -n 1 "$tmp/many")
yes "$last" | head -n 1000000 >>"$tmp/many"
status=0
err=$(ulimit -v 40000 && "$reader" -g --from "$tmp/many" 2>&1 >/dev/null) || status=$?
is "$status $err" "2 sockowners: cannot group: Cannot allocate memory; group less, or without -g" \
	"no memory"

plan
