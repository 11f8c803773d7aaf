#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# The same, and the module is unloaded and loaded all the time.

exec /tests/stress "$(cat /tests/stress-seconds)" /lib/sockowners.ko
