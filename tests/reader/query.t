#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# What the kernel is asked for, and that it does not matter whether it answers.

. tests/reader/lib.sh

if ! "${CC:-cc}" -shared -fPIC -o "$tmp/live.so" tests/reader/live.c -ldl 2>/dev/null; then
	echo "1..0 # SKIP no compiler for what stands for the module"
	exit 0
fi
export LIVE_LISTING=$data/all.listing LIVE_LOG=$tmp/log LIVE_REFUSE LIVE_ERROR

# live ARGUMENT...: run on what stands for the module; $log is what it was told
live() {
	: >"$LIVE_LOG"
	status=0
	LD_PRELOAD="$tmp/live.so" "$reader" "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
	out=$(cat "$tmp/out")
	err=$(cat "$tmp/err")
	log=$(cat "$LIVE_LOG")
}

shown=pid,fd,proto,state,laddr,lport,raddr,rport,dev,inode,netns,uid,holder,via,comm,flags,timer

# asks CONDITIONS ARGUMENT...: with the default columns
asks() {
	conditions=$1
	shift
	live "$@"
	is "$log" "open rw
columns=$shown${conditions:+ $conditions}" "asked: ${conditions:-for everything}"
}

asks ''
asks 'family=inet' -4
asks 'family=inet6' -6
asks '' -46
asks 'proto=tcp,tcp6' -t
asks 'family=inet proto=tcp,tcp6' -4t
asks 'proto=udp,udp6,udplite,udplite6' -u
asks 'proto=tcp,tcp6,udp,udp6,udplite,udplite6' -tu
asks 'state=LISTEN,UNCONNECTED' -l
asks '' -la
asks 'pid=1,101' --pid 101,1
asks 'port=80' :80
asks 'port=0-65535' :0-65535
asks 'addr=fe80::1' 'fe80::1%eth0'
asks 'port=68' '*%eth0:68' 10.0.0.1:68
asks '' '!fe80::1%eth0'
asks 'port=22,80,443,8000-8999' :443,http,8000-8500,8400-8999 :22
asks 'proto=tcp,tcp6 state=LISTEN,UNCONNECTED pid=7 port=65535' -tlnp --pid 7 :65535
asks 'proto=raw,raw6,icmp,icmp6' -w
asks 'proto=mptcp,mptcp6,sctp,sctp6' -MS
asks 'uid=0,33' -U 33,root
asks 'state=SYN_RECV,TIME_WAIT' -s bucket
asks 'state!=SYN_RECV,TIME_WAIT' -s big
asks '' -s all
asks 'state=LISTEN' -l -s listen,close
asks 'netns=4026531840' -N 4026531840
asks 'holder=scm,accept' --holder scm,accept
asks 'comm=nginx,\055,\303\244' -c "nginx,-,$(printf '\303\244')"
asks 'comm=a\040b' -c 'a b'
asks 'comm=systemd-timesyn' -c systemd-timesyncd
asks '' -c 'nginx,s*'
asks 'addr=10.0.0.1' 10.0.0.1
asks 'addr=10.0.0.0/8,fe80::/10,::1' 10.0.0.0/8,fe80::/10 ::1
asks 'addr=10.0.0.1,::1 port=22,80' 10.0.0.1:80 '[::1]:22'
asks '' 10.0.0.1 :80
asks 'port=80' 10.0.0.1:80 :80
asks 'proto=tcp,tcp6 port=80' -i tcp:80
asks 'port!=22' '!:22'
asks 'addr!=10.0.0.0/8' '!10.0.0.0/8'
asks '' '!10.0.0.0/8:22'
asks 'addr=127.0.0.0/8 port!=22,80' 127.0.0.0/8 '!:22,80'

# Columns that are not shown are asked for if it takes them to decide.
live --inode 7 --cgroup 8 -o pid
is "$(tail -n 1 "$LIVE_LOG")" "columns=pid,inode,holder,cgroup inode=7 cgroup=8" "what it takes to decide"
live --sort cookie -o pid
is "$(tail -n 1 "$LIVE_LOG")" "columns=pid,holder,cookie" "and to sort"
is "$status $err" "2 sockowners: /proc/sockowners: line 1: the header has no column 'cookie'; load the module with columns=all" \
	"which an older module may not have"

odd=$(seq -s , 1 2 2001)
live ":$odd"
is "$(printf '%s\n' "$log" | tail -n 1)" "columns=$shown" \
	"a condition that is too long for a query is left out"
live --pid "$odd" :22
is "$(printf '%s\n' "$log" | tail -n 1)" "columns=$shown port=22" "and only that"
is "$out" "$("$reader" --from "$data/all.listing" --pid "$odd" :22)" "the rows are right"
nearly=$(seq -s , 10001 10660)
live ":$nearly"
is "$(tail -n 1 "$LIVE_LOG")" "columns=$shown port=10001-10660" "ports in a row are a range"

# Whatever is refused, the result is the same.
for arguments in '' '-4t' '-l --pid 1,101,118' ':22 :80-9000 -t' ':1' '-H :7700' \
	'10.0.0.1:7000 ::1' '!10.0.0.0/8:7000 -t' '-c nginx,video* -U root' '-s closed --holder fd,hidden'; do
	# shellcheck disable=SC2086
	run --from "$data/all.listing" $arguments
	err=${err/"who saved them"/you}
	want="$status
$out
${err/cat \/proc\/sockowners/sockowners}"
	for refused in 'nothing 0' 'open 13' 'open 1' 'open 30' 'write 22' 'write 5' 'write 12' \
		'conditions 22'; do
		LIVE_REFUSE=${refused% *} LIVE_ERROR=${refused#* }
		# shellcheck disable=SC2086
		live $arguments
		is "$status
$out
$err" "$want" "refused: $refused: sockowners $arguments"
	done
done

LIVE_REFUSE=open LIVE_ERROR=13
live -t
is "$log" "open rw
open r" "no right to write: it only reads"
LIVE_REFUSE=write LIVE_ERROR=22
live -t
is "$log" "open rw
columns=$shown proto=tcp,tcp6
columns=$shown" "conditions are refused: it asks for the columns"
LIVE_REFUSE=open LIVE_ERROR=24
live -t
like "$status $err" "2 *: cannot open: Too many open files; close other listings of this user" \
	"any other error is one"

plan
