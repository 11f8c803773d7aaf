// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include "graph.h"
#include "output.h"
#include "prometheus.h"
#include "reader.h"
#include "reading.h"
#include "watch.h"
#include "why.h"

static int list(struct reading *reading, struct output *output)
{
	int result = reading_each(reading, output_row, output);

	if (result == READING_STOPPED ||
	    output_end(output, result == READING_WHOLE))
		return output_fail(output);
	if (result == READING_FAILED) {
		report("%s", reading->problem);
		return reading->status;
	}
	listing_report_lacks(reading->lacks);
	if (reading->hidden)
		report_hidden(reading->hidden, reading->options->from);
	return output_rows(output) ? STATUS_LISTED : STATUS_NOTHING;
}

/**
 * reader_run() - do what a command line asks for
 * @argc: as main() got it
 * @argv: as main() got it
 *
 * What it allocates is left to the end of the program, which it may bring about
 * itself: see options_parse().
 *
 * Return: the exit status.
 */
int reader_run(int argc, char **argv)
{
	static struct options options;
	static struct reading reading;
	struct wish wish = { 0 };
	struct output *output;

	/* The fuzzer runs the reader again, and has freed what is left of it. */
	report_behind(NULL);
	options_parse(&options, argc, argv);
	output_buffer();
	if (options.why.given)
		return why_run(&options);
	if (options.prometheus)
		return prometheus_run(&reading, &options);
	reading.begun = false;
	if (options.graph) {
		graph_wish(&wish);
		reading_start(&reading, &options, &wish);
		return graph_run(&reading);
	}
	output = output_start(&options, &wish);
	if (options.watch)
		watch_wish(&options, &wish);
	reading_start(&reading, &options, &wish);
	return options.watch ? watch_run(&reading) : list(&reading, output);
}
