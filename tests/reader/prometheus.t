#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# --prometheus. What Prometheus itself says of it is in tests/metrics.

. tests/reader/lib.sh

# Without what differs from run to run.
steady() {
	grep -v -e '^sockowners_scan_duration_seconds ' -e '^sockowners_build_info{'
}

run --from "$data/prometheus.listing" --prometheus
is "$status" 0 "--prometheus"
is "$(steady <"$tmp/out")" "$(cat "$data/prometheus.out")" \
	"shared sockets, a reuseport group, odd names, queues: all numbers"
is "$err" "" "and nothing else is said"
is "$(sed -n 's/^    \(sockowners_[a-z]\)/\1/p' README.md | grep -vxFf "$data/prometheus.out")" "" \
	"what the README shows is among them"
is "$(grep -cE '^sockowners_(scan_duration_seconds [0-9]+\.[0-9]{9}|build_info\{version="[0-9.]+"\} 1)$' "$tmp/out")" \
	2 "how long it took, and by which version"
is "$(tr -d '\n -~' <"$tmp/out" | wc -c)" 0 "nothing but printable ASCII is printed"

value() {
	sed -n "s/^sockowners_$1 //p" "$tmp/out"
}

run --from "$data/prometheus.listing" --prometheus -c nginx -s established
is "$(grep -c 'command="nginx"' "$tmp/out") $(grep -c 'command="sshd"' "$tmp/out")" "3 0" "filters"
run --from "$data/prometheus.listing" --prometheus :1
is "$status $(value scan_success) $(grep -c '^sockowners_.*{' "$tmp/out")" "0 1 1" "nothing to count is no failure"
run --from "$data/all.listing" --prometheus
is "$status $(value hidden_sockets) $(value 'distinct_sockets{proto="tcp",state="LISTEN"}') $(grep -c queue "$tmp/out")" \
	"0 2 6 0" "a plain listing: by inode, without queues"
like "$err" "sockowners: *'cgroup', 'sockcgroup', 'recvq', 'sendq', 'drops'*" "which is said"
cut -f 1-4,6,13,15 "$data/all.listing" >"$tmp/few"
run --from "$tmp/few" --prometheus
is "$status $(value 'distinct_sockets{proto="tcp",state="LISTEN"}')" "0 7" "without a number each row is a socket"
run --from "$data/prometheus.listing" --prometheus
is "$(sort "$tmp/out" | grep -v '^#' | cut -d ' ' -f 1 | uniq -d)" "" "no series comes twice"

# More of everything than is shown by name: command cN has N sockets.
{
	head -n 1 "$data/prometheus.listing"
	awk 'BEGIN { OFS = "\t"
		for (c = 1; c <= 60; c++)
			for (s = 1; s <= c; s++)
				print c, s, "tcp", "ESTABLISHED", "10.0.0.1", 80, "10.0.0.2", s, "-", ++n, 1, 0, "fd", "-", \
					"c" c, 1, n, 0, "-", "-", 0, 0, 0, "-", "-"
		for (p = 400; p; p--)
			print 1, 70 + p, "tcp", "LISTEN", "0.0.0.0", 30000 + p, "-", "-", "-", ++n, 1, 0, "fd", "-", \
				"c1", 1, n, 0, "-", "-", 1, 10, 2, "-", "-"
		for (s = 0; s < 7; s++)
			print "-", "-", "tcp", "TIME_WAIT", "10.0.0.1", 80, "10.0.0.2", s, "-", "-", 1, "-", "timewait", \
				"-", "-", "-", ++n, "-", "-", "-", "-", "-", "-", "-", 9
	}'
} >"$tmp/many"
run --from "$tmp/many" --prometheus
is "$(grep '^sockowners_sockets' "$tmp/out" | grep -o 'command="[^"]*"' | sort -u | wc -l)" 52 \
	"50 commands, the others, and nobody"
is "$(value 'sockets{unit="-",command="other",proto="tcp",state="ESTABLISHED",holder="fd"}')" 65 \
	"the smallest are the others: 2 to 11, but 1 has listeners"
is "$(value 'process_descriptors_max{unit="-",command="other"}')" 11 "of which the largest has 11"
is "$(value 'sockets{unit="-",command="-",proto="tcp",state="TIME_WAIT",holder="timewait"}')" 7 "nobody has a name"
is "$(grep -c '^sockowners_accept_queue_length' "$tmp/out")" 201 "200 ports and the others"
is "$(value 'accept_queue_length{unit="-",proto="tcp",port="other"}') $(
	value 'accept_queue_limit{unit="-",proto="tcp",port="other"}') $(
	value 'listen_drops{unit="-",proto="tcp",port="other"}')" "200 2000 400" "which are added up"
is "$(value 'accept_queue_length{unit="-",proto="tcp",port="30200"}') $(
	value 'accept_queue_length{unit="-",proto="tcp",port="30201"}')" "1 " "the lowest have their numbers"

# A file takes the place of the one before.
mkdir "$tmp/dir"
file=$tmp/dir/sockowners.prom
echo old >"$file"
chmod 600 "$file"
(umask 077 && "$reader" --from "$data/prometheus.listing" --prometheus="$file")
is "$? $(steady <"$file" | cksum)" "0 $(cksum <"$data/prometheus.out")" "into a file"
is "$(stat -c %a "$file") $(ls -A "$tmp/dir")" "644 sockowners.prom" "that everybody may read, alone"
run --from "$tmp/nowhere" --prometheus="$file"
like "$status $err" "2 *nowhere: cannot open: *" "a listing that is not there"
is "$(value x)$(sed -n 's/^sockowners_scan_success //p' "$file") $(grep -c socket "$file")" "0 0" \
	"is in the metrics, and nothing is counted"
{
	cat "$data/prometheus.listing"
	echo forged row
} >"$tmp/broken"
run --from "$tmp/broken" --prometheus
is "$status $(value scan_success) $(grep -c '^sockowners_sockets' "$tmp/out")" "2 0 0" "nor is half a listing"
echo old >"$file"
ln -s /dev/full "$tmp/dir/full"
ln -s sockowners.prom "$tmp/dir/link"
for bad in "$tmp/dir" /dev/null "$tmp/dir/full" "$tmp/dir/link"; do
	run --from "$data/prometheus.listing" --prometheus="$bad"
	is "$status $err" \
		"2 sockowners: cannot replace '$bad': it is no regular file; name one, or a new file" \
		"refused: ${bad#"$tmp"}"
done
for bad in "$tmp/no/such.prom" "$tmp/$(printf '%5000s' '' | tr ' ' x)"; do
	run --from "$data/prometheus.listing" --prometheus="$bad"
	like "$status $err" "2 sockowners: cannot write '*': *; name a file in a directory that you may write to" \
		"refused: $(printf %.30s "${bad#"$tmp"}")"
done
ok "$([ -c /dev/null ]; echo $?)" "/dev/null is what it was"
(trap "" XFSZ && ulimit -f 1 && "$reader" --from "$tmp/many" --prometheus="$file") 2>"$tmp/err"
like "$? $(cat "$tmp/err")" "* sockowners: cannot write '*': File too large; *" "a file that cannot be written whole"
is "$(cat "$file") $(cd "$tmp/dir" && echo *)" "old full link sockowners.prom" "leaves the old one, and nothing else"
"$reader" --from "$data/prometheus.listing" --prometheus >/dev/full 2>"$tmp/err"
is "$? $(cat "$tmp/err")" \
	"2 sockowners: cannot write the output: No space left on device; write it somewhere else" \
	"the disk is full"

for arguments in -J --ndjson --count --watch '-o pid' '--sort pid'; do
	# shellcheck disable=SC2086
	run --from "$data/all.listing" --prometheus $arguments
	is "$status $out $err" \
		"2  sockowners: --prometheus goes with filters and --from only; try 'sockowners --help'" \
		"refused: $arguments"
done

if "${CC:-cc}" -shared -fPIC -o "$tmp/live.so" tests/reader/live.c -ldl 2>/dev/null; then
	LIVE_LISTING=$data/prometheus.listing LIVE_LOG=$tmp/log LD_PRELOAD="$tmp/live.so" \
		"$reader" --prometheus -t >"$tmp/out" 2>/dev/null
	is "$(tail -n 1 "$tmp/log")" \
		"columns=pid,proto,state,lport,inode,holder,comm,cookie,cgroup,sockcgroup,recvq,sendq,drops proto=tcp,tcp6" \
		"the kernel is asked for what it takes"
	is "$(value module_loaded)" 1 "the module is there"
	for refused in open write; do
		LIVE_REFUSE=$refused LIVE_ERROR=13 LIVE_LISTING=$data/all.listing LIVE_LOG=$tmp/log LD_PRELOAD="$tmp/live.so" \
			"$reader" --prometheus >"$tmp/out" 2>"$tmp/err"
		is "$? $(value module_loaded) $(value scan_success) $(grep -c '^sockowners_sockets' "$tmp/out") $(cat "$tmp/err")" \
			"2 1 0 0 sockowners: /proc/sockowners: line 1: the header has no columns 'cgroup', 'sockcgroup', 'recvq', 'sendq', 'drops'; load the module with columns=all" \
			"who may not ask ($refused) does not count without units and queues"
	done
	LIVE_LISTING=$tmp/nowhere LIVE_LOG=$tmp/log LD_PRELOAD="$tmp/live.so" \
		"$reader" --prometheus >"$tmp/out" 2>/dev/null
	is "$? $(value module_loaded) $(value scan_success)" "3 0 0" "or not"
else
	skip "the live one" "no compiler for what stands for the module"
fi

if "${CC:-cc}" -shared -fPIC -o "$tmp/memory.so" tests/reader/memory.c -ldl 2>/dev/null; then
	echo old >"$file"
	LD_PRELOAD=$tmp/memory.so "$reader" --from "$tmp/many" --prometheus="$file" 2>"$tmp/err"
	is "$? $(cat "$tmp/err")" \
		"2 sockowners: cannot count: Cannot allocate memory; count less (sockowners -t --prometheus)" \
		"no memory for what is printed"
	is "$(cat "$file")" old "leaves the old one, too"
else
	skip "no memory for what is printed" "no compiler for what takes it"
	skip "leaves the old one, too" "no compiler for what takes it"
fi

out=$(awk 'BEGIN { print "'"$(head -n 1 "$data/prometheus.listing")"'"
	for (n = 1; n <= 500000; n++) print n % 1000 + 1 "\t3\ttcp\tESTABLISHED\t1.1.1.1\t80\t1.1.1.2\t9\t-\t" n \
		"\t1\t0\tfd\t-\tweb\t1\t" n "\t0\t-\t-\t0\t0\t0\t-\t-" }' |
	(ulimit -v 50000 && "$reader" --from - --prometheus) | grep '^sockowners_distinct')
is "$out" 'sockowners_distinct_sockets{proto="tcp",state="ESTABLISHED"} 500000' "half a million sockets, in 50 MB"

plan
