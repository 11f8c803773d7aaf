#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# The manual pages have every option, column and holder, and their examples work.

. tests/reader/lib.sh

missing=
options=0
for option in $("$reader" --help | sed 's/-COL//' | grep -oE -e '(^|[ ,])--?[a-zA-Z0-9][a-z0-9-]*' |
	tr -d ' ,'); do
	options=$((options + 1))
	grep -qE -e "^\.(It|Fl).* ${option#-}( |\$)" tools/sockowners.8 || missing="$missing $option"
done
is "$missing" "" "every option"
ok $((options < 40)) "which are found in its help"

sed -n 's/^\.Dl sockowners \([^|]*\).*/\1/p' tools/sockowners.8 |
	grep -v -e cgroup -e recvq -e unit -e --watch -e --packet >"$tmp/examples"
ok $(($(wc -l <"$tmp/examples") < 4)) "there are examples"
while read -r example; do
	eval "'$reader' --from '$data/all.listing' $example" >"$tmp/out" 2>"$tmp/err"
	ok $(($? > 1)) "sockowners $example"
done <"$tmp/examples"

# words NAME PATTERN: those in the source, one a line
words() {
	sed -n "/$2/,/^}\\|};/p" "tools/$1.c" | grep -oE '"[a-z]+"' | tr -d '"'
}

missing=
# Behind "timer" are those that the reader itself makes.
for column in $(words listing '^} fields\[FIELDS\]' | sed '/^timer$/q'); do
	grep -qE "^\.It Cm (.* )?$column( |\$)" tools/sockowners.5 || missing="$missing $column"
done
is "$missing" "" "sockowners(5) has every column"
ok $(($(words listing '^} fields\[FIELDS\]' | wc -l) < 25)) "which are found in the source"
for holder in $(words filter 'holders\[\] = {'); do
	grep -qx "\.It Cm $holder" tools/sockowners.5 || missing="$missing $holder"
done
is "$missing" "" "every holder"
ok $(($(words filter 'holders\[\] = {' | wc -l) < 12)) "which are found, too"

# example PATTERN: the one of sockowners(5) in which it is found
example() {
	awk -v pattern="$1" '/^\.Bd/ { inside = 1; text = ""; next }
		/^\.Ed/ { inside = 0; if (text ~ pattern) print text; next }
		inside { text = text $0 "\n" }' tools/sockowners.5 | sed 's/\\e/\\/g'
}
for name in ^awk 'read -r' ^import; do
	example "$name" >"$tmp/example ${name#^}"
done
sed -i 's|<>/proc/sockowners|<three|; /^echo state/d' "$tmp/example read -r"
cp "$data/all.listing" "$tmp/listing"
is "$(cd "$tmp" && sh 'example awk' | sort | head -n 2)" "$(printf '1 \\000\n1 \\055')" \
	"its example in awk"
awk -F '\t' -v OFS='\t' 'NR == 1 || $4 == "LISTEN" && $1 != "-" { print $6, $1, $15 }' \
	"$data/all.listing" >"$tmp/three"
is "$(cd "$tmp" && sh 'example read -r' | head -n 2)" \
	"port 22: systemd, process 1
port 22: sshd, process 101" "in the shell"
if command -v python3 >/dev/null; then
	is "$(cd "$tmp" && python3 'example import' | sed -n '1p;23,25p')" "0.0.0.0 22 'systemd'
127.0.0.1 6000 'evil\\x1b[2J\\n name'
127.0.0.1 6001 '-'
127.0.0.1 6002 ''" "in Python"
else
	skip "in Python" "it is not there"
fi

is "$(grep -c 'insmod' module/sockowners.4)" 0 "the module is loaded as it is installed, not from the clone"

# saves UNIFIED: the paths that sockowners(8) saves of these cgroups
saves() {
	rm -rf "$tmp/cgroup" "$tmp/saved.cgroups"
	mkdir -p "$tmp/cgroup/memory/v1" "$tmp/cgroup$1/system.slice/a.service"
	sed -n '/^Save everything/,/^\.Ed/p' tools/sockowners.8 | sed -n '/cgroup/{s|\\e|\\|g; p;}' |
		sed "s|/sys/fs/cgroup|$tmp/cgroup|g" >"$tmp/save"
	(cd "$tmp" && sh save)
	cut -d ' ' -f 2- "$tmp/saved.cgroups" | grep slice | sort
}
is "$(saves '')" "system.slice
system.slice/a.service" "sockowners(8) saves the cgroups"
is "$(saves /unified)" "system.slice
system.slice/a.service" "and below the root, where both versions are mounted"

if command -v mandoc >/dev/null; then
	is "$(mandoc -T lint -W warning tools/sockowners.[58] module/sockowners.4 2>&1)" "" \
		"mandoc has nothing to say"
	for manual in tools/sockowners.[58] module/sockowners.4; do
		mandoc -T ascii "$manual" | sed 's/.\x08//g' >"$tmp/${manual##*/}"
		is "$(awk -v RS= '{ text = $0; if (gsub(/"/, "") % 2) print text }' "$tmp/${manual##*/}")" "" \
			"each paragraph of ${manual##*/} closes its quotes"
	done
	for shown in '{"sockets":[...]}' '[!][addr[%dev][/bits]][:port]' '-i [[4|6][proto][@addr][:port]]' \
		'--why proto,[addr][%dev]:port' '--packet proto,src:port,dst:port[,ifname]' '--from [host=]file' \
		'--prometheus[=file]' '--watch[=seconds]' '-o, --columns [+]column' '--sort [-]column'; do
		ok "$(grep -qF -e "$shown" "$tmp/sockowners.8"; echo $?)" "it shows $shown"
	done
else
	skip "mandoc" "it is not there"
fi

plan
