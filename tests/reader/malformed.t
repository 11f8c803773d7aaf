#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# What cannot be parsed is refused, with the source and the line.

. tests/reader/lib.sh

# "listing | refused" counts in this shell, not in one of its own.
shopt -s lastpipe

good='1 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 0 fd - a'

# refused LINE PROBLEM NAME: of the listing on standard input
refused() {
	cat >"$tmp/listing"
	run --from "$tmp/listing"
	incomplete=
	[ "$1" = 1 ] || incomplete="the output is incomplete, "
	is "$status $err" \
		"2 sockowners: $tmp/listing: line $1: $2; ${incomplete}save the listing again" "$3"
}

: | refused 1 "no header, the listing is empty" "an empty file"
printf '\n' | refused 1 "a field is empty" "an empty line for a header"
printf '%s' "$default_header" | tr ' ' '\t' |
	refused 1 "cut off inside the line" "a header without a newline"
listing "$good" | sed 1d |
	refused 1 "'1' is no name of a column" "a row for a header"
printf 'hello\n' | refused 1 "the header names no column" "something else"
printf '\177ELF\001' | refused 1 "byte 0x7f does not belong in a field" "a program"
printf '%s\n' "$default_header" |
	refused 1 "byte 0x20 does not belong in a field" "a header with spaces"
listing "$good" | sed 's/$/\r/' |
	refused 1 "byte 0x0d does not belong in a field" "lines that end in CR LF"

listing "$good" "$good more" |
	refused 3 "more fields than the header's 15" "one field more"
listing "$good" "${good% a}" "$good" |
	refused 3 "14 fields, the header names 15" "one field less"
listing "$good" 1 | refused 3 "1 fields, the header names 15" "one field"
listing "$good" "" "$good" | refused 3 "a field is empty" "an empty line"
for n in 1 8 15; do
	listing "$good" | awk -F '\t' -v OFS='\t' -v n=$n 'NR > 1 { $n = "" } { print }' |
		refused 2 "a field is empty" "field $n is empty"
done
listing "$good" "$good " | refused 3 "a field is empty" "a tab at the end"
listing "$good" "$good" | head -c -1 | refused 3 "cut off inside the line" "no last newline"
listing "$good" "$good" | head -c -20 | refused 3 "cut off inside the line" "cut off"

# byte OCTAL HEX NAME: in the middle of a name, in line 4
byte() {
	{
		listing "$good" "$good"
		listing "$good" | sed 1d | tr -d '\n'
		printf 'b%bc\n' "\\0$1"
		listing "$good" | sed 1d
	} | refused 4 "byte 0x$2 does not belong in a field" "$3"
}

byte 000 00 "a NUL"
byte 040 20 "a space"
byte 033 1b "an escape"
byte 015 0d "a carriage return"
byte 177 7f "a DEL"
byte 200 80 "a byte above ASCII"
byte 377 ff "the last byte"
head -c 2000000 /dev/zero | refused 1 "byte 0x00 does not belong in a field" "/dev/zero"
{
	listing "$good"
	head -c 2000000 /dev/zero | tr '\0' x
} | refused 3 "the line does not end" "a line of 2 million bytes"

# number FIELD COLUMN MAX VALUE
number() {
	listing "$good" | awk -F '\t' -v OFS='\t' -v n="$1" -v v="$4" 'NR > 1 { $n = v } { print }' |
		refused 2 "$2 '$4' is no number up to $3" "$2 $4"
}

number 1 pid 2147483647 x
number 1 pid 2147483647 2147483648
number 1 pid 2147483647 -1
number 1 pid 2147483647 12a
number 1 pid 2147483647 0x10
number 2 fd 2147483647 +3
number 2 fd 2147483647 99999999999999999999
number 6 lport 65535 http
number 6 lport 65535 65536
number 8 rport 65535 80.5
number 8 rport 65535 --
number 11 netns 18446744073709551614 18446744073709551615
number 11 netns 18446744073709551614 init
number 12 uid 4294967295 root
number 12 uid 4294967295 4294967296

for field in 1 2 6 8 11 12; do
	listing "$good" | awk -F '\t' -v OFS='\t' -v n=$field 'NR > 1 { $n = "-" } { print }' \
		>"$tmp/listing"
	run --from "$tmp/listing"
	is "$status $err" "0 " "field $field may be none"
done

listing "$good" "$good" 'forged row' >"$tmp/listing"
run -H --from "$tmp/listing"
is "$out" "root a         1  3 tcp   LISTEN 0.0.0.0:80 *:*    fd
root a         1  3 tcp   LISTEN 0.0.0.0:80 *:*    fd" "the rows before the bad line are shown"
run -H --from - <"$tmp/listing"
like "$err" "sockowners: standard input: line 4: *" "standard input is called that"

name="$tmp/$(printf 'a\033[2J\nb')"
cp "$tmp/listing" "$name"
run --from "$name"
like "$err" 'sockowners: *a\\033\[2J\\012b: line 4: *' "the name of the source is escaped"
is "$(wc -l <"$tmp/err")" 1 "and stays on one line"

plan
