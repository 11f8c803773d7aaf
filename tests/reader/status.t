#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# Exit statuses, and what happens when reading or writing fails.

. tests/reader/lib.sh

run --from "$data/all.listing"
is "$status" 0 "something is listed"
run --from "$data/all.listing" :9
is "$status $out $err" "1  " "nothing matches: silence"
listing >"$tmp/listing"
run --from "$tmp/listing"
is "$status $out $err" "1  " "a listing without rows"

run --from "$tmp/nowhere"
is "$status $out $err" \
	"2  sockowners: $tmp/nowhere: cannot open: No such file or directory; save one with 'cat /proc/sockowners > FILE'" \
	"no such file"
run --from "$tmp"
is "$status $out $err" \
	"2  sockowners: $tmp: cannot read: Is a directory; save one with 'cat /proc/sockowners > FILE'" \
	"a directory"
run --from - <&-
like "$status $err" "2 sockowners: standard input: cannot read: Bad file descriptor; *" \
	"standard input is closed"

if [ -e /proc/sockowners ]; then
	skip "no module" "the module is loaded"
else
	run
	is "$status $out $err" \
		"3  sockowners: /proc/sockowners: the module is not there; load it: sudo modprobe sockowners (or make load)" \
		"no module"
fi

# Root may open everything.
cp "$reader" "$tmp/reader"
chmod 755 "$tmp"
touch "$tmp/secret"
chmod 0 "$tmp/secret"
as_nobody=
[ "$(id -u)" -ne 0 ] || as_nobody="setpriv --reuid 65534 --regid 65534 --clear-groups"
if $as_nobody true 2>/dev/null; then
	err=$($as_nobody "$tmp/reader" --from "$tmp/secret" 2>&1)
	is "$? $err" "2 sockowners: $tmp/secret: cannot open: Permission denied; run it as root (sudo sockowners)" \
		"no permission"
else
	skip "no permission" "setpriv cannot become nobody"
fi

# "yes" never ends: the reader has to notice that nobody listens.
{
	listing
	yes "$(listing '1 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 0 fd - a' | sed 1d)"
} 2>/dev/null | {
	timeout 60 "$reader" --from - 2>"$tmp/err"
	echo $? >"$tmp/status"
} | head -n 1 >"$tmp/out"
is "$(cat "$tmp/status") $(cat "$tmp/err")" "0 " "'| head' is no error"
like "$(cat "$tmp/out")" "USER *" "and gets its line"

nobody="--why tcp,:4711 --netns 4026531840 --from $data/all.listing"
for option in "--from $data/all.listing" "$nobody" --help --version; do
	# shellcheck disable=SC2086
	err=$("$reader" $option 2>&1 >/dev/full)
	is "$? $err" "2 sockowners: cannot write the output: No space left on device; write it somewhere else" \
		"the disk is full: $option"
	# shellcheck disable=SC2086
	err=$("$reader" $option 2>&1 >&-)
	is "$? $err" "2 sockowners: cannot write the output: Bad file descriptor; write it somewhere else" \
		"standard output is closed: $option"
done

{
	# shellcheck disable=SC2086
	{ read -r _ || "$reader" $nobody 2>"$tmp/err"; } <&3
	echo $? >"$tmp/status"
} 3< <(sleep 0.2) | true
is "$(cat "$tmp/status") $(cat "$tmp/err")" "0 " "nobody reads why"

# What comes last goes beyond the 64 KiB that stdio keeps, or just does not: then it has
# failed before the end. The name of one row makes the output as long as it is to be.
row='1 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 0 fd -'
many=$(awk -v row="$row" 'BEGIN { for (i = 0; i < 235; i++) print row, "a" i }')
length=$(listing "$many" "$row a" | "$reader" -J --from - | wc -c)
like "$((length < 65500)) $((length > 50000))" "1 1" "not yet 64 KiB"
silent=0
for longer in $(seq $((65530 - length)) $((65546 - length))); do
	listing "$many" "$row a$(printf '%*s' "$longer" '' | tr ' ' x)" |
		"$reader" -J --from - >/dev/full 2>/dev/null
	[ $? -eq 2 ] || silent=$((silent + 1))
done
is "$silent" 0 "the last byte is missed, too, if the disk is full"
awk -v row="$row" 'BEGIN {
	name = sprintf("%2000s", "")
	gsub(" ", "x", name)
	for (i = 0; i < 50; i++)
		print row, "a" i name
}' | { listing; tr ' ' '\t'; } >"$tmp/listing"
like "$(($("$reader" --prometheus --from "$tmp/listing" 2>/dev/null | wc -c) > 65536))" 1 "metrics of more than 64 KiB"
"$reader" --prometheus --from "$tmp/listing" >/dev/full 2>/dev/null
is $? 2 "they are missed, too"

# A row longer than what is given to stdio at once, and users that are looked up meanwhile.
{
	listing
	awk 'BEGIN {
		for (socket = 1; socket <= 4156; socket++)
			for (pid = 1; pid <= (socket <= 4096 ? 1 : 1500); pid++)
				print pid, 3, "tcp LISTEN 0.0.0.0 80 - - -", socket, 1, 90000 + socket, "fd - a"
	}' | tr ' ' '\t'
} >"$tmp/listing"
(
	trap '' PIPE
	{
		sleep 0.3
		"$reader" --from "$tmp/listing" -g -H -o holders,user
		echo $? >"$tmp/status"
	} 2>"$tmp/err" | :
)
is "$(cat "$tmp/status" "$tmp/err")" 0 "who goes away in the middle of a row is no error either"

is "$("$reader" --from "$data/all.listing" 2>&- | wc -l)" "$(wc -l <"$data/all.out")" \
	"standard error is closed: the rows are not harmed"

# Both are made before they are written, and are longer than a pipe and a buffer.
{
	head -n 1 "$data/prometheus.listing"
	awk 'BEGIN { for (n = 1; n <= 3000; n++) printf "%d\t3\ttcp\tESTABLISHED\t1.1.1.1\t%d\t1.1.%d.%d\t9\t-\t%d\t1\t0\tfd\t-\tc%d\t1\t%d\t0\t-\t-\t0\t0\t0\t-\t-\n",
		n, n, n / 250, n % 250, n, n, n }'
} >"$tmp/listing"
for option in --prometheus --graph; do
	(
		trap '' PIPE
		{
			"$reader" --from "$tmp/listing" "$option"
			echo $? >"$tmp/status"
		} 2>"$tmp/err" | head -n 1 >/dev/null
	)
	is "$(cat "$tmp/status" "$tmp/err")" 0 "nor is who reads the beginning of $option"
	"$reader" --from "$tmp/listing" "$option" >/dev/full 2>"$tmp/err"
	is "$? $(cat "$tmp/err")" "2 sockowners: cannot write the output: No space left on device; write it somewhere else" \
		"a full disk is one, with $option"
done

# Lines of several do not get into each other.
if strace --version >/dev/null 2>&1; then
	strace -qq -e trace=write -e signal=none -o "$tmp/calls" "$reader" "$(printf 'a\033b')" 2>/dev/null
	is "$(grep -c 'write(2,' "$tmp/calls")" 1 "a message is written at once"
else
	skip "a message is written at once" "no strace"
fi
name=$tmp/$(printf '%0200d/' 1 2 3 4 5 6 7)
run --from "$name"
is "$status $err" "2 sockowners: $name: cannot open: No such file or directory; save one with 'cat /proc/sockowners > FILE'" \
	"a long name leaves room for what is wrong"

plan
