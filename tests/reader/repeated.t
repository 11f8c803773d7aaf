#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Copyright (C) The sockowners authors
#
# What a row has in common with the one before is taken over from there: cells of all
# lengths, some the beginning of others, that stay, change and come back.

. tests/reader/lib.sh

# listing ROWS CHANCE [NETNS]: each field stays with CHANCE of a hundred
listing() {
	awk -v rows="$1" -v chance="$2" -v netns="${3:-1}" -v header="$default_header" '
	function word(most,    text, length_of_it) {
		length_of_it = 1 + int(rand() * most)
		text = sprintf("%0" length_of_it "d", int(rand() * 3))
		gsub("0", "a", text)
		return text
	}
	function number(most,    digits) {
		digits = 1 + int(rand() * 8)
		for (most = 1 + int(rand() * most); --most; )
			digits = digits int(rand() * 10)
		return digits
	}
	function address() {
		if (int(rand() * 5))
			return "10.0." int(rand() * 3) "." int(rand() * 256)
		if (rand() < 0.5)
			return "::"
		return "2001:db8::" substr("1234:5678:9abc:def0", 1, 1 + int(rand() * 4) * 5)
	}
	function one(i) {
		if (i == 1) return number(9)
		if (i == 2) return number(6)
		if (i == 3) return rand() < 0.5 ? "tcp" : "tcp6"
		if (i == 4) return rand() < 0.5 ? "LISTEN" : "ESTABLISHED"
		if (i == 5 || i == 7) return address()
		if (i == 6 || i == 8) return rand() < 0.2 ? "-" : number(4)
		if (i == 9) return rand() < 0.7 ? "-" : word(15)
		if (i == 10) return number(19)
		if (i == 11) return sprintf("%.0f", 4026531840 + int(rand() * netns))
		if (i == 12) return number(9)
		if (i == 13) return rand() < 0.8 ? "fd" : "thread"
		if (i == 14) return rand() < 0.8 ? "-" : number(8)
		return word(40)
	}
	BEGIN {
		srand(rows + chance)
		gsub(" ", "\t", header)
		print header
		for (row = 0; row < rows; row++) {
			line = ""
			for (i = 1; i <= 15; i++) {
				if (!row || rand() * 100 >= chance)
					field[i] = one(i)
				line = line (i > 1 ? "\t" : "") field[i]
			}
			print line
		}
	}'
}

columns=$(echo "$default_header" | tr ' ' ,)
# As the columns show it: HOLDER has VIA with it.
shown() {
	awk -F '\t' 'NR > 1 { $13 = $13 ($14 == "-" ? "" : ":" $14); print }' "$tmp/listing"
}
# The widths come from the first rows, which are kept; the others are made as they come.
for chance in 0 50 90 99; do
	listing 12000 "$chance" >"$tmp/listing"
	is "$(wc -l <"$tmp/listing")" 12001 "$chance of a hundred: rows were made"
	is "$("$reader" -H -o "$columns" --from "$tmp/listing" | sed 's/^ *//; s/  */ /g' | cksum)" \
		"$(shown | cksum)" "$chance of a hundred fields stay: as they are"
	is "$("$reader" --ndjson -o "$columns" --from "$tmp/listing" |
		sed 's/.*"pid"://; s/}$//; s/,"[a-z]*":/ /g; s/"//g; s/null/-/g' | cksum)" \
		"$(sed 1d "$tmp/listing" | tr '\t' ' ' | cksum)" "and as JSON"
done

# Widths are those of the heading and of the first 4096 rows; what is longer moves the rest.
laid_out() {
	awk -F '\t' '
	NR == 1 { $2 = "FD"; $10 = "INODE"; $5 = "LADDR"; $15 = "COMMAND" }
	{ fd[NR] = $2; inode[NR] = $10; laddr[NR] = $5; comm[NR] = $15 }
	NR <= 4097 {
		if (length($2) > most[2]) most[2] = length($2)
		if (length($10) > most[10]) most[10] = length($10)
		if (length($5) > most[5]) most[5] = length($5)
	}
	END {
		for (row = 1; row <= NR; row++)
			printf("%" most[2] "s %" most[10] "s %-" most[5] "s %s\n",
				fd[row], inode[row], laddr[row], comm[row])
	}' "$1"
}
for chance in 0 50 95; do
	listing 6000 "$chance" | awk -F '\t' -v OFS='\t' '
		NR > 1 && NR <= 4097 {
			$2 = substr($2, 1, 3)
			$5 = substr($5, 1, 7)
			$10 = substr($10, 1, 6)
		}
		{ print }' >"$tmp/growing"
	is "$("$reader" -o fd,inode,laddr,command --from "$tmp/growing" | cksum)" \
		"$(laid_out "$tmp/growing" | cksum)" "$chance of a hundred fields stay: each cell is in its place"
done

# Sorted rows have no row before them, and those that are alike stay in their order.
for select in "" "-l" "--pid 1,2,3,4,5,6,7,8" "-4 -o +inode"; do
	# shellcheck disable=SC2086
	is "$("$reader" $select --from "$tmp/listing" | cksum)" \
		"$("$reader" $select --from "$tmp/listing" --sort netns | cksum)" \
		"as if they were sorted: ${select:-all}"
done

# Rows that wait for another one to explain them are shown between two that do not.
awk -F '\t' -v OFS='\t' '
	NR % 4000 == 2000 { $1 = $2 = "-"; $13 = "accept"; $14 = NR }
	{ print }' "$tmp/listing" >"$tmp/waiting"
is "$("$reader" --from "$tmp/waiting" | cksum)" \
	"$("$reader" --from "$tmp/waiting" --sort netns | cksum)" "as if they were sorted: some wait"

# What is to be repeated is gone when something long has come before it in the same row.
long=$(awk 'BEGIN { while (n++ < 100000) printf "x" }')
listing_of_names() {
	printf '%s\n' "$default_header" | tr ' ' '\t'
	for name; do
		echo "1	3	tcp	LISTEN	127.0.0.1	80	-	-	-	7	8	0	fd	-	$name"
	done
}
listing_of_names nginx "$long" nginx >"$tmp/listing"
is "$("$reader" -J -o command,laddr,inode --from "$tmp/listing" | cksum)" "$({
	echo '{"sockets":['
	printf '{"command":"%s","laddr":"127.0.0.1","inode":7}%s\n' nginx , "$long" , nginx ''
	echo ']}'
} | cksum)" "behind a name of 100,000 bytes"

# Words of one byte, in the place where the next one's are made.
{
	printf '%s\n' "$default_header" | tr ' ' '\t'
	for pid in $(seq 4097); do
		echo "$pid	3	tcp	LISTEN	127.0.0.1	80	-	-	-	7	8	0	fd	7	nginx"
	done
	for pid in - 5 -; do
		echo "$pid	3	tcp	LISTEN	127.0.0.1	80	-	-	-	7	8	0	x	7	nginx"
	done
} >"$tmp/listing"
is "$("$reader" -o pid,holder,explained --from "$tmp/listing" | tail -n 3 | tr -s ' ')" \
	" - x x
 5 x:7 -
 - x x" "a holder of one letter"

# The column NETNS comes when the second one does.
{
	listing 6000 95
	listing 6000 95 3 | sed 1d
} >"$tmp/listing"
is "$("$reader" -H --from "$tmp/listing" | sed 1,6000d | grep -cv NETNS) \
$("$reader" --from "$tmp/listing" | grep -c NETNS)" "6000 1" "of another namespace, later"
is "$("$reader" --from "$tmp/listing" | sed 1,6100d | cksum)" \
	"$("$reader" -o +netns --from "$tmp/listing" | sed 1,6099d | cksum)" "and as they were from there on"

# What repeats and then does not end as it did.
row="1	3	tcp	LISTEN	127.0.0.1	80	-	-	-	7	8	0	fd	-	nginx"
for second in "$row	more" "${row%	nginx}" "${row/LISTEN/LISTEN }" "${row/80	/80}" "$row$(printf '\001')" \
	"${row/	fd/}" "	$row" "$row	"; do
	printf '%s\n' "$(echo "$default_header" | tr ' ' '\t')" "$row" "$second" >"$tmp/listing"
	run --from "$tmp/listing"
	like "$status $(wc -l <"$tmp/out") $err" \
		"2 2 sockowners: $tmp/listing: line 3: *; the output is incomplete, *" \
		"not taken for the row before: ${second//	/ }"
done

plan
