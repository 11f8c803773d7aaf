// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "json.h"
#include "options.h"

/* Keys of the options that have no letter, above all letters. */
enum {
	OPTION_PID = 256,
	OPTION_FROM,
	OPTION_SORT,
	OPTION_NDJSON,
};

static const struct {
	int key;
	const char *name;
	bool argument;
} option_table[] = {
	{ '4', "ipv4", false },	       { '6', "ipv6", false },
	{ 't', "tcp", false },	       { 'u', "udp", false },
	{ 'l', "listening", false },   { 'a', "all", false },
	{ 'n', "numeric", false },     { 'p', "processes", false },
	{ 'P', NULL, false },	       { OPTION_PID, "pid", true },
	{ OPTION_FROM, "from", true }, { 'o', "columns", true },
	{ OPTION_SORT, "sort", true }, { 'H', "no-header", false },
	{ 'J', "json", false },	       { OPTION_NDJSON, "ndjson", false },
	{ 'h', "help", false },	       { 'V', "version", false },
};

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define OPTIONS		  ARRAY_SIZE(option_table)

/* It fits a screen of 24 lines and 80 columns. */
static const char help[] =
	"Usage: sockowners [OPTION...] [FILTER...]\n"
	"Show every internet socket and who holds it.\n"
	"\n"
	"FILTER is :PORT, :PORT-PORT, a service name (:http) or a list of them\n"
	"(:80,443,8000-8999). It matches the local or the remote port.\n"
	"\n"
	" -4, --ipv4  -6, --ipv6         family\n"
	" -t, --tcp  -u, --udp           protocol\n"
	" -l, --listening  -a, --all     listening and unconnected only; all again\n"
	"     --pid PID,...              of these processes\n"
	" -o, --columns COL,...          show these columns; +COL also; help lists them\n"
	" -H, --no-header                no heading\n"
	"     --sort COL                 sort by a column; -COL the largest first\n"
	" -J, --json                     one JSON object\n"
	"     --ndjson                   one a line, with host, boot id and time\n"
	"     --from FILE                read a saved listing; - is standard input\n"
	" -n -p -P                       for habit: numbers and processes always show\n"
	" -h, --help  -V, --version      this help; the version\n"
	"\n"
	"Exit status: 0 rows shown, 1 none matched, 2 error, 3 no module.\n";

/* After -h and -V. */
static noreturn void finish(void)
{
	if (fflush(stdout))
		exit(report_write_error(errno));
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
		options->filter.tcp = true;
		break;
	case 'u':
		options->filter.udp = true;
		break;
	case 'l':
		options->filter.listening = true;
		break;
	case 'a':
		options->filter.listening = false;
		break;
	case 'n':
	case 'p':
	case 'P':
		break;
	case OPTION_PID:
		filter_add_pids(&options->filter, argument);
		break;
	case OPTION_FROM:
		options->from = argument;
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

/* @key is what getopt_long() returned: ':' or '?'. */
static noreturn void refuse(char **argv, int key)
{
	const char *last = argv[optind - 1];

	if (key == ':')
		usage_error("option '%s' needs an argument", last);
	if (!optopt)
		usage_error("unknown option '%s'", last);
	if (is_option(optopt))
		usage_error("option '%s' takes no argument", last);
	/* Perhaps inside a cluster like -txl, then it is not in @last. */
	usage_error("unknown option '-%c'", optopt);
}

/**
 * options_parse() - read the command line
 * @options: zeroed by the caller
 * @argc: as main() got it
 * @argv: as main() got it
 *
 * The program ends in here after -h and -V, and if there is an error.
 */
void options_parse(struct options *options, int argc, char **argv)
{
	struct option long_options[OPTIONS + 1] = { 0 };
	/* The colon: report "no argument" apart, and let us do the talking. */
	char letters[2 * OPTIONS + 2] = ":";
	size_t letter = 1, names = 0;
	int key;

	options->order.column = COLUMNS;
	for (size_t i = 0; i < OPTIONS; i++) {
		if (option_table[i].key < OPTION_PID) {
			letters[letter++] = (char)option_table[i].key;
			if (option_table[i].argument)
				letters[letter++] = ':';
		}
		if (option_table[i].name)
			long_options[names++] = (struct option){
				.name = option_table[i].name,
				.has_arg = option_table[i].argument,
				.val = option_table[i].key,
			};
	}

	while ((key = getopt_long(argc, argv, letters, long_options, NULL)) !=
	       -1) {
		if (key == '?' || key == ':')
			refuse(argv, key);
		apply(options, key, optarg);
	}
	for (int i = optind; i < argc; i++)
		filter_add(&options->filter, argv[i]);

	if (options->format == FORMAT_TABLE)
		columns_default(&options->columns);
	else
		json_columns(&options->columns);
	if (options->columns_list)
		columns_choose(&options->columns, options->columns_list);
}
