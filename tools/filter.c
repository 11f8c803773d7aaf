// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <fnmatch.h>
#include <stdlib.h>
#include <strings.h>

#include "escape.h"
#include "filter.h"
#include "names.h"
#include "protocols.h"
#include "states.h"

/* Calls @add with each item of a list, and what the list is one of. */
static void add_items(struct filter *filter, const char *list,
		      void (*add)(struct filter *filter, const char *item))
{
	/* Kept: what is added may point into it. */
	char *rest = strdup(list);
	const char *item;

	if (!rest)
		no_memory();
	while ((item = strsep(&rest, ",")))
		add(filter, item);
}

static void add_pid(struct filter *filter, const char *item)
{
	uint64_t pid;

	if (!number_parse(&pid, item, INT32_MAX) || !pid)
		usage_error("'%s' is no process id", item);
	numbers_add(&filter->pids, pid);
}

/**
 * filter_add_pids() - match these processes too
 * @filter: is added to
 * @list: "PID[,PID...]"; the program ends with an error if it is not
 */
void filter_add_pids(struct filter *filter, const char *list)
{
	add_items(filter, list, add_pid);
}

static void add_user(struct filter *filter, const char *item)
{
	uint64_t uid;
	uint32_t id;

	if (number_parse(&uid, item, UINT32_MAX)) {
		numbers_add(&filter->uids, uid);
		return;
	}
	if (!names_know_users()) {
		report("--user '%s' is a name of this host; take what -o +uid shows of another one",
		       item);
		exit(STATUS_ERROR);
	}
	if (!user_id(item, &id))
		usage_error("no user is named '%s'", item);
	numbers_add(&filter->uids, id);
}

/**
 * filter_add_users() - match processes of these users too
 * @filter: is added to
 * @list: "USER[,USER...]", names or numbers; the program ends with an error if
 *	it is not
 */
void filter_add_users(struct filter *filter, const char *list)
{
	add_items(filter, list, add_user);
}

static void add_inode(struct filter *filter, const char *item)
{
	uint64_t inode;

	if (!number_parse(&inode, item, UINT64_MAX - 1) || !inode)
		usage_error("'%s' is no inode number", item);
	numbers_add(&filter->inodes, inode);
}

/**
 * filter_add_inodes() - match these sockets too
 * @filter: is added to
 * @list: "INODE[,INODE...]"; the program ends with an error if it is not
 */
void filter_add_inodes(struct filter *filter, const char *list)
{
	add_items(filter, list, add_inode);
}

/**
 * filter_add_netns() - match sockets of these network namespaces too
 * @filter: is added to
 * @list: of what places_add_netns() takes
 * @origin: of the rows
 */
void filter_add_netns(struct filter *filter, const char *list,
		      enum listing_origin origin)
{
	char *rest = strdup(list), *all = rest;
	const char *item;

	if (!rest)
		no_memory();
	while ((item = strsep(&rest, ",")))
		places_add_netns(&filter->netns, item, origin);
	free(all);
}

static void add_cgroups(struct filter *filter, const char *item)
{
	chosen_add(&filter->cgroups, item);
}

/**
 * filter_add_cgroups() - match processes of these cgroups too
 * @filter: is added to
 * @list: of what chosen_add() takes
 */
void filter_add_cgroups(struct filter *filter, const char *list)
{
	add_items(filter, list, add_cgroups);
}

/**
 * filter_renew_cgroups() - look again which cgroups are meant
 * @filter: has them
 * @lists: all that filter_add_cgroups() was given
 *
 * One that is not there any more, or not again yet, nobody is in.
 */
void filter_renew_cgroups(struct filter *filter, const struct words *lists)
{
	chosen_empty(filter->cgroups);
	for (size_t i = 0; i < lists->count; i++) {
		char *rest = strdup(lists->list[i]), *all = rest;
		const char *item;

		if (!rest)
			no_memory();
		while ((item = strsep(&rest, ",")))
			chosen_add_again(&filter->cgroups, item);
		free(all);
	}
}

static void add_word(struct words *words, const char *word)
{
	words->list = reallocarray(words->list, words->count + 1,
				   sizeof(*words->list));
	if (!words->list)
		no_memory();
	words->list[words->count++] = word;
}

static void add_command(struct filter *filter, const char *item)
{
	if (!*item)
		usage_error("a name in the list of commands is empty");
	add_word(&filter->commands, item);
}

/**
 * filter_add_commands() - match processes of these names too
 * @filter: is added to
 * @list: names or patterns; the program ends with an error if one is empty
 */
void filter_add_commands(struct filter *filter, const char *list)
{
	add_items(filter, list, add_command);
}

static void add_states(struct filter *filter, const char *item)
{
	uint32_t states;

	/* As lsof has it: -sTCP:LISTEN. */
	if (!strncasecmp(item, "tcp:", 4))
		item += 4;
	states = states_find(item);
	if (!states)
		usage_error("'%s' is no state", item);
	filter->states |= states;
}

/**
 * filter_add_states() - match these states too
 * @filter: is added to
 * @list: of what states_find() takes; the program ends with an error if it is
 *	not
 */
void filter_add_states(struct filter *filter, const char *list)
{
	add_items(filter, list, add_states);
}

static void add_holder(struct filter *filter, const char *item)
{
	static const char *const holders[] = {
		"fd",	  "thread", "scm",   "accept", "synrecv",   "timewait",
		"orphan", "mptcp",  "assoc", "kernel", "elsewhere", "hidden",
	};

	for (size_t i = 0; i < sizeof(holders) / sizeof(*holders); i++) {
		if (!strcmp(item, holders[i])) {
			add_word(&filter->holders, item);
			return;
		}
	}
	usage_error("'%s' is no holder", item);
}

/**
 * filter_add_holders() - match sockets that are held in these ways too
 * @filter: is added to
 * @list: of words of the listing; the program ends with an error if it is not
 */
void filter_add_holders(struct filter *filter, const char *list)
{
	add_items(filter, list, add_holder);
}

/**
 * filter_add_endpoint() - match sockets with such an end too, or none of them
 * @filter: is added to
 * @endpoint: the end
 */
void filter_add_endpoint(struct filter *filter, struct endpoint *endpoint)
{
	struct endpoint **last = &filter->endpoints;

	while (*last)
		last = &(*last)->next;
	*last = endpoint;
}

/**
 * filter_forget_holders() - match sockets whoever holds them
 * @filter: what was asked for; of that what is about the socket remains
 */
void filter_forget_holders(struct filter *filter)
{
	filter->pids = (struct numbers){ 0 };
	filter->uids = (struct numbers){ 0 };
	filter->cgroups = NULL;
	filter->commands = (struct words){ 0 };
	filter->holders = (struct words){ 0 };
}

/**
 * filter_states() - which states were asked for
 * @filter: what was asked for
 *
 * Return: their bits; none if no state can match.
 */
uint32_t filter_states(const struct filter *filter)
{
	uint32_t states = filter->states ? filter->states : STATES_ALL;

	return filter->listening ? states & STATES_LISTENING : states;
}

/**
 * filter_is_pattern() - whether it is more than a name
 * @command: of a filter
 */
bool filter_is_pattern(const char *command)
{
	return strpbrk(command, "*?[\\");
}

/**
 * filter_wish() - which fields the decision needs
 * @filter: what was asked for
 * @wish: is added to
 */
void filter_wish(const struct filter *filter, struct wish *wish)
{
	const struct {
		bool needed;
		enum field field;
	} needs[] = {
		{ filter->ipv4 != filter->ipv6, FIELD_LADDR },
		{ filter->protocols, FIELD_PROTO },
		{ filter_states(filter) != STATES_ALL, FIELD_STATE },
		{ filter->pids.count, FIELD_PID },
		{ filter->uids.count, FIELD_UID },
		{ filter->inodes.count, FIELD_INODE },
		{ filter->netns.count, FIELD_NETNS },
		{ filter->cgroups, FIELD_CGROUP },
		{ filter->commands.count, FIELD_COMM },
		{ filter->holders.count, FIELD_HOLDER },
	};

	for (size_t i = 0; i < sizeof(needs) / sizeof(*needs); i++) {
		if (needs[i].needed)
			wish->needed |= FIELD_BIT(needs[i].field);
	}
	if (filter->cgroups)
		wish->useful |= FIELD_BIT(FIELD_HOST);
	for (struct endpoint *e = filter->endpoints; e; e = e->next)
		endpoint_wish(e, wish);
}

static bool matches_number(const struct numbers *numbers, const struct row *row,
			   enum field field)
{
	return !numbers->count || (row->number[field] != NO_NUMBER &&
				   numbers_has(numbers, row->number[field]));
}

static bool matches_holder(const struct words *holders, const struct row *row)
{
	for (size_t i = 0; i < holders->count; i++) {
		if (text_is(&row->text[FIELD_HOLDER], holders->list[i]))
			return true;
	}
	return !holders->count;
}

/* The kernel has cut the process's name; so a longer one is cut too. */
static bool is_command(const char *wanted, const char *name)
{
	if (filter_is_pattern(wanted))
		return !fnmatch(wanted, name, 0);
	return !strcmp(wanted, name) ||
	       (strlen(wanted) > COMMAND_MAX && strlen(name) == COMMAND_MAX &&
		!strncmp(wanted, name, COMMAND_MAX));
}

static bool matches_command(const struct words *commands, const struct row *row)
{
	const struct text *text = &row->text[FIELD_COMM];
	char name[COMMAND_MAX + 2];

	if (!commands->count)
		return true;
	if (text_is_none(text))
		return false;
	unescape(name, sizeof(name), text->start);
	for (size_t i = 0; i < commands->count; i++) {
		/* As it is, or as the table shows it. */
		if (is_command(commands->list[i], name) ||
		    text_is(text, commands->list[i]))
			return true;
	}
	return false;
}

static bool matches_endpoints(const struct filter *filter,
			      const struct row *row)
{
	bool any = true, found = false;

	for (struct endpoint *e = filter->endpoints; e; e = e->next) {
		bool matches;

		/* One that matches is enough. */
		if (!e->exclude && found)
			continue;
		matches = endpoint_matches(e, row);
		if (e->exclude && matches)
			return false;
		if (!e->exclude) {
			any = false;
			found |= matches;
		}
	}
	return any || found;
}

/**
 * filter_matches() - decide whether a row was asked for
 * @filter: what was asked for
 * @row: the row
 *
 * Return: whether it matches everything that is set.
 */
bool filter_matches(const struct filter *filter, const struct row *row)
{
	uint32_t states = filter_states(filter);

	if (filter->ipv4 != filter->ipv6 && row_is_ipv6(row) != filter->ipv6)
		return false;
	if (filter->protocols &&
	    !(filter->protocols & protocol_of(row->text[FIELD_PROTO].start)))
		return false;
	if (states != STATES_ALL &&
	    !(states & state_of(row->text[FIELD_STATE].start)))
		return false;
	return matches_number(&filter->pids, row, FIELD_PID) &&
	       matches_number(&filter->uids, row, FIELD_UID) &&
	       matches_number(&filter->inodes, row, FIELD_INODE) &&
	       matches_number(&filter->netns, row, FIELD_NETNS) &&
	       (!filter->cgroups || chosen_have(filter->cgroups, row)) &&
	       matches_holder(&filter->holders, row) &&
	       matches_command(&filter->commands, row) &&
	       matches_endpoints(filter, row);
}
