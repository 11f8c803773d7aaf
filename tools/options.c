// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgroups.h"
#include "count.h"
#include "habits.h"
#include "json.h"
#include "names.h"
#include "options.h"
#include "process.h"
#include "protocols.h"
#include "watch.h"

/* Keys of the options that have no letter, above all letters. */
enum {
	OPTION_PID = 256,
	OPTION_INODE,
	OPTION_CGROUP,
	OPTION_HOLDER,
	OPTION_FROM,
	OPTION_PEER,
	OPTION_GRAPH,
	OPTION_SORT,
	OPTION_NDJSON,
	OPTION_WATCH,
	OPTION_COUNT,
	OPTION_WHY,
	OPTION_PACKET,
	OPTION_PROMETHEUS,
};

static const struct {
	int key;
	const char *name;
	bool argument;
} option_table[] = {
	{ '4', "ipv4", false },
	{ '6', "ipv6", false },
	{ 't', "tcp", false },
	{ 'u', "udp", false },
	{ 'w', "raw", false },
	{ 'M', "mptcp", false },
	{ 'S', "sctp", false },
	{ 'l', "listening", false },
	{ 'a', "all", false },
	{ 'n', "numeric", false },
	{ 'p', "processes", false },
	{ 'P', NULL, false },
	{ 'i', NULL, true },
	{ OPTION_PID, "pid", true },
	{ 'c', "command", true },
	{ 'U', "user", true },
	{ 's', "state", true },
	{ OPTION_INODE, "inode", true },
	{ 'N', "netns", true },
	{ OPTION_CGROUP, "cgroup", true },
	{ OPTION_HOLDER, "holder", true },
	{ 'o', "columns", true },
	{ 'H', "no-header", false },
	{ 'r', "resolve", false },
	{ OPTION_SORT, "sort", true },
	{ 'J', "json", false },
	{ OPTION_NDJSON, "ndjson", false },
	{ 'g', "group", false },
	{ OPTION_PEER, "peer", false },
	{ OPTION_GRAPH, "graph", false },
	{ OPTION_FROM, "from", true },
	{ OPTION_WATCH, "watch", true },
	{ OPTION_COUNT, "count", false },
	{ OPTION_WHY, "why", true },
	{ OPTION_PACKET, "packet", true },
	{ OPTION_PROMETHEUS, "prometheus", true },
	{ 'h', "help", false },
	{ 'V', "version", false },
};

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define OPTIONS		  ARRAY_SIZE(option_table)

/* Its argument may be missing. */
static bool is_optional(int key)
{
	return key == 'i' || key == OPTION_WATCH || key == OPTION_PROMETHEUS;
}

/* It fits a screen of 24 lines and 80 columns. */
static const char help[] =
	"Usage: sockowners [OPTION...] [FILTER...]\n"
	"Show every internet socket and who holds it.\n"
	"FILTER is [!][ADDR[/PREFIX]][:PORT]: [::1]:80 10.0.0.0/8 :http,8000-8999 !:22\n"
	"It matches either end of a socket. More than one mean or; ! excludes.\n"
	"\n"
	" -4, --ipv4  -6, --ipv6  -l, --listening  -a, --all   family; no connections\n"
	" -t, --tcp  -u, --udp  -w, --raw  -M, --mptcp  -S, --sctp   protocol\n"
	" -i [46][PROTO][@ADDR][:PORT]  as lsof does\n"
	"     --pid PID  -c, --command NAME  -U, --user USER     lists (a,b) mean or\n"
	"     --inode INODE  --cgroup PATH|UNIT|ID  -N, --netns PID|PATH|INODE\n"
	" -s, --state STATE           also all connected synchronized bucket big\n"
	"     --holder HOLDER         fd thread scm accept synrecv timewait orphan ...\n"
	" -o, --columns [+]COL,...    show these columns; '-o help' lists them\n"
	" -H, --no-header  --sort COL  no heading; sort, -COL the largest first\n"
	"     --count  --watch[=SECS]  --prometheus[=FILE]  count; repeat; show metrics\n"
	" -g, --group  --peer  --graph  a row a socket; the other end; drawn by Graphviz\n"
	" -J, --json  --ndjson        one JSON object; or one a line, with host and time\n"
	"     --from [HOST=]FILE  -r, --resolve   saved listings ('-': stdin); names\n"
	"     --why PROTO,[ADDR]:PORT                     what makes bind() fail\n"
	"     --packet PROTO,SRC:PORT,DST:PORT[,IFNAME]   who would get this packet\n"
	" -n -p -P  for habit         -h, --help  -V, --version   this help; the version\n"
	"\n"
	"Exit status: 0 something listed, 1 nothing matched, 2 error, 3 no module.\n";

/* After -h and -V. */
static noreturn void finish(void)
{
	int error = finish_output();

	if (error)
		exit(report_write_error(error));
	exit(EXIT_SUCCESS);
}

static void choose_columns(struct options *options, const char *list)
{
	if (!strcmp(list, "help")) {
		columns_help();
		finish();
	}
	options->columns_list = list;
}

/* lsof's -i may stand alone, and all sockets are what is listed anyway. */
static void add_lsof_filter(struct options *options, const char *argument)
{
	if (argument)
		filter_add_endpoint(&options->filter,
				    endpoint_parse_lsof(argument));
}

/* HOST=FILE, or FILE: a host has no slash in its name. */
static void add_source(struct options *options, const char *argument)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	size_t length = strspn(argument, letters);
	size_t count = options->source_count;
	struct source source = { .path = argument };
	struct source *sources;

	sources = reallocarray(options->sources, count + 1, sizeof(*sources));
	if (!sources)
		no_memory();
	if (length && argument[length] == '=') {
		char *host = strdup(argument);

		if (!host)
			no_memory();
		if (length > HOST_MAX)
			usage_error("'%s' has too long a name of a host",
				    argument);
		host[length] = '\0';
		source.host = host;
		source.path = argument + length + 1;
	}
	cgroups_saved(source.host, source.path);
	sources[count] = source;
	options->sources = sources;
	options->source_count = count + 1;
	options->from = sources->path;
}

/* What a name means may depend on the listings, and those may come behind it. */
static void remember(struct words *words, const char *argument)
{
	words->list = reallocarray(words->list, words->count + 1,
				   sizeof(*words->list));
	if (!words->list)
		no_memory();
	words->list[words->count++] = argument;
}

static void add_names(struct options *options)
{
	enum listing_origin origin = ORIGIN_LIVE;

	if (options->from)
		origin = options->sources->host ? ORIGIN_ELSEWHERE :
						  ORIGIN_SAVED;
	names_start(origin == ORIGIN_ELSEWHERE);
	for (size_t i = 0; i < options->users.count; i++)
		filter_add_users(&options->filter, options->users.list[i]);
	for (size_t i = 0; i < options->netns.count; i++)
		filter_add_netns(&options->filter, options->netns.list[i],
				 origin);
	for (size_t i = 0; i < options->cgroups.count; i++)
		filter_add_cgroups(&options->filter, options->cgroups.list[i]);
}

static bool is_stdin(const struct source *source)
{
	return !strcmp(source->path, "-");
}

static void check_sources(const struct options *options)
{
	if (options->why.given && options->source_count > 1)
		usage_error("--why reads one listing");
	for (size_t i = 0; i < options->source_count; i++) {
		const struct source *source = &options->sources[i];

		if (!source->host && options->source_count > 1)
			usage_error("several --from need HOST=FILE each");
		for (size_t j = 0; j < i; j++) {
			const struct source *other = &options->sources[j];

			if (!strcmp(source->host, other->host))
				usage_error("host '%s' comes twice",
					    source->host);
			if (is_stdin(source) && is_stdin(other))
				usage_error("only one --from can be '-'");
		}
	}
}

/* What is shown if nobody says otherwise. */
static void choose_default_columns(struct options *options)
{
	struct columns *columns = &options->columns;
	bool table = options->format == FORMAT_TABLE;

	if (options->count)
		count_default(columns);
	else if (table && options->group)
		columns_group(columns);
	else if (table)
		columns_default(columns);
	else if (options->group)
		json_columns_group(columns);
	else
		json_columns(columns);
	if (options->peer && !options->count)
		columns_insert(columns, columns->count - 1, COLUMN_PEER);
	/* In lines each has its host anyway. */
	if (options->source_count > 1 && options->format != FORMAT_NDJSON &&
	    !options->count)
		columns_insert(columns, 0, COLUMN_HOST);
}

static void apply(struct options *options, int key, const char *argument)
{
	switch (key) {
	case '4':
		options->filter.ipv4 = true;
		break;
	case '6':
		options->filter.ipv6 = true;
		break;
	case 't':
		options->filter.protocols |= PROTOCOL_TCP;
		break;
	case 'u':
		options->habits |= HABIT_UDP;
		options->filter.protocols |= PROTOCOL_UDP | PROTOCOL_UDPLITE;
		break;
	case 'w':
		options->filter.protocols |= PROTOCOL_RAW | PROTOCOL_ICMP;
		break;
	case 'M':
		options->filter.protocols |= PROTOCOL_MPTCP;
		break;
	case 'S':
		options->filter.protocols |= PROTOCOL_SCTP;
		break;
	case 'l':
		options->filter.listening = true;
		break;
	case 'a':
		options->filter.listening = false;
		break;
	case 'r':
		options->resolve = true;
		break;
	case 'n':
		options->resolve = false;
		break;
	case 'p':
		options->habits |= HABIT_PROCESSES;
		break;
	case 'P':
		break;
	case OPTION_PID:
		filter_add_pids(&options->filter, argument);
		break;
	case 'c':
		filter_add_commands(&options->filter, argument);
		break;
	case 'U':
		remember(&options->users, argument);
		break;
	case 's':
		filter_add_states(&options->filter, argument);
		break;
	case OPTION_INODE:
		filter_add_inodes(&options->filter, argument);
		break;
	case 'N':
		remember(&options->netns, argument);
		break;
	case OPTION_CGROUP:
		remember(&options->cgroups, argument);
		break;
	case OPTION_HOLDER:
		filter_add_holders(&options->filter, argument);
		break;
	case 'i':
		add_lsof_filter(options, argument);
		break;
	case OPTION_FROM:
		add_source(options, argument);
		break;
	case 'g':
		options->group = true;
		break;
	case OPTION_GRAPH:
		options->graph = true;
		break;
	case OPTION_PEER:
		options->peer = true;
		break;
	case 'o':
		choose_columns(options, argument);
		break;
	case OPTION_SORT:
		order_choose(&options->order, argument);
		break;
	case 'J':
		options->format = FORMAT_JSON;
		break;
	case OPTION_NDJSON:
		options->format = FORMAT_NDJSON;
		break;
	case OPTION_WATCH:
		options->watch = watch_interval(argument);
		if (!argument)
			options->habits |= HABIT_WATCH;
		break;
	case OPTION_COUNT:
		options->count = true;
		break;
	case OPTION_WHY:
		wanted_parse(&options->why, argument);
		break;
	case OPTION_PACKET:
		packet_parse(options->packet, argument);
		break;
	case OPTION_PROMETHEUS:
		options->prometheus = true;
		options->prometheus_file = argument;
		if (!argument)
			options->habits |= HABIT_PROMETHEUS;
		break;
	case 'H':
		options->no_header = true;
		break;
	case 'h':
		fputs(help, stdout);
		finish();
	case 'V':
		puts("sockowners " SOCKOWNERS_VERSION);
		finish();
	}
}

static bool is_option(int key)
{
	for (size_t i = 0; i < OPTIONS; i++) {
		if (option_table[i].key == key)
			return true;
	}
	return false;
}

/* getopt_long() has no word for it. */
static void refuse_ambiguous(const char *argument)
{
	size_t length = strcspn(argument, "="), end = 0, found = 0;
	char names[256];

	for (size_t i = 0; i < OPTIONS && end < sizeof(names); i++) {
		const char *name = option_table[i].name;

		if (!name || length < 3 || strncmp(argument, "--", 2) ||
		    strncmp(argument + 2, name, length - 2))
			continue;
		end += (size_t)snprintf(names + end, sizeof(names) - end,
					"%s--%s", found ? ", " : "", name);
		found++;
	}
	if (found > 1)
		usage_error("option '%s' may be %s", argument, names);
}

/* @key is what getopt_long() returned: ':' or '?'. */
static noreturn void refuse(char **argv, int key)
{
	const char *last = argv[optind - 1];

	if (key == ':')
		usage_error("option '%s' needs an argument", last);
	if (!optopt) {
		refuse_ambiguous(last);
		usage_error("unknown option '%s'", last);
	}
	if (is_option(optopt))
		usage_error("option '%s' takes no argument", last);
	/* Perhaps inside a cluster like -txl, then it is not in @last. */
	habits_check_cluster(last);
	habits_check_cluster(argv[optind]);
	habits_check_letter(optopt);
	usage_error("unknown option '-%c'", optopt);
}

/* What cannot be read again, or would not be JSON. */
static void check_watch(const struct options *options)
{
	if (!options->watch)
		return;
	if (options->format == FORMAT_JSON)
		usage_error("--watch cannot print --json; use --ndjson");
	for (size_t i = 0; i < options->source_count; i++) {
		if (is_stdin(&options->sources[i]))
			usage_error("--watch cannot read standard input again");
	}
}

/* A drawing is neither a list nor numbers, and does not move. */
static void check_graph(const struct options *options)
{
	if (options->graph &&
	    (options->format != FORMAT_TABLE || options->count ||
	     options->watch || options->group || options->peer))
		usage_error("--graph draws, and nothing else");
	if (options->graph &&
	    (options->columns_list || options->order.column != COLUMNS))
		usage_error("--graph has no columns: no -o, --sort");
}

/* It has a form of its own, and is made of all rows that match. */
static void check_prometheus(const struct options *options)
{
	if (!options->prometheus)
		return;
	if (options->format != FORMAT_TABLE || options->count ||
	    options->watch || options->columns_list ||
	    options->order.column != COLUMNS || options->group ||
	    options->peer || options->graph || options->why.given)
		usage_error("--prometheus goes with filters and --from only");
	/* Sockets of two hosts may have one cookie. */
	if (options->source_count > 1)
		usage_error("--prometheus counts one host; name one --from");
}

/* Numbers are sorted, and not the rows that are counted. */
static void apply_count(struct options *options)
{
	if (options->count) {
		count_choose(&options->columns, &options->order);
		options->count_order = options->order;
		options->order.column = COLUMNS;
	} else if (columns_have(&options->columns, COLUMN_COUNT) ||
		   options->order.column == COLUMN_COUNT) {
		usage_error("column COUNT needs --count");
	}
}

/* The kernel has to be asked, about one socket. */
static void check_packet(const struct options *options)
{
	if (!*options->packet)
		return;
	if (options->from)
		usage_error("--packet asks the kernel, not a saved listing");
	if (options->peer || options->graph || options->why.given ||
	    options->prometheus)
		usage_error("--packet goes with filters, -g, --count, --watch");
}

/* --why is about all sockets that may be in the way, and no others. */
static void check_why(struct options *options)
{
	struct filter *filter = &options->filter;
	struct filter allowed = {
		.ipv4 = filter->ipv4,
		.ipv6 = filter->ipv6,
		.netns = filter->netns,
	};

	if (!options->why.given)
		return;
	if (memcmp(filter, &allowed, sizeof(allowed)) ||
	    filter->netns.count > 1)
		usage_error("--why takes no filter but -4, -6, one --netns");
	if (options->watch || options->count || options->group || options->peer)
		usage_error("--why takes no --watch, --count, --group, --peer");
	if (options->graph)
		usage_error("--why takes no --graph");
	if (options->format == FORMAT_NDJSON)
		usage_error("--why cannot print --ndjson; use --json");
	if (options->order.column != COLUMNS)
		usage_error("--why has an order of its own, without --sort");
	wanted_choose_family(&options->why, filter->ipv4, filter->ipv6);
}

/**
 * options_parse() - read the command line
 * @options: is filled in
 * @argc: as main() got it
 * @argv: as main() got it
 *
 * The program ends in here after -h and -V, and if there is an error.
 */
void options_parse(struct options *options, int argc, char **argv)
{
	struct option long_options[OPTIONS + 1] = { 0 };
	/* The colon: report "no argument" apart, and let us do the talking. */
	char letters[2 * OPTIONS + 3] = ":";
	size_t letter = 1, names = 0;
	int key;

	*options = (struct options){ .order.column = COLUMNS };
	cgroups_start();
	for (size_t i = 0; i < OPTIONS; i++) {
		if (option_table[i].key < OPTION_PID) {
			letters[letter++] = (char)option_table[i].key;
			if (option_table[i].argument)
				letters[letter++] = ':';
			if (is_optional(option_table[i].key))
				letters[letter++] = ':';
		}
		if (option_table[i].name)
			long_options[names++] = (struct option){
				.name = option_table[i].name,
				.has_arg = is_optional(option_table[i].key) ?
						   optional_argument :
						   option_table[i].argument,
				.val = option_table[i].key,
			};
	}

	while ((key = getopt_long(argc, argv, letters, long_options, NULL)) !=
	       -1) {
		if (key == '?' || key == ':')
			refuse(argv, key);
		/* Its argument may be missing, and may yet stand apart. */
		if (key == 'i' && !optarg && optind < argc &&
		    *argv[optind] != '-')
			optarg = argv[optind++];
		apply(options, key, optarg);
	}
	for (int i = optind; i < argc; i++) {
		habits_check(options->habits, argv + i);
		filter_add_endpoint(&options->filter, endpoint_parse(argv[i]));
	}

	check_watch(options);
	check_graph(options);
	check_sources(options);
	add_names(options);
	check_why(options);
	check_packet(options);
	check_prometheus(options);
	resolve_start(options->resolve);
	choose_default_columns(options);
	if (options->why.given) {
		columns_add(&options->columns, COLUMN_FAILS);
		columns_add(&options->columns, COLUMN_WHY);
		/* The reason says it. */
		options->columns.chosen = true;
	}
	if (options->columns_list)
		columns_choose(&options->columns, options->columns_list);
	/* Chosen columns have no place for it but the end. */
	if (options->peer)
		columns_add(&options->columns, COLUMN_PEER);
	if (options->why.given &&
	    (columns_have(&options->columns, COLUMN_PEER) ||
	     columns_have(&options->columns, COLUMN_HOLDERS)))
		usage_error("--why has no columns PEER and HOLDERS");
	/* The rows that it knows are those of one socket. */
	if (*options->packet && (columns_have(&options->columns, COLUMN_PEER) ||
				 options->order.column == COLUMN_PEER))
		usage_error("--packet has no column PEER");
	apply_count(options);
	if (!options->why.given &&
	    (columns_have(&options->columns, COLUMN_FAILS) ||
	     columns_have(&options->columns, COLUMN_WHY) ||
	     options->order.column == COLUMN_FAILS ||
	     options->order.column == COLUMN_WHY))
		usage_error("columns FAILS and WHY need --why");
	/* It would make one row of several, and hide the others. */
	if (options->order.column == COLUMN_HOLDERS && !options->group &&
	    !columns_have(&options->columns, COLUMN_HOLDERS))
		usage_error("--sort holders sorts sockets, and needs -g");
}
