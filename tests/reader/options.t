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
	*) grep -q -e "--$(echo "${option#*=}" | tr -d '"')[, =]" "$tmp/out" || missing="$missing $option" ;;
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

refused "unknown option '-x'" -x
refused "unknown option '-x'" -txl
refused "unknown option '-x'" --tcp -xl
refused "unknown option '-?'" '-?'
refused "unknown option '-Z'" -Z
refused "unknown option '--nonsense'" --nonsense
refused "unknown option '--xml=1'" --xml=1
refused "option '--tcp=4' takes no argument" --tcp=4
refused "option '--pid' needs an argument" --pid
refused "'' is no list of process ids" --pid=
refused "'1,' is no list of process ids" --pid 1,
refused "',1' is no list of process ids" --pid ,1
refused "'1,,2' is no list of process ids" --pid 1,,2
refused "'1 2' is no list of process ids" --pid '1 2'
refused "'0' is no list of process ids" --pid 0
refused "'-1' is no list of process ids" --pid -1
refused "'self' is no list of process ids" --pid self
refused "'2147483648' is no list of process ids" --pid 2147483648
refused "'18446744073709551617' is no list of process ids" --pid 18446744073709551617
refused "unknown option '--\\033[2J\\012x'" "--$(printf '\033[2J\nx')"

plan
