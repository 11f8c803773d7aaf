#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# What brings the results out of the VMs: whatever goes wrong there is a test that fails.

. tests/reader/lib.sh

# split LINE...: what the VM said, to $tmp/split/vm-TEST.tap; vm-vm.tap is about the VM
suites=0
split() {
	rm -rf "$tmp/split"
	mkdir "$tmp/split"
	printf '%s\n' "$@" | sed '/^@@ off/!s/$/\r/' | tests/vm/split-tap vm "$tmp/split" "$suites"
}

# failed TEST: the lines that fail it
failed() {
	grep '^not ok' "$tmp/split/vm-$1.tap"
}

split '@@ begin a' 1..1 'ok 1 - fine' '@@ end a 0' '@@ done' '@@ off'
ok $? 'a test that passes'
is "$(cat "$tmp/split/vm-a.tap")" '1..1
ok 1 - fine' 'its lines are there'
split '@@ begin a' 1..1 'ok 1 - fine' '@@ end a 139' '@@ done' '@@ off'
is "$(failed a)" 'not ok - a ended with status 139' 'one that was killed'
split '@@ done'
ok $((!$?)) 'a VM that did not power off'
is "$(failed vm)" 'not ok 1 - the VM came to its end, and powered off' 'is a test that fails'
split '@@ begin a' 1..1 'ok 1 - fine'
ok $((!$?)) 'a VM that stopped'
is "$(failed a)" 'not ok - a ended with status none: the VM stopped' 'fails the test that ran'
split '@@ begin a' 'ok 1 - fine' '# in the mid@@ end a 137' '@@ begin b' 1..1 'ok 1 - fine' \
	'@@ end b 0' '@@ done' '@@ off'
is "$(failed a)" 'not ok - a ended with status 137' 'one that was killed in the middle of a line'
is "$(cat "$tmp/split/vm-b.tap")" '1..1
ok 1 - fine' 'and the next one is not part of it'
split '@@ begin a' 1..1 'ok 1 - fine' '@@ begin b' 1..1 'ok 1 - fine' '@@ end b 0' '@@ done' '@@ off'
is "$(failed a)" 'not ok - a ended with status none: b began' 'one that did not end'
split '@@ begin a' 1..1 'ok 1 - fine' '@@ end b 0' '@@ done' '@@ off'
is "$(failed a)" 'not ok - a ended with status none: b ended' 'one in which another one ended'
split '@@ end b 0' '@@ done' '@@ off'
is "$(failed harness)" 'not ok - b ended, and had not begun' 'one that had not begun'
split 'Bail out! the module does not load' '@@ done' '@@ off'
is "$(failed harness)" 'not ok - gave up: the module does not load' 'what is said outside of them'

# KTAP of two suites; so many are said to be there.
suites=2
two=('@@ begin kunit' '    # Subtest: a' '    1..1' '    ok 1 fine' 'ok 1 a'
	'    # Subtest: b' '    1..1' '    ok 1 fine' 'ok 2 b')
split "${two[@]}" '@@ end kunit 0' '@@ done' '@@ off'
is "$(failed kunit)$(cat "$tmp/split/vm-kunit-b.tap")" '# Subtest: b
1..1
ok 1 fine' 'a suite is a test of its own'
split "${two[@]}" '@@ end kunit 1' '@@ done' '@@ off'
is "$(failed kunit)" 'not ok 1 - 2 of 2 suites ran, and it ended with status 1' 'a module that did not load'
suites=3
split "${two[@]}" '@@ end kunit 0' '@@ done' '@@ off'
is "$(failed kunit)" 'not ok 1 - 2 of 3 suites ran, and it ended with status 0' 'a suite that is missing'
suites=0

# ./boot with a QEMU that leaves its console there and its status.
mkdir -p "$tmp/bin" "$tmp/kernel"
cat >"$tmp/bin/qemu-system-x86_64" <<'END'
#!/bin/sh
cp "$CONSOLE" "$(printf '%s\n' "$@" | sed -n 's/.*id=console,path=//p')"
exit "$STATUS"
END
chmod +x "$tmp/bin/qemu-system-x86_64"
echo x86_64 >"$tmp/kernel/machine"

# ends STATUS LINE: does ./boot take that for a good end?
ends() {
	printf '[ 9.9] %s\n' "$2" >"$tmp/written"
	STATUS=$1 CONSOLE=$tmp/written PATH=$tmp/bin:$PATH ACCEL=tcg \
		tests/vm/boot "$tmp/kernel" image "$tmp/console" check >/dev/null 2>"$tmp/said"
}

ends 0 'reboot: Power down'
ok $? 'a VM that powers off' || sed 's/^/# /' "$tmp/said"
ends 1 'reboot: Power down'
ok $((!$?)) 'a QEMU that fails'
ends 0 'Kernel panic - not syncing: Fatal exception'
ok $((!$?)) 'a VM that reboots: it has an oops while it powers off'

# ./module with a kernel whose compiler warns, when there is something to compile.
mkdir -p "$tmp/warns/build"
cat >"$tmp/warns/build/Makefile" <<'END'
modules: $(M)/module/sockowners.o
$(M)/module/sockowners.o:
	@echo 'sockowners.c:1: warning: a warning'
	@touch $@
END
for time in first second; do
	tests/vm/module "$tmp/warns" >/dev/null 2>&1
	ok $((!$?)) "a warning of the compiler, the $time time"
done
rm -rf build/warns

# What the kernel's log is, and what guest/kernel-log finds in it.
printf '#!/bin/sh\ncat "%s/dmesg"\n' "$tmp" >"$tmp/bin/dmesg"
chmod +x "$tmp/bin/dmesg"

# log_of LINE...: after the tests began, each of level warning
log_of() {
	printf '<4>[ 1.0] %s\n' 'of the boot' '# tests begin' "$@" >"$tmp/dmesg"
}

# found: what is no ok, and its comments
found() {
	PATH=$tmp/bin:$PATH TMPDIR=$tmp tests/vm/guest/kernel-log |
		sed -n '/^not ok 1 /,/ok 2 /{ / ok 2 \|^ok 2 /d; p; }'
}

warned='not ok 1 - the kernel log holds no warning'
log_of
is "$(found)" '' 'a log without a warning'
log_of 'a warning'
is "$(found)" "$warned
# <4>[ 1.0] a warning" 'one with a warning'
log_of 'sockowners: mode=: not'
is "$(found)" '' 'one that is allowed'
printf '<6>[ 1.0] %s\n' 'of the end' >"$tmp/dmesg"
is "$(found)" "$warned
# the log does not go back to where the tests began" 'a log whose beginning is lost'
echo 'exit 1' >"$tmp/bin/dmesg"
is "$(found)" "$warned
# the log does not go back to where the tests began" 'no log'
printf '#!/bin/sh\ncat "%s/dmesg"\n' "$tmp" >"$tmp/bin/dmesg"

# race FRAME...: what KCSAN reports of an access of the kernel's, and of one with these frames
race() {
	log_of ==================== 'BUG: KCSAN: data-race in a / b' \
		'read to 0x1 of 8 bytes by interrupt on cpu 1:' ' a+0x1/0x2' \
		' asm_sysvec_apic_timer_interrupt+0x1/0x2' ' c+0x1/0x2 [sockowners]' \
		'write to 0x1 of 8 bytes by task 7 on cpu 0:' "$@" ====================
}

race ' b+0x1/0x2'
is "$(found)" '' 'a data race of others, one of whom has interrupted the module'
race ' b+0x1/0x2' ' __do_softirq+0x1/0x2' ' c+0x1/0x2 [sockowners]'
is "$(found)" '' 'or both'
race ' b+0x1/0x2' ' c+0x1/0x2 [sockowners]'
like "$(found)" "$warned*BUG: KCSAN*" 'a data race of the module'
race ' c+0x1/0x2 [sockowners]' ' rcu_do_batch+0x1/0x2' ' __do_softirq+0x1/0x2'
like "$(found)" "$warned*BUG: KCSAN*" 'also of what it does in an interrupt'
for bug in 'BUG: a' 'WARNING: a' 'UBSAN: a' 'INFO: rcu_preempt self-detected stall'; do
	log_of '# the loader fails' 'no memory' "$bug" '# the loader works'
	is "$(found)" "$warned
# <4>[ 1.0] $bug" "where the loader fails: $bug"
done
plan
