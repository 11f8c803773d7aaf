#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# The life of a server's sockets, looked at with sockowners: what `make demo`
# shows. Each stage looks for what it promises in the listing that it has shown,
# and the script stops with an error if it is not there.
#
# Needs root, the module loaded, socat, and upper, adopt and crowd (built from
# the sources beside this script) beside it or in PATH. PORT= is the server's
# port, LISTING= another file to read than the kernel's.

set -eu

port=${PORT:-9999}
crowd=66000
listing=${LISTING:-/proc/sockowners}
here=$(cd "$(dirname "$0")" && pwd)
PATH=$here:$PATH
dir=$(mktemp -d)
started=		# processes to end

fail() {
	echo "conversation.sh: $*" >&2
	exit 1
}

clean_up() {
	status=$?
	trap - EXIT INT TERM
	for pid in $started; do
		{ kill "$pid" && wait "$pid"; } 2>/dev/null || :
	done
	if [ -e limits ]; then
		while read -r name value; do
			echo "$value" >"/proc/sys/$name" || :
		done <limits
	fi
	cd /
	rm -rf "$dir"
	exit "$status"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

# stage TITLE WHAT-TO-LOOK-AT
stage() {
	printf '\n== %s ==\n%s\n\n' "$1" "$2"
}

# show COMMAND-LINE: as a person types it, and what it prints.
show() {
	printf '$ %s\n' "$1"
	# The reader's status 1 is an empty listing; expect will judge that.
	eval "$1" >shown || [ $? -eq 1 ] || fail "'$1' failed"
	cat shown
	echo
}

# expect COUNT ROW: so many rows of what was shown last begin like ROW, an
# extended regular expression in which every column is followed by one space.
expect() {
	count=$(sed 's/^ *//' shown | tr -s ' \t' ' ' | grep -c -E "^$2" || :)
	[ "$count" -eq "$1" ] ||
		fail "that should have had $1 rows like '$2', not $count"
}
any='[^ ]+'

# await ROW: until such a row is in the listing, at most 30 seconds.
await() {
	tries=0
	until sockowners -t ":$port" | tr -s ' ' | grep -q -E "^$1"; do
		tries=$((tries + 1))
		[ "$tries" -lt 300 ] || fail "waited in vain for a row like '$1'"
		sleep 0.1
	done
}

# hear NAME DESCRIPTOR: the next line that a program says.
hear() {
	read -r heard <&"$2" || fail "$1 has ended too early"
	echo "$1: $heard"
}

# tell STEP: has the server do one step.
tell() {
	echo "$1" >&3
	hear upper 4
}

# say TEXT: has the client say it; what it gets back must be in capitals.
say() {
	echo "client: $1"
	echo "$1" >&5
	hear server 6
	[ "$heard" = "$(echo "$1" | tr '[:lower:]' '[:upper:]')" ] ||
		fail "the client should have got its words in upper case"
}

seconds() {
	cut -d ' ' -f 1 /proc/uptime
}

# at_least NAME VALUE: raises a sysctl that is lower; clean_up() sets it back.
at_least() {
	now=$(cat "/proc/sys/$1")
	[ "$now" -lt "$2" ] || return 0
	echo "$1 $now" >>limits
	printf '$ echo %s >/proc/sys/%s\n' "$2" "$1"
	echo "$2" >"/proc/sys/$1" || fail "cannot raise $1; are you root?"
}

[ -e "$listing" ] ||
	fail "there is no $listing; load the module (make load), or see it in a VM: make demo"
for program in sockowners upper adopt crowd socat; do
	command -v "$program" >/dev/null ||
		fail "there is no $program in PATH; see $here/README.md"
done
cd "$dir"
mkfifo steps reports spoken heard adopted leave arrived

# The server takes its steps from descriptor 3 and reports on 4.
upper --step "$port" <steps >reports &
server=$!
started=$server
exec 3>steps 4<reports
address="127.0.0.1:$port"

stage '1. bind() and listen()' \
	'Look at STATE, and at REMOTE: a socket that is just bound has no other end, *:*.'
tell bind
show "sockowners :$port"
expect 1 "$any upper $server [0-9]+ tcp BOUND $address \*:\* fd"
tell listen
show "sockowners :$port"
expect 1 "$any upper $server [0-9]+ tcp LISTEN $address \*:\* fd"

stage '2. connect() and accept()' \
	'Look at LOCAL and REMOTE: both ends of the connection, each the mirror of the other.'
printf '$ socat - TCP:%s\n' "$address"
socat - "TCP:$address" <spoken >heard 3>&- 4<&- &
client=$!
started="$started $client"
exec 5>spoken 6<heard
await "$any socat $client [0-9]+ tcp ESTABLISHED"
tell accept
remote=${heard#accepted }
show "sockowners :$port"
expect 1 "$any upper $server [0-9]+ tcp LISTEN $address \*:\* fd"
expect 1 "$any upper $server [0-9]+ tcp ESTABLISHED $address $remote fd"
expect 1 "$any socat $client [0-9]+ tcp ESTABLISHED $remote $address fd"
expect 0 "- - - -"
echo answer >&3
say 'Hello socket!'
hear upper 4
echo

stage '3. fork()' \
	'Look at PID: the child holds the sockets of its parent, the same ones by their inode.'
tell fork
child=${heard#forked }
show "sockowners :$port"
for pid in "$server" "$child"; do
	expect 1 "$any upper $pid [0-9]+ tcp LISTEN $address \*:\* fd"
	expect 1 "$any upper $pid [0-9]+ tcp ESTABLISHED $address $remote fd"
done
show "grep -w -e inode -e $port $listing | cut -f 1,2,6,8,10,15"
inodes=$(awk '$6 == "upper" { print $5 }' shown | sort -u | wc -l)
expect 4 "($server|$child) [0-9]+ $port $any [0-9]+ upper"
[ "$inodes" -eq 2 ] || fail "that should have been 2 sockets, not $inodes"
tell reap

stage '4. sendmsg(SCM_RIGHTS)' \
	'Look at who holds the connection: no longer upper, but adopt, which was sent it.'
echo '$ adopt here &'
adopt here >adopted 3>&- 4<&- 5>&- 6<&- &
heir=$!
started="$started $heir"
exec 7<adopted
hear adopt 7
tell "pass here"
tell close
hear adopt 7
show "sockowners :$port"
expect 1 "$any adopt $heir [0-9]+ tcp ESTABLISHED $address $remote fd"
expect 1 "$any upper $server [0-9]+ tcp LISTEN $address \*:\* fd"
expect 0 "$any upper $any $any tcp ESTABLISHED"
say 'Who is there now?'

stage '5. close()' \
	'Look at the row without a process: nobody holds it, the kernel still keeps the tuple.'
printf '$ kill %s\n' "$heir"
kill "$heir"
wait "$heir" 2>/dev/null || :
wait "$client" || fail "socat should have ended by itself"
exec 5>&- 6<&- 7<&-
show "sockowners :$port"
expect 1 "- - - - tcp TIME_WAIT $address $remote closed, [0-9]+ s to go"
expect 1 "$any upper $server [0-9]+ tcp LISTEN $address \*:\* fd"
expect 0 "$any socat"
expect 0 "$any adopt"
tell quit
wait "$server"
exec 3>&- 4<&-

stage "6. $crowd connections to one port" \
	'Look at the counts: one process, one port, more connections than there are ports.'
at_least fs/file-max $((crowd * 2 + 20000))
at_least fs/nr_open $((crowd + 1000))
at_least net/core/somaxconn 65535
printf '$ upper %s &\n' "$port"
upper "$port" >arrived &
server=$!
started=$server
exec 4<arrived
hear upper 4
printf '$ crowd %s %s &\n' "$port" "$crowd"
before=$(seconds)
crowd "$port" "$crowd" <leave >arrived 4<&- &
clients=$!
started="$clients $server"
exec 3>leave
while hear crowd 4; do
	case $heard in
	"$crowd connections to"*) break ;;
	esac
done
after=$(seconds)
awk "BEGIN { printf \"(in %.1f s)\\n\\n\", $after - $before }"

show "sockowners -t :$port >crowd.txt"
show "head -n 5 crowd.txt"
expect 1 "$any upper $server [0-9]+ tcp LISTEN $address \*:\* fd"
expect 3 "$any upper $server [0-9]+ tcp ESTABLISHED $address 127.0.0.[0-9]+:[0-9]+ fd"
# shellcheck disable=SC2016 # the $ are awk's
per_process='NR > 1 { n[$2 " " $3 " " $6]++ } END { for (row in n) print n[row], row }'
show "awk '$per_process' crowd.txt | sort -rn"
expect 1 "$crowd upper $server ESTABLISHED"
expect 1 "$crowd crowd $clients ESTABLISHED"
expect 1 "1 upper $server LISTEN"
remotes=$(awk '$2 == "upper" && $6 == "ESTABLISHED" && !seen[$8]++ { n++ }
	END { print n + 0 }' crowd.txt)
[ "$remotes" -eq "$crowd" ] ||
	fail "they should have had $crowd other ends, not $remotes"

printf '$ cat %s >/dev/null\n' "$listing"
before=$(seconds)
cat "$listing" >/dev/null
after=$(seconds)
awk "BEGIN { printf \"(more than %d lines, in %.2f s)\\n\", 2 * $crowd, $after - $before }"

printf '\nAll six stages have shown what they said.\n'
