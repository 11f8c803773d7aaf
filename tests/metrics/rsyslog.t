#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# Debian's rsyslogd with the configuration of docs/: every line that the reader prints
# arrives as a record. It is unpacked and not installed, and works in a directory.

. tests/reader/lib.sh

if ! top=$PWD bash -c '. tests/vm/common.sh' 2>/dev/null || ! rsyslog=$(tests/vm/fetch rsyslog); then
	echo "1..1"
	echo "not ok 1 - Debian's rsyslog is there"
	exit 1
fi
libraries=
for package in libestr0 libfastjson4 liblognorm5; do
	libraries+=:$(echo "$(tests/vm/fetch $package)"/usr/lib/*-linux-gnu)
done
log=$tmp/log
mkdir -p "$log"
sed "s|/var/log/sockowners|$log|" docs/rsyslog-sockowners.conf >"$tmp/rsyslog.conf"
sed -i "1i global(workDirectory=\"$tmp\")" "$tmp/rsyslog.conf"

lines() {
	"$reader" --ndjson --from "$1" 2>/dev/null
}

# Names of all kinds, more than a read has.
many() {
	cat "$data/all.listing"
	awk 'BEGIN { for (n = 1; n <= 2000; n++)
		print n "\t3\ttcp6\tLISTEN\t::1\t80\t-\t-\t-\t" n "\t1\t0\tfd\t-\t" \
			(n % 2 ? "a\\033\"%m$!x" n % 7 : "gr\\303\\274n\\134\\377") }'
}

many >"$tmp/listing"
lines "$tmp/listing" >"$log/sockowners.ndjson"
export LD_LIBRARY_PATH=${libraries#:}
modules=$(echo "$rsyslog"/usr/lib/*-linux-gnu/rsyslog)
"$rsyslog/usr/sbin/rsyslogd" -N 1 -f "$tmp/rsyslog.conf" -M "$modules" >"$tmp/said" 2>&1
ok $? "the configuration is accepted" || sed 's/^/# /' "$tmp/said"
"$rsyslog/usr/sbin/rsyslogd" -n -f "$tmp/rsyslog.conf" -M "$modules" -i "$tmp/pid" >"$tmp/said" 2>&1 &
daemon=$!
trap 'kill "$daemon" 2>/dev/null; wait "$daemon"; rm -rf "$tmp"' EXIT
unset LD_LIBRARY_PATH

# arrive COUNT: so many lines are there, in a minute
arrive() {
	local tries=0

	until [ "$(cat "$log"/records.ndjson "$log"/not-parsed.log 2>/dev/null | wc -l)" -ge "$1" ]; do
		[ $((tries++)) -lt 600 ] || return 1
		sleep 0.1
	done
}

# The members of each object, whatever their order.
canonical() {
	perl -MJSON::PP -ne 'BEGIN { $json = JSON::PP->new->canonical->ascii->utf8 }
		print $json->encode($json->decode($_)), "\n"' "$1" | sort
}

arrive 2035
ok $? "2,035 lines arrive" || sed 's/^/# /' "$tmp/said"
ok "$([ ! -e "$log/not-parsed.log" ]; echo $?)" "each is a record"
is "$(canonical "$log/records.ndjson" | cksum)" "$(canonical "$log/sockowners.ndjson" | cksum)" \
	"with all that the line has"
is "$(canonical "$log/records.ndjson" | grep -c '"command":"a\\u001b\\"%m$!x')" 1000 "odd names too"

lines "$data/all.listing" >>"$log/sockowners.ndjson"
echo 'not JSON' >>"$log/sockowners.ndjson"
arrive 2071
ok $? "what is appended arrives"
is "$(wc -l <"$log/records.ndjson") $(grep -c 'not JSON' "$log/not-parsed.log")" "2070 1" \
	"a line that is no record is told apart"

# By docs/fleet.md, but for where and for whom.
cron=$(sed -n 's|^    \*.* root /usr/local/bin/sockowners \(.*\) >>/var/log/sockowners/sockowners.ndjson$|\1|p' docs/fleet.md)
is "$(eval "'$reader' --from '$data/prometheus.listing' $cron" 2>/dev/null | grep -c '"unit":"nginx.service"')" 8 \
	"what it has for cron prints rows, with their units"
logrotate=$(tests/vm/fetch logrotate)
popt=$(tests/vm/fetch libpopt0)
sed -n '/^    .*\.ndjson .*{$/,/^    }$/s/^    //p' docs/fleet.md |
	sed "s|/var/log/sockowners|$log|g; s/create .*/create/; s|/usr/lib/rsyslog/rsyslog-rotate|kill -HUP $daemon|" \
		>"$tmp/logrotate.conf"
ok "$(grep -qF "kill -HUP $daemon" "$tmp/logrotate.conf"; echo $?)" "what it has for logrotate is found"
LD_LIBRARY_PATH=$(echo "$popt"/usr/lib/*-linux-gnu) "$logrotate/usr/sbin/logrotate" -f -s "$tmp/rotated" \
	"$tmp/logrotate.conf" >"$tmp/said" 2>&1
ok $? "logrotate takes it" || sed 's/^/# /' "$tmp/said"
is "$(cd "$log" && echo *.1)" "not-parsed.log.1 records.ndjson.1 sockowners.ndjson.1" "everything is rotated"
lines "$data/all.listing" >>"$log/sockowners.ndjson"
echo 'not JSON' >>"$log/sockowners.ndjson"
arrive 36
ok $? "what is appended then arrives in the new files"
is "$(wc -l <"$log/records.ndjson") $(grep -c 'not JSON' "$log/not-parsed.log")" "35 1" "all of it"
plan
