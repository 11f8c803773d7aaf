#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# Completion: as bash calls it, and in zsh and fish themselves.

. tests/reader/lib.sh

# What of bash's own can be called in a completion only.
compopt() {
	[[ $* != '-o default' ]] || files=yes
}

. tools/sockowners.bash-completion

# complete_ WORD...: what the last one may become
complete_() {
	COMP_WORDS=(sockowners "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	files=
	_sockowners "$reader"
	[[ ! $files ]] || mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]#=}")
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
like " $(complete_ --pid $$)" "* $$ *" "a process"
is "$(complete_ --why ud)" "udp, udplite, " "a protocol to bind with"
is "$(complete_ --packet u)" "udp, " "the protocol of a packet"
is "$(complete_ -U roo)" "root " "a user"
is "$(complete_ --from tests/reader/li)" "tests/reader/lib.sh tests/reader/live.c " "a file"
is "$(complete_ --from web = tests/reader/lib)" "tests/reader/lib.sh " "behind the name of a host"
is "$(complete_ --from = web = tests/reader/lib)" "tests/reader/lib.sh " "which is itself behind an equals sign"
is "$(complete_ --from =)" "$(complete_ --from '')" "right behind the option"
is "$(complete_ --from = web =)" "$(complete_ --from '')" "right behind the name"
is "$(complete_ --prometheus = tests/reader/lib)" "tests/reader/lib.sh " "a file for metrics"
is "$(complete_ --prometheus tests/reader/lib)" " " "which must be behind an equals sign"
is "$(complete_ --watch = 1)" " " "nothing for a number"
is "$(complete_ -sest)" "-sestablished " "behind a letter"
is "$(complete_ -tlsest,fin)" "-tlsest,fin-wait-1 -tlsest,fin-wait-2 " "of several"
is "$(complete_ -tls est)" "established " "or in the next word"
is "$(complete_ -Uroo) $(complete_ -tUroo)" "-Uroot  -tUroot " "a user"
is "$(complete_ -olo) $(complete_ -o+pid,sock)" "-olocal  -o+pid,sockuid -o+pid,sockcgroup " "columns"
is "$(complete_ -cs)" " " "nothing for a name that begins like another option"
is "$(complete_ --sort -sen) $(complete_ --sort = -sen)" "-sendq  -sendq " "a column to sort by, the largest first"
is "$(complete_ tests/reader/li)" " " "no file where a filter stands"

# A name may be any, and whoever gave it may be anybody.
mkdir "$tmp/netns"
# shellcheck disable=SC2016
odd=('odd$(>ran)' 'odd`>ran`' 'odd word' $'odd\nline')
(cd "$tmp/netns" && touch plain "${odd[@]}")
named() (
	# shellcheck disable=SC1090
	. <(sed "s|/run/netns|$tmp/netns|" tools/sockowners.bash-completion)
	compgen() {
		if [[ $1 == -u ]]; then
			printf '%s\n' plain "${odd[@]:0:3}"
		else
			builtin compgen "$@"
		fi
	}
	cd "$tmp" && complete_ "$@"
)
for option in -N -U; do
	is "$(for beginning in pl odd w l; do named $option $beginning; done | tr -s ' ')" "plain " \
		"$option: names that would need quotes are left out"
done
is "$(cd "$tmp" && find . -name ran)" "" "and nothing that is in them is run"

like "$(bash -c '. tools/sockowners.bash-completion; complete -p sockowners')" \
	"complete -F _sockowners sockowners" "bash calls it"

# What options.c knows, one word for all names of all options.
table=$(grep -oE "\{ ('.'|OPTION_[A-Z0-9]+), (\"[a-z0-9-]+\"|NULL)," tools/options.c |
	sed -E "s/^\{ ('(.)'|OPTION_[A-Z0-9]+), (\"([a-z0-9-]+)\"|NULL),/-\2 --\4/" |
	tr ' ' '\n' | grep -vx -e - -e -- | sort | tr '\n' ' ')
ok $(($(wc -w <<<"$table") < 40)) "the options are found in the source"

in_bash() {
	# shellcheck disable=SC2086
	eval "complete_ ${1#sockowners }"
}

in_zsh() {
	timeout 60 tests/reader/complete.zsh "$1"
}

in_fish() {
	PATH=$PWD/tools:$PATH fish --no-config -c \
		"source tools/sockowners.fish; complete -C '$1'" | cut -f 1
}

# all SHELL LINE: sorted
all() {
	"in_$1" "$2" | tr ' ' '\n' | grep . | sort -u | tr '\n' ' '
}

# words NAME PATTERN: those in the source, without hyphens, as -s takes them, too
words() {
	sed -n "/$2/,/^}\\|};/p" "tools/$1.c" | grep -oE '"[A-Za-z0-9_]+"' | tr -d '"_' | tr '[:upper:]' '[:lower:]'
}
# Those that are short for another one, or what the listing has for it, are not offered.
state=$({ words states '^const char .* state_names' && words states '^} words\[\] = {'; } |
	grep -vx -e listen -e unconn -e estab -e synrcv | sort)
holder=$(words filter 'holders\[\] = {' | sort)
is "$(wc -w <<<"$state") $(wc -w <<<"$holder")" "19 12" "states and holders are found in the source"

# The same questions to each of them.
for shell in bash zsh fish; do
	if ! command -v $shell >/dev/null && ! tests/vm/need $shell >/dev/null 2>&1; then
		skip "$shell" "it is not there"
		continue
	fi
	is "$(all $shell 'sockowners -')" "$table" "$shell: every option of the program, and no other"
	is "$(all $shell 'sockowners --s')" "--sctp --sort --state " "$shell: a long option"
	is "$(all $shell 'sockowners -s estab')" "established " "$shell: a state"
	is "$(all $shell 'sockowners --state established,fin')" \
		"established,fin-wait-1 established,fin-wait-2 " "$shell: another one of a list"
	is "$(all $shell 'sockowners --holder ac,t')" "ac,thread ac,timewait " "$shell: a holder"
	is "$(all $shell 'sockowners -o lo')" "local " "$shell: a column"
	is "$(all $shell 'sockowners -o +pid,sock')" "+pid,sockcgroup +pid,sockuid " "$shell: one that is added"
	is "$(all $shell 'sockowners -o he')" "help " "$shell: the list of columns"
	is "$(all $shell 'sockowners --sort sen')" "sendq " "$shell: a column to sort by"
	# And whose number begins like it.
	like " $(all $shell "sockowners --pid 1,$$")" "* 1,$$ *" "$shell: a process"
	like " $(all $shell "sockowners -N $$")" "* $$ *" "$shell: a namespace"
	is "$(all $shell 'sockowners -U roo')" "root " "$shell: a user"
	is "$(all $shell 'sockowners --from tests/reader/li' | sed 's|tests/reader/||g')" "lib.sh live.c " \
		"$shell: a file"
	is "$(all $shell 'sockowners tests/reader/li')" "" "$shell: no file where a filter stands"
	for list in state holder; do
		words=$(all $shell "sockowners --$list ''" | tr ' ' '\n' | grep -v "''")
		[[ $shell == bash ]] || words=$(all $shell "sockowners --$list ")
		is "$(tr ' ' '\n' <<<"$words" | grep . | tr -d - | sort)" "${!list}" "$shell: every $list"
	done
done
in_columns() {
	"$reader" -o help | awk '{ print tolower($1) }' | sort | tr '\n' ' '
}
for shell in bash zsh fish; do
	command -v $shell >/dev/null || continue
	line="sockowners --sort "
	[[ $shell != bash ]] || line="$line''"
	is "$(all $shell "$line" | tr ' ' '\n' | grep '^[a-z]' | tr '\n' ' ')" "$(in_columns)" "$shell: every column"
done

# As somebody types it, which readline has a say in.
if ! command -v tmux >/dev/null && ! tests/vm/need tmux >/dev/null 2>&1; then
	skip "bash on a terminal" "no tmux"
else
	tmux_() {
		tmux -S "$tmp/tmux" -f /dev/null "$@"
	}
	trap 'tmux_ kill-server 2>/dev/null; rm -rf "$tmp"' EXIT
	mkdir -p "$tmp/some where/deep"
	: >"$tmp/some where/deep/saved"
	tmux_ new-session -d -x 100 -y 10 -c "$tmp" \
		"env PS1='shell> ' HISTFILE= LC_ALL=C INPUTRC=/dev/null bash --norc --noprofile -i"
	tmux_ send-keys -l ". '$PWD/tools/sockowners.bash-completion'; PATH=$PWD/tools:\$PATH; clear"
	tmux_ send-keys Enter

	# typed KEYS: the line that it becomes, soon, with an X where the cursor is
	typed() {
		local before now=. tries=0

		tmux_ send-keys C-u
		tmux_ send-keys -l "$1"
		until [[ $now == "${before:-}" && $now == "shell> $1"* ]] || [[ $((tries++)) -ge 50 ]]; do
			sleep 0.1
			before=$now
			now=$(tmux_ capture-pane -p | grep . | tail -n 1)
		done
		tmux_ send-keys Tab
		sleep 0.2
		tries=0
		before=
		until [[ $now == "$before" && $now != "shell> $1" ]] || [[ $((tries++)) -ge 30 ]]; do
			sleep 0.1
			before=$now
			now=$(tmux_ capture-pane -p | grep . | tail -n 1)
		done
		tmux_ send-keys -l X
		tries=0
		until tmux_ capture-pane -p | grep . | tail -n 1 | grep -q 'X *$' || [[ $((tries++)) -ge 50 ]]; do
			sleep 0.1
		done
		tmux_ capture-pane -p | grep . | tail -n 1 | sed 's/^shell> sockowners //; s/ *$//'
	}

	is "$(typed 'sockowners --from so')" '--from some\ where/X' "bash on a terminal: a directory, to go on in it"
	is "$(typed 'sockowners --from some\ where/d')" '--from some\ where/deep/X' "the next"
	is "$(typed 'sockowners --from=web=some\ where/deep/s')" '--from=web=some\ where/deep/saved X' "a file"
	is "$(typed 'sockowners --prometheus=so')" '--prometheus=some\ where/X' "for metrics"
	is "$(typed 'sockowners -tlslisteni')" '-tlslisteningX' "a state behind letters"
	is "$(typed 'sockowners --sort=-sen')" '--sort=-sendq X' "a column"
	is "$(typed 'sockowners so')" 'soX' "no file where a filter stands"
fi

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
