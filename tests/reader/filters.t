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

refused "unknown filter 'http'" http
refused "unknown filter ''" ''
refused "unknown filter '10.0.0.1:80'" 10.0.0.1:80
refused "unknown filter '[::1]:80'" '[::1]:80'
refused "unknown filter '!:80'" '!:80'
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
refused "no service is named ':1'" ::1
refused "no service is named '80 '" ':80 '
refused "no service is named '+80'" :+80

plan
