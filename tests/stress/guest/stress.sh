#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# Everything at once; the module stays.

exec /tests/stress "$(cat /tests/stress-seconds)"
