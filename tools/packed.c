// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// A row that is kept beyond the next one: of its fields just those that somebody
// wishes, one behind the other, with a NUL behind each; of one that the listing lacks
// the NUL alone, as no other is empty.

#include "packed.h"

static size_t kept_length(const struct text *text)
{
	return text_is_unknown(text) ? 0 : text->length;
}

/**
 * packed_size() - how many bytes a row takes
 * @row: the row
 * @fields: bits of those to keep
 */
size_t packed_size(const struct row *row, uint32_t fields)
{
	size_t size = 0;

	for (int i = 0; i < FIELDS; i++) {
		if (fields & FIELD_BIT(i))
			size += kept_length(&row->text[i]) + 1;
	}
	return size;
}

/**
 * row_pack() - keep a row
 * @to: packed_size() bytes
 * @row: the row
 * @fields: bits of those to keep
 */
void row_pack(char *to, const struct row *row, uint32_t fields)
{
	for (int i = 0; i < FIELDS; i++) {
		size_t length = kept_length(&row->text[i]);

		if (!(fields & FIELD_BIT(i)))
			continue;
		memcpy(to, row->text[i].start, length);
		to += length;
		*to++ = '\0';
	}
}

/**
 * packed_text() - have a single field again
 * @from: what row_pack() has made of a row
 * @field: which one
 * @fields: the same as then
 *
 * Return: its text, valid for as long as @from is; "-" if it was not kept.
 */
const char *packed_text(const char *from, enum field field, uint32_t fields)
{
	if (!(fields & FIELD_BIT(field)))
		return unknown;
	for (int i = 0; i < (int)field; i++) {
		if (fields & FIELD_BIT(i))
			from += strlen(from) + 1;
	}
	return *from ? from : unknown;
}

/**
 * row_unpack() - have a row again
 * @row: initialised before; valid for as long as @from is
 * @from: what row_pack() has made of it
 * @fields: the same as then
 */
void row_unpack(struct row *row, const char *from, uint32_t fields)
{
	for (int i = 0; i < FIELDS; i++) {
		struct text text = { .start = from };

		if (!(fields & FIELD_BIT(i)))
			continue;
		text.length = strlen(from);
		from += text.length + 1;
		if (!text.length)
			text = (struct text){ unknown, 1 };
		/* It was good when it was read. */
		row_set(row, (enum field)i, &text);
	}
}
