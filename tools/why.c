// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// --why: what keeps a bind() from an address and port. All sockets that have the
// port are kept, those of other network namespaces too, and shown with what they
// mean: first those in the way.

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "join.h"
#include "obstacles.h"
#include "output.h"
#include "query.h"
#include "reason.h"
#include "store.h"
#include "why.h"

#define NEEDED                                             \
	(FIELD_BIT(FIELD_PROTO) | FIELD_BIT(FIELD_STATE) | \
	 FIELD_BIT(FIELD_LADDR) | FIELD_BIT(FIELD_LPORT) | \
	 FIELD_BIT(FIELD_DEV) | FIELD_BIT(FIELD_NETNS) |   \
	 FIELD_BIT(FIELD_HOLDER) | FIELD_BIT(FIELD_PID))
#define USEFUL                                               \
	(FIELD_BIT(FIELD_FLAGS) | FIELD_BIT(FIELD_SOCKUID) | \
	 FIELD_BIT(FIELD_TIMER))

/**
 * struct why - the question, and what is known about it
 * @options: the command line
 * @wanted: where to
 * @rules: of the kernel
 * @netns: network namespace of the bind()
 * @own_netns: that of this process
 * @listing: where the rows come from
 * @knows_options: the listing has them
 * @store: the rows with this port
 * @ways: what all of them mean, by bits of enum bind_way
 * @v6only: and for bind() with IPV6_V6ONLY
 * @obstacles: what else is in the way, and @obstacle_count: how many
 * @hidden: how many of the rows have a holder that is hidden
 * @partly: there may be sockets that are not among the rows
 */
struct why {
	struct options *options;
	struct wanted *wanted;
	struct bind_rules rules;
	uint64_t netns;
	uint64_t own_netns;
	struct listing *listing;
	bool knows_options;
	struct store store;
	struct conflicts ways[BIND_WAYS];
	struct conflicts v6only;
	struct obstacle obstacles[OBSTACLES_MAX];
	size_t obstacle_count;
	unsigned long long hidden;
	bool partly;
};

/* Lines, or JSON, that are made of parts. */
struct message {
	char text[2048];
	size_t length;
};

static __printf(2, 3) void say(struct message *message, const char *format, ...)
{
	size_t room = sizeof(message->text) - message->length;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(message->text + message->length, room, format,
			   arguments);
	va_end(arguments);
	if (length > 0)
		message->length += (size_t)length < room ? (size_t)length :
							   room - 1;
}

static uint64_t own_netns(void)
{
	struct stat status;

	if (stat("/proc/self/ns/net", &status))
		return NO_NUMBER;
	return status.st_ino;
}

static bool has_port(const struct why *why, const struct row *row)
{
	return row->number[FIELD_LPORT] == why->wanted->port &&
	       protocol_of(row->text[FIELD_PROTO].start) ==
		       why->wanted->protocol;
}

/*
 * Whose network namespace a saved listing is asked about: that of its first
 * process, else the only one that there is.
 */
struct guess {
	uint64_t of_init;
	uint64_t first;
	bool several;
};

static void guess_netns(struct guess *guess, const struct row *row)
{
	uint64_t netns = row->number[FIELD_NETNS];

	if (row->number[FIELD_PID] == 1)
		guess->of_init = netns;
	if (guess->first == NO_NUMBER)
		guess->first = netns;
	guess->several |= guess->first != netns;
}

static int keep_row(void *context, struct row *row)
{
	struct why *why = context;

	if (text_is(&row->text[FIELD_HOLDER], "hidden"))
		why->hidden++;
	if (!store_add(&why->store, row))
		return 0;
	report("cannot keep the rows: %s; allow this process more memory",
	       strerror(errno));
	return STATUS_ERROR;
}

static int read_rows(struct why *why, const struct wish *wish,
		     struct guess *guess)
{
	struct join join = {
		.live = !why->options->from,
		.row_to = keep_row,
		.context = why,
	};
	struct row row;
	int got, status;

	row_init(&row);
	if (why->options->from)
		row_set_host(&row, why->options->sources[0].host);
	join_start(&join, wish);
	while ((got = listing_next(why->listing, &row)) > 0) {
		guess_netns(guess, &row);
		join_see(&join, &row);
		if (!has_port(why, &row))
			continue;
		status = join_take(&join, &row);
		if (status)
			return status;
	}
	status = join_end(&join);
	if (status || !got)
		return status;
	report("%s: %s", why->listing->source, why->listing->problem);
	return why->listing->status;
}

static int choose_netns(struct why *why, const struct guess *guess)
{
	const struct numbers *chosen = &why->options->filter.netns;

	if (chosen->count) {
		why->netns = chosen->list[0];
	} else if (!why->options->from) {
		why->netns = why->own_netns;
	} else if (guess->of_init != NO_NUMBER) {
		why->netns = guess->of_init;
	} else if (!guess->several) {
		why->netns = guess->first;
	} else {
		report("%s has several network namespaces; name one with --netns",
		       why->listing->source);
		return STATUS_ERROR;
	}
	return 0;
}

/* A saved listing may be of any kernel: then nothing is sure that differs. */
static void choose_rules(struct why *why)
{
	struct utsname name;

	if (why->options->from || uname(&name))
		bind_rules_of(&why->rules, "0.0");
	else
		bind_rules_of(&why->rules, name.release);
}

static void judge(const struct why *why, const struct row *row,
		  struct effect *effect)
{
	struct claim_text text = {
		.state = row->text[FIELD_STATE].start,
		.laddr = row->text[FIELD_LADDR].start,
		.device = row->text[FIELD_DEV].start,
		.holder = row->text[FIELD_HOLDER].start,
		.flags = why->knows_options ? row->text[FIELD_FLAGS].start :
					      NULL,
		.sockuid = row->text[FIELD_SOCKUID].start,
	};
	bool tcp = wanted_is_tcp(why->wanted);

	*effect = (struct effect){
		.elsewhere = row->number[FIELD_NETNS] != why->netns,
		.meeting = MEETS_NO_ADDRESS,
	};
	if (!claim_read(&effect->holder, &text) || effect->elsewhere)
		return;
	effect->meeting =
		claim_meets(&effect->holder, &why->wanted->claim, tcp);
	for (unsigned int way = 0; way < BIND_WAYS; way++)
		effect->ways[way] = claim_conflict(&effect->holder,
						   &why->wanted->claim, way,
						   tcp, &why->rules);
}

static void judge_all(struct why *why)
{
	struct claim v6only = why->wanted->claim;
	bool tcp = wanted_is_tcp(why->wanted);
	struct row row;

	v6only.v6only = true;
	row_init(&row);
	for (size_t i = 0; i < why->store.count; i++) {
		enum conflict conflict;
		struct effect effect;

		store_get(&why->store, i, &row);
		judge(why, &row, &effect);
		if (effect.elsewhere)
			continue;
		for (unsigned int way = 0; way < BIND_WAYS; way++)
			conflicts_add(&why->ways[way], effect.ways[way]);
		conflict = claim_conflict(&effect.holder, &v6only, BIND_PLAIN,
					  tcp, &why->rules);
		conflicts_add(&why->v6only, conflict);
	}
}

/* By the sockets that are seen. */
static enum conflict seen_result_of(const struct why *why, unsigned int way)
{
	return conflicts_judge(&why->ways[way], wanted_is_tcp(why->wanted));
}

/* What is not seen may be in the way. */
static enum conflict with_unseen(const struct why *why, enum conflict seen)
{
	return seen == CONFLICT_NONE && why->partly ? CONFLICT_PERHAPS : seen;
}

static enum conflict result_of(const struct why *why, unsigned int way)
{
	return with_unseen(why, seen_result_of(why, way));
}

static enum conflict v6only_result(const struct why *why)
{
	return with_unseen(why, conflicts_judge(&why->v6only,
						wanted_is_tcp(why->wanted)));
}

/* The options with which the result is @wanted, with "or" between them. */
static void list_remedies(const struct why *why, enum conflict wanted,
			  char *list)
{
	static const char *const names[] = {
		[BIND_REUSEADDR] = "SO_REUSEADDR",
		[BIND_REUSEPORT] = "SO_REUSEPORT",
		[BIND_REUSEADDR | BIND_REUSEPORT] =
			"SO_REUSEADDR and SO_REUSEPORT together",
	};

	*list = '\0';
	for (unsigned int way = 1; way < BIND_WAYS; way++) {
		bool together = way == (BIND_REUSEADDR | BIND_REUSEPORT);

		if (result_of(why, way) == wanted && !(together && *list))
			sprintf(list + strlen(list), "%s%s",
				*list ? " or " : "", names[way]);
	}
	if (wanted_is_dual_stack(why->wanted) && v6only_result(why) == wanted)
		sprintf(list + strlen(list), "%sIPV6_V6ONLY",
			*list ? " or " : "");
}

static void say_in_use(const struct why *why, struct message *message)
{
	char remedies[128];

	say(message, "address already in use");
	list_remedies(why, CONFLICT_NONE, remedies);
	if (*remedies) {
		say(message, "; with %s it works", remedies);
		return;
	}
	list_remedies(why, CONFLICT_PERHAPS, remedies);
	if (*remedies)
		say(message, "; with %s it may work", remedies);
	else
		say(message, "; no option helps");
}

static void say_verdict(const struct why *why, struct message *message)
{
	enum conflict plain = seen_result_of(why, BIND_PLAIN);
	char where[WANTED_TEXT_MAX];

	wanted_text(where, why->wanted);
	say(message, "bind() to %s ", where);
	for (size_t i = 0; i < why->obstacle_count; i++)
		say(message, "%s%s",
		    i ? "; also: " : "fails: ", why->obstacles[i].text);
	if (plain == CONFLICT_NONE) {
		if (!why->obstacle_count)
			say(message,
			    why->partly ?
				    "may work: nothing that you see is in the way" :
				    "works: nothing is in the way");
		return;
	}
	if (why->obstacle_count)
		say(message, "; also: ");
	else
		say(message, plain == CONFLICT_SURE ? "fails: " : "may fail: ");
	say_in_use(why, message);
}

static const char *word_of(enum conflict conflict)
{
	if (conflict == CONFLICT_SURE)
		return "fails";
	return conflict == CONFLICT_PERHAPS ? "perhaps" : "works";
}

static const char *error_name(int error)
{
	switch (error) {
	case EACCES:
		return "EACCES";
	case EADDRNOTAVAIL:
		return "EADDRNOTAVAIL";
	case EAFNOSUPPORT:
		return "EAFNOSUPPORT";
	case EINVAL:
		return "EINVAL";
	case ENODEV:
		return "ENODEV";
	case EPERM:
		return "EPERM";
	default:
		return "other";
	}
}

static void say_errors(const struct why *why, struct message *message)
{
	for (size_t i = 0; i < why->obstacle_count; i++)
		say(message, "%s\"%s\"", i ? "," : "",
		    error_name(why->obstacles[i].error));
	if (seen_result_of(why, BIND_PLAIN) != CONFLICT_NONE)
		say(message, "%s\"EADDRINUSE\"",
		    why->obstacle_count ? "," : "");
}

/* Nothing in it is anybody's to choose but what was checked: see wanted.c. */
static void say_json(const struct why *why, const char *verdict,
		     struct message *message)
{
	const struct wanted *wanted = why->wanted;
	const char *quote = wanted->claim.device ? "\"" : "";
	int bit = 0;

	while (wanted->protocol >> bit != 1)
		bit++;
	say(message,
	    "\"bind\":{\"verdict\":\"%s\",\"proto\":\"%s\",\"address\":\"%s\",\"port\":%u,",
	    verdict, protocol_names[bit], wanted->address, wanted->port);
	say(message, "\"device\":%s%s%s,\"v6only\":%s,\"uid\":%llu,", quote,
	    wanted->claim.device ?: "null", quote,
	    wanted->claim.v6only ? "true" : "false",
	    (unsigned long long)wanted->claim.uid);
	if (why->netns == NO_NUMBER)
		say(message, "\"netns\":null,\"errors\":[");
	else
		say(message, "\"netns\":%llu,\"errors\":[",
		    (unsigned long long)why->netns);
	say_errors(why, message);
	say(message,
	    "],\"in_use\":{\"plain\":\"%s\",\"reuseaddr\":\"%s\",\"reuseport\":\"%s\",\"both\":\"%s\"}},\n",
	    word_of(result_of(why, BIND_PLAIN)),
	    word_of(result_of(why, BIND_REUSEADDR)),
	    word_of(result_of(why, BIND_REUSEPORT)),
	    word_of(result_of(why, BIND_REUSEADDR | BIND_REUSEPORT)));
}

static int show_row(const struct why *why, struct output *output, size_t at,
		    bool in_the_way)
{
	char fails[REASON_MAX], reason[REASON_MAX];
	struct effect effect;
	struct row row;

	row_init(&row);
	store_get(&why->store, at, &row);
	judge(why, &row, &effect);
	if (in_the_way ? effect.ways[BIND_PLAIN] < CONFLICT_PERHAPS :
			 effect.ways[BIND_PLAIN] >= CONFLICT_PERHAPS)
		return 0;
	reason_fails(fails, &effect);
	reason_why(reason, &effect, &why->wanted->claim, &row);
	row.text[FIELD_FAILS] = (struct text){ fails, strlen(fails) };
	row.text[FIELD_WHY] = (struct text){ reason, strlen(reason) };
	return output_row(output, &row);
}

static int show(struct why *why, struct output *output)
{
	struct message verdict = { .length = 0 }, json = { .length = 0 };

	say_verdict(why, &verdict);
	say_json(why, verdict.text, &json);
	say(&verdict, "\n");
	output_before(output, json.text, verdict.text);
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < why->store.count; i++) {
			if (show_row(why, output, i, !pass))
				return output_fail(output);
		}
	}
	if (output_end(output, true))
		return output_fail(output);
	if (!why->knows_options)
		report("the listing has no column 'flags', so what the options do is not sure; %s",
		       why->options->from ?
			       "save it with the query columns=all" :
			       "run it as root (sudo sockowners)");
	if (why->hidden)
		report_hidden(why->hidden, why->options->from);
	if (why->partly)
		report("sockets of that namespace may be hidden; root sees more (sudo sockowners)");
	if (why->obstacle_count ||
	    seen_result_of(why, BIND_PLAIN) != CONFLICT_NONE)
		return STATUS_LISTED;
	return STATUS_NOTHING;
}

/**
 * why_run() - do what --why asks for
 * @options: the command line
 *
 * Return: the exit status.
 */
int why_run(struct options *options)
{
	/* Not static: who does not ask has no room for a second one. */
	struct listing *listing = malloc(sizeof(*listing));
	struct query *query = malloc(sizeof(*query));
	struct why why = {
		.options = options,
		.wanted = &options->why,
		.own_netns = own_netns(),
		.listing = listing,
	};
	struct filter filter = { .protocols = options->why.protocol };
	struct wish wish = { .needed = NEEDED, .useful = USEFUL };
	struct guess guess = { NO_NUMBER, NO_NUMBER, false };
	struct output *output = output_start(options, &wish);
	int status;

	if (!listing || !query)
		no_memory();
	why.wanted->claim.uid = geteuid();
	choose_rules(&why);
	/* These two are made when a row is shown. */
	wish.shown &= ~(FIELD_BIT(FIELD_FAILS) | FIELD_BIT(FIELD_WHY));
	join_wish(&wish);
	why.store.fields = wish_fields(&wish);
	query_write(query, &wish, &filter, NULL);
	query_add_local_port(query, why.wanted->port);

	if (listing_open(listing, options->from, &wish, query)) {
		report("%s: %s", listing->source, listing->problem);
		return listing->status;
	}
	listing_report_lacks(listing->lacks);
	why.knows_options = listing_has(listing, FIELD_FLAGS);
	status = read_rows(&why, &wish, &guess);
	if (!status)
		status = choose_netns(&why, &guess);
	if (status)
		return status;
	if (!options->from && why.netns == why.own_netns)
		why.obstacle_count = obstacles_find(why.wanted, why.obstacles);
	else if (!options->from)
		why.partly = !obstacles_sees_every_netns();
	judge_all(&why);
	return show(&why, output);
}
