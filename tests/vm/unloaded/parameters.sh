#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# Parameters that are given when the module is loaded: wrong ones are refused,
# and the kernel's log says what would be right. Runs in the VM with the module
# not loaded, and leaves it so.

ko=/lib/sockowners.ko
file=/proc/sockowners
parameters=/sys/module/sockowners/parameters
count=0

# ok DESCRIPTION COMMAND...: the command succeeds.
ok() {
	description=$1
	shift
	count=$((count + 1))
	if "$@" >/tmp/said 2>&1; then
		echo "ok $count - $description"
	else
		echo "not ok $count - $description"
		sed 's/^/# /' /tmp/said
	fi
}

fails() {
	! "$@"
}

# is EXPECTED COMMAND...: that is what the command prints.
is() {
	expected=$1
	shift
	got=$("$@")
	[ "$got" = "$expected" ] || { echo "'$got', not '$expected'"; false; }
}

# said_since LINES TEXT: the kernel's log has it after that many lines.
said_since() {
	dmesg | tail -n +$(($1 + 1)) | grep -F "$2"
}

# refused PARAMETER: it does not load, and says why.
refused() {
	lines=$(dmesg | wc -l)
	insmod $ko "$1" >/tmp/insmod 2>&1
	status=$?
	ok "$1 is refused" test $status -ne 0
	ok "with EINVAL" grep -i 'invalid' /tmp/insmod
	ok "and named in the log" said_since "$lines" "sockowners: ${1%%=*}=: "
	ok "and there is no file" fails test -e $file
	rmmod sockowners 2>/dev/null
}

# loaded MODE GROUP PERMISSIONS OWNER [PARAMETER...]: it loads with these; MODE
# and GROUP are what the parameters say then, the others what the file has.
loaded() {
	mode=$1 group=$2 permissions=$3 owner=$4
	shift 4
	ok "it loads with '$*'" insmod $ko "$@"
	ok "mode is $mode" is "$mode" cat $parameters/mode
	ok "gid is $group" is "$group" cat $parameters/gid
	ok "the file has mode $permissions" is "$permissions" stat -c %a $file
	ok "and belongs to $owner" is "$owner" stat -c %u:%g $file
	ok "everybody may read mode" is 444 stat -c %a $parameters/mode
	ok "everybody may read gid" is 444 stat -c %a $parameters/gid
	rmmod sockowners
}

# procfs takes no permissions at all for "choose some".
for parameter in gid=nonsense gid=-5 gid=4294967295 gid=4294967296 gid= \
	gid=5x mode=0777 mode=01666 mode=abc mode=0888 mode=-1 mode=0 mode= \
	mode=4294967296; do
	refused "$parameter"
done

loaded 0666 none 666 0:0
loaded 0640 none 640 0:0 mode=0640
loaded 0640 4000 640 0:4000 mode=640 gid=4000
loaded 0666 0 666 0:0 gid=0
loaded 0400 none 400 0:0 mode=400

ok 'it loads' insmod $ko gid=4000
ok 'gid cannot be changed afterwards' \
	fails sh -c "echo 5 2>/dev/null >$parameters/gid"
ok 'nor can mode' fails sh -c "echo 0600 2>/dev/null >$parameters/mode"
ok 'gid is what it was' is 4000 cat $parameters/gid
ok 'mode is what it was' is 0666 cat $parameters/mode
ok 'it unloads' rmmod sockowners
echo "1..$count"
