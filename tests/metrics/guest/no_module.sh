#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# Where the module is not loaded, the metrics say so.

# shellcheck source=../../vm/guest/ok
. /guest/ok

sockowners --prometheus=/tmp/no-module.prom 2>/dev/null
ok 'the exit status is that of no module' test $? -eq 3
ok 'the file says that it is not loaded' grep -qx 'sockowners_module_loaded 0' /tmp/no-module.prom
ok 'and that nothing was counted' grep -qx 'sockowners_scan_success 0' /tmp/no-module.prom
ok 'nothing is' test "$(grep -c sockets /tmp/no-module.prom)" -eq 0
done_testing
