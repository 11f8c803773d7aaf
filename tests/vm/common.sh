# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
# shellcheck shell=bash disable=SC2034
#
# What the scripts here share. Sourced with the checkout in $top.

set -euo pipefail

# Kernels are large and slow to make: they live outside the checkout.
cache=${SOCKOWNERS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/sockowners}
build=${top:?}/build

say() {
	printf '== %s\n' "$*" >&2
}

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}
