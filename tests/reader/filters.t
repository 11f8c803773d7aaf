#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# FILTER arguments.

. tests/reader/lib.sh

is "$(pids :22)" "1 101" "a port"
is "$(pids :8080)" "103" "a local port"
is "$(pids :40000)" "103" "a remote port"
is "$(pids :53)" "109" "not a part of a port"
is "$(pids :8080-8999)" "103 105 106" "a range, both ends included"
is "$(pids :8081-8081)" "105" "a range of one"
is "$(pids :6000,6002)" "122 124" "a list"
is "$(pids :22,8080-8081,53)" "1 101 103 105 109" "a list with a range"
is "$(pids :http)" "102" "a service"
is "$(pids :http,ssh,domain)" "1 101 102 109" "a list of services"
is "$(pids :https,22)" "1 101 104" "services and numbers"
is "$(pids :22 :80)" "1 101 102" "several filters mean or"
is "$(pids :22 :80 -6)" "102" "an option narrows them"
is "$(pids :4000-4001)" "111 112" "a row that matches twice is shown once"
is "$(pids :1)" "" "the protocol of a raw socket is no port"
is "$(pids :58)" "" "nor that of a raw6 socket"
is "$(pids :77)" "115" "the identifier of a ping socket is its port"
is "$(pids :0)" "" "port 0 is nobody's"
is "$(pids :0-65535 | wc -w)" "$(pids | wc -w | awk '{ print $1 - 4 }')" \
	"all ports: everything but raw sockets and those without a port"
is "$(pids :65535)" "" "the last port"
is "$(pids :00022)" "1 101" "leading zeros"

refused() {
	run --from "$data/all.listing" "$2"
	is "$status $out $err" "2  sockowners: $1; try 'sockowners --help'" "refused: $2"
}

is "$(pids 192.0.2.1)" "104 106 109" "an address, v4-mapped ones too"
is "$(pids 192.0.2.0/24)" "104 106 109" "a prefix"
is "$(pids 192.0.2.99/24)" "104 106 109" "of which the other bits do not matter"
is "$(pids 192.0.2.48/29)" "109" "one that ends inside a byte"
is "$(pids 192.0.2.1/32)" "104 106 109" "all bits"
is "$(pids 0.0.0.0/0 | wc -w)" 25 "no bits: every IPv4 address, v4-mapped ones too"
is "$(pids 0.0.0.0)" "1 101 107 111 113 115 117 118 -" "the any-address"
is "$(pids ::)" "102 110 114 116 119" "the other one"
is "$(pids ::/0)" "$(pids -6)" "every IPv6 address"
is "$(pids ::ffff:192.0.2.1)" "104" "a v4-mapped address is one of IPv6"
is "$(pids ::1)" "105 -" "an IPv6 address"
is "$(pids '[::1]')" "105 -" "in brackets"
is "$(pids 2001:db8::/32)" "112 114 -" "an IPv6 prefix"
is "$(pids '[2001:db8::]/126')" "112 -" "behind the brackets"
is "$(pids '[fe80::/10]')" "108" "inside the brackets"
is "$(pids 198.51.100.7)" "104" "a remote address"
is "$(pids 192.0.2.1:443)" "104" "an address and a port"
is "$(pids 192.0.2.1:51000)" "" "of the same end"
is "$(pids '[::1]:8081')" "105" "of IPv6"
is "$(pids '[2001:db8::]/32:4000-4001')" "112" "a prefix and a range"
is "$(pids '*:22')" "1 101" "any address"
is "$(pids '*')" "$(pids)" "any at all"
run --from "$data/all.listing" '!*'
is "$status $out" "1 " "and none"
is "$(pids '::1,198.51.100.0/24:51000,7700')" "104 -" "lists of both"
is "$(pids 10.0.0.1,127.0.0.1:6000)" "122" "the ports are for all addresses"
is "$(pids 10.0.0.2 10.0.0.3:7001 :6000)" "120 121 122" "several filters"
is "$(pids '!:22' | wc -w)" $(($(pids | wc -w) - 2)) "! excludes"
is "$(pids '!10.0.0.0/8' -4t)" "1 101 103 106 122 123 124 - -" "an address"
is "$(pids 10.0.0.1 '!10.0.0.3:7001' '!:3306' --holder fd,thread,scm)" "" "what is left of others"
is "$(pids 10.0.0.1 '!10.0.0.3:7000' --pid 120,121)" "120 121" "both must be of one end"
is "$(pids '!:1' -w)" "113 114 115 116" "the protocol of a raw socket is no port"
is "$(pids 'fe80::1%eth0') $(pids '[fe80::1%eth0]:546')" "108 108" "an interface"
is "$(pids '[fe80::1]%eth0:546')" "108" "as a row shows it"
is "$(pids 'fe80::1%eth0:546') $(pids -i '@fe80::1%eth0:546') $(pids 'fe80::1%eth0:547')" "108 108 " \
	"a port behind an interface needs no brackets"
is "$(pids '[fe80::]%eth0/64:546') $(pids '[fe80::%eth0]/64') $(pids 'fe80::%eth0/64')" "108 108 108" "and a prefix"
is "$(pids 'fe80::1%eth1')" "" "another one"
is "$(pids '0.0.0.0%eth0:68') $(pids '*%eth0') $(pids '*%eth0:546')" "107 107 108 108" "of any address"
is "$(pids '*%eth1,fe80::1%eth0' -u) $(pids '!*%eth0' -u)" "108 110 109 110 111 112 -" "in lists, and excluded"
is "$(pids -i '@[fe80::1%eth0]:546')" "108" "behind -i"
listing '1 3 tcp LISTEN bogus 80 - - - 1 1 0 fd - a' >"$tmp/listing"
run --from "$tmp/listing" 0.0.0.0/0
is "$status $out" "1 " "what is no address is in no prefix"

refused "unknown filter 'http'; for a port write ':http'" http
refused "unknown filter '8080'; for a port write ':8080'" 8080
refused "unknown filter '22,80'; for a port write ':22,80'" 22,80
refused "unknown filter '!22'; for a port write ':22'" '!22'
refused "unknown filter 'nosuchservice'; for a process write '-c nosuchservice'" nosuchservice
refused "unknown filter '+80'" +80
refused "unknown filter ''" ''
refused "unknown filter '!'; to exclude write '!:22'" '!'
refused "'host.example' is no address; for a host's ask 'getent hosts host.example'" host.example:80
refused "'localhost' is no address; for a host's ask 'getent hosts localhost'" 10.0.0.1,localhost:80
refused "'10.0.0' is no address" 10.0.0:80
refused "'10.0.0.256' is no address" 10.0.0.256
refused "'010.0.0.1' is no address" 010.0.0.1
refused "'' is no address" 10.0.0.1,
refused "'' is no address" ,10.0.0.1
refused "'/33' is no prefix of 10.0.0.1" 10.0.0.1/33
refused "'/129' is no prefix of ::1" ::1/129
refused "'/' is no prefix of 10.0.0.1" 10.0.0.1/
refused "'/x' is no prefix of ::1" '[::1]/x:80'
refused "'[::1' lacks a ']'" '[::1'
refused "'::1' has two prefixes" '[::1/8]/9'
refused "unknown filter '80'" '[::1]80'
refused "'' is no address" '[]:80'
refused "'::ffff::1' is no address" ::ffff::1
refused "'fe80::1' lacks an interface behind the '%'" 'fe80::1%'
refused "'fe80::1' lacks an interface behind the '%'" '[fe80::1]%:80'
refused "'fe80::1' has two interfaces" '[fe80::1%eth0]%eth0'
refused "'*' is no address" '*%eth0/8'
refused "'' is no port or range of ports" :
refused "'' is no port or range of ports" :80,
refused "'' is no port or range of ports" :,80
refused "'65536' is no port or range of ports" :65536
refused "'99999999999999999999' is no port or range of ports" :99999999999999999999
refused "'1-65536' is no port or range of ports" :1-65536
refused "'90-80' is no port or range of ports" :90-80
refused "'80-' is no port or range of ports" :80-
refused "'-80' is no port or range of ports" :-80
refused "'1-2-3' is no port or range of ports" :1-2-3
refused "no service is named 'nosuchservice'" :nosuchservice
refused "no service is named '80 '" ':80 '
refused "no service is named '+80'" :+80

plan
