# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
# shellcheck shell=bash disable=SC2034
#
# What the scripts here share. Sourced with the checkout in $top.

set -euo pipefail

say() {
	printf '== %s\n' "$*" >&2
}

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# only_one DIR: no second one of this script works in the same directory.
only_one() {
	exec 7>"$1/.lock"
	flock -n 7 || die "another one is running in $1: wait until it has ended"
}

[[ ${top:?} != *[[:space:]=]* ]] ||
	die "the kernel's build system cannot work in '$top': move to a path without spaces and '='"
build=$top/build

# Kernels are large and slow to make: they live outside the checkout.
cache=${SOCKOWNERS_CACHE:-${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}/sockowners}
[[ $cache == /* && $cache != /sockowners ]] && mkdir -p "$cache" 2>/dev/null ||
	die "no place for the kernels: set SOCKOWNERS_CACHE to the absolute path of a directory that you can write"
