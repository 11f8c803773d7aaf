#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# What Debian's promtool says of the metrics and of the rules, and systemd of the units.

. tests/reader/lib.sh

if ! prometheus=$(tests/vm/fetch prometheus); then
	echo "1..1"
	echo "not ok 1 - Debian's Prometheus is there"
	exit 1
fi
promtool=$prometheus/usr/bin/promtool

# good NAME ARGUMENT...: promtool is content, and has nothing to say
good() {
	local name=$1

	shift
	"$promtool" "$@" >"$tmp/said" 2>&1
	ok $? "$name" || sed 's/^/# /' "$tmp/said"
}

for listing in "$data/all.listing" "$data/prometheus.listing"; do
	"$reader" --from "$listing" --prometheus >"$tmp/metrics" 2>/dev/null
	good "promtool check metrics: ${listing##*/}" check metrics <"$tmp/metrics"
	is "$(cat "$tmp/said")" "" "and has no advice"
done
printf 'sockowners_odd_total{command="\377"} 1\n' >"$tmp/metrics"
"$promtool" check metrics <"$tmp/metrics" >/dev/null 2>&1
ok $((!$?)) "it would find what is wrong"

good "promtool check rules" check rules docs/sockowners.rules.yml
good "promtool test rules: each alert fires, and only then" test rules tests/metrics/rules.test.yml
missing=
alerts=0
while read -r alert; do
	alerts=$((alerts + 1))
	grep -q "alertname: $alert\$" tests/metrics/rules.test.yml || missing="$missing $alert"
done < <(sed -n 's/^  - alert: //p' docs/sockowners.rules.yml)
is "$missing" "" "each alert is tested"
is "$((alerts > 0)) $alerts" "1 $(grep -c 'alert:' docs/sockowners.rules.yml)" "which are found"
refused=
commands=0
while read -r command; do
	commands=$((commands + 1))
	eval "'$reader' --from '$data/prometheus.listing' $command" >/dev/null 2>"$tmp/said"
	[ $? -le 1 ] || refused="$refused
$command: $(cat "$tmp/said")"
done < <(tr -s '\n ' ' ' <tests/metrics/rules.test.yml | grep -oE 'sockowners -[^'"'"']*' |
	sed -E 's/^sockowners //; s/ - (exp_labels|eval_time|name).*//' | sort -u)
is "$refused" "" "each command that an alert names works"
ok $((commands < 10)) "which are found"
"$reader" --from "$data/prometheus.listing" --prometheus >"$tmp/metrics" 2>/dev/null
missing=
while read -r metric; do
	grep -q "^${metric}[ {]" "$tmp/metrics" || missing="$missing $metric"
done < <(grep -ohE 'sockowners_[a-z_]+' docs/sockowners.rules.yml docs/fleet.md | sort -u)
is "$missing" " sockowners_module_loaded" "each metric that the rules and docs/fleet.md name is there"

# Each query of docs/fleet.md as a rule.
{
	printf 'groups:\n- name: asked\n  rules:\n'
	sed -n '/^### What to ask/,/^## /s/^    //p' docs/fleet.md |
		awk '{ printf "  - record: asked:%d\n    expr: >-\n      %s\n", NR, $0 }'
} >"$tmp/asked.yml"
good "promtool takes the queries of docs/fleet.md" check rules "$tmp/asked.yml"
ok $(($(grep -c expr "$tmp/asked.yml") < 6)) "which are found"
sed 's/, sum by/, sum bye/' "$tmp/asked.yml" >"$tmp/wrong.yml"
"$promtool" check rules "$tmp/wrong.yml" >/dev/null 2>&1
ok $((!$?)) "it would find what is wrong"

if command -v systemd-analyze >/dev/null; then
	mkdir "$tmp/units"
	cp packaging/systemd/* "$tmp/units"
	sed -i "s|/usr/bin/sockowners|$PWD/tools/sockowners|" "$tmp"/units/*.service
	is "$(systemd-analyze --man=no verify "$tmp"/units/* 2>&1 | grep sockowners)" "" "systemd-analyze verify"
	exposure=$(systemd-analyze --offline=yes security "$tmp/units/sockowners-metrics.service" 2>/dev/null |
		sed -n 's/.*Overall exposure level.*: \([0-9]*\)\.\([0-9]\) .*/\1\2/p')
	ok $((!(${exposure:-100} < 30))) "systemd-analyze security: ${exposure:-none} of 100"
else
	skip "systemd-analyze" "it is not there"
fi
plan
