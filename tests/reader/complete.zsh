#!/usr/bin/zsh -f
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# complete.zsh LINE: what the last word of a command line may become, one a line, in
# an interactive zsh with the completion of tools/.

zmodload zsh/zpty
setopt rc_quotes
zpty shell zsh -f -i

# In that shell each match is printed where it would be added.
setup='
PROMPT= PS2=
fpath=($PWD/tools $fpath)
path=($PWD/tools $path)
autoload -Uz compinit
compinit -u -D
bindkey ''^I'' complete-word
zstyle '':completion:*'' insert-tab false
zstyle '':completion:*'' completer _complete
mark() { print MATCHES }
compprefuncs=(mark)
comppostfuncs=(mark exit)
compadd() {
	local -a hits before
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
		builtin compadd "$@"
		return
	fi
	builtin compadd -A hits "$@"
	zparseopts -E -a before P:
	[[ $#hits -eq 0 ]] || print -rl -- $IPREFIX${before[2]}${^hits}
	builtin compadd "$@"
}
print ready
'
() {
	zpty -w shell "source $1"
	while zpty -r shell line; do
		[[ $line != ready* ]] || break
	done
} =(<<<$setup)
zpty -w -n shell "$1"$'\t'
marks=0
while zpty -r shell line; do
	line=${line//[$'\r\n']/}
	if [[ $line == *MATCHES ]]; then
		(( ++marks < 2 )) || break
	elif (( marks )) && [[ $line ]]; then
		print -r -- $line
	fi
done
