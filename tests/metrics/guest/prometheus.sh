#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# From real sockets through Debian's node exporter and its Prometheus to the answer of
# a query: it is the number of sockets that were opened. Runs in the VM with the module
# loaded.

# shellcheck source=../../vm/guest/ok
. /guest/ok
metrics=/tmp/textfile/sockowners.prom
cgroups=/sys/fs/cgroup

# until_ COMMAND...: it succeeds, within a minute and a half.
until_() {
	tries=0
	until "$@" >/dev/null 2>&1; do
		[ $tries -lt 900 ] || return 1
		tries=$((tries + 1))
		sleep 0.1
	done
}

# in_unit UNIT COMMAND...: it runs there, and holds what it holds until fd 4 is closed; in a
# session of its own, as the program ends by a signal to all of its group.
in_unit() {
	mkdir -p "$cgroups/system.slice/$1"
	echo 0 >"$cgroups/system.slice/$1/cgroup.procs" || exit 1
	shift
	exec "$@"
}

# ask QUERY: the value of what it finds, which is one time series
ask() {
	wget -q -O - --post-data "query=$1" http://127.0.0.1:9090/api/v1/query |
		sed -n 's/.*"result":\[{"metric":{[^}]*},"value":\[[0-9.]*,"\([^"]*\)"\]}\].*/\1/p'
}

answers() {
	got=$(ask "$1")
	[ "$got" = "$2" ] || { echo "$1: $got, not $2"; false; }
}

mkdir -p "$cgroups" /tmp/textfile
mount -t cgroup2 none "$cgroups" 2>/dev/null
mkfifo /tmp/web-said /tmp/jobs-said /tmp/hold
(in_unit web.service setsid sockets tcp 2000 4) </tmp/hold >/tmp/web-said &
exec 4>/tmp/hold
read -r web </tmp/web-said
(in_unit jobs.service setsid sockets workers 30 5) </tmp/hold >/tmp/jobs-said 4>&- &
read -r jobs </tmp/jobs-said
ok 'the sockets are open' test "$web $jobs" = 'ready ready'

# A server that does not accept.
nc -l -p 7777 >/dev/null 4>&- &
server=$!
until_ sockowners -tl :7777
kill -STOP $server
clients=
for _ in 1 2; do
	nc 127.0.0.1 7777 </tmp/hold >/dev/null 4>&- &
	clients="$clients $!"
done
waiting() {
	[ "$(sockowners -H --holder accept :7777 | wc -l)" -eq 2 ]
}
ok 'two connections wait to be accepted' until_ waiting

# What the metrics are to say, before others open sockets of their own.
established=$(sockowners -4 -t -s established -o cookie -H | sort -u | wc -l)
queue=$(sockowners -H -tl -o recvq,sendq :7777)
echo old >$metrics
ok 'the metrics are written' sockowners --prometheus=$metrics
ok 'for everybody to read' test "$(stat -c %a $metrics)" = 644
ok 'and nothing is left beside them' test "$(ls -A /tmp/textfile)" = sockowners.prom

prometheus-node-exporter --collector.disable-defaults --collector.textfile \
	--collector.textfile.directory=/tmp/textfile \
	--web.listen-address=127.0.0.1:9100 >/tmp/exporter.log 2>&1 4>&- &
exporter=$!
cat >/tmp/prometheus.yml <<END
scrape_configs:
- job_name: node
  scrape_interval: 1s
  static_configs:
  - targets: ['127.0.0.1:9100']
rule_files: [/tests/rules.yml]
END
prometheus --config.file=/tmp/prometheus.yml --storage.tsdb.path=/tmp/tsdb \
	--web.listen-address=127.0.0.1:9090 >/tmp/prometheus.log 2>&1 4>&- &
prometheus=$!
ok 'Prometheus has them' until_ answers 'sockowners_scan_success' 1 ||
	sed 's/^/# /' /tmp/exporter.log /tmp/prometheus.log

tcp='proto="tcp",state="ESTABLISHED"'
ok 'it answers the number of connections that were opened' answers \
	"sum(sockowners_sockets{unit=\"web.service\",$tcp,holder=\"fd\"})" 2000
ok 'which is the most in one process, times four' answers \
	'4*floor(max(sockowners_process_descriptors_max{unit="web.service"})/4)' 500
ok 'of all IPv4 ones it answers those and the two clients' answers \
	'sockowners_distinct_sockets{proto="tcp",state="ESTABLISHED"}' \
	"$established"
ok 'which are as many' test "$established" -eq 2002
ok 'the server has an IPv6 socket, and so have the connections that wait' answers \
	'sockowners_sockets{proto="tcp6",state="ESTABLISHED",holder="accept"}' 2
ok 'listeners that six processes share count once' answers \
	'sum(sockowners_sockets{unit="jobs.service",state="LISTEN"})' 30
ok 'though they have 180 holders, with the parent' answers \
	'sum(sockowners_holders{unit="jobs.service",state="LISTEN"})' 180
ok 'the queue of the server that does not accept' answers \
	'sum(sockowners_accept_queue_length{port="7777"})' 2
ok 'and its limit' answers 'sum(sockowners_accept_queue_limit{port="7777"})' "${queue##* }"
ok 'the module is there' answers sockowners_module_loaded 1
ok 'the rules are loaded' sh -c \
	'wget -q -O - http://127.0.0.1:9090/api/v1/rules | grep -q SockownersAcceptQueueFilling'

# What comes next replaces it.
exec 4>&-
kill -CONT $server
# shellcheck disable=SC2086
kill $server $clients 2>/dev/null
gone() {
	sockowners --prometheus=$metrics && ! grep -q 'unit="web.service".*ESTABLISHED.*"fd"' $metrics
}
ok 'the sockets go' until_ gone
ok 'and Prometheus knows it' until_ answers \
	"count(sockowners_sockets{unit=\"web.service\",$tcp,holder=\"fd\"})%20or%20vector(0)" 0
kill $exporter $prometheus
wait $exporter $prometheus
done_testing
