#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# NETNS appears by itself when more than one namespace is shown.

. tests/reader/lib.sh

in_one='1 3 tcp LISTEN 0.0.0.0 80 - - - 1 4026531840 0 fd - a'
in_two='2 3 tcp LISTEN 0.0.0.0 81 - - - 2 4026532000 0 fd - bcd'

run --from - <<EOF
$(listing "$in_one" "$in_one")
EOF
is "$out" "USER COMMAND PID FD PROTO STATE  LOCAL      REMOTE HOLDER
root a         1  3 tcp   LISTEN 0.0.0.0:80 *:*    fd
root a         1  3 tcp   LISTEN 0.0.0.0:80 *:*    fd" "one namespace"

listing "$in_one" "$in_two" >"$tmp/two"
run --from "$tmp/two"
is "$out" "USER COMMAND PID FD PROTO STATE  LOCAL      REMOTE HOLDER NETNS
root a         1  3 tcp   LISTEN 0.0.0.0:80 *:*    fd     4026531840
root bcd       2  3 tcp   LISTEN 0.0.0.0:81 *:*    fd     4026532000" "two namespaces"

run --from "$tmp/two" :81
is "$out" "USER COMMAND PID FD PROTO STATE  LOCAL      REMOTE HOLDER
root bcd       2  3 tcp   LISTEN 0.0.0.0:81 *:*    fd" "two of which one is shown"

# many FIRST LATER: 4096 rows to choose the widths from, and two more
many() {
	row=$(listing "$1" | sed 1d)
	{
		listing
		yes "$row" | head -n 4096
		listing "$2" "$1" | sed 1d
	} 2>/dev/null
}

many "$in_one" "$in_two" >"$tmp/later"
run --from "$tmp/later"
is "$(sed -n '1p; 4097,$p' "$tmp/out")" "USER COMMAND PID FD PROTO STATE  LOCAL      REMOTE HOLDER
root a         1  3 tcp   LISTEN 0.0.0.0:80 *:*    fd
USER COMMAND PID FD PROTO STATE  LOCAL      REMOTE HOLDER NETNS
root bcd       2  3 tcp   LISTEN 0.0.0.0:81 *:*    fd     4026532000
root a         1  3 tcp   LISTEN 0.0.0.0:80 *:*    fd     4026531840" \
	"one that comes up later starts with a new heading"
run -H --from "$tmp/later"
is "$(sed -n '4096,$p' "$tmp/out")" "root a         1  3 tcp   LISTEN 0.0.0.0:80 *:*    fd
root bcd       2  3 tcp   LISTEN 0.0.0.0:81 *:*    fd     4026532000
root a         1  3 tcp   LISTEN 0.0.0.0:80 *:*    fd     4026531840" "without one if none is wanted"

many "$in_one" "$in_one" >"$tmp/never"
run --from "$tmp/never"
is "$(grep -c USER "$tmp/out") $(wc -l <"$tmp/out")" "1 4099" "no second heading without need"
for list in pid,netns +netns +inode,netns; do
	run --from "$tmp/later" -o "$list"
	is "$(grep -c PID "$tmp/out")" 1 "nor if -o $list shows the column from the first row"
done
run --from "$tmp/later" -o pid -N 4026531840,4026532000
is "$(grep -c PID "$tmp/out")" 1 "nor if it is not shown at all"

# Whose namespace a process is in, and what ip netns names.
listing "$in_one" "$in_two" >"$tmp/two"
# within COMMAND: a shell in namespaces of its own, with the number of its network in $netns
within() {
	# shellcheck disable=SC2016
	unshare -rmn sh -ec 'netns=$(stat -Lc %i /proc/self/ns/net)
		sed "s/4026532000/$netns/" "$1/two" >"$1/within"
		eval "$3"' - "$tmp" "$reader" "$1" 2>&1
}
if ! within true >"$tmp/err"; then
	skip "-N with a process" "unshare(1) makes no network namespace: $(head -n 1 "$tmp/err")"
	skip "-N with a name of ip netns" "unshare(1) makes no network namespace"
else
	# shellcheck disable=SC2016
	is "$(within 'mount -t tmpfs none /run
		mkdir /run/netns
		touch /run/netns/blue /run/netns/gone
		mount --bind /proc/self/ns/net /run/netns/blue
		"$2" -H --from "$1/within" -o pid -N blue
		"$2" -H --from "$1/within" -o pid -N gone')" "  2
sockowners: no network namespace 'gone': /run/netns/gone: it is another file; try 'lsns -t net'" \
		"-N with a name of ip netns; a file that nothing is mounted on any more is none"
	if "${CC:-cc}" -shared -fPIC -o "$tmp/live.so" tests/reader/live.c -ldl 2>/dev/null; then
		# Of this one, who is in another.
		mkfifo "$tmp/ready" "$tmp/done"
		# shellcheck disable=SC2016
		unshare -rn sh -c 'stat -Lc %i /proc/self/ns/net >"$1/ready"; read -r _ <"$1/done"' - "$tmp" &
		other=$!
		read -r netns <"$tmp/ready"
		sed "s/4026532000/$netns/" "$tmp/two" >"$tmp/live"
		is "$(LIVE_LISTING=$tmp/live LIVE_LOG=$tmp/log LD_PRELOAD="$tmp/live.so" \
			"$reader" -H -o pid -N $other) $(grep -c " netns=$netns\$" "$tmp/log")" "  2 1" "-N with a process"
		echo >"$tmp/done"
		wait $other
	else
		skip "-N with a process" "no compiler for what stands for the module"
	fi
fi

plan
