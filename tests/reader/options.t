#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# Every option, and how a wrong one is refused.

. tests/reader/lib.sh

all=$(pids)

# Rows without a process show as "-".
is "$(pids -t)" "1 101 102 103 104 105 106 120 121 122 123 124 - - - - - - - - -" "-t: tcp and tcp6"
is "$(pids --tcp)" "$(pids -t)" "--tcp"
is "$(pids -u)" "107 108 109 110 111 112 -" "-u: udp and udplite, both families"
is "$(pids --udp)" "$(pids -u)" "--udp"
is "$(pids -tu)" "1 101 102 103 104 105 106 107 108 109 110 111 112 120 121 122 123 124 - - - - - - - - - -" \
	"-t and -u together mean both"
is "$(pids -l)" "1 101 102 107 108 110 111 113 115 116 117 118 119 122 123 124 - - - -" \
	"-l: listening and unconnected, not bound"
is "$(pids --listening)" "$(pids -l)" "--listening"
is "$(pids -6)" "102 104 105 108 110 112 114 116 119 - -" "-6: AF_INET6 sockets, v4-mapped ones too"
is "$(pids -4)" "1 101 103 106 107 109 111 113 115 117 118 120 121 122 123 124 - - - - - - - -" \
	"-4: the others"
is "$(pids -46)" "$all" "-4 and -6 together mean both"
is "$(pids -n) $(pids -p) $(pids -P)" "$all $all $all" "-n, -p and -P change nothing"
is "$(pids -a) $(pids -la)" "$all $all" "-a: all sockets, also after -l"
is "$(pids -al)" "$(pids -l)" "-l after -a: as ss, the last one counts"
is "$(pids -tlnp)" "1 101 102 122 123 124 - - -" "-tlnp: what ss does"
is "$(pids -tlnp6)" "102 -" "-tlnp6"
is "$(pids --pid 103)" "103" "--pid"
is "$(pids --pid=124,1,103,99999)" "1 103 124" "--pid with a list, in any order"
is "$(pids --pid 103 --pid 101)" "101 103" "--pid again"
is "$(pids --pid 1,101,102 -6)" "102" "--pid and another condition"
is "$(pids --listen)" "$(pids -l)" "a long option may be abbreviated"

is "$(pids -w)" "113 114 115 116" "-w: raw and ping sockets"
is "$(pids --raw)" "$(pids -w)" "--raw"
is "$(pids -M) $(pids --mptcp)" "117 117" "-M: MPTCP"
is "$(pids -S) $(pids --sctp)" " " "-S: SCTP, of which there is none"
is "$(pids -uM)" "107 108 109 110 111 112 117 -" "several protocols mean or"
is "$(pids --ipv4) $(pids --ipv6)" "$(pids -4) $(pids -6)" "--ipv4, --ipv6"

is "$(pids -i :8080)" 103 "-i :PORT"
is "$(pids -nP -i :8080)" 103 "lsof -nP -i :8080"
is "$(pids -i:8080)" 103 "-i:PORT"
is "$(pids -nPi)" "$all" "-i alone: all"
is "$(pids -i -4t)" "$(pids -4t)" "an option behind it is none of its own"
is "$(pids -i4)" "$(pids -4)" "-i4"
is "$(pids -iTCP)" "$(pids -t)" "-iTCP"
is "$(pids -i 6udp)" "108 110 112" "-i 6udp"
is "$(pids -i tcp:80,22)" "1 101 102" "-i PROTO:PORTS"
is "$(pids -i udp:22)" "" "another protocol's port"
is "$(pids -i @192.0.2.1)" "104 106 109" "-i @ADDR"
is "$(pids -i '4tcp@192.0.2.1:8999')" 106 "-i with everything"
is "$(pids -i '6tcp@[::1]:8081')" 105 "-i with an IPv6 address"
is "$(pids -i :22 -i :8080)" "1 101 103" "several -i mean or"
is "$(pids -i :22 :8080)" "1 101 103" "also with a filter"
is "$(pids -i :22 -i '@*')" "$all" "one that is any"

is "$(pids -c nginx)" 102 "-c"
is "$(pids --command nginx,sshd)" "101 102" "--command with a list"
is "$(pids -c ngin)" "" "not the beginning of a name"
is "$(pids -c 'video*')" "111 112" "a pattern"
is "$(pids -c '?dle,[st]*d,tls')" "1 101 104 105" "several"
is "$(pids -c -)" 123 "a name that is just -"
is "$(pids -c "$(printf 'evil\033\\[2J\n name')")" 122 "names are bytes, and a backslash takes its meaning from a ["
for name in 'web server' 'web\040server' 'w*\ s*'; do
	is "$("$reader" -H --from "$data/why.listing" -o pid -c "$name" | tr -d ' ')" 8080 "a name, as it is and as it is shown: $name"
done
listing '1 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 0 fd - a\134040b' '2 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 0 fd - a\040b' \
	>"$tmp/names"
is "$("$reader" -H --from "$tmp/names" -o pid -c 'a\134040b' | tr -d ' ')" 1 "one that is called what another one is shown as"
is "$(pids -c '*')" "$(pids -U 0,4294967294)" "* is every process"

is "$(pids -U 4294967294)" 103 "-U with a number"
is "$(pids --user "$(id -un 0)" -u)" "107 108 109 110 111 112" "--user with a name"
is "$(pids -U 1)" "" "a user without sockets"

is "$(pids -s LISTEN)" "1 101 102 117 122 123 124 - - -" "-s with a state of the listing"
is "$(pids -s listening)" "$(pids -s LISTEN)" "as ss has it"
is "$(pids -s listen)" "$(pids -s LISTEN)" "in small letters"
is "$(pids -s fin-wait-1,FIN_WAIT2,time-wait)" "- - -" "a list"
is "$(pids -s unconnected)" "107 108 110 111 113 115 116 118 119 -" "unconnected"
is "$(pids -s closed)" "106 107 108 110 111 113 115 116 118 119 -" "closed: what ss calls so"
is "$(pids -s all)" "$all" "all"
is "$(pids -s connected -t)" "103 104 105 120 121 - - - - - -" "connected"
is "$(pids -s synchronized -t)" "$(pids -s connected -t)" "synchronized: no SYN_SENT there"
is "$(pids -s bucket)" "- -" "bucket: half-open and time-wait"
is "$(pids -s big | wc -w)" $(($(printf '%s\n' "$all" | wc -w) - 2)) "big: the others"
is "$(pids -l -s listen)" "$(pids -s listen)" "-l and -s: both must be true"
is "$(pids -l -s established)" "" "if both can"
listing '1 3 tcp SYN_SENT 1.1.1.1 1 1.1.1.2 2 - 1 1 0 fd - a' '2 3 tcp NEW 1.1.1.1 1 - - - 1 1 0 fd - a' \
	>"$tmp/states"
is "$("$reader" -H --from "$tmp/states" -s connected -o pid | tr -d ' ' | tr '\n' ' ')" "1 2 " \
	"a state that is new is connected"
is "$("$reader" -H --from "$tmp/states" -s synchronized -o pid | tr -d ' ' | tr '\n' ' ')" "2 " \
	"SYN_SENT is not synchronized"

is "$(pids --inode 1001,1003)" "1 101 103" "--inode"
is "$(pids --holder scm)" 121 "--holder"
is "$(pids --holder thread,accept)" "120 -" "with a list"
is "$(pids -N 4026531840)" "$all" "-N with an inode"
is "$(pids -N 4026531841)" "" "another one"
run --from "$data/all.listing" -N 4026531833
is "$status $err" "1 " "no process, although newer kernels number their first one so low"
ln -s /proc/self/ns/net "$tmp/netns"
netns=$(stat -Lc %i /proc/self/ns/net)
listing "1 3 tcp LISTEN 0.0.0.0 80 - - - 1 $netns 0 fd - a" '2 3 tcp LISTEN 0.0.0.0 80 - - - 1 9 0 fd - a' \
	>"$tmp/netns.listing"
for where in /proc/self/ns/net "$tmp/netns" "4026532999,$tmp/netns"; do
	is "$("$reader" -H --from "$tmp/netns.listing" --netns "$where" -o pid)" "  1" "--netns ${where#"$tmp"}"
done
# later FROM NETNS: refused of what was saved
later() {
	run --netns "$2" --from "$1"
	is "$status $err" "2 sockowners: --netns '$2' is of here and now; take what -o +netns shows of a saved one" \
		"nobody knows which namespace it was${3-}"
}
later "$tmp/netns.listing" $$
later "a=$tmp/netns.listing" $$ " on another host"
later "a=$tmp/netns.listing" "$tmp/netns" " that a file of this one names"
is "$("$reader" -H --from "a=$tmp/netns.listing" --netns "$netns" -o pid)" "  1" "but its number is"

header="$default_header cgroup"
listing '1 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 0 fd - a 1' \
	"2 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 0 fd - a 1000000001" \
	'- - tcp LISTEN 0.0.0.0 80 - - - 1 1 - elsewhere - - -' >"$tmp/cgroup.listing"
unset header
# cgroup WHICH
cgroup() {
	"$reader" -H --from "$tmp/cgroup.listing" --cgroup "$1" -o pid | tr -d ' ' | tr '\n' ' '
}
is "$(cgroup 1000000001)" "2 " "--cgroup with an id, just that one"
run --from "$data/all.listing" --cgroup 1
like "$status $err" "2 *no column 'cgroup'; save it with the query columns=all" "a listing without cgroups"

run --from "$data/all.listing" -H
is "$out" "$(sed 1d "$data/all.out")" "-H: no heading, the same rows"
run --from "$data/all.listing" --no-header
is "$out" "$(sed 1d "$data/all.out")" "--no-header"

is "$("$reader" --from - <"$data/all.listing" 2>&1)" "$("$reader" --from "$data/all.listing" 2>&1)" \
	"--from -: standard input"
is "$("$reader" --from=/dev/stdin <"$data/all.listing" 2>&1)" "$("$reader" --from "$data/all.listing" 2>&1)" \
	"--from=FILE"
is "$(pids :6000 -t -- :6001)" "122 123" "filters and options in any order"

run --help
is "$status $err" "0 " "--help"
ok $(($(wc -l <"$tmp/out") > 23)) "fits a screen of 24 lines"
is "$(grep -c '.\{80\}' "$tmp/out")" 0 "of 80 columns"
missing=
options=$(grep -oE "\{ ('.'|OPTION_[A-Z0-9]+), (\"[a-z0-9-]+\"|NULL)," tools/options.c |
	sed 's/^{ //; s/, /=/; s/,$//')
ok $(($(printf '%s\n' "$options" | wc -l) < 15)) "the options are found in the source"
for option in $options; do
	case $option in
	"'"*) grep -q -e "[ ]-${option:1:1}[, ]" "$tmp/out" || missing="$missing $option" ;;
	esac
	case $option in
	*=NULL | *=\"numeric\" | *=\"processes\") ;;
	*) grep -q -e "--$(echo "${option#*=}" | tr -d '"')[][, =]" "$tmp/out" || missing="$missing $option" ;;
	esac
done
is "$missing" "" "and has every option"
help=$out
run -h
is "$out" "$help" "-h"
run --version
is "$status $err" "0 " "--version"
is "$(printf '%s\n' "$out" | awk '{ print NR, NF, $1 }')" "1 2 sockowners" "name and version"
version=$out
run -V
is "$out" "$version" "-V"

refused() {
	want=$1
	shift
	run --from "$data/all.listing" "$@"
	is "$status $out $err" "2  sockowners: $want; try 'sockowners --help'" \
		"refused: $(printf '%s ' "$@" | tr '\n' ' ')"
}

refused "unknown option '-y'" -y
refused "unknown option '-y'" -tyl
refused "unknown option '-y'" --tcp -yl
refused "unknown option '-?'" '-?'
refused "unknown option '-Z'" -Z
refused "unknown option '--nonsense'" --nonsense
refused "unknown option '--xml=1'" --xml=1
refused "unknown option '--=1'" --=1
refused "option '--co' may be --command, --columns, --count" --co
refused "option '--pr=x' may be --processes, --prometheus" --pr=x
refused "option '--tcp=4' takes no argument" --tcp=4
refused "option '--pid' needs an argument" --pid
refused "'' is no process id" --pid=
refused "'' is no process id" --pid 1,
refused "'' is no process id" --pid ,1
refused "'' is no process id" --pid 1,,2
refused "'1 2' is no process id" --pid '1 2'
refused "'0' is no process id" --pid 0
refused "'-1' is no process id" --pid -1
refused "'self' is no process id" --pid self
refused "'2147483648' is no process id" --pid 2147483648
refused "'18446744073709551617' is no process id" --pid 18446744073709551617
refused "'ip' is no protocol of -i" -i ip
refused "'tcp@' lacks an address behind the '@'" -i tcp@
refused "'@:80' lacks an address behind the '@'" -i @:80
refused "'localhost' is no address; for a host's ask 'getent hosts localhost'" -i @localhost:80
refused "'bogus' is no state" -s listen,bogus
refused "'' is no state" -s ''
refused "no user is named 'no such'" -U 'no such'
refused "no user is named ''" -U ''
refused "'0' is no inode number" --inode 0
refused "'x' is no inode number" --inode x
refused "'FD' is no holder" --holder FD
refused "a name in the list of commands is empty" -c a,
refused "'0' is no cgroup" --cgroup 0
for option in '-N no-such-netns' '-N /no/such'; do
	# shellcheck disable=SC2086
	run --from "$data/all.listing" $option
	like "$status $err" "2 sockowners: no network namespace '${option#* }': *: No such file or directory; try 'lsns -t net'" \
		"refused: $option"
done
# Not opened, which would wait here.
mkfifo "$tmp/fifo"
for file in /etc/passwd "$tmp/fifo"; do
	run --from "$data/all.listing" -N "$file"
	is "$status $err" \
		"2 sockowners: no network namespace '$file': $file: it is another file; try 'lsns -t net'" \
		"refused: -N with a file"
done
run --from "$data/all.listing" -N /proc/self/ns/mnt
is "$status $err" \
	"2 sockowners: no network namespace '/proc/self/ns/mnt': /proc/self/ns/mnt: it is another kind of namespace; try 'lsns -t net'" \
	"refused: -N with another namespace"
# A path has 4095 bytes at most; a longer one is not to be judged by its beginning.
slashes=$(printf '%4095s' '' | tr ' ' /)
netns=/proc/self/ns/net
run --from "$data/all.listing" -N "${slashes:${#netns}}${netns}x/no/such"
like "$status $err" "2 sockowners: no network namespace *" "refused: -N with a path that is too long"
run --from "$data/all.listing" --cgroup "$slashes/no/such"
like "$status $err" "2 sockowners: no cgroup *" "refused: --cgroup with a path that is too long"
run -N 4194303
like "$status $err" "2 *no network namespace '4194303': /proc/4194303/ns/net: No such file*" "no such process"
run --cgroup no-such-unit.service
is "$status $err" "2 sockowners: no cgroup 'no-such-unit.service'; try 'systemd-cgls'" "no such unit"
for path in /no/such /usr/share /usr/share/doc; do
	run --cgroup "$path"
	is "$status $err" "2 sockowners: no cgroup '$path'; try 'systemd-cgls'" "a path that is none: $path"
done
refused "unknown option '--\\033[2J\\012x'" "--$(printf '\033[2J\nx')"

plan
