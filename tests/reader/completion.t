#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# Completion, as bash calls it.

. tests/reader/lib.sh

# What of bash's own can be called in a completion only.
compopt() {
	:
}

. tools/sockowners.bash-completion

# complete_ WORD...: what the last one may become
complete_() {
	COMP_WORDS=(sockowners "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_sockowners "$reader"
	printf '%s\n' "${COMPREPLY[@]}" | tr '\n' ' '
}

is "$(complete_ --s)" "--sctp --state --sort " "a long option"
is "$(complete_ -s estab)" "established " "a state"
is "$(complete_ --state established,fin)" "established,fin-wait-1 established,fin-wait-2 " \
	"another one of a list"
is "$(complete_ --state = list)" "listening " "behind an equals sign"
is "$(complete_ --state =)" "$(complete_ --state '')" "right behind it"
is "$(complete_ --holder ac,t)" "ac,thread ac,timewait " "a holder"
is "$(complete_ -o lo)" "local " "a column"
is "$(complete_ -o +pid,sock)" "+pid,sockuid +pid,sockcgroup " "one that is added"
is "$(complete_ -o he)" "help " "the list of columns"
is "$(complete_ --sort sen)" "sendq " "a column to sort by"
is "$(complete_ --pid $$)" "$$ " "a process"
is "$(complete_ -U roo)" "root " "a user"
is "$(complete_ --from tests/reader/li)" "tests/reader/lib.sh tests/reader/live.c " "a file"
is "$(complete_ tests/reader/li)" " " "no file where a filter stands"
like "$(bash -c '. tools/sockowners.bash-completion; complete -p sockowners')" \
	"complete -F _sockowners sockowners" "bash calls it"

missing=
for option in $("$reader" --help | sed 's/-COL//' | grep -oE -e '(^|[ ,])--?[a-zA-Z0-9][a-z0-9-]*' | tr -d ' ,'); do
	[[ " $(complete_ "$option") " == *" $option "* ]] || missing="$missing $option"
done
is "$missing" "" "every option of --help"
words=$(complete_ -s '')
refused=
for word in $words; do
	"$reader" --from "$data/all.listing" -s "$word" >/dev/null 2>&1
	[ $? -le 1 ] || refused="$refused $word"
done
is "$refused" "" "every state that it knows is one"
for word in $(complete_ --holder ''); do
	"$reader" --from "$data/all.listing" --holder "$word" >/dev/null 2>&1
	[ $? -le 1 ] || refused="$refused $word"
done
is "$refused" "" "and every holder"

plan
