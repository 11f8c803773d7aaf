#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# -o: which columns, and -H.

. tests/reader/lib.sh

header='pid fd proto state laddr lport raddr rport dev inode netns uid holder via comm start cookie sockuid cgroup sockcgroup recvq sendq drops flags timer'
listing '1 3 tcp6 LISTEN :: 80 - - eth0 11 4026531840 0 fd - web 123 21 33 41 42 0 128 7 reuseaddr,v6only -' \
	'- - tcp TIME_WAIT 10.0.0.1 80 10.0.0.2 5000 - - 4026532000 - timewait - - - - - - - - - - - 59000' \
	>"$tmp/listing"

# What cgroups this host has is of no interest.
: >"$tmp/listing.cgroups"

# columns LIST
columns() {
	run --from "$tmp/listing" -o "$1"
	printf '%s\n' "$out" | tr -s ' ' | sed 's/^ //'
}

is "$(columns local,pid)" "LOCAL PID
[::]%eth0:80 1
10.0.0.1:80 -" "in the order of the list"
is "$(columns PID,Remote)" "$(columns pid,remote)" "in capitals or not"
is "$(columns comm)" "$(columns command)" "the listing's name for COMMAND"
is "$(columns laddr,lport,raddr,rport,dev,inode,netns,uid,holder,via)" \
	"LADDR LPORT RADDR RPORT DEV INODE NETNS UID HOLDER VIA
:: 80 - - eth0 11 4026531840 0 fd -
10.0.0.1 80 10.0.0.2 5000 - - 4026532000 - closed, 59 s to go -" "what the listing has"
is "$(columns start,cookie,sockuid,cgroup,sockcgroup,recvq,sendq,drops,flags,timer)" \
	"START COOKIE SOCKUID CGROUP SOCKCGROUP RECVQ SENDQ DROPS FLAGS TIMER
123 21 33 41 42 0 128 7 reuseaddr,v6only -
- - - - - - - - - 59000" "what it has on request"
is "$(columns +inode,recvq | head -n 1)" \
	"USER COMMAND PID FD PROTO STATE LOCAL REMOTE HOLDER INODE RECVQ NETNS" \
	"+ adds columns, and NETNS still comes by itself"
is "$(columns +netns,inode | head -n 1)" \
	"USER COMMAND PID FD PROTO STATE LOCAL REMOTE HOLDER NETNS INODE" "but once"
is "$(columns +pid | head -n 1)" "USER COMMAND PID FD PROTO STATE LOCAL REMOTE HOLDER NETNS" \
	"what is there already is not added"

run --from "$tmp/listing" -o pid,inode,flags
is "$out" "PID INODE FLAGS
  1    11 reuseaddr,v6only
  -     - -" "numbers are flush right"
run --from "$tmp/listing" -H -o flags,timer
is "$out" "reuseaddr,v6only     -
-                59000" "-H, and numbers at the end"
run --from "$tmp/listing" -o pid -o fd
is "$out" "$(printf 'FD\n 3\n -')" "the last -o counts"
run --from "$data/all.listing" -o local
is "$err" "sockowners: rows with a holder hidden from who saved them: 2; root sees more (sudo cat /proc/sockowners)" \
	"hidden rows are counted whatever is shown"

run -o help
is "$status $err" "0 " "-o help"
is "$(awk '{ print $1 }' "$tmp/out" | sort)" \
	"$(printf 'USER\nCOMMAND\nLOCAL\nREMOTE\nEXPLAINED\nCOUNT\nHOST\nHOLDERS\nPEER\nUNIT\nFAILS\nWHY\n%s\n' "$(printf '%s\n' "$header" | tr ' ' '\n' |
		grep -v comm | tr '[:lower:]' '[:upper:]')" | sort)" "lists every column"
is "$(grep -cvE '^[A-Z]+ +[a-z].{8,}$' "$tmp/out") $(grep -c '.\{70\}' "$tmp/out")" "0 0" \
	"with a line for each"

cut -f 1-15 "$tmp/listing" >"$tmp/plain"
run --from "$tmp/plain" -o pid,cookie
is "$status $out $err" "0 PID COOKIE
  1      -
  -      - sockowners: the listing has no column 'cookie', shown as none; save it with the query columns=all" \
	"a listing without a column that is asked for"
run --from "$tmp/plain" -o local
is "$status $out" "0 LOCAL
*%eth0:80
10.0.0.1:80" "without flags, which would only be useful"
cut -f 1,2 "$tmp/listing" >"$tmp/two"
run --from "$tmp/two" -o pid,fd
is "$status $out$err" "0 $(printf 'PID FD\n  1  3\n  -  -')" \
	"the holder, to count the hidden rows, may be missing"
cut -f 2,13 "$tmp/listing" >"$tmp/two"
run --from "$tmp/two" -o fd
is "$status $out" "0 $(printf 'FD\n 3\n -')" "what nobody needs may be missing"

refused() {
	run --from "$data/all.listing" -o "$1"
	is "$status $out $err" "2  sockowners: $2" "refused: -o $1"
}

refused nope "no column is named 'nope'; try 'sockowners -o help'"
refused '' "no column is named ''; try 'sockowners -o help'"
refused + "no column is named ''; try 'sockowners -o help'"
refused pid, "no column is named ''; try 'sockowners -o help'"
refused pid,pi "no column is named 'pi'; try 'sockowners -o help'"
refused pid,pid "column PID comes twice; try 'sockowners --help'"
refused pid,+fd "no column is named '+fd'; try 'sockowners -o help'"

plan
