#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# --watch: piped, and on a terminal, which tmux is.

. tests/reader/lib.sh

# put ROW...: what is listed from now on
put() {
	listing "$@" >"$tmp/new"
	mv "$tmp/new" "$tmp/listing"
}

# until_ COMMAND...: it succeeds, soon
until_() {
	local tries=0

	until "$@"; do
		tries=$((tries + 1))
		[[ $tries -lt 150 ]] || return 1
		sleep 0.1
	done
}

refused() {
	run --from "$data/all.listing" "$@"
	is "$status $out $err" "2  sockowners: ${why:-"'${1#*=}' is no number of seconds from 0.1 to 86400"}; try 'sockowners --help'" \
		"refused: $*"
}

for seconds in '' 0 0.0 0.09 -1 1s 1. .5 1e3 '1 ' 0x1 1.0000000001 1.2.3 86401 99999999999999999999 \
	000000000000000000000000000000000000000001; do
	refused "--watch=$seconds"
done
why="--watch cannot print --json; use --ndjson"
refused --watch -J
run --watch --from -
is "$status $out $err" "2  sockowners: --watch cannot read standard input again; try 'sockowners --help'" \
	"refused: --watch --from -"
run --watch --from "a=$data/all.listing" --from b=-
is "$status $out $err" "2  sockowners: --watch cannot read standard input again; try 'sockowners --help'" \
	"refused: also if it is one of several"

one='1 3 tcp LISTEN 0.0.0.0 80 - - - 11 1 0 fd - one'
two='2 3 tcp LISTEN 0.0.0.0 81 - - - 12 1 0 fd - two'
three='3 4 tcp LISTEN 0.0.0.0 82 - - - 13 1 0 fd - three'

# Piped.
put "$one"
"$reader" -H --watch=0.1 --from "$tmp/listing" -o pid,command >"$tmp/out" 2>"$tmp/err" &
watching=$!
until_ grep -q '1 one' "$tmp/out"
put "$two"
until_ grep -q '2 two' "$tmp/out"
kill $watching
wait $watching
is "$?" 143 "piped, a signal ends it"
is "$(sed -E 's/^# [0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/# TIME/' "$tmp/out" |
	sort | uniq | tr -s ' \n' ' ')" " 1 one 2 two # TIME " "one listing after another, with the time"
is "$(sed -n '1~2p' "$tmp/out" | grep -vc '^#') $(sed -n '2~2p' "$tmp/out" | grep -c '^#')" "0 0" \
	"before each"
is "$(cat "$tmp/err")" "" "and no more"
{
	timeout 60 "$reader" --watch=3600 --from "$data/all.listing" 2>"$tmp/err"
	echo $? >"$tmp/status"
} | head -n 1 >"$tmp/out"
is "$(cat "$tmp/status")" 0 "a reader that goes away ends it, long before the next listing"
is "$(cat "$tmp/err")" "sockowners: rows with a holder hidden from who saved them: 2; root sees more (sudo cat /proc/sockowners)" \
	"with the usual note"
put
timeout 60 "$reader" --watch=0.1 --from "$tmp/listing" 2>"$tmp/err" | head -n 3 >"$tmp/out"
is "$(cut -c 1-2 "$tmp/out" | tr '\n' ' ') $(cat "$tmp/err")" "#  #  #   " "listings without rows"
put "$three" "$one"
"$reader" --watch=0.1 --from "$tmp/listing" --sort pid -H -o command --pid 1,3 | head -n 6 >"$tmp/out"
is "$(grep -v '#' "$tmp/out" | tr '\n' ' ')" "one three one three " "sorted and chosen, each time"
header='pid comm dev'
put '1 one -'
header='pid comm'
"$reader" --watch=0.1 --from "$tmp/listing" -o pid,fd,dev >"$tmp/out" 2>"$tmp/err" &
watching=$!
twice() {
	[[ $(grep -c '^#' "$tmp/out") -ge $((seen + 2)) ]]
}
seen=0
until_ twice
put '1 one'
seen=$(grep -c '^#' "$tmp/out")
until_ twice
kill $watching
wait $watching
is "$(cat "$tmp/err")" "sockowners: the listing has no column 'fd', shown as none; save it with the query columns=all
sockowners: the listing has no column 'dev', shown as none; save it with the query columns=all" \
	"a column that is not there is said once, also if another listing lacks it"
header=$default_header
rm "$tmp/listing"
run --watch=0.1 --from "$tmp/listing"
like "$status $(tail -n 1 "$tmp/err")" "2 *: cannot open: No such file*" "no such file"
put "$one"
"$reader" --watch=0.1 --from "$tmp/listing" >"$tmp/out" 2>"$tmp/err" &
watching=$!
until_ grep -q one "$tmp/out"
rm "$tmp/listing"
wait $watching
like "$? $(cat "$tmp/err")" "2 *: cannot open: No such file*" "nor later on"

if "${CC:-cc}" -shared -fPIC -o "$tmp/live.so" tests/reader/live.c -ldl 2>/dev/null; then
	put "$one"
	LIVE_LISTING=$tmp/listing LIVE_LOG=$tmp/log LD_PRELOAD="$tmp/live.so" \
		timeout 60 "$reader" --watch=0.1 --ndjson -t -o pid >"$tmp/out" 2>"$tmp/err" &
	watching=$!
	rows() {
		[[ $(wc -l <"$tmp/out") -ge 5 ]]
	}
	until_ rows
	is "$(cat "$tmp/log")" "open rw
columns=pid,proto,holder proto=tcp,tcp6" "the live file is opened once, and asked once"
	rm "$tmp/listing"
	wait $watching
	is "$? $(cat "$tmp/err")" \
		"3 sockowners: /proc/sockowners: the module is not there; load it: sudo modprobe sockowners (or make load)" \
		"the module is unloaded meanwhile"
	ok $(($(cut -d , -f 3 "$tmp/out" | sort -u | wc -l) < 5)) "--ndjson: each listing has its time"
	is "$(perl -MJSON::PP -ne 'print decode_json($_)->{pid}, "\n"' "$tmp/out" | sort -u)" 1 "and is JSON"
else
	skip "the live file" "no compiler for what stands for the module"
fi

# A large terminal, and no memory for what is drawn on it.
if "${CC:-cc}" -shared -fPIC -o "$tmp/memory.so" tests/reader/memory.c -ldl 2>/dev/null; then
	awk -v row="$(listing "$one" | sed 1d)" 'BEGIN { for (i = 0; i < 400; i++) print row }' |
		cat <(listing) - >"$tmp/long"
	timeout 20 script -qec "stty rows 300 cols 100; LD_PRELOAD='$tmp/memory.so' TERM=xterm timeout --foreground 5 \
		'$reader' --watch --from '$tmp/long'" /dev/null </dev/null >"$tmp/out"
	is "$? $(grep -ac LISTEN "$tmp/out") $(tr -d '\r' <"$tmp/out" | grep -ao 'sockowners: .*')" \
		"2 0 sockowners: cannot go on: Cannot allocate memory; watch less (sockowners --watch :PORT)" \
		"on a terminal, no part of a table stands for all of it"
else
	skip "on a terminal, no part of a table stands for all of it" "no compiler for what takes memory"
fi

if ! command -v tmux >/dev/null && ! tests/vm/need tmux >/dev/null 2>&1; then
	skip "on a terminal" "no tmux"
	plan
	exit 0
fi

# A window with a shell in it.
tmux_() {
	tmux -S "$tmp/tmux" -f /dev/null "$@"
}
trap 'tmux_ kill-server 2>/dev/null; rm -rf "$tmp"' EXIT
tmux_ new-session -d -x 70 -y 8 \
	"env -u NO_COLOR PS1='shell> ' HISTFILE= LC_ALL=C bash --norc --noprofile -i"

screen() {
	tmux_ capture-pane -p "$@" | sed -E 's/^[0-9]{2}:[0-9]{2}:[0-9]{2} /TIME/; s/ *$//'
}

# shows PATTERN: soon a line of the window does
shows() {
	if until_ sh -c "tmux -S '$tmp/tmux' capture-pane -p | grep -qE -e \"\$1\"" - "$1"; then
		return
	fi
	screen | sed 's/^/# on the screen: /'
	return 1
}

type_() {
	tmux_ send-keys -l "$1"
	tmux_ send-keys Enter
}

key() {
	tmux_ send-keys "$1"
}

watch="'$PWD/$reader' --watch=3600 --from '$tmp/listing' -o command,pid,fd,local,remote"
cat >"$tmp/w" <<EOF
#!/bin/sh
echo \$\$ >pid
exec $watch
EOF
chmod +x "$tmp/w"
type_ "cd '$tmp'; stty -a >stty.before; clear; echo what was there"
shows '^what was there'
put "$one" "$two"
type_ ./w
shows '^  two'
is "$(screen)" "TIME rows: 2  +0 -0  not shown: 0  q quits
  COMMAND PID FD LOCAL      REMOTE
  one       1  3 0.0.0.0:80 *:*
  two       2  3 0.0.0.0:81 *:*" "a terminal is filled, nothing is marked"
put "$one" "$three"
key Space
shows '^\+ three'
is "$(screen)" "TIME rows: 2  +1 -1  not shown: 0  q quits
  COMMAND PID FD LOCAL      REMOTE
  one       1  3 0.0.0.0:80 *:*
- two       2  3 0.0.0.0:81 *:*
+ three     3  4 0.0.0.0:82 *:*" "what came and what went"
key Space
shows '^ {2}three'
is "$(screen)" "TIME rows: 2  +0 -0  not shown: 0  q quits
  COMMAND PID FD LOCAL      REMOTE
  one       1  3 0.0.0.0:80 *:*
  three     3  4 0.0.0.0:82 *:*" "is marked once, in place"
put "$one" '1 4 tcp LISTEN 0.0.0.0 80 - - - 11 1 0 fd - one' "${three/LISTEN/CLOSE}"
key Space
shows '\+ one'
is "$(screen | cut -c 1-18)" "TIME rows: 3  +1 -
  COMMAND PID FD L
  one       1  3 0
+ one       1  4 0
  three     3  4 0" "a second descriptor of a socket is new, another state is not"
put "$one" "$one" "$three"
key Space
shows '^- one +1 +4'
is "$(screen | cut -c 1-18)" "TIME rows: 3  +1 -
  COMMAND PID FD L
  one       1  3 0
- one       1  4 0
+ one       1  3 0
  three     3  4 0" "a second row that cannot be told from the first is new, too"
put "$three" "$three"
key Space
shows '^\+ three'
is "$(screen | cut -c 1-18)" "TIME rows: 2  +1 -
  COMMAND PID FD L
- one       1  3 0
- one       1  3 0
  three     3  4 0
+ three     3  4 0" "and both can go"

# The window: eight lines.
rows=()
for i in {1..20}; do
	rows+=("$i 3 tcp LISTEN 0.0.0.0 $((100 + i)) - - - $i 1 0 fd - n$i")
done
put "${rows[@]}"
key Space
shows '^\+ n4 '
is "$(screen | sed -n '1p;3p;$p')" "TIME rows: 20  +20 -2  not shown: 16  q quits
- three     3  4 0.0.0.0:82  *:*
+ n4        4  3 0.0.0.0:104 *:*" "what does not fit is counted"
tmux_ resize-window -x 30 -y 5
shows 'no$'
is "$(screen)" "TIME rows: 20  +20 -2  no
  COMMAND PID FD LOCAL       +
- three     3  4 0.0.0.0:82  +
- three     3  4 0.0.0.0:82  +
+ n1        1  3 0.0.0.0:101 +" "in a smaller window, at once and without reading again"
tmux_ resize-window -x 70 -y 26
shows '^\+ n20 '
is "$(screen | wc -l) $(screen | sed -n '1p;24p')" "26 TIME rows: 20  +20 -2  not shown: 0  q quits
+ n20      20  3 0.0.0.0:120 *:*" "in a larger one"
tmux_ resize-window -x 70 -y 1
shows 'not shown: 20'
is "$(screen)" "TIME rows: 20  +20 -2  not shown: 20  q quits" "in one of a single line"
tmux_ resize-window -x 70 -y 8
shows '^\+ n4 '

escape=$(printf '\033')
put "${rows[@]:1}" "$three"
key Space
shows '^- n1 '
is "$(screen -e | grep -c "$escape\[31m- n1 ")" 1 "what went is red"
put "$one" "${rows[@]:1}" "$three"
key Space
shows '^\+ one '
is "$(screen -e | grep -c "$escape\[32m+ one ")" 1 "what came green"

# prompted: the shell waits for what comes next
prompted() {
	[[ $(screen | tail -n 1) == 'shell>' ]]
}

# left NAME STATUS: the window is as it was, and this is what there was of status
left() {
	shows '^shell> *$'
	type_ "echo status \$?"
	shows '^status' && until_ prompted
	is "$(screen | grep -v -e '^\[1\]' -e '^$')" "what was there
shell> ./w${3:-}
shell> echo status \$?
status $2
shell>" "$1: what was there is back"
	type_ 'stty -a >stty.after; clear; echo done'
	shows '^done'
	is "$(cat "$tmp/stty.after")" "$(cat "$tmp/stty.before")" "$1: and how it was"
}

start() {
	type_ "clear; echo what was there"
	shows '^what was there'
	type_ "${1-}./w"
	shows 'q quits'
}

key x
key q
left q 0
start
key C-c
left Ctrl-C 130
start
kill "$(cat "$tmp/pid")"
left SIGTERM 143 "
Terminated"

start
key C-z
left Ctrl-Z 148 ""
type_ fg
shows 'q quits'
is "$(screen | sed -n 2p)" "  COMMAND PID FD LOCAL       REMOTE" "and fg draws it again"
key Space
shows '\+0 -0'
key q
shows '^shell>'

put "$one" "$two"
start 'NO_COLOR=1 '
put "$one" "$three"
key Space
shows '^\+ three'
is "$(screen -e | tr -dc '\033')" "" "NO_COLOR: the marks alone"
key q
shows '^shell> *$'
start
rm "$tmp/listing"
key Space
shows 'cannot open: No such file'
is "$(screen | grep -c 'q quits') $(screen | head -n 1)" "0 what was there" "no listing any more: it says so on the old screen"

put "$one"
type_ "clear; TERM=dumb timeout 5 ./w; echo status \$?"
shows '^status 124'
is "$(screen | grep -c '^# 20')$(screen | grep -c 'q quits')" 10 "a dumb terminal is not redrawn"
put '1 3 tcp LISTEN 0.0.0.0 80 - - - 11 1 0 fd - \033[2Jx'
start
is "$(screen | sed -n 3p)" '  \033[2Jx   1  3 0.0.0.0:80 *:*' "a name moves no cursor"
key q
shows '^shell> *$'
put "$one"
type_ "clear; '$PWD/$reader' --watch=2 --from '$tmp/listing' -o command"
shows '^  one'
put "$one" "$two"
shows '^\+ two'
ok $? "by itself, too"
shows '^  two'
key q
shows '^shell> *$'
put "$one"
cp "$tmp/listing" "$tmp/other"
type_ "clear; '$PWD/$reader' --watch=3600 --from 'a=$tmp/listing' --from 'b=$tmp/other' -o host,command"
shows '^  b'
put
key Space
shows '^- a'
is "$(screen | sed -n '3,$p')" "- a    one
  b    one" "the same numbers on two hosts are not the same row"
key q
shows '^shell> *$'

# window COLUMNS OPTION...: what is listed, in a window of so many columns. tmux takes
# its time to tell the terminal.
window() {
	local size="8 $1"

	tmux_ resize-window -x "$1" -y 8
	shift
	type_ "until [ \"\$(stty size)\" = '$size' ]; do sleep 0.1; done; clear; NO_COLOR=1 '$PWD/$reader' --watch=3600 --from '$tmp/listing' $*"
	shows 'q quits'
	screen | sed '1d; /^$/d'
	key q
	shows '^shell> *$'
}
put '1034123 12 tcp ESTABLISHED 192.168.100.101 50000 192.168.100.102 443 - 21 1 0 fd - a-long-command' \
	'812 7 tcp ESTABLISHED 192.168.100.102 443 192.168.100.101 50000 - 22 1 0 fd - nginx' \
	'813 6 tcp LISTEN 0.0.0.0 80 - - - 11 1 0 fd - nginx' \
	'- - tcp ESTABLISHED 10.0.0.2 80 10.0.0.1 5000 - 23 1 - accept 11 -'
is "$(window 120 --peer --sort inode)" "  USER COMMAND     PID FD PROTO STATE      LOCAL                 REMOTE                PEER             HOLDER
  root nginx       813  6 tcp   LISTEN     0.0.0.0:80            *:*                   -                fd
  root a-long+ 1034123 12 tcp   ESTABLISH+ 192.168.100.101:50000 192.168.100.102:443   nginx[812] fd 7  fd
  root nginx       812  7 tcp   ESTABLISH+ 192.168.100.102:443   192.168.100.101:50000 a-long-command[+ fd
  -    -             -  - tcp   ESTABLISH+ 10.0.0.2:80           10.0.0.1:5000         -                in the accept q+" \
	"what is long is shortened where there is too little room, with a sign"
is "$(window 80 --peer --sort inode --pid 1034123,812)" "  USER COMMAND     PID FD PROTO STATE   LOCAL         REMOTE        PEER       +
  root a-long+ 1034123 12 tcp   ESTABL+ 192.16+:50000 192.168.+:443 nginx[812] +
  root nginx       812  7 tcp   ESTABL+ 192.168.+:443 192.16+:50000 a-long-comm+" \
	"the other end is seen in 80 columns, too, and that the line goes on"
is "$(window 80 -g --sort -lport --pid 1034123)" "  PROTO STATE       LOCAL                 REMOTE              HOLDERS
  tcp   ESTABLISHED 192.168.100.101:50000 192.168.100.102:443 a-long-command[10+" \
	"so are the holders"
is "$(window 80 -o command,pid,local,remote --pid 812,1034123)" "  COMMAND            PID LOCAL                 REMOTE
  a-long-command 1034123 192.168.100.101:50000 192.168.100.102:443
  nginx              812 192.168.100.102:443   192.168.100.101:50000" "what fits is not shortened"
put '1 3 tcp6 LISTEN 2001:db8:1111:2222:3333:4444:5555:6666 80 - - ab\001c 11 1 0 fd - a'
is "$(window 48 -H -o laddr,dev)" '  2001:db8:1111:2222:3333:4444:5555:6666 ab\001c' "nor here"
is "$(window 47 -H -o laddr,dev)" '  2001:db8:1111:2222:3333:4444:5555:6666 ab+' "no escape is cut in two"
is "$(window 47 -H -o pid,cookie '2>said')$(cat "$tmp/said")" \
	"    1      -sockowners: the listing has no column 'cookie', shown as none; save it with the query columns=all" \
	"a column that is not there is said afterwards"
plan
