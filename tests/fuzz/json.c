// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// As strict as RFC 8259. Each returns what is behind the thing, or NULL.

#include <stddef.h>
#include <string.h>

#include "json.h"

#define DIGITS "0123456789"

static const char *value(const char *p);

static const char *blank(const char *p)
{
	return p + strspn(p, "\n ");
}

static const char *string(const char *p)
{
	if (*p++ != '"')
		return NULL;
	while (*p != '"') {
		if (*p < ' ' || *p > '~')
			return NULL;
		if (*p++ != '\\')
			continue;
		if (*p == 'u') {
			if (strspn(p + 1, DIGITS "abcdef") < 4)
				return NULL;
			p += 5;
		} else if (*p && strchr("\"\\/bfnrt", *p)) {
			p++;
		} else {
			return NULL;
		}
	}
	return p + 1;
}

/* The reader has no other numbers. */
static const char *whole_number(const char *p)
{
	size_t digits = strspn(p, DIGITS);

	return digits && (*p != '0' || digits == 1) ? p + digits : NULL;
}

static const char *member(const char *p)
{
	p = string(blank(p));
	if (!p || *p != ':')
		return NULL;
	return value(p + 1);
}

static const char *list(const char *p, char last,
			const char *(*item)(const char *p))
{
	if (*blank(p) == last)
		return blank(p) + 1;
	for (;;) {
		p = item(p);
		if (!p)
			return NULL;
		p = blank(p);
		if (*p == last)
			return p + 1;
		if (*p++ != ',')
			return NULL;
	}
}

static const char *value(const char *p)
{
	p = blank(p);
	switch (*p) {
	case '{':
		return list(p + 1, '}', member);
	case '[':
		return list(p + 1, ']', value);
	case '"':
		return string(p);
	case 'n':
		return strncmp(p, "null", 4) ? NULL : p + 4;
	case 't':
		return strncmp(p, "true", 4) ? NULL : p + 4;
	case 'f':
		return strncmp(p, "false", 5) ? NULL : p + 5;
	default:
		return whole_number(p);
	}
}

/**
 * json_is_good() - whether a text is objects, each of which ends its line
 * @text: the text
 */
bool json_is_good(const char *text)
{
	while (*text) {
		if (*text != '{')
			return false;
		text = value(text);
		if (!text || *text++ != '\n')
			return false;
	}
	return true;
}
