#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# What brings the results out of the VMs: whatever goes wrong there is a test that fails.

. tests/reader/lib.sh

# split LINE...: what the VM said, to $tmp/split/vm-TEST.tap; vm-vm.tap is about the VM
split() {
	rm -rf "$tmp/split"
	mkdir "$tmp/split"
	printf '%s\r\n' "$@" | tests/vm/split-tap vm "$tmp/split"
}

# failed TEST: the lines that fail it
failed() {
	grep '^not ok' "$tmp/split/vm-$1.tap"
}

split '@@ begin a' 1..1 'ok 1 - fine' '@@ end a 0' '@@ done'
ok $? 'a test that passes, and the VM came to its end'
is "$(cat "$tmp/split/vm-a.tap")" '1..1
ok 1 - fine' 'its lines are there'
split '@@ begin a' 1..1 'ok 1 - fine' '@@ end a 139' '@@ done'
is "$(failed a)" 'not ok - a ended with status 139' 'one that was killed'
split '@@ begin a' 1..1 'ok 1 - fine'
ok $((!$?)) 'a VM that stopped'
is "$(failed a)" 'not ok - a ended with status none: the VM stopped' 'fails the test that ran'
split '@@ begin a' 'ok 1 - fine' '# in the mid@@ end a 137' '@@ begin b' 1..1 'ok 1 - fine' \
	'@@ end b 0' '@@ done'
is "$(failed a)" 'not ok - a ended with status 137' 'one that was killed in the middle of a line'
is "$(cat "$tmp/split/vm-b.tap")" '1..1
ok 1 - fine' 'and the next one is not part of it'
split '@@ begin a' 1..1 'ok 1 - fine' '@@ begin b' 1..1 'ok 1 - fine' '@@ end b 0' '@@ done'
is "$(failed a)" 'not ok - a ended with status none: b began' 'one that did not end'
split '@@ begin a' 1..1 'ok 1 - fine' '@@ end b 0' '@@ done'
is "$(failed a)" 'not ok - a ended with status none: b ended' 'one in which another one ended'
split '@@ end b 0' '@@ done'
is "$(failed harness)" 'not ok - b ended, and had not begun' 'one that had not begun'
split 'Bail out! the module does not load' '@@ done'
is "$(failed harness)" 'not ok - gave up: the module does not load' 'what is said outside of them'
plan
