#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# Cgroups by path, and what systemd and container runtimes call them.

. tests/reader/lib.sh

header="$default_header cgroup sockcgroup"
id=4fa6e0f0c678e5d2b1a09f8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a1b0c9d8e
pod=kubepods-burstable-pod8d2a_1.slice
serial=0
: >"$tmp/listing.cgroups"
rows=()
# place PATH: a process there
place() {
	serial=$((serial + 1))
	printf '%d %s\n' "$serial" "$1" >>"$tmp/listing.cgroups"
	rows+=("$serial 3 tcp LISTEN 0.0.0.0 80 - - - $serial 1 0 fd - a $serial 4000000001")
}

place ''
place system.slice/nginx.service
place "system.slice/docker-$id.scope"
place "docker/$id"
place "machine.slice/libpod-$id.scope/container/system.slice/inner.service"
place "kubepods.slice/kubepods-burstable.slice/$pod/cri-containerd-$id.scope"
place "kubepods.slice/$pod/crio-$id.scope"
place "kubepods/burstable/pod8d2a/$id"
place "kubepods.slice/kubepods-burstable.slice/$pod"
place user.slice/user-1000.slice/user@1000.service/app.slice/firefox.service
place user.slice/user-1000.slice/session-3.scope
place system.slice/web.service/worker/7
place user.slice
place machine.slice/machine-web.scope
place "$id"
place "docker-${id%?}.scope"
place 'dev-disk\x2d1.swap'
place "a b$(printf '\033[2J')ä.service"
echo 500 system.slice >>"$tmp/listing.cgroups"
listing "${rows[@]}" '- - tcp LISTEN 0.0.0.0 80 - - - 77 1 - elsewhere - - - 2' \
	'99 3 tcp LISTEN 0.0.0.0 80 - - - 78 1 0 fd - a 4000000001 -' >"$tmp/listing"

run -H --from "$tmp/listing" -o unit
is "$out" "-
nginx.service
docker:4fa6e0f0c678
docker:4fa6e0f0c678
libpod:4fa6e0f0c678
cri-containerd:4fa6e0f0c678
crio:4fa6e0f0c678
kubepods:4fa6e0f0c678
$pod
firefox.service
session-3.scope
web.service
user.slice
machine-web.scope
-
docker-${id%?}.scope
dev-disk\\134x2d1.swap
a\\040b\\033[2J\\303\\244.service
nginx.service
-" "a unit or container, of the process, or of who made the socket"
run -H --from "$tmp/listing" -o pid,cgroup,sockcgroup --pid 1,2,99
is "$out" "  1 /                           4000000001
  2 /system.slice/nginx.service 4000000001
 99 4000000001                  -" "paths, or the number that nobody knows"
run --from "$tmp/listing" -J -o pid,cgroup,unit --pid 2
is "$(sed -n 2p "$tmp/out")" '{"pid":2,"cgroup":2,"cgroup_path":"/system.slice/nginx.service","unit":"nginx.service"}' \
	"JSON has the number, and the path"
run --from "$tmp/listing" -J -o sockcgroup,cgroup --pid 17,99
is "$(sed -n 2,3p "$tmp/out")" \
	'{"sockcgroup":4000000001,"sockcgroup_path":null,"cgroup":17,"cgroup_path":"/dev-disk\\134x2d1.swap"},
{"sockcgroup":null,"sockcgroup_path":null,"cgroup":4000000001,"cgroup_path":null}' "or none if nobody knows it"
run -H --from "$tmp/listing" -o pid --cgroup docker:4fa6e0f0c678
is "$(printf '%s' "$out" | tr -s ' \n' ' ')" " 3 4" "--cgroup takes what UNIT shows"
run -H --cgroup system.slice --from "$tmp/listing" -o pid
is "$(printf '%s' "$out" | tr -s ' \n' ' ')" " 2 3 12" "and the name of a slice, wherever it stands"
run --from "$tmp/listing" --cgroup no-such.service
is "$status $err" \
	"2 sockowners: no cgroup 'no-such.service' was saved with the listing; what was: -o cgroup" "but it must be there"

# under PATH: the processes in that cgroup
under() {
	run -H --from "$tmp/listing" -o pid --cgroup "$1"
	printf '%s' "$out$err" | tr -s ' \n' ' '
}
is "$(under /system.slice)" " 2 3 12" "a path is one of those that were saved, and what is below it"
is "$(under system.slice//nginx.service/)" " 2" "slashes do not matter"
is "$(under /sys/fs/cgroup/system.slice/nginx.service)" " 2" "also as it is in the file system"
is "$(under /sys/fs/cgroup/unified/user.slice)" " 10 11 13" "or where both versions are mounted"
is "$(under / | wc -w)" 18 "the root is all"
is "$(under /dev-disk\\134x2d1.swap)$(under '/dev-disk\x2d1.swap')" " 17 17" "as CGROUP shows it, and as it is"
is "$(under /usr/share)" "sockowners: no cgroup '/usr/share' was saved with the listing; what was: -o cgroup" \
	"a directory of this host is none"
cp "$tmp/listing" "$tmp/bare"
here=$(stat -c %i /sys/fs/cgroup)
printf '1 3 tcp LISTEN 0.0.0.0 80 - - - 9 1 0 fd - a %s -\n' "$here" | tr ' ' '\t' >>"$tmp/bare"
run -H --from "web=$tmp/bare" -o unit,cgroup --pid 1
is "$(sort -u "$tmp/out" | tr -s ' \n' ' ')" "- $(printf '%s\n' 1 "$here" | sort -u | tr '\n' ' ')" \
	"the cgroups of another host are not those of this one"
run -H --from "$tmp/bare" -o unit,cgroup --pid 1
is "$(sort -u "$tmp/out" | tr -s ' \n' ' ')" "- $(printf '%s\n' 1 "$here" | sort -u | tr '\n' ' ')" \
	"nor are those that this one has now those of a listing that was saved without"
run --from "$tmp/bare" --cgroup /
is "$status $err" "2 sockowners: no cgroup '/' was saved with the listing; what was: -o cgroup" "none has a path"
run -H --from "web=$tmp/listing" --why tcp,:80 -o pid,unit
like "$(printf '%s' "$out" | tr -s ' ')" "* 2 nginx.service*" "also where it is asked why"
run -H --from "web=$tmp/listing" --from "db=$tmp/bare" -o host,unit --pid 2
is "$out" "web  nginx.service
db   -" "each host has its own"
run -H --from "web=$tmp/listing" --from "db=$tmp/bare" -o host,pid --cgroup nginx.service
is "$out" "web    2" "and so has a unit: the same id on another host is another cgroup"
run -H --from "web=$tmp/listing" --from "db=$tmp/bare" -o host,pid --cgroup nginx.service --peer
is "$out" "web    2 -" "with --peer, too"
run -H --from "web=$tmp/listing" --from "db=$tmp/bare" -o host,pid --cgroup nginx.service -g
is "$out" "web    2" "with -g, too"
run -H --from "web=$tmp/listing" --from "db=$tmp/bare" --count -o command --cgroup nginx.service,12
is "$out" "    3 a" "what is counted, too; a number is one on each host"

# What is looked up by host would be looked for in the first one for ever.
status=0
err=$(timeout 20 "$reader" --from "web=$tmp/listing" --from "web=$tmp/bare" --cgroup nonesuch 2>&1) ||
	status=$?
like "$status $err" "2 *host 'web' comes twice*" "two listings of one host, before any cgroup is looked for"

# An id has no order that anybody sees.
listing '1 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 0 fd - a 5 -' '2 3 tcp LISTEN 0.0.0.0 80 - - - 2 1 0 fd - a 9 7' \
	'3 3 tcp LISTEN 0.0.0.0 80 - - - 3 1 0 fd - a 7 5' >"$tmp/sorted"
printf '%s\n' '5 z.service' '7 m.service' '9 a.service' >"$tmp/sorted.cgroups"
run -H --from "$tmp/sorted" --sort cgroup -o pid,cgroup
is "$(printf '%s' "$out" | tr -s ' \n' ' ')" " 2 /a.service 3 /m.service 1 /z.service" "sorted by path"
run -H --from "$tmp/sorted" --sort -sockcgroup -o pid
is "$(printf '%s' "$out" | tr -s ' \n' ' ')" " 3 2 1" "none last"

# A service that is started again has a new cgroup.
# started PID ID
started() {
	listing "$1 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 0 fd - a $2 -" >"$tmp/now.new"
	echo "$2 web.service" >"$tmp/now.cgroups"
	mv "$tmp/now.new" "$tmp/now"
}
# until_ PATTERN: soon there is such a line
until_() {
	local tries=0

	until grep -q "$1" "$tmp/watched" || [[ $tries -eq 150 ]]; do
		tries=$((tries + 1))
		sleep 0.1
	done
}
started 1 5
"$reader" -H --watch=0.1 --from "$tmp/now" --cgroup web.service -o pid,unit >"$tmp/watched" 2>&1 &
watching=$!
until_ '1 web.service'
echo '6 other.service' >"$tmp/now.cgroups"
sleep 0.3
started 2 7
until_ '2 web.service'
kill $watching
wait $watching 2>/dev/null
is "$(grep -v '^#' "$tmp/watched" | uniq | tr -s ' \n' ' ')" " 1 web.service 2 web.service " \
	"--watch goes on with it, also if it was gone meanwhile"

# The same id, of two hosts; HOST is not shown.
listing '5 3 tcp ESTABLISHED 10.0.0.1 1 10.0.0.2 2 - 9 1 0 fd - a 2 12' >"$tmp/one"
listing '4 3 tcp ESTABLISHED 10.0.0.2 2 10.0.0.1 1 - 9 1 0 fd - b 2 12' >"$tmp/two"
printf '%s\n' '2 one.service' '12 one.slice' >"$tmp/one.cgroups"
printf '%s\n' '2 two.service' '12 two.slice' >"$tmp/two.cgroups"
run -H --from "one=$tmp/one" --from "two=$tmp/two" -o cgroup,sockcgroup --sort pid
is "$(printf '%s' "$out" | tr -s ' \n' ' ')" "/two.service /two.slice /one.service /one.slice" \
	"sorted, each path is one of its host"
run -H --from "one=$tmp/one" --from "two=$tmp/two" --count -o cgroup
is "$(printf '%s' "$out" | tr -s ' \n' ' ')" " 1 /one.service 1 /two.service" \
	"and ids of two hosts are not counted together"

# The same path, with another id on each.
listing '4 3 tcp ESTABLISHED 10.0.0.2 2 10.0.0.1 1 - 9 1 0 fd - b 5 12' >"$tmp/two"
printf '%s\n' '5 one.service' >"$tmp/two.cgroups"
both="--from one=$tmp/one --from two=$tmp/two --count"
# shellcheck disable=SC2086
{
	run $both -J -o cgroup
	is "$(sed -n 2p "$tmp/out")" '{"count":2,"cgroup":null,"cgroup_path":"/one.service"}' \
		"what is counted of two hosts has the path that they share, and no id"
	run $both -J -o sockcgroup
	is "$(sed -n 2,3p "$tmp/out")" '{"count":1,"sockcgroup":null,"sockcgroup_path":"/one.slice"},
{"count":1,"sockcgroup":12,"sockcgroup_path":null}' "an id without a path is one of its host"
	rm "$tmp/one.cgroups"
	run $both -H -o sockcgroup
	is "$(printf '%s' "$out" | tr -s ' \n' ' ')" " 1 12 1 12" "and not counted with that of another one"
	run $both --ndjson -o unit
	is "$(cut -d , -f 1,4- "$tmp/out" | sort)" '{"host":null,"count":1,"unit":"one.service"}
{"host":null,"count":1,"unit":null}' "no host stands for both"
	run $both --ndjson -o host,cgroup
	is "$(cut -d , -f 1,4- "$tmp/out" | sort | sed 's/,"host":"..."//')" '{"host":"one","count":1,"cgroup":2,"cgroup_path":null}
{"host":"two","count":1,"cgroup":5,"cgroup_path":"/one.service"}' "but each where hosts are counted by"
}
run --from "one=$tmp/one" --count --ndjson
is "$out" '{"host":"one","boot_id":null,"time":null,"count":1,"command":"a","proto":"tcp","state":"ESTABLISHED"}' \
	"a single host has its name"

header="$default_header cgroup sockcgroup"
for list in '' '1,' ',1'; do
	run --from "$tmp/listing" --cgroup "$list"
	is "$status $out$err" "2 sockowners: a cgroup in the list is empty; try 'sockowners --help'" "--cgroup '$list'"
done
run --from "$tmp/listing" --cgroup -
is "$status $out$err" "2 sockowners: no cgroup '-' was saved with the listing; what was: -o cgroup" \
	"what is in no unit is not one unit"
cp "$tmp/listing" "$tmp/locked"
mkdir "$tmp/locked.cgroups"
problem="sockowners: cannot read '$tmp/locked.cgroups': Is a directory; make it readable, or move it away"
run --from "$tmp/locked" -H -o unit
is "$status $(sort -u "$tmp/out") $err" "0 - $problem" "cgroups that were saved and cannot be read"
run --from "$tmp/locked" --cgroup a.service
is "$status $out$err" "2 $problem" "of which one is asked for"

# Those of now, with a tree in the place of the machine's. In a tmpfs what is new is found
# first, so that it is seen what a walk that ends there has missed.
tree=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$tmp" "$tree"' EXIT
# in_tree ARGUMENT...: what the reader shows of $tmp/live
in_tree() {
	# shellcheck disable=SC2016
	LIVE_LISTING=$tmp/live LIVE_LOG=/dev/null unshare -rm sh -ec 'mount --bind "$1" /sys/fs/cgroup
		shift
		export LD_PRELOAD="$LIVE"
		exec setpriv --bounding-set=-all --inh-caps=-all "$@"' - "$tree" "$reader" -H "$@" 2>&1
}
export LIVE=$tmp/live.so
mkdir -p "$tree/a.slice/"{1..20}.service
rows=()
for cgroup in . a.slice a.slice/{1..20}.service; do
	rows+=("1 3 tcp LISTEN 0.0.0.0 80 - - - 1 1 0 fd - a $(stat -c %i "$tree/$cgroup") -")
done
listing "${rows[@]}" >"$tmp/live"
if ! "${CC:-cc}" -shared -fPIC -o "$LIVE" tests/reader/live.c -ldl 2>/dev/null; then
	skip "cgroups of this machine" "no compiler for what stands for the module"
elif ! in_tree --help >"$tmp/err" 2>&1; then
	skip "cgroups of this machine" "unshare(1) cannot put others there: $(head -n 1 "$tmp/err")"
else
	paths="/ /a.slice $(printf '/a.slice/%d.service ' {1..20})"
	is "$(in_tree -o cgroup | tr -s ' \n' ' ')" "$paths" "the cgroups of this machine"
	is "$(in_tree -o cgroup --cgroup "/sys/fs/cgroup/a.slice/3.service") $(in_tree -o cgroup --cgroup / | wc -l)" \
		"/a.slice/3.service 22" "--cgroup with a path"
	chmod 0 "$tree/a.slice/7.service"
	is "$(in_tree -o cgroup | tr -s ' \n' ' ')" "$paths" "also of one that cannot be read"
	perl -e 'chdir shift; for (;;) { mkdir "c$_" or exit for 1 .. 20; rmdir "c$_" for 1 .. 20 }' \
		"$tree/a.slice" &
	churning=$!
	for ((i = 0; i < 100; i++)); do
		in_tree -o cgroup | tr -s ' \n' ' '
		echo
	done >"$tmp/shown"
	kill $churning
	wait $churning 2>/dev/null
	is "$(sort -u "$tmp/shown")" "$paths" "and if others come and go meanwhile"
fi

plan
