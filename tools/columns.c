// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include "columns.h"

static char *write_text(char *to, const struct text *text)
{
	memcpy(to, text->start, text->length);
	return to + text->length;
}

static bool is_v6only(const struct row *row)
{
	const char *flag = row->text[FIELD_FLAGS].start;

	while (flag) {
		size_t length = strcspn(flag, ",");

		if (length == strlen("v6only") &&
		    !strncmp(flag, "v6only", length))
			return true;
		flag = flag[length] ? flag + length + 1 : NULL;
	}
	return false;
}

/*
 * As inet_addr_print() of iproute2's ss does: "*" is the any-address of a
 * socket that takes both families, the device stands behind the brackets.
 */
static char *write_address(char *to, const struct row *row, enum field address,
			   enum field device, enum field port)
{
	const struct text *text = &row->text[address];

	if (text_is_none(text) || (text_is(text, "::") && !is_v6only(row))) {
		*to++ = '*';
	} else if (strchr(text->start, ':')) {
		*to++ = '[';
		to = write_text(to, text);
		*to++ = ']';
	} else {
		to = write_text(to, text);
	}
	if (device != FIELDS && !text_is_none(&row->text[device])) {
		*to++ = '%';
		to = write_text(to, &row->text[device]);
	}
	*to++ = ':';
	if (!text_is_none(&row->text[port]))
		return write_text(to, &row->text[port]);
	*to++ = '*';
	return to;
}

static char *write_user(char *to, const struct row *row)
{
	const char *name = NULL;

	if (row->number[FIELD_UID] != NO_NUMBER)
		name = user_name((uint32_t)row->number[FIELD_UID]);
	if (!name)
		return write_text(to, &row->text[FIELD_UID]);
	return stpcpy(to, name);
}

static char *write_command(char *to, const struct row *row)
{
	return write_text(to, &row->text[FIELD_COMM]);
}

static char *write_pid(char *to, const struct row *row)
{
	return write_text(to, &row->text[FIELD_PID]);
}

static char *write_fd(char *to, const struct row *row)
{
	return write_text(to, &row->text[FIELD_FD]);
}

static char *write_proto(char *to, const struct row *row)
{
	return write_text(to, &row->text[FIELD_PROTO]);
}

static char *write_state(char *to, const struct row *row)
{
	return write_text(to, &row->text[FIELD_STATE]);
}

static char *write_local(char *to, const struct row *row)
{
	return write_address(to, row, FIELD_LADDR, FIELD_DEV, FIELD_LPORT);
}

static char *write_remote(char *to, const struct row *row)
{
	return write_address(to, row, FIELD_RADDR, FIELDS, FIELD_RPORT);
}

static char *write_holder(char *to, const struct row *row)
{
	to = write_text(to, &row->text[FIELD_HOLDER]);
	if (text_is_none(&row->text[FIELD_VIA]))
		return to;
	*to++ = ':';
	return write_text(to, &row->text[FIELD_VIA]);
}

static char *write_netns(char *to, const struct row *row)
{
	return write_text(to, &row->text[FIELD_NETNS]);
}

const struct column_type column_types[COLUMNS] = {
	[COLUMN_USER] = { .name = "USER", .write = write_user },
	[COLUMN_COMMAND] = { .name = "COMMAND", .write = write_command },
	[COLUMN_PID] = { .name = "PID", .write = write_pid, .right = true },
	[COLUMN_FD] = { .name = "FD", .write = write_fd, .right = true },
	[COLUMN_PROTO] = { .name = "PROTO", .write = write_proto },
	[COLUMN_STATE] = { .name = "STATE", .write = write_state },
	[COLUMN_LOCAL] = { .name = "LOCAL", .write = write_local },
	[COLUMN_REMOTE] = { .name = "REMOTE", .write = write_remote },
	[COLUMN_HOLDER] = { .name = "HOLDER", .write = write_holder },
	[COLUMN_NETNS] = { .name = "NETNS", .write = write_netns },
};

/**
 * columns_write() - write every cell of a row
 * @to: CELLS_MAX bytes
 * @row: the row
 *
 * Return: the end of the cells, which follow each other with a NUL behind
 * each.
 */
char *columns_write(char *to, const struct row *row)
{
	for (int i = 0; i < COLUMNS; i++) {
		to = column_types[i].write(to, row);
		*to++ = '\0';
	}
	return to;
}
