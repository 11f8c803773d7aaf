# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# TAP for the reader's tests, which source this file from the top directory.

export LC_ALL=C
unset COLUMNS NO_COLOR POSIXLY_CORRECT

reader=${SOCKOWNERS:-tools/sockowners}
data=tests/reader/data
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
count=0

# ok STATUS NAME
ok() {
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
	fi
	return "$1"
}

skip() {
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

# is GOT EXPECTED NAME
is() {
	if [ "$1" = "$2" ]; then
		ok 0 "$3"
	else
		ok 1 "$3"
		printf 'got:\n%s\nexpected:\n%s\n' "$1" "$2" | sed 's/^/# /'
	fi
}

# like GOT PATTERN NAME: a shell pattern
like() {
	# shellcheck disable=SC2254
	case $1 in
	$2) ok 0 "$3" ;;
	*)
		ok 1 "$3"
		printf 'got:\n%s\nexpected something like:\n%s\n' "$1" "$2" |
			sed 's/^/# /'
		;;
	esac
}

plan() {
	echo "1..$count"
}

# Run the reader; leaves $out, $err and $status to the test.
# shellcheck disable=SC2034
run() {
	status=0
	"$reader" "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
	out=$(cat "$tmp/out")
	err=$(cat "$tmp/err")
}

default_header='pid fd proto state laddr lport raddr rport dev inode netns uid holder via comm'

# Print a listing; each argument is a line with its fields separated by spaces.
listing() {
	printf '%s\n' "${header:-$default_header}" "$@" | tr ' ' '\t'
}

# The pids of the rows of data/all.listing that these arguments leave, and what is wrong
# with them.
pids() {
	run -H --from "$data/all.listing" "$@"
	[ "$status" -le 1 ] || printf 'status %s: %s\n' "$status" "$err"
	printf '%s\n' "$out" | awk '{ printf "%s%s", sep, $3; sep = " " }'
}

# Compare commands of a saved listing with what is written below them on standard
# input, up to an empty line: blocks LISTING
blocks() {
	blocks_command=
	while IFS= read -r blocks_line || [ "$blocks_command" ]; do
		case $blocks_line in
		'$ sockowners '*)
			blocks_command=${blocks_line#* sockowners }
			blocks_text=
			;;
		'')
			if [ "$blocks_command" ]; then
				eval "run --from '$1' $blocks_command"
				is "$out" "$blocks_text" "sockowners $blocks_command"
			fi
			blocks_command=
			;;
		*)
			[ -z "$blocks_text" ] || blocks_text="$blocks_text
"
			blocks_text=$blocks_text$blocks_line
			;;
		esac
	done
}
