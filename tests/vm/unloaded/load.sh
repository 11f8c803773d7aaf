#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# Loading and unloading: once, twice, with the file open, with a parameter that
# is not there. Runs in the VM with the module not loaded, and leaves it so.

# shellcheck source=../guest/ok
. /guest/ok
ko=/lib/sockowners.ko
file=/proc/sockowners

exits() {
	want=$1
	shift
	"$@"
	status=$?
	[ "$status" -eq "$want" ] || { echo "status $status, not $want"; false; }
}

says() {
	grep -q "$1" /tmp/said-before
}

# What is loaded besides. Tests that come later load more, which stays.
others() {
	sed '/^sockowners /d; s/ .*//' /proc/modules | sort
}

others >/tmp/others
has_sctp=$(grep '^SCTP' /proc/net/protocols)
ok 'there is no file before' fails test -e $file
ok 'the reader says so with status 3' exits 3 sockowners
ok 'it loads' insmod $ko
ok 'the file is there' test -f $file
ok 'with mode 0666, of root' test "$(stat -c '%a %u %g' $file)" = '666 0 0'
ok 'it is read' grep -q '^pid	fd	proto	' $file
claim='which loads no other module'
if [ "$has_sctp" ]; then
	skip "$claim" 'SCTP is there already'
else
	ok "$claim" test "$(others)" = "$(cat /tmp/others)"
fi
ok 'the reader reads it' exits 1 sockowners -t :1
nc -l -p 9999 &
listener=$!
tries=0
until sockowners -H -tl :9999 >/tmp/said-before || [ $tries -eq 100 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
ok 'and shows who listens' says "^root nc *$listener .* LISTEN .*:9999 "
kill $listener
insmod $ko >/tmp/said-before 2>&1
ok 'loading it twice is refused' says 'File exists'
ok 'and leaves it as it was' grep -q '^pid	fd	proto	' $file

exec 3<$file
head -c 10 <&3 >/tmp/start
ok 'a part of it is read' grep -q '^pid	fd	pro' /tmp/start
ok 'it unloads while the file is open' rmmod sockowners
ok 'the file is gone' fails test -e $file
cat <&3 >/tmp/said-before 2>&1
ok 'and the open one ends with an error' says 'Input/output error'
ok 'it loads again meanwhile' insmod $ko
ok 'to be read anew' grep -q '^pid	fd	proto	' $file
cat <&3 >/tmp/said-before 2>&1
ok 'while the old one stays dead' says 'Input/output error'
exec 3<&-
ok 'it unloads' rmmod sockowners

# Two listings, and a module that is gone before the third.
insmod $ko
sockowners --watch=0.2 >/tmp/watched 2>/tmp/said-before &
watching=$!
tries=0
until [ "$(grep -c '^# ' /tmp/watched)" -ge 2 ] || [ $tries -eq 100 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
ok 'it unloads while it is watched' rmmod sockowners
ok 'which ends with status 3' exits 3 wait $watching
# Before a listing, or in the middle of one.
ok 'and says why' says 'the module \(is not there\|was unloaded meanwhile\)'

ok 'an unknown parameter does not stop it' insmod $ko nonsense=1
dmesg | tail -n 20 >/tmp/said-before
ok 'and is named in the log' says "unknown parameter 'nonsense' ignored"
ok 'it unloads after that' rmmod sockowners

# Where there is no descriptor for the message it tries with at first.
# shellcheck disable=SC3045
with_files() {
	(ulimit -n "$1" && exec insmod $ko)
}
echo '# no descriptor' >/dev/kmsg
ok 'it loads without a descriptor to spare' with_files 4
dmesg | sed '1,/# no descriptor/d' >/tmp/said-before
ok 'and says what cannot be seen then' says 'descriptors in flight cannot be seen'
ok 'and is read' grep -q '^pid	fd	proto	' $file
ok 'it unloads after that too' rmmod sockowners

i=0
unloaded=0
while [ $i -lt 20 ]; do
	cat $file >/dev/null 2>&1 &
	insmod $ko && cat $file >/dev/null &
	insmod $ko 2>/dev/null
	cat $file >/dev/null 2>&1 &
	rmmod sockowners 2>/dev/null && unloaded=$((unloaded + 1))
	i=$((i + 1))
done >/dev/null 2>&1
wait
rmmod sockowners 2>/dev/null
echo "# unloaded $unloaded times"
ok 'loading, reading and unloading 20 times' test $unloaded -ge 10
ok 'leaves nothing' fails test -e $file
done_testing
