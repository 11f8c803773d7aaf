#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# -J and --ndjson.

. tests/reader/lib.sh

if ! perl -MJSON::PP -e 1 2>/dev/null; then
	echo "1..0 # SKIP no perl with JSON::PP"
	exit 0
fi

# each EXPRESSION: print it for each object of $tmp/out, $_ being the object
each() {
	perl -MJSON::PP -e 'local $/; my $all = decode_json(<STDIN>)->{sockets};
		print join("|", map { '"$1"' } @$all), "\n"' <"$tmp/out" 2>&1
}

run --from "$data/all.listing" -J
is "$status" 0 "-J"
is "$err" "sockowners: rows with a holder hidden from who saved them: 2; root sees more (sudo cat /proc/sockowners)" \
	"the note is on stderr"
is "$(each 1 | tr '|' '\n' | wc -l)" 35 "an object for each row"
is "$(head -n 2 "$tmp/out")" '{"sockets":[
{"user":"root","command":"systemd","pid":1,"fd":45,"proto":"tcp","state":"LISTEN","laddr":"0.0.0.0","lport":22,"raddr":null,"rport":null,"dev":null,"inode":1001,"netns":4026531840,"uid":0,"holder":"fd","via":null,"explained":null},' \
	"what the listing has, and the user"
is "$(tail -n 2 "$tmp/out")" \
	'{"user":null,"command":null,"pid":null,"fd":null,"proto":"tcp6","state":"LISTEN","laddr":"::1","lport":7700,"raddr":null,"rport":null,"dev":null,"inode":1034,"netns":4026531840,"uid":null,"holder":"hidden","via":null,"explained":"hidden from you"}
]}' "- is null"
run --from "$data/all.listing" --json -o LOCAL,remote,holder,via,user --pid 103,120
is "$(tail -n +2 "$tmp/out")" \
	'{"local":"127.0.0.1:8080","remote":"127.0.0.1:40000","holder":"fd","via":null,"user":"4294967294"},
{"local":"10.0.0.1:3306","remote":"10.0.0.2:33060","holder":"thread","via":1234,"user":"root"}
]}' "-o: other members, holder and via apart"
run --from "$data/all.listing" -J -o pid --pid 1,101,102 --sort -pid
is "$out" '{"sockets":[
{"pid":102},
{"pid":101},
{"pid":1}
]}' "sorted"
run --from "$data/all.listing" -J :9
is "$status $out" '1 {"sockets":[]}' "nothing is an object too"

header='pid fd proto state laddr lport raddr rport dev inode netns uid holder via comm start cookie sockuid cgroup sockcgroup recvq sendq drops flags timer'
listing '1 03 tcp6 LISTEN :: 00 - - \303\244"0 11 4026531840 0 fd - web 123 18446744073709551614 33 41 42 0 128 7 reuseaddr,v6only -' \
	>"$tmp/listing"
run --from "$tmp/listing" -J -o fd,lport,dev,start,cookie,sockuid,cgroup,sockcgroup,recvq,sendq,drops,flags,timer
is "$(sed -n 2p "$tmp/out")" \
	'{"fd":3,"lport":0,"dev":"\u00e4\"0","start":123,"cookie":18446744073709551614,"sockuid":33,"cgroup":41,"cgroup_path":null,"sockcgroup":42,"sockcgroup_path":null,"recvq":0,"sendq":128,"drops":7,"flags":["reuseaddr","v6only"],"timer":null}' \
	"numbers without zeros in front, flags as a list"
# shellcheck disable=SC2016
is "$(each '"@{$_->{flags}}"')" "reuseaddr v6only" "which a parser takes"
unset header

# name ESCAPED: how JSON has it
name() {
	listing "1 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 0 fd - $1" >"$tmp/listing"
	run --from "$tmp/listing" -J -o comm
	each 1 >/dev/null || echo "no JSON"
	printf '%s\n' "$out" | sed -n '2s/^{"command":\(.*\)}$/\1/p'
}

is "$(name 'a"b')" '"a\"b"' "a quote"
is "$(name 'a\134b')" '"a\\134b"' "a backslash stays octal"
is "$(name 'a\134\0601')" '"a\\13401"' "also if digits follow"
is "$(name 'a\b')" '"a\\134b"' "one that the kernel would not have written"
is "$(name '\040a%s/\047')" "\" a%s/'\"" "spaces, percent signs, apostrophes"
is "$(name '\012\033[2J\000\177')" '"\u000a\u001b[2J\u0000\u007f"' "control characters"
is "$(name '-')" null "no name"
is "$(name '\055')" '"-"' "a name that is just -"
is "$(name '\000')" '""' "the empty name"
is "$(name 'gr\303\274n')" '"gr\u00fcn"' "UTF-8 of two bytes"
is "$(name '\342\202\254')" '"\u20ac"' "of three"
is "$(name '\360\237\220\247')" '"\ud83d\udc27"' "of four: a pair of surrogates"
is "$(name '\302\233')" '"\u009b"' "the control sequence introducer of eight bits"
is "$(name '\342\200\256')" '"\u202e"' "a mark that turns text round"
is "$(name 'a\377b')" '"a\\377b"' "a byte that is no UTF-8"
is "$(name '\303')" '"\\303"' "the first half of a character"
is "$(name '\303\303\274')" '"\\303\u00fc"' "and then a whole one"
is "$(name '\300\257')" '"\\300\\257"' "an overlong slash"
is "$(name '\340\200\257')" '"\\340\\200\\257"' "a longer one"
is "$(name '\360\200\200\257')" '"\\360\\200\\200\\257"' "the longest"
is "$(name '\355\240\200')" '"\\355\\240\\200"' "a surrogate"
is "$(name '\364\220\200\200')" '"\\364\\220\\200\\200"' "behind the last character"
is "$(name '\364\217\277\277')" '"\udbff\udfff"' "the last character"
is "$(name '\360\237\220')" '"\\360\\237\\220"' "cut off at 15 bytes"

# made COLUMN NAME: how JSON has a text that the reader makes with a name in it
made() {
	listing '9 3 tcp LISTEN 0.0.0.0 80 - - '"$2"' 11 1 0 fd - '"$2" \
		'- - tcp ESTABLISHED 10.0.0.1 80 10.0.0.2 5000 - 21 1 - accept 11 -' >"$tmp/listing"
	run --from "$tmp/listing" -J -o "$1"
	sed -n "${3-2}s/^{\"[a-z]*\":\(.*\)},*$/\1/p" "$tmp/out"
}
is "$(made local 'v\303\244th\1340')" '"0.0.0.0%v\u00e4th\\1340:80"' "an interface is decoded in local, too"
is "$(made explained 'gr\303\274n\1341\377' 3)" '"in the accept queue of gr\u00fcn\\1341\\377[9] fd 3"' \
	"a command in explained"
is "$(made explained '\000' 3)" '"in the accept queue of [9] fd 3"' "an empty one"
header="$default_header cgroup"
listing '9 3 tcp LISTEN 0.0.0.0 80 - - - 11 1 0 fd - a 7' >"$tmp/listing"
printf '7 system.slice/dev-disk\\x2d1\303\244.service\n' >"$tmp/listing.cgroups"
unset header
run --from "$tmp/listing" -J -o unit
is "$(sed -n 2p "$tmp/out")" '{"unit":"dev-disk\\134x2d1\u00e4.service"}' "a unit"
rm "$tmp/listing.cgroups"

# A holder that is not known here may be called anything.
for holder in 'a[b' '[' 'a[1]x' 'a[1]:2,b' 'a[1]:2,b[]:3' 'a[:2' ',' 'a[1]:,[' ; do
	listing "- - tcp LISTEN 0.0.0.0 80 - - - 21 1 - $holder - -" >"$tmp/listing"
	run --from "$tmp/listing" -J -o holders,explained
	is "$(sed -n 2p "$tmp/out")" "{\"holders\":[],\"explained\":\"$holder\"}" "a holder called $holder is no list"
done

# Whatever the name is, it comes back.
perl -e 'srand(7); print join("\t", qw(pid fd proto state laddr lport raddr rport dev inode netns
		uid holder via comm)), "\n";
	for (1 .. 20000) {
		my @odd = ("\\", "\"", "\303\274", "\342\202\254", "\377", "0", "1", "3", "\360\237\220\247");
		my $name = join "", map { rand() < 0.4 ? chr(1 + int rand 255) : $odd[rand @odd] } 1 .. rand 9;
		$name = substr($name, 0, 15);
		my $escaped = $name eq "" ? "\\000" : $name eq "-" ? "\\055" : $name;
		$escaped =~ s/([^!-\[\]-~])/sprintf "\\%03o", ord $1/ge if $escaped eq $name;
		print "1\t3\ttcp\tLISTEN\t0.0.0.0\t80\t-\t-\t-\t1\t1\t0\tfd\t-\t$escaped\n";
		print STDERR unpack("H*", $name), "\n";
	}' >"$tmp/listing" 2>"$tmp/names"
run --from "$tmp/listing" -J -o comm
is "$(perl -MJSON::PP -e 'local $/; for (@{decode_json(<STDIN>)->{sockets}}) {
		my $name = $_->{command};
		utf8::encode($name);
		$name =~ s/\\([0-3][0-7][0-7])/chr oct $1/ge;
		print unpack("H*", $name), "\n";
	}' <"$tmp/out" | cksum)" "$(cksum <"$tmp/names")" "20,000 names of any bytes come back"
is "$(tr -d '\n -~' <"$tmp/out" | wc -c)" 0 "and nothing but printable ASCII is printed"

run --from "$data/all.listing" --ndjson -o pid,local
is "$(wc -l <"$tmp/out")" 35 "--ndjson: a line for each row"
is "$(head -n 1 "$tmp/out")" '{"host":null,"boot_id":null,"time":null,"pid":1,"local":"0.0.0.0:22"}' \
	"nobody knows where and when a saved listing was saved"
run --from "$data/all.listing" --ndjson :9
is "$status $out" "1 " "nothing is nothing"
if "${CC:-cc}" -shared -fPIC -o "$tmp/live.so" tests/reader/live.c -ldl 2>/dev/null; then
	LIVE_LISTING=$data/all.listing LIVE_LOG=$tmp/log LD_PRELOAD="$tmp/live.so" \
		"$reader" --ndjson -o pid,comm >"$tmp/out" 2>/dev/null
	is "$(perl -MJSON::PP -ne 'print ref decode_json($_), "\n"' "$tmp/out" | sort | uniq -c | tr -s ' ')" \
		" 35 HASH" "every line is an object"
	like "$(head -n 1 "$tmp/out")" \
		"{\"host\":\"$(uname -n)\",\"boot_id\":\"$(cat /proc/sys/kernel/random/boot_id)\",\"time\":\"$(date -u +%Y-%m)-??T??:??:??.???Z\",\"pid\":1,\"command\":\"systemd\"}" \
		"the live one: host, boot and time"
	is "$(cut -d , -f 1-3 "$tmp/out" | sort -u | wc -l)" 1 "the same in all lines"
	is "$(tail -n 1 "$tmp/log")" "columns=pid,holder,comm" "the kernel is asked for no more than that"
else
	skip "the live one" "no compiler for what stands for the module"
fi

listing '5 3 tcp LISTEN 10.0.0.1 80 - - - 9 1 0 fd - a' >"$tmp/one"
listing '- - tcp ESTABLISHED 10.0.0.2 80 10.0.0.3 1 - 8 1 - accept 7 -' >"$tmp/two"
for option in "" "--sort pid"; do
	# shellcheck disable=SC2086
	run --from "one=$tmp/one" --from "two=$tmp/two" --ndjson $option
	is "$(sed 's/,.*"pid":/ /; s/,.*//' "$tmp/out" | sort)" '{"host":"one" 5
{"host":"two" null' "each line has its host, also of a row that waits: ${option:-as they come}"
done

{
	cat "$data/all.listing"
	echo forged row
} >"$tmp/listing"
run --from "$tmp/listing" -J
is "$status $(tail -n 1 "$tmp/out" | cut -c 1-14)" '2 {"user":null,"' \
	"what is not whole is not ended"
run --from "$tmp/nowhere" -J
is "$status $out" "2 " "and nothing is printed if there is no listing"

"$reader" --from "$data/all.listing" -J >/dev/full 2>"$tmp/err"
is "$? $(cat "$tmp/err")" \
	"2 sockowners: cannot write the output: No space left on device; write it somewhere else" \
	"the disk is full"

plan
