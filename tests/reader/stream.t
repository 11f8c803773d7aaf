#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# Long listings: rows come out before the input ends, and memory is bounded.

. tests/reader/lib.sh

# rows COUNT: a listing with so many
rows() {
	awk -v rows="$1" -v header="$default_header" 'BEGIN {
		gsub(" ", "\t", header)
		print header
		tail = "\t192.0.2.1\t443\t-\t1001\t4026531840\t0\tfd\t-\tserver"
		for (i = 0; i < rows; i++)
			print 1000 "\t" i "\ttcp\tESTABLISHED\t127.0.0.1\t" i % 65536 tail
	}'
}

rows 10000 >"$tmp/listing"
mkfifo "$tmp/in" "$tmp/rows"
timeout 60 "$reader" -H --from "$tmp/in" >"$tmp/rows" &
reading=$!
exec 4<"$tmp/rows" 3>"$tmp/in"
cat "$tmp/listing" >&3 &
IFS= read -r -t 30 -u 4 first
is "$first" "root server  1000    0 tcp   ESTABLISHED 127.0.0.1:0    192.0.2.1:443 fd" \
	"the first row comes before the input ends"
exec 3>&-
is "$(cat <&4 | wc -l)" 9999 "the others follow"
wait "$reading"
is "$?" 0 "and the exit status is 0"
exec 4<&-

for n in 4095 4096 4097; do
	rows "$n" >"$tmp/listing"
	run -H --from "$tmp/listing"
	is "$(wc -l <"$tmp/out") $(awk '{ print $4 }' "$tmp/out" | cksum)" \
		"$n $(seq 0 $((n - 1)) | cksum)" "$n rows, each once and in order"
done

# A byte at a time takes every path through the line reader.
rows 50 >"$tmp/listing"
is "$(dd if="$tmp/listing" bs=1 status=none | "$reader" --from - | cksum)" \
	"$("$reader" --from "$tmp/listing" | cksum)" "input byte by byte"

is "$(rows 1000000 | (
	ulimit -v 16384
	"$reader" -H --from -
) | wc -l)" 1000000 "a million rows in 16 MiB of address space"
for format in -J --ndjson; do
	is "$(rows 1000000 | (
		ulimit -v 16384
		"$reader" "$format" --from -
	) | grep -c '"lport"')" 1000000 "a million rows in 16 MiB, $format"
done
is "$(rows 200000 | (
	ulimit -v 16384
	"$reader" -H --from - :65535 --pid 1000
) | wc -l)" 3 "and filtered"

plan
