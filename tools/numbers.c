// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <stdlib.h>
#include <string.h>

#include "numbers.h"
#include "report.h"

/**
 * number_parse() - understand a number
 * @number: is filled in
 * @text: decimal digits and nothing else
 * @max: the largest that it may be
 *
 * Return: whether it is one.
 */
bool number_parse(uint64_t *number, const char *text, uint64_t max)
{
	uint64_t value = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		uint64_t digit = (uint64_t)(*text - '0');

		if (*text < '0' || *text > '9' || digit > max ||
		    value > (max - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*number = value;
	return true;
}

/* Where a number is, or would be. */
static size_t find(const struct numbers *numbers, uint64_t number)
{
	size_t low = 0, high = numbers->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (numbers->list[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/**
 * numbers_add() - put a number into a set
 * @numbers: the set, zeroed if it is empty
 * @number: the number
 *
 * The program ends with an error if there is no memory.
 */
void numbers_add(struct numbers *numbers, uint64_t number)
{
	size_t at = find(numbers, number);
	uint64_t *list;

	if (at < numbers->count && numbers->list[at] == number)
		return;
	list = reallocarray(numbers->list, numbers->count + 1, sizeof(*list));
	if (!list)
		no_memory();
	memmove(list + at + 1, list + at,
		(numbers->count - at) * sizeof(*list));
	list[at] = number;
	numbers->list = list;
	numbers->count++;
}

/**
 * numbers_has() - whether a number is in a set
 * @numbers: the set
 * @number: the number
 */
bool numbers_has(const struct numbers *numbers, uint64_t number)
{
	size_t at = find(numbers, number);

	return at < numbers->count && numbers->list[at] == number;
}
