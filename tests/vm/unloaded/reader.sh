#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# The reader on the live file: whether the kernel does the choosing or the reader
# does, the answer is the same. Runs in the VM with the module not loaded, and
# leaves it so.

file=/proc/sockowners
count=0

# is GOT EXPECTED NAME
is() {
	count=$((count + 1))
	if [ "$1" = "$2" ]; then
		echo "ok $count - $3"
	else
		echo "not ok $count - $3"
		printf 'got:\n%s\nexpected:\n%s\n' "$1" "$2" | sed 's/^/# /'
	fi
}

rows() {
	sockowners -H "$@" | wc -l
}

insmod /lib/sockowners.ko
ip link set lo up
mkfifo /tmp/hold
sleep 1000 >/tmp/hold &
holding=$!
holders=
for port in 8001 8002 8003; do
	nc -l -p $port </tmp/hold >/dev/null &
	holders="$holders $!"
done
nc -l -p 9001 </tmp/hold >/dev/null &
holders="$holders $!"
tries=0
until [ "$(rows -tl :8001-8003,9001)" -ge 4 ] || [ $tries -eq 100 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
nc 127.0.0.1 8001 </tmp/hold >/dev/null &
client=$!
holders="$holders $client"
until [ "$(rows -s established :8001)" -ge 2 ] || [ $tries -eq 200 ]; do
	tries=$((tries + 1))
	sleep 0.1
done

# What other tests have left behind may go while two answers are compared.
tries=0
until [ "$(rows --holder timewait,orphan)" -eq 0 ] || [ $tries -eq 1200 ]; do
	tries=$((tries + 1))
	sleep 0.1
done

# The listing as it is, with every column and for a reader that does it all.
exec 3<>$file
echo columns=all >&3
cat <&3 >/tmp/all
exec 3<&-
is "$(head -n 1 /tmp/all | tr '\t' '\n' | grep -c .)" 25 'every column is there'

# same ARGUMENT...: both answers have rows, or none of them has
same() {
	live=$(sockowners "$@" 2>&1)
	live="$live
$?"
	saved=$(sockowners --from /tmp/all "$@" 2>&1)
	saved="$saved
$?"
	is "$live" "$saved" "sockowners $*"
}

same
same -4
same -6
same -t
same -u -w -M -S
same -tl
same :8001
same :8001-8003 -tl
same '!:8001' -t
same 127.0.0.1:8001
same 127.0.0.0/8 '!:9001'
same '[::]:8001'
same 0.0.0.0/0
same ::/0
same ::ffff:127.0.0.0/104
same 127.0.0.1:9001 :8002
same -i 4TCP@127.0.0.1:8001
same -i tcp:8001 -i udp:53
same --pid "$client"
same --pid "$client,1"
same -c nc
same -c 'n?'
same -c a-name-that-nobody-has,nc
same -c "it's, a \\ -"
same -U 0
same -U 12345
same -s listening
same -s connected
same -s closed
same -s big -o +timer
same --inode "$(sockowners -H -o inode :9001 | tr -d ' ')"
same -N /proc/$$/ns/net
same -N /proc/1/ns/net
same --holder fd
same --holder accept,scm,timewait,synrecv,orphan,mptcp,assoc,kernel,elsewhere,hidden,thread
same --cgroup 1
same -J
same -J -o pid,start,cookie,sockuid,cgroup,sockcgroup,drops,flags :8001
same --sort -local -o local,flags
same --sort cookie -o cookie,pid -tl

is "$(rows --pid "$client")" 1 'the client has its one socket'
is "$(sockowners --ndjson -o pid --pid "$client" | sed 's/"time":"[^"]*"/T/')" \
	"{\"host\":\"$(uname -n)\",\"boot_id\":\"$(cat /proc/sys/kernel/random/boot_id)\",T,\"pid\":$client}" \
	'an object a line, from here and now'

# The number of ports makes the query too long for the kernel.
many=$(seq -s , 1001 2 3999)
same ":$many,8001"

# Also where the kernel likes to give memory in pieces of 2 MiB.
huge=/sys/kernel/mm/transparent_hugepage/enabled
if [ -e $huge ]; then
	former=$(sed 's/.*\[\(.*\)\].*/\1/' $huge)
	echo always >$huge
fi
for format in -H -J --ndjson -g; do
	/bin/busybox time -v sockowners $format 2>/tmp/said >/dev/null
	rss=$(sed -n 's/.*Maximum resident set size (kbytes): //p' /tmp/said)
	echo "# $rss KiB"
	is "$((${rss:-99999} <= 16384))" 1 "sockowners $format takes no more than 16 MiB"
done
[ ! -e $huge ] || echo "$former" >$huge

# shellcheck disable=SC2086
kill $holders "$holding"
rmmod sockowners

# Where writing is refused, a plain read has to do.
insmod /lib/sockowners.ko mode=0444
sockowners -H :1 >/tmp/said 2>&1
is "$? $(cat /tmp/said)" '1 ' 'a file that root alone can write to, as root'
rmmod sockowners
echo "1..$count"
