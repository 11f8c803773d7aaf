// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// The numbers that a time series is made of. What they are told apart by is bounded:
// no address, no port but those that are listened on, and of these, of commands and
// of units only so many by name, however many there are.

#include <stdio.h>
#include <stdlib.h>

#include "cgroups.h"
#include "metrics.h"

#define OTHER	"other"
#define MILLION UINT64_C(1000000)
#define KEY_MAX (LISTING_LINE_MAX + LISTING_READ_SIZE + CGROUP_MAX + 64)

/* A key that is being written: fields of a line, a unit, and perhaps OTHER. */
static char *key;

static char *put(char *to, const char *label)
{
	return stpcpy(to, label) + 1;
}

static size_t key_length(const char *end)
{
	return (size_t)(end - key);
}

/**
 * metrics_start() - get ready to take rows
 * @metrics: is filled in
 *
 * Return: 0, or -1 if there is no memory.
 */
int metrics_start(struct metrics *metrics)
{
	*metrics = (struct metrics){ 0 };
	key = malloc(KEY_MAX);
	return key ? 0 : -1;
}

/**
 * metrics_wish() - which fields it takes
 * @wish: is added to
 */
void metrics_wish(struct wish *wish)
{
	wish->needed |= FIELD_BIT(FIELD_PID) | FIELD_BIT(FIELD_PROTO) |
			FIELD_BIT(FIELD_STATE) | FIELD_BIT(FIELD_LPORT) |
			FIELD_BIT(FIELD_HOLDER) | FIELD_BIT(FIELD_COMM);
	/* Of a live listing no metrics are better than none of units and of queues. */
	wish->shown |= FIELD_BIT(FIELD_CGROUP) | FIELD_BIT(FIELD_SOCKCGROUP) |
		       FIELD_BIT(FIELD_RECVQ) | FIELD_BIT(FIELD_SENDQ) |
		       FIELD_BIT(FIELD_DROPS);
	wish->useful |= FIELD_BIT(FIELD_INODE) | FIELD_BIT(FIELD_COOKIE);
}

static const char *unit_of(const struct row *row)
{
	static char unit[CGROUP_MAX + 1];

	*unit_write(unit, row) = '\0';
	return unit;
}

/* NO_NUMBER for one that no other row can be about. */
static uint64_t number_of(const struct row *row)
{
	uint64_t cookie = row->number[FIELD_COOKIE];

	return cookie == NO_NUMBER ? row->number[FIELD_INODE] : cookie;
}

/* Return: 0, or -1 without memory. */
static int add_total(struct metrics *metrics, const struct row *row)
{
	struct group *group;
	char *end = key;

	end = put(end, row->text[FIELD_PROTO].start);
	end = put(end, row->text[FIELD_STATE].start);
	group = groups_find(&metrics->totals, key, key_length(end));
	if (!group)
		return -1;
	group->value[TOTALS_DISTINCT]++;
	return 0;
}

static int add_socket(struct metrics *metrics, const struct row *row,
		      const char *unit)
{
	uint64_t number = number_of(row);
	int distinct = DISTINCT_NEW;
	struct group *group;
	char *end = key;

	end = put(end, unit);
	end = put(end, row->text[FIELD_COMM].start);
	end = put(end, row->text[FIELD_PROTO].start);
	end = put(end, row->text[FIELD_STATE].start);
	end = put(end, row->text[FIELD_HOLDER].start);
	group = groups_find(&metrics->sockets, key, key_length(end));
	if (!group)
		return -1;
	group->value[SOCKETS_HOLDERS]++;
	/* What no process holds has one row. */
	if (number != NO_NUMBER && row->number[FIELD_PID] != NO_NUMBER) {
		size_t at = (size_t)(group - metrics->sockets.list);

		distinct = distinct_add(&metrics->seen, number, at);
		if (distinct < 0)
			return -1;
	}
	if (distinct != DISTINCT_SEEN)
		group->value[SOCKETS_DISTINCT]++;
	return distinct == DISTINCT_NEW ? add_total(metrics, row) : 0;
}

/* What is behind the number of a process or a socket in its group's key. */
#define NUMBER_SIZE sizeof(uint64_t)

static struct group *find_by_number(struct groups *groups, uint64_t number)
{
	return groups_find(groups, (const char *)&number, NUMBER_SIZE);
}

/* Of a group that is not found by them. Return: 0, or -1 without memory. */
static int set_labels(struct groups *groups, struct group *group,
		      const char *end)
{
	size_t length = key_length(end);
	const struct text *old = group->data;
	struct text *labels;
	char *copy;

	if (old && old->length == length && !memcmp(old->start, key, length))
		return 0;
	copy = store_take(&groups->store, length);
	labels = malloc(sizeof(*labels));
	if (!copy || !labels) {
		free(labels);
		return -1;
	}
	labels->start = memcpy(copy, key, length);
	labels->length = length;
	free((void *)group->data);
	group->data = labels;
	return 0;
}

/* The limit of a process is on descriptors, so a copy counts too. */
static int add_descriptor(struct metrics *metrics, const struct row *row,
			  const char *unit)
{
	const struct text *holder = &row->text[FIELD_HOLDER];
	struct group *group;
	char *end = key;

	if (!text_is(holder, "fd") && !text_is(holder, "thread"))
		return 0;
	group = find_by_number(&metrics->processes, row->number[FIELD_PID]);
	if (!group)
		return -1;
	group->value[PROCESSES_DESCRIPTORS]++;
	end = put(end, unit);
	end = put(end, row->text[FIELD_COMM].start);
	return set_labels(&metrics->processes, group, end);
}

static uint64_t value_of(const struct row *row, enum field field)
{
	uint64_t number = row->number[field];

	return number == NO_NUMBER ? 0 : number;
}

/*
 * Once for each listener. If a manager holds it for its service, the service is
 * listed behind it, as it has been started later, and is who must accept.
 */
static int add_listener(struct metrics *metrics, const struct row *row,
			const char *unit)
{
	uint64_t number = number_of(row);
	struct group *group;
	char *end = key;

	if (!text_is(&row->text[FIELD_STATE], "LISTEN") ||
	    row->number[FIELD_RECVQ] == NO_NUMBER)
		return 0;
	metrics->has_queues = true;
	if (number == NO_NUMBER)
		number = NO_NUMBER - 1 - metrics->listeners.count;
	group = find_by_number(&metrics->listeners, number);
	if (!group)
		return -1;
	group->value[LISTENERS_LENGTH] = value_of(row, FIELD_RECVQ);
	group->value[LISTENERS_LIMIT] = value_of(row, FIELD_SENDQ);
	group->value[LISTENERS_DROPS] = value_of(row, FIELD_DROPS);
	end = put(end, unit);
	end = put(end, row->text[FIELD_PROTO].start);
	end = put(end, row->text[FIELD_LPORT].start);
	return set_labels(&metrics->listeners, group, end);
}

/**
 * metrics_row() - take a row
 * @context: the metrics, started before
 * @row: the row
 *
 * Return: 0, or -1 if there is no memory.
 */
int metrics_row(void *context, const struct row *row)
{
	struct metrics *metrics = context;
	const char *unit = unit_of(row);

	if (add_socket(metrics, row, unit))
		return -1;
	if (row->number[FIELD_PID] != NO_NUMBER &&
	    add_descriptor(metrics, row, unit))
		return -1;
	return add_listener(metrics, row, unit);
}

static int compare_keys(const void *a, const void *b)
{
	const struct group *left = a, *right = b;
	size_t length = left->length < right->length ? left->length :
						       right->length;

	return memcmp(left->key, right->key, length);
}

static int compare_values(const void *a, const void *b)
{
	const struct group *left = a, *right = b;

	if (left->value[0] != right->value[0])
		return left->value[0] < right->value[0] ? 1 : -1;
	return compare_keys(a, b);
}

static int compare_ports(const void *a, const void *b)
{
	const struct group *left = a, *right = b;

	return atoi(left->key) - atoi(right->key);
}

/* What a label may be, and how many of these keep their names. */
struct names {
	struct groups groups;
	size_t most;
	int (*compare)(const void *a, const void *b);
};

static const char *labels_of(const struct group *group)
{
	const struct text *labels = group->data;

	return labels ? labels->start : group->key;
}

static const char *label_at(const struct group *group, int at)
{
	const char *label = labels_of(group);

	while (at--)
		label += strlen(label) + 1;
	return label;
}

/* All that a label is, the more of them the better. Return: 0, or -1. */
static int find_names(struct names *names, const struct groups *groups,
		      int label)
{
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->list[i];
		const char *text = label_at(group, label);
		struct group *named =
			groups_find(&names->groups, text, strlen(text) + 1);

		if (!named)
			return -1;
		named->value[0] += group->value[0];
	}
	groups_sort(&names->groups, names->compare);
	return 0;
}

/* Nobody is not one of many. */
static const char *name_of(struct names *names, const char *label)
{
	const struct group *group;

	if (!names || !strcmp(label, "-"))
		return label;
	group = groups_find(&names->groups, label, strlen(label) + 1);
	if (!group)
		return NULL;
	return (size_t)(group - names->groups.list) < names->most ? label :
								    OTHER;
}

static void add_counts(struct group *to, const struct group *from)
{
	to->value[SOCKETS_HOLDERS] += from->value[SOCKETS_HOLDERS];
	to->value[SOCKETS_DISTINCT] += from->value[SOCKETS_DISTINCT];
}

static void take_largest(struct group *to, const struct group *from)
{
	if (from->value[0] > to->value[0])
		to->value[0] = from->value[0];
}

/* One more than the limit may wait, as sk_acceptq_is_full() has it. */
static void add_queues(struct group *to, const struct group *from)
{
	uint64_t length = from->value[LISTENERS_LENGTH];
	uint64_t limit = from->value[LISTENERS_LIMIT];
	uint64_t full = length * MILLION / (limit + 1);

	to->value[LISTENERS_LENGTH] += length;
	to->value[LISTENERS_LIMIT] += limit;
	to->value[LISTENERS_DROPS] += from->value[LISTENERS_DROPS];
	if (full > to->value[LISTENERS_FULLEST])
		to->value[LISTENERS_FULLEST] = full;
}

/* By their labels, as these are shown. Return: 0, or -1 without memory. */
static int regroup(struct groups *groups, struct names *const *names,
		   int labels,
		   void (*add)(struct group *to, const struct group *from))
{
	struct groups made = { 0 };

	for (size_t i = 0; i < groups->count; i++) {
		const char *label = labels_of(&groups->list[i]);
		struct group *group;
		char *end = key;

		for (int j = 0; j < labels; j++) {
			const char *shown = name_of(names[j], label);

			if (!shown)
				return -1;
			end = put(end, shown);
			label += strlen(label) + 1;
		}
		group = groups_find(&made, key, key_length(end));
		if (!group)
			return -1;
		add(group, &groups->list[i]);
	}
	groups_clear(groups);
	*groups = made;
	groups_sort(groups, compare_keys);
	return 0;
}

/**
 * metrics_end() - add up what was taken
 * @metrics: no row follows
 *
 * Return: 0, or -1 if there is no memory.
 */
int metrics_end(struct metrics *metrics)
{
	struct names units = { .most = METRICS_UNITS,
			       .compare = compare_values };
	struct names commands = { .most = METRICS_COMMANDS,
				  .compare = compare_values };
	struct names ports = { .most = METRICS_PORTS,
			       .compare = compare_ports };
	struct names *const sockets[] = { &units, &commands, NULL, NULL, NULL };
	struct names *const processes[] = { &units, &commands };
	struct names *const listeners[] = { &units, NULL, &ports };
	int result = -1;

	if (!find_names(&units, &metrics->sockets, 0) &&
	    !find_names(&commands, &metrics->sockets, 1) &&
	    !find_names(&ports, &metrics->listeners, 2) &&
	    !regroup(&metrics->sockets, sockets, SOCKETS_LABELS, add_counts) &&
	    !regroup(&metrics->processes, processes, PROCESSES_LABELS,
		     take_largest) &&
	    !regroup(&metrics->listeners, listeners, LISTENERS_LABELS,
		     add_queues))
		result = 0;
	groups_sort(&metrics->totals, compare_keys);
	distinct_clear(&metrics->seen);
	groups_clear(&units.groups);
	groups_clear(&commands.groups);
	groups_clear(&ports.groups);
	return result;
}
