// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// Which cgroups a command line means. An id is a number of one host: the cgroup that
// has it on another one is another cgroup.

#include <stdlib.h>
#include <string.h>

#include "cgroups.h"
#include "chosen.h"
#include "report.h"

static struct numbers *ids_of(struct chosen **list, const char *host)
{
	struct chosen *chosen = *list;

	while (chosen && strcmp(chosen->host, host))
		chosen = chosen->next;
	if (!chosen) {
		chosen = calloc(1, sizeof(*chosen));
		if (!chosen)
			no_memory();
		chosen->host = host;
		chosen->next = *list;
		*list = chosen;
	}
	return &chosen->ids;
}

static bool is_named(const struct cgroup *cgroup, const char *unit)
{
	static char text[CGROUP_MAX + 1];

	if (!strcmp(strrchr(cgroup->path, '/') + 1, unit))
		return true;
	*unit_of_path(text, cgroup->path) = '\0';
	/* Those that are of none have no name in common. */
	return strcmp(unit, "-") && !strcmp(text, unit);
}

/* A cgroup, and those below it; everything is below "/". */
static void add_tree(struct numbers *ids, const struct cgroups *cgroups,
		     const struct cgroup *top)
{
	size_t length = top->path[1] ? strlen(top->path) : 0;

	for (size_t i = 0; i < cgroups->count; i++) {
		const struct cgroup *cgroup = &cgroups->list[i];

		if (!strncmp(cgroup->path, top->path, length) &&
		    (!cgroup->path[length] || cgroup->path[length] == '/'))
			numbers_add(ids, cgroup->id);
	}
}

/* As it is, or as the column CGROUP shows it. */
static bool has_path(const struct cgroup *cgroup, const char *path)
{
	static char text[CGROUP_MAX + 1];

	if (!strcmp(cgroup->path, path))
		return true;
	*path_write(text, cgroup->path) = '\0';
	return !strcmp(text, path);
}

/* Return: whether a host has it. */
static bool add_all(struct chosen **list, const char *wanted,
		    bool (*is_it)(const struct cgroup *cgroup,
				  const char *wanted))
{
	bool any = false;

	for (const struct cgroups *of = cgroups_first(); of;
	     of = cgroups_next(of)) {
		for (size_t i = 0; i < of->count; i++) {
			if (!is_it(&of->list[i], wanted))
				continue;
			add_tree(ids_of(list, of->host), of, &of->list[i]);
			any = true;
		}
	}
	return any;
}

/* A slash before each component, none behind the last. */
static void normalize(char *to, const char *path)
{
	*to = '\0';
	while (*(path += strspn(path, "/"))) {
		size_t length = strcspn(path, "/");

		*to++ = '/';
		memcpy(to, path, length);
		to += length;
		*to = '\0';
		path += length;
	}
}

/* Below the root of the hierarchy, wherever that is mounted, or below "/". */
static bool add_path(struct chosen **list, const char *item)
{
	static const char *const roots[] = { "/sys/fs/cgroup/unified",
					     "/sys/fs/cgroup", "" };
	char *path = malloc(strlen(item) + 2);
	bool found = false;

	if (!path)
		no_memory();
	normalize(path, item);
	for (size_t i = 0; i < sizeof(roots) / sizeof(*roots); i++) {
		size_t length = strlen(roots[i]);
		const char *below = path + length;

		if (found || strncmp(path, roots[i], length) ||
		    (*below && *below != '/'))
			continue;
		found = add_all(list, *below ? below : "/", has_path);
	}
	free(path);
	return found;
}

/* Return: whether there is one. */
static bool find(struct chosen **list, const char *item)
{
	uint64_t number;

	if (number_parse(&number, item, UINT64_MAX - 1)) {
		if (!number)
			usage_error("'%s' is no cgroup", item);
		numbers_add(ids_of(list, "-"), number);
		return true;
	}
	if (strchr(item, '/'))
		return add_path(list, item);
	return add_all(list, item, is_named);
}

/**
 * chosen_add() - ask for a cgroup of the unified hierarchy and those below it
 * @list: is added to
 * @item: a path, as in /proc/PID/cgroup or in the file system, or the name of a
 *	unit or a container, wherever it is, of any host whose listing is read; or the
 *	id of a single one. The program ends with an error if there is none
 */
void chosen_add(struct chosen **list, const char *item)
{
	if (!*item)
		usage_error("a cgroup in the list is empty");
	if (find(list, item))
		return;
	if (!cgroups_are_read())
		exit(STATUS_ERROR);
	if (cgroups_are_saved())
		report("no cgroup '%s' was saved with the listing; what was: -o cgroup",
		       item);
	else
		report("no cgroup '%s'; try 'systemd-cgls'", item);
	exit(STATUS_ERROR);
}

/**
 * chosen_empty() - ask for none, that is for what nobody is in
 * @list: of chosen_add()
 */
void chosen_empty(struct chosen *list)
{
	for (; list; list = list->next)
		list->ids.count = 0;
}

/**
 * chosen_add_again() - ask for what was asked for before
 * @list: emptied; is added to
 * @item: as then. There may be none any more, or not yet
 */
void chosen_add_again(struct chosen **list, const char *item)
{
	find(list, item);
}

/**
 * chosen_have() - whether the process of a row is in one of them
 * @list: all of them
 * @row: the row
 */
bool chosen_have(const struct chosen *list, const struct row *row)
{
	uint64_t id = row->number[FIELD_CGROUP];
	const char *host = row->text[FIELD_HOST].start;

	for (; list && id != NO_NUMBER; list = list->next) {
		if ((!strcmp(list->host, "-") || !strcmp(list->host, host)) &&
		    numbers_has(&list->ids, id))
			return true;
	}
	return false;
}
