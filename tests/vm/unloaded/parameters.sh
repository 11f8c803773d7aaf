#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# The parameters gid=, mode= and columns=. With the first two the scenarios that are about who sees
# what have to hold too; each finds out by itself what they are.

# shellcheck source=../guest/ok
. /guest/ok
ko=/lib/sockowners.ko
parameters=/sys/module/sockowners/parameters
tests=/tests/loaded

# refuses NAME=VALUE: it does not load, and the log says which it is.
refuses() {
	echo "# $1" >/dev/kmsg
	! insmod $ko "$1" || { rmmod sockowners; return 1; }
	! test -e /proc/sockowners || return 1
	dmesg | sed "1,/# $1/d" | grep "sockowners: ${1%%=*}=:"
}

# with NAME VALUE: loaded, it is read back so.
with() {
	test "$(cat $parameters/"$1")" = "$2"
}

# set_to NAME VALUE: while it is loaded.
set_to() {
	(echo "$2" >$parameters/"$1") 2>/dev/null
}

for value in gid= gid=-1 gid=4294967295 gid=4294967296 gid=wheel gid=1,2 \
	mode= mode=0 mode=-1 mode=0777 mode=1666 mode=888 mode=rw \
	columns= columns=nonsense "columns=pid," columns=pid,pid columns=PID; do
	ok "$value is refused" refuses $value
done

ok 'it loads without' insmod $ko
ok 'gid= is none' with gid none
ok 'mode= is 0666' with mode 0666
ok 'anybody may read what they are' test "$(stat -c %a $parameters/gid $parameters/mode | uniq)" = 444
ok 'and root alone columns=' test "$(stat -c %a $parameters/columns)" = 600
for value in gid=4711 mode=0600; do
	ok "nobody may set $value there" fails set_to "${value%=*}" "${value#*=}"
done
ok 'gid= and mode= are what they were' test "$(cat $parameters/gid $parameters/mode)" = 'none
0666'
ok 'root may set columns=' set_to columns pid,comm
ok 'it is pid,comm' with columns pid,comm
ok 'a plain read shows them' test "$(head -n 1 /proc/sockowners)" = 'pid	comm'
ok 'it unloads' rmmod sockowners

ok 'it loads with columns=fd,pid' insmod $ko columns=fd,pid
ok 'a plain read shows those' test "$(head -n 1 /proc/sockowners)" = 'fd	pid'
ok 'and it unloads' rmmod sockowners

ok 'it loads with gid=4711' insmod $ko gid=4711
ok 'gid= is 4711' with gid 4711
for test in access readers containers; do
	ok "$test, with it" $tests/$test
done
ok 'it unloads after that' rmmod sockowners

ok 'it loads with gid=4711 mode=0640' insmod $ko gid=4711 mode=0640
ok 'mode= is 0640' with mode 0640
ok 'access, with it' $tests/access
ok 'it unloads at last' rmmod sockowners
done_testing
