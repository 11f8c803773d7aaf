// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// The listing has a cgroup's id, which is the inode number of its directory. Paths
// are found by walking the file system once a listing, when the first is wanted; those of a
// saved listing, which may be of another host, are read from a file beside it, where
// find(1) has put them: the example in sockowners(8).

#include <ctype.h>
#include <errno.h>
#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroups.h"
#include "numbers.h"
#include "report.h"

static struct cgroups *hosts;

/* Where the unified hierarchy is. */
static const char *root(void)
{
	static const char hybrid[] = "/sys/fs/cgroup/unified";

	return access(hybrid, F_OK) ? "/sys/fs/cgroup" : hybrid;
}

static void add(struct cgroups *cgroups, uint64_t id, const char *path)
{
	struct cgroup *list =
		reallocarray(cgroups->list, cgroups->count + 1, sizeof(*list));
	struct cgroup *last;

	/* One that there is no memory for keeps its number. */
	if (!list)
		return;
	cgroups->list = list;
	last = &list[cgroups->count];
	last->id = id;
	last->path = strdup(path);
	if (last->path)
		cgroups->count++;
}

/*
 * Cgroups come and go meanwhile, and one that is gone, or that cannot be read, must not
 * end the walk, as it does with nftw(). Each is found before it is opened.
 */
static void walk(struct cgroups *cgroups, const char *top)
{
	char *const paths[] = { (char *)top, NULL };
	FTS *fts = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	const FTSENT *entry;

	if (!fts)
		return;
	while ((entry = fts_read(fts))) {
		const char *below = entry->fts_path + strlen(top);

		if (entry->fts_info == FTS_D)
			add(cgroups, entry->fts_statp->st_ino,
			    *below ? below : "/");
	}
	fts_close(fts);
}

/* Of a path, "ID PATH" in a line, without the slash in front. */
static void read_file(struct cgroups *cgroups)
{
	FILE *file = fopen(cgroups->file, "re");
	char line[PATH_MAX + 32];

	while (file && fgets(line, sizeof(line), file)) {
		char *path = strchr(line, ' ');
		uint64_t id;

		line[strcspn(line, "\n")] = '\0';
		if (!path)
			continue;
		*path = '\0';
		if (!number_parse(&id, line, UINT64_MAX - 1))
			continue;
		*path = '/';
		add(cgroups, id, path);
	}
	if (file ? ferror(file) : errno != ENOENT) {
		report("cannot read '%s': %s; make it readable, or move it away",
		       cgroups->file, strerror(errno));
		cgroups->unread = true;
	}
	if (file)
		fclose(file);
}

static int compare(const void *a, const void *b)
{
	const struct cgroup *left = a, *right = b;

	return (left->id > right->id) - (left->id < right->id);
}

static void load(struct cgroups *cgroups)
{
	cgroups->loaded = true;
	if (cgroups->file)
		read_file(cgroups);
	else
		walk(cgroups, root());
	if (cgroups->count)
		qsort(cgroups->list, cgroups->count, sizeof(*cgroups->list),
		      compare);
}

static struct cgroups *add_host(const char *host, const char *file)
{
	struct cgroups *cgroups = calloc(1, sizeof(*cgroups));

	if (!cgroups)
		no_memory();
	cgroups->host = host;
	cgroups->file = file ? strdup(file) : NULL;
	cgroups->next = hosts;
	hosts = cgroups;
	return cgroups;
}

/**
 * cgroups_start() - know of no saved listing
 */
void cgroups_start(void)
{
	hosts = NULL;
}

/**
 * cgroups_saved() - say where the cgroups of a saved listing are
 * @host: that it was saved on, NULL if nobody has said so
 * @listing: its path
 *
 * They are in a file beside it. If that is not there, none has a name: those that
 * this host has now may be others with the same ids.
 */
void cgroups_saved(const char *host, const char *listing)
{
	char file[PATH_MAX];
	int length = snprintf(file, sizeof(file), "%s.cgroups", listing);

	if (length >= PATH_MAX || access(file, F_OK))
		*file = '\0';
	add_host(host ? host : "-", file);
}

/**
 * cgroups_forget() - look again when the next one is wanted
 *
 * They come and go; a unit that is started again has a new one.
 */
void cgroups_forget(void)
{
	for (struct cgroups *of = hosts; of; of = of->next) {
		for (size_t i = 0; i < of->count; i++)
			free(of->list[i].path);
		free(of->list);
		of->list = NULL;
		of->count = 0;
		of->loaded = false;
		of->unread = false;
	}
}

static struct cgroups *load_once(struct cgroups *cgroups)
{
	if (!cgroups->loaded)
		load(cgroups);
	return cgroups;
}

static struct cgroups *get(const char *host)
{
	struct cgroups *cgroups = hosts;

	while (cgroups && strcmp(cgroups->host, host))
		cgroups = cgroups->next;
	return load_once(cgroups ? cgroups : add_host("-", NULL));
}

/**
 * cgroup_path() - the path of a cgroup
 * @row: the row
 * @field: the one that has the id
 *
 * Return: the path, any bytes; NULL if nobody knows it.
 */
const char *cgroup_path(const struct row *row, enum field field)
{
	struct cgroup key = { .id = row->number[field] };
	struct cgroups *cgroups;
	struct cgroup *cgroup;

	if (key.id == NO_NUMBER)
		return NULL;
	cgroups = get(row->text[FIELD_HOST].start);
	if (!cgroups->count)
		return NULL;
	cgroup = bsearch(&key, cgroups->list, cgroups->count, sizeof(key),
			 compare);
	return cgroup ? cgroup->path : NULL;
}

/* A cgroup may have any name, given by whoever may make one. */
static char *write_escaped(char *to, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];

		if (byte <= ' ' || byte > '~' || byte == '\\')
			to += sprintf(to, "\\%03o", byte);
		else
			*to++ = (char)byte;
	}
	return to;
}

/**
 * path_write() - write a path
 * @to: CGROUP_MAX bytes
 * @path: of a cgroup
 *
 * Return: the end of it, without a NUL.
 */
char *path_write(char *to, const char *path)
{
	return write_escaped(to, path, strnlen(path, PATH_MAX));
}

/**
 * cgroup_write() - write the path of a cgroup
 * @to: CGROUP_MAX bytes
 * @row: the row
 * @field: the one that has the id
 *
 * Return: the end of the path, or of the id if nobody knows it; without a NUL.
 */
char *cgroup_write(char *to, const struct row *row, enum field field)
{
	const char *path = cgroup_path(row, field);

	if (path)
		return path_write(to, path);
	memcpy(to, row->text[field].start, row->text[field].length);
	return to + row->text[field].length;
}

#define ID_LENGTH 64
#define ID_SHOWN  12
#define HEX	  "0123456789abcdef"

/* How the names of containers begin; what comes then is 64 digits. */
static const struct runtime {
	const char *prefix, *name;
} runtimes[] = {
	{ "docker-", "docker" },
	{ "libpod-", "libpod" },
	{ "cri-containerd-", "cri-containerd" },
	{ "crio-", "crio" },
	{ "", NULL },
};

/* Where digits alone are a container, as /docker/ID, of the directory before. */
static const char *runtime_of(const char *path, const char *component)
{
	if (!strncmp(path, "/docker/", 8))
		return "docker";
	if (!strncmp(path, "/kubepods", 9))
		return "kubepods";
	if (component - path >= 8 && !strncmp(component - 8, "/docker/", 8))
		return "docker";
	return NULL;
}

/* Return: the end of "RUNTIME:ID", NULL if the component is no container. */
static char *write_container(char *to, const char *path, const char *component,
			     size_t length)
{
	for (size_t i = 0; i < sizeof(runtimes) / sizeof(*runtimes); i++) {
		const struct runtime *r = &runtimes[i];
		size_t prefix = strlen(r->prefix);
		const char *id = component + prefix;
		const char *name = r->name;

		if (length < prefix + ID_LENGTH ||
		    strncmp(component, r->prefix, prefix) ||
		    strspn(id, HEX) != ID_LENGTH)
			continue;
		if (!name)
			name = runtime_of(path, component);
		if (!name)
			return NULL;
		return to + sprintf(to, "%s:%.*s", name, ID_SHOWN, id);
	}
	return NULL;
}

static bool ends_in(const char *component, size_t length, const char *suffix)
{
	size_t size = strlen(suffix);

	return length > size &&
	       !strncmp(component + length - size, suffix, size);
}

/* Return: how good a name of a unit a component is, 0 for none. */
static int rank(const char *component, size_t length)
{
	static const char *const suffixes[] = { ".service", ".scope", ".socket",
						".mount", ".swap" };

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		if (ends_in(component, length, suffixes[i]))
			return 2;
	}
	return ends_in(component, length, ".slice");
}

/**
 * unit_of_path() - what a cgroup is: a unit of systemd or a container
 * @to: CGROUP_MAX bytes
 * @path: of the cgroup
 *
 * The container, the outermost one, as what is inside is its own affair; else the
 * innermost unit; else the innermost slice.
 *
 * Return: the end of the name, or of "-"; without a NUL.
 */
char *unit_of_path(char *to, const char *path)
{
	const char *best = NULL, *component = path;
	size_t best_length = 0;
	int best_rank = 1;

	while (strlen(path) < PATH_MAX && *component == '/') {
		size_t length = strcspn(++component, "/");
		char *end = write_container(to, path, component, length);
		int this_rank = rank(component, length);

		if (end)
			return end;
		if (this_rank >= best_rank) {
			best = component;
			best_length = length;
			best_rank = this_rank;
		}
		component += length;
	}
	if (!best) {
		*to++ = '-';
		return to;
	}
	return write_escaped(to, best, best_length);
}

/**
 * unit_write() - write what a socket belongs to: a unit of systemd or a container
 * @to: CGROUP_MAX bytes
 * @row: of whose process it is, or, if there is none, of who made the socket
 *
 * Return: the end of the name, or of "-"; without a NUL.
 */
char *unit_write(char *to, const struct row *row)
{
	const char *path = cgroup_path(row, FIELD_CGROUP);

	if (row->number[FIELD_CGROUP] == NO_NUMBER)
		path = cgroup_path(row, FIELD_SOCKCGROUP);
	if (path)
		return unit_of_path(to, path);
	*to++ = '-';
	return to;
}

/**
 * cgroups_are_saved() - whether they are those of saved listings
 */
bool cgroups_are_saved(void)
{
	return hosts && hosts->file;
}

/**
 * cgroups_are_read() - whether all that were saved could be, which was said if not
 */
bool cgroups_are_read(void)
{
	for (const struct cgroups *of = hosts; of; of = of->next) {
		if (of->unread)
			return false;
	}
	return true;
}

/**
 * cgroups_first() - the cgroups of the first host
 *
 * Return: of the hosts of saved listings; of this one if there are none.
 */
const struct cgroups *cgroups_first(void)
{
	return hosts ? load_once(hosts) : get("-");
}

/**
 * cgroups_next() - the cgroups of the next host
 * @cgroups: of one before
 *
 * Return: them, NULL if there is none.
 */
const struct cgroups *cgroups_next(const struct cgroups *cgroups)
{
	return cgroups->next ? load_once(cgroups->next) : NULL;
}
