#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# --packet: who would get it. What the kernel is asked, and what is refused; what it
# answers is the matter of the scenarios packet, packet_rows and packet_reader.

. tests/reader/lib.sh

# refused ERROR ARGUMENT...
refused() {
	local error=$1
	shift
	run "$@"
	is "$status $out $err" "2  sockowners: $error; try 'sockowners --help'" "$*"
}

form='PROTO,SRC:PORT,DST:PORT[,IFNAME]'
refused "'tcp' is not $form" --packet=tcp
refused "'tcp,1.2.3.4:5' is not $form" --packet=tcp,1.2.3.4:5
refused "'$(printf '%0300d' 0)' is not $form" --packet="$(printf '%0300d' 0)"
refused "--packet knows tcp and udp, not 'sctp'" --packet=sctp,1.2.3.4:5,1.2.3.4:6
refused "'1.2.3.4' lacks a port" --packet=tcp,1.2.3.4,1.2.3.4:6
refused "'1.2.3' is no address" --packet=tcp,1.2.3:5,1.2.3.4:6
refused "'' is no address" --packet=tcp,:5,1.2.3.4:6
refused "'65536' is no port" --packet=tcp,1.2.3.4:65536,1.2.3.4:6
refused "'no-such' is no port" --packet=tcp,1.2.3.4:no-such,1.2.3.4:6
refused "'::ffff:1.2.3.4' is IPv4 in a packet: write it so" "--packet=tcp,[::ffff:1.2.3.4]:5,[::1]:6"
refused "a packet is IPv4 or IPv6 at both ends" "--packet=tcp,1.2.3.4:5,[::1]:6"
refused "'' is no interface" --packet=tcp,1.2.3.4:5,1.2.3.4:6,
refused "'a-name-of-16-byt' is no interface" --packet=tcp,1.2.3.4:5,1.2.3.4:6,a-name-of-16-byt
some=udp,1.2.3.4:5,1.2.3.4:6
refused "--packet asks the kernel, not a saved listing" --packet=$some --from "$data/all.listing"
for other in --peer --graph --why=tcp,:80 --prometheus; do
	refused "--packet goes with filters, -g, --count, --watch" --packet=$some $other
done
refused "--packet has no column PEER" --packet=$some -o +peer
refused "--packet has no column PEER" --packet=$some --sort peer

if ! "${CC:-cc}" -shared -fPIC -o "$tmp/live.so" tests/reader/live.c -ldl 2>/dev/null; then
	skip "what the kernel is asked" "no compiler for what stands for the module"
	plan
	exit
fi
export LIVE_LISTING=$data/all.listing LIVE_LOG=$tmp/log LIVE_REFUSE LIVE_ERROR

# asks TERMS ARGUMENT...: what the kernel is asked beside columns
asks() {
	local terms=$1
	shift
	: >"$LIVE_LOG"
	LD_PRELOAD="$tmp/live.so" "$reader" -o pid "$@" >/dev/null 2>&1
	is "$(tail -n 1 "$LIVE_LOG")" "columns=pid,$terms" "$*"
}

asks "holder packet=udp,1.2.3.4:5,1.2.3.4:6" --packet=$some
asks "holder packet=tcp,[fe80::7]:5353,[fe80::1]:53,eth0" --packet 'tcp,[fe80:0::7]:5353,[fe80::1]:domain,eth0'
asks "holder packet=tcp,[::1]:1,[::1]:2" --packet=tcp,::1:1,::1:2
asks "holder packet=udp,1.2.3.4:5,1.2.3.4:6,a\\040b" --packet="$some,a b"
asks "holder,comm packet=$some comm=nginx" --packet=$some -c nginx

# fails ERROR REFUSED ERRNO
fails() {
	status=0
	err=$(LIVE_REFUSE=$2 LIVE_ERROR=$3 LD_PRELOAD="$tmp/live.so" \
		"$reader" --packet=$some 2>&1 >"$tmp/out") || status=$?
	is "$status $(cat "$tmp/out") $err" "2  sockowners: /proc/sockowners: $1" "$2: errno $3"
}

fails "the module does not know --packet; load a newer one" write 22
fails "there is no such interface in this network namespace" write 19
fails "many may get a multicast or broadcast packet; ask about another address" write 95
fails "the kernel must be asked, and may not be; run it as root" open 13

plan
