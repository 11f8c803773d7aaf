# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# Completion for fish; needs nothing but fish itself.

# The last item of a list with commas: __sockowners_list WORD...
function __sockowners_list
	set -l token (commandline -ct | string replace -r -- '^--[a-z]+=' '')
	set -l done (string match -r -- '^.*,' $token)
	# With "+" columns are shown too.
	test -n "$done"; or set done (string match -r -- '^\+' $token)
	printf "$done%s\n" $argv
end

function __sockowners_pids
	string match -r '^\d+$' (string replace /proc/ '' /proc/*)
end

function __sockowners_columns
	string lower (string replace -r ' .*' '' (sockowners -o help 2>/dev/null))
end

function __sockowners_namespaces
	__sockowners_pids
	set -l names /run/netns/*
	string replace /run/netns/ '' $names
end

set -l states all bucket big closed connected synchronized established syn-sent syn-recv \
	fin-wait-1 fin-wait-2 time-wait close close-wait last-ack listening closing bound \
	unconnected
set -l holders fd thread scm accept synrecv timewait orphan mptcp assoc kernel elsewhere hidden

complete -c sockowners -f
complete -c sockowners -s 4 -l ipv4 -d 'IPv4 sockets'
complete -c sockowners -s 6 -l ipv6 -d 'IPv6 sockets'
complete -c sockowners -s t -l tcp -d TCP
complete -c sockowners -s u -l udp -d 'UDP and UDP-Lite'
complete -c sockowners -s w -l raw -d 'raw and ping sockets'
complete -c sockowners -s M -l mptcp -d MPTCP
complete -c sockowners -s S -l sctp -d SCTP
complete -c sockowners -s l -l listening -d 'listening and unconnected sockets only'
complete -c sockowners -s a -l all -d everything
complete -c sockowners -s n -l numeric -d 'for habit: numbers'
complete -c sockowners -s p -l processes -d 'for habit: processes'
complete -c sockowners -s P -d 'for habit: numbers'
complete -c sockowners -s i -d 'as lsof has it'
complete -c sockowners -x -l pid -d 'of these processes' \
	-a '(__sockowners_list (__sockowners_pids))'
complete -c sockowners -x -s c -l command -d 'of processes of this name'
complete -c sockowners -x -s U -l user -d 'of processes of this user' \
	-a '(__sockowners_list (string replace -r \':.*\' "" </etc/passwd))'
complete -c sockowners -x -s s -l state -d 'in this state' -a "(__sockowners_list $states)"
complete -c sockowners -x -l inode -d 'these sockets'
complete -c sockowners -x -s N -l netns -d 'of this network namespace' \
	-a '(__sockowners_list (__sockowners_namespaces))'
complete -c sockowners -x -l cgroup -d 'of processes in this cgroup'
complete -c sockowners -x -l holder -d 'held so' -a "(__sockowners_list $holders)"
complete -c sockowners -x -s o -l columns -d 'show these columns' \
	-a 'help (__sockowners_list (__sockowners_columns))'
complete -c sockowners -s H -l no-header -d 'no heading'
complete -c sockowners -s r -l resolve -d 'names of hosts and services'
complete -c sockowners -x -l sort -d 'sort by a column' -a '(__sockowners_columns) -(__sockowners_columns)'
complete -c sockowners -s g -l group -d 'a row for each socket'
complete -c sockowners -l peer -d 'who is at the other end'
complete -c sockowners -l graph -d 'draw, for dot of Graphviz'
complete -c sockowners -s J -l json -d 'one JSON object'
complete -c sockowners -l ndjson -d 'a JSON object a line'
complete -c sockowners -l count -d 'count rows that are alike'
complete -c sockowners -l prometheus -d 'print metrics for Prometheus'
complete -c sockowners -l watch -d 'list again and again'
complete -c sockowners -x -l why -a 'tcp, udp, udplite,' -d 'what makes bind() fail'
complete -c sockowners -x -l packet -a 'tcp, udp,' -d 'who would get this packet'
complete -c sockowners -r -F -l from -d 'read a saved listing'
complete -c sockowners -s h -l help -d help
complete -c sockowners -s V -l version -d version
