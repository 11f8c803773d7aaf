// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "options.h"

/* Keys of the options that have no letter, above all letters. */
enum {
	OPTION_PID = 256,
	OPTION_FROM,
};

static const struct {
	int key;
	const char *name;
	const char *argument;
	const char *help;
} option_table[] = {
	{ '4', NULL, NULL, "IPv4 sockets" },
	{ '6', NULL, NULL, "IPv6 sockets" },
	{ 't', "tcp", NULL, "TCP sockets" },
	{ 'u', "udp", NULL, "UDP and UDP-Lite sockets" },
	{ 'l', "listening", NULL, "listening and unconnected sockets only" },
	{ 'a', NULL, NULL, "all sockets: the default, takes back -l" },
	{ 'n', NULL, NULL, "accepted for habit: ports are always numbers" },
	{ 'p', NULL, NULL, "accepted for habit: processes are always shown" },
	{ 'P', NULL, NULL, "accepted for habit, as -n" },
	{ OPTION_PID, "pid", "PID,...", "sockets of these processes" },
	{ OPTION_FROM, "from", "FILE",
	  "read a saved listing; '-' is standard input" },
	{ 'H', "no-header", NULL, "rows only, no heading" },
	{ 'h', "help", NULL, "show this help" },
	{ 'V', "version", NULL, "show the version" },
};

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define OPTIONS		  ARRAY_SIZE(option_table)

static void print_help(void)
{
	puts("Usage: sockowners [OPTION...] [FILTER...]\n"
	     "Show every internet socket and who holds it.\n"
	     "\n"
	     "FILTER is :PORT, :PORT-PORT, a service name (:http) or a list of them\n"
	     "(:80,443,8000-8999). It matches the local or the remote port.\n");
	for (size_t i = 0; i < OPTIONS; i++) {
		const char *argument = option_table[i].argument;
		const char *name = option_table[i].name;
		char letter[3] = "  ";
		char flags[32];

		if (option_table[i].key < OPTION_PID)
			snprintf(letter, sizeof(letter), "-%c",
				 option_table[i].key);
		snprintf(flags, sizeof(flags), "%s%s %s%s%s%s", letter,
			 name && *letter == '-' ? "," : " ", name ? "--" : "",
			 name ? name : "", argument ? " " : "",
			 argument ? argument : "");
		printf("  %-18s %s\n", flags, option_table[i].help);
	}
	puts("\nExit status: 0 rows shown, 1 none matched, 2 error, 3 no module.");
}

/* After -h and -V. */
static noreturn void finish(void)
{
	if (fflush(stdout))
		exit(report_write_error(errno));
	exit(EXIT_SUCCESS);
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
	case 'H':
		options->no_header = true;
		break;
	case 'h':
		print_help();
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

	columns_default(&options->columns);
	for (size_t i = 0; i < OPTIONS; i++) {
		if (option_table[i].key < OPTION_PID) {
			letters[letter++] = (char)option_table[i].key;
			if (option_table[i].argument)
				letters[letter++] = ':';
		}
		if (option_table[i].name)
			long_options[names++] = (struct option){
				.name = option_table[i].name,
				.has_arg = !!option_table[i].argument,
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
}
