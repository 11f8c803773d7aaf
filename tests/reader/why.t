#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# --why: what keeps a bind() from a port.

. tests/reader/lib.sh

sed "s/@UID@/$(id -u)/" "$data/why.listing" >"$tmp/why"

# The listing asked about each of them. The kernel is the judge of the rules: see
# the scenario bind_conflict.
while read -r question; do
	# shellcheck disable=SC2086
	run --from "$tmp/why" $question
	printf '$ sockowners %s\n' "$question"
	printf '%s\n' "$out" ${err:+"$err"}
	printf '[%s]\n\n' "$status"
done < <(grep -v '^#' "$data/why.questions") >"$tmp/answers"
is "$(cat "$tmp/answers")" "$(cat "$data/why.out")" "why.questions have the answers of why.out"

# verdict ARGUMENT...: the first line
verdict() {
	run --from "$tmp/why" "$@"
	printf '%s\n' "$out" | head -n 1
}

like "$(verdict --why=tcp,:http)" "bind() to tcp 0.0.0.0:80 *" "a service"
like "$(verdict --why=udp,:domain)" "bind() to udp 0.0.0.0:53 *" "a service of several protocols"
like "$(verdict --why tcp,0.0.0.0:80)" "bind() to tcp 0.0.0.0:80 *" "0.0.0.0"
like "$(verdict --why=tcp,:80 -6)" "bind() to tcp \[::]:80 *" "-6"
like "$(verdict -4 --why=tcp,:80)" "bind() to tcp 0.0.0.0:80 *" "-4"
like "$(verdict --why='tcp,*:80')" "bind() to tcp \[::]:80 *" "*"
like "$(verdict --why='tcp,::1:80')" "bind() to tcp \[::1]:80 *" "no brackets"
like "$(verdict --why='udp,[fe80::1]%eth0:53')" "bind() to udp \[fe80::1]%eth0:53 *" "an interface"
like "$(verdict --why='udp,[fe80::1%eth0]:53')" "bind() to udp \[fe80::1]%eth0:53 *" "inside"
like "$(verdict --why=udp,%eth0:53)" "bind() to udp 0.0.0.0%eth0:53 *" "and no address"

# refused ERROR ARGUMENT...
refused() {
	local error=$1
	shift
	run --from "$tmp/why" "$@"
	is "$status $out $err" "2  sockowners: $error; try 'sockowners --help'" "$*"
}

refused "'tcp' is not PROTO,[ADDR]:PORT" --why=tcp
refused "'tcp:80' is not PROTO,[ADDR]:PORT" --why=tcp:80
refused "'tcp,1.2.3.4' lacks a port" --why=tcp,1.2.3.4
refused "--why knows tcp, udp and udplite, not 'sctp'" --why=sctp,:80
refused "--why knows tcp, udp and udplite, not ''" --why=,:80
refused "'65536' is no port" --why=tcp,:65536
refused "'' is no port" --why=tcp,:
refused "'no-such-service' is no port" --why=tcp,:no-such-service
refused "port 0 lets the kernel choose a free one" --why=tcp,:0
refused "'1.2.3' is no address" --why=tcp,1.2.3:80
refused "'[1' is no address" --why=tcp,[1:80
refused "'' is no interface" --why=tcp,%:80
refused "'a-name-of-16-byt' is no interface" --why=tcp,%a-name-of-16-byt:80
refused "'\"' is too odd an interface" --why='tcp,%":80'
refused "'\\033[2J' is too odd an interface" --why="$(printf 'tcp,%%\033[2J:80')"
refused "127.0.0.1 is no address of -6" --why=tcp,127.0.0.1:80 -6
refused "::1 is no address of -4" --why='tcp,[::1]:80' -4
refused "--why takes no filter but -4, -6, one --netns" --why=tcp,:80 :80
refused "--why takes no filter but -4, -6, one --netns" --why=tcp,:80 -t
refused "--why takes no filter but -4, -6, one --netns" --why=tcp,:80 --netns 4026531840,4026531841
refused "--why cannot print --ndjson; use --json" --why=tcp,:80 --ndjson
refused "--why has an order of its own, without --sort" --why=tcp,:80 --sort pid

refused "--why takes no --watch, --count, --group, --peer" --why=tcp,:80 --watch
refused "--why takes no --watch, --count, --group, --peer" --why=tcp,:80 --count
refused "--why takes no --watch, --count, --group, --peer" --why=tcp,:80 -g
refused "--why takes no --graph" --why=tcp,:80 --graph
refused "--why has no columns PEER and HOLDERS" --why=tcp,:80 -o +peer
refused "--why has no columns PEER and HOLDERS" --why=tcp,:80 -o holders
refused "--why reads one listing" --why=tcp,:80 --from "$tmp/why"
refused "columns FAILS and WHY need --why" -o +why
refused "columns FAILS and WHY need --why" --sort fails

# Which network namespace a saved listing is asked about.
run --from "$tmp/why" --why=tcp,:8086 --netns 4026532840
like "$status $out" "0 bind() to tcp 0.0.0.0:8086 fails: *" "that of --netns"
grep -v systemd "$tmp/why" >"$tmp/two"
run --from "$tmp/two" --why=tcp,:8086
is "$status $out $err" \
	"2  sockowners: $tmp/two has several network namespaces; name one with --netns" \
	"several, and no first process"
grep -e ^pid -e container "$tmp/why" >"$tmp/one"
like "$(run --from "$tmp/one" --why=tcp,:8086; echo "$out")" \
	"bind() to tcp 0.0.0.0:8086 fails: *" "only one"

# [::] is for both families or for one, as the sysctl has it where the reader runs.
if unshare -rn true 2>"$tmp/err" && [ -e /proc/sys/net/ipv6/bindv6only ]; then
	# bound SYSCTL ARGUMENT...: the verdict there
	bound() {
		# shellcheck disable=SC2016
		unshare -rn sh -ec 'echo "$1" >/proc/sys/net/ipv6/bindv6only
			shift
			exec "$@"' - "$1" "$reader" --from "$tmp/dual" "${@:2}" 2>&1 | head -n 1
	}
	{
		head -n 1 "$tmp/why"
		echo '44 6 tcp LISTEN 0.0.0.0 444 - - - 1044 4026531840 0 fd - a 0 - -' | tr ' ' '\t'
	} >"$tmp/dual"
	for where in '--why=tcp,:444 -6' '--why=tcp,[::]:444'; do
		# shellcheck disable=SC2086
		is "$(bound 0 $where)
$(bound 1 $where)" "bind() to tcp [::]:444 fails: address already in use; with IPV6_V6ONLY it works
bind() to tcp [::]:444 works: nothing is in the way" "$where: both families, unless the sysctl says otherwise"
	done
	like "$(bound 1 '--why=tcp,*:444')" "bind() to tcp \[::]:444 fails: *" "* is both in any case"
else
	for what in "-6 with the sysctl" "[::] with it" "* with it"; do
		skip "$what" "no network namespace with IPv6: $(head -n 1 "$tmp/err")"
	done
fi

# As a plain read saves it, without flags.
cut -f 1-15 "$tmp/why" >"$tmp/plain"
run --from "$tmp/plain" --why=tcp,:22
is "$status $(head -n 1 "$tmp/out") $err" \
	"0 bind() to tcp 0.0.0.0:22 fails: address already in use; with SO_REUSEADDR or SO_REUSEPORT it may work sockowners: the listing has no column 'flags', so what the options do is not sure; save it with the query columns=all" \
	"without flags"
run --from "$tmp/plain" --why=tcp,:80
like "$status $out" "0 bind() to tcp 0.0.0.0:80 may fail: *" "nobody knows whether it is for IPv6 only"

run --from "$tmp/why" -J --why=tcp,:8080
if perl -MJSON::PP -e 1 2>/dev/null; then
	is "$(perl -MJSON::PP -e 'local $/; my $o = decode_json(<STDIN>); my $b = $o->{bind};
		print join(" ", map { "$_=" . (ref $b->{$_} ? encode_json($b->{$_}) : $b->{$_} // "null") } qw(proto
			address port device v6only netns errors)), "\n";
		print join(" ", map { "$_=$b->{in_use}{$_}" } qw(plain reuseaddr reuseport both)), "\n";
		print join(" ", map { join("+", @{$_->{fails} // []}) } @{$o->{sockets}}), "\n"' <"$tmp/out")" \
		'proto=tcp address=0.0.0.0 port=8080 device=null v6only=false netns=4026531840 errors=["EADDRINUSE"]
plain=fails reuseaddr=works reuseport=fails both=works
plain+reuseport plain+reuseport plain+reuseport plain+reuseport' "-J"
	run --from "$tmp/why" -J --why=udp,127.0.0.1%eth0:9
	is "$status $(perl -MJSON::PP -e 'local $/; my $o = decode_json(<STDIN>);
		print encode_json([$o->{bind}{device}, $o->{bind}{errors}, $o->{sockets}])' <"$tmp/out")" \
		'1 ["eth0",[],[]]' "-J, nothing in the way"
else
	skip "-J" "no perl with JSON::PP"
	skip "-J, nothing in the way" "no perl with JSON::PP"
fi
run --from "$tmp/why" --why=tcp,:22 -o pid,why -H
is "$(tail -n 1 "$tmp/out" | tr -s " ")" " 1 listens, has no SO_REUSEADDR, no SO_REUSEPORT" "-o"

if [ -e /proc/sockowners ]; then
	skip "no module" "the module is loaded"
else
	run --why=tcp,:80
	is "$status $out $err" \
		"3  sockowners: /proc/sockowners: the module is not there; load it: sudo modprobe sockowners (or make load)" \
		"no module"
fi

# Asked of the live one, whose namespace is our own.
netns=$(stat -L -c %i /proc/self/ns/net)
{
	sed "s/4026531840/$netns/" "$tmp/why"
	printf '%s\n' '87 3 tcp BOUND 0.0.0.0 8087 - - - 1087 4026532840 0 fd - a 0 reuseaddr -' | tr ' ' '\t'
} >"$tmp/live"
if "${CC:-cc}" -shared -fPIC -o "$tmp/live.so" tests/reader/live.c -ldl 2>/dev/null; then
	export LIVE_LISTING=$tmp/live LIVE_LOG=$tmp/log
	# live ARGUMENT...: run it with something that stands for the module
	live() {
		LD_PRELOAD="$tmp/live.so" run "$@"
	}
	live --why=tcp,127.0.0.1:8090
	is "$(tail -n 1 "$tmp/log")" \
		"columns=pid,fd,proto,state,laddr,lport,raddr,rport,dev,inode,netns,uid,holder,via,comm,sockuid,flags,timer proto=tcp,tcp6 lport=8090" \
		"the kernel is asked for one port"
	like "$status $out" "0 bind() to tcp 127.0.0.1:8090 fails: *" "and it is in use"
	live --why=tcp,127.0.0.1:9000
	is "$status $out $err" "1 bind() to tcp 127.0.0.1:9000 works: nothing is in the way " "one that is not"
	live --why=tcp,192.0.2.77:9000
	is "$status $out" \
		"0 bind() to tcp 192.0.2.77:9000 fails: cannot assign the address: 192.0.2.77 is none of this host; with IP_FREEBIND it works" \
		"an address of nobody"
	live --why=udp,192.0.2.77:5353
	like "$(head -n 1 "$tmp/out")" "bind() to udp 192.0.2.77:5353 fails: cannot assign *" "of UDP"
	live --why=udp,%no-such-device:9000
	is "$status $out" "0 bind() to udp 0.0.0.0%no-such-device:9000 fails: no interface is named no-such-device" \
		"an interface that is not there"
	if [ -e /proc/net/if_inet6 ]; then
		live --why='tcp,[2001:db8::77]:9000'
		is "$status $out" \
			"0 bind() to tcp [2001:db8::77]:9000 fails: cannot assign the address: 2001:db8::77 is none of this host; with IP_FREEBIND it works" \
			"an IPv6 address of nobody"
		live --why='tcp,[fe80::77]:9000'
		is "$status $out" \
			"0 bind() to tcp [fe80::77]:9000 fails: a link-local address needs its interface: %DEV" \
			"a link-local one without an interface"
	else
		skip "an IPv6 address of nobody" "no IPv6"
		skip "a link-local one without an interface" "no IPv6"
	fi
	as_nobody=
	[ "$(id -u)" -ne 0 ] || as_nobody="setpriv --reuid 65534 --regid 65534 --clear-groups"
	first=$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start)
	if [ "$first" -gt 81 ] && $as_nobody true 2>/dev/null; then
		cp "$reader" "$tmp/reader"
		chmod -R a+rX "$tmp"
		chmod a+w "$tmp/log"
		out=$(LD_PRELOAD="$tmp/live.so" $as_nobody "$tmp/reader" --why=tcp,:81)
		is "$? $out" \
			"0 bind() to tcp 0.0.0.0:81 fails: permission denied: ports below $first need CAP_NET_BIND_SERVICE, as root has it" \
			"a low port"
		like "$(LD_PRELOAD="$tmp/live.so" $as_nobody "$tmp/reader" --why=tcp,:80)" \
			"bind() to tcp 0.0.0.0:80 fails: permission denied: *; also: address already in use; *" \
			"that is in use, too"
		# ask ARGUMENT...: about another network namespace
		ask() {
			LD_PRELOAD="$tmp/live.so" $as_nobody "$tmp/reader" "$@" --netns 4026532840 -H -o pid 2>&1
			echo $?
		}
		note="sockowners: sockets of that namespace may be hidden; root sees more (sudo sockowners)"
		is "$(ask --why=tcp,:9000)" \
			"bind() to tcp 0.0.0.0:9000 may work: nothing that you see is in the way
$note
1" "one of another namespace, whose sockets nobody may see"
		is "$(ask --why=tcp,:8087 | grep -v "^ *[0-9]")" \
			"bind() to tcp 0.0.0.0:8087 fails: address already in use; with SO_REUSEADDR it may work
$note" "and one of which some are seen"
		like "$(ask -J --why=tcp,:9000)" \
			'*"errors":\[],"in_use":{"plain":"perhaps","reuseaddr":"perhaps",*' "in JSON"
	else
		for what in "a low port" "that is in use, too" \
			"one of another namespace, whose sockets nobody may see" \
			"and one of which some are seen" "in JSON"; do
			skip "$what" "nobody may have it"
		done
	fi
	if [ "$(id -u) $(stat -L -c %i /proc/self/ns/user)" = "0 4026531837" ]; then
		live --why=tcp,:9000 --netns 4026532840
		is "$status $out $err" "1 bind() to tcp 0.0.0.0:9000 works: nothing is in the way " \
			"of which root sees all"
	else
		skip "of which root sees all" "nobody is root here"
	fi
else
	for what in "the kernel is asked for one port" "and it is in use" "one that is not" \
		"an address of nobody" "of UDP" "an interface that is not there" \
		"an IPv6 address of nobody" "a link-local one without an interface" "a low port" \
		"that is in use, too" "one of another namespace, whose sockets nobody may see" \
		"and one of which some are seen" "in JSON" "of which root sees all"; do
		skip "$what" "no compiler for what stands for the module"
	done
fi

plan
