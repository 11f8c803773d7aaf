// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "count.h"
#include "json.h"
#include "output.h"
#include "table.h"

#ifndef OUTPUT_BUFFER
#define OUTPUT_BUFFER (64 * 1024)
#endif

struct output {
	enum format format;
	bool counts;
	bool out_of_memory;
	struct count count;
	struct json json;
	struct table table;
};

/* There is one, which --watch starts again. */
static struct output the_output;

/**
 * output_buffer() - print much at once
 *
 * To be called before anything is printed.
 */
void output_buffer(void)
{
	static char buffer[OUTPUT_BUFFER];

	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	/* The fuzzer runs the reader again, and has freed what is left of it. */
	the_output.count = (struct count){ 0 };
}

static void flush_table(void)
{
	table_flush(&the_output.table);
}

static void flush_json(void)
{
	json_flush(&the_output.json);
}

/**
 * output_start() - get ready to print in the format that was asked for
 * @options: what was asked for
 * @wish: which fields that takes; is added to
 *
 * Return: what the rows are to be given to; there is one.
 */
struct output *output_start(const struct options *options, struct wish *wish)
{
	the_output.format = options->format;
	the_output.counts = options->count;
	the_output.out_of_memory = false;
	if (the_output.format == FORMAT_TABLE) {
		table_start(&the_output.table, &options->columns,
			    !options->no_header);
		report_behind(flush_table);
	} else {
		json_start(&the_output.json, &options->columns,
			   options->count ? "counts" : "sockets",
			   the_output.format == FORMAT_NDJSON, !options->from);
		report_behind(flush_json);
	}
	/* Both gather what they print themselves; of several each comes at once. */
	if (!options->watch)
		setvbuf(stdout, NULL, _IONBF, 0);
	the_output.json.mixes_hosts =
		options->count && options->source_count > 1 &&
		!columns_have(&options->columns, COLUMN_HOST);
	if (options->count)
		count_start(&the_output.count, &options->columns,
			    &options->count_order, wish);
	else if (the_output.format == FORMAT_TABLE)
		table_wish(&the_output.table, wish);
	else
		columns_wish(&options->columns, wish);
	/* Each line says of which host it is. */
	if (the_output.format == FORMAT_NDJSON && !options->count)
		wish->useful |= FIELD_BIT(FIELD_HOST);
	return &the_output;
}

static int print_row(void *context, const struct row *row)
{
	struct output *output = context;

	return output->format == FORMAT_TABLE ? table_row(&output->table, row) :
						json_row(&output->json, row);
}

/**
 * output_before() - print something in front of the rows
 * @output: started before
 * @json: members of the object, each with a comma behind
 * @table: lines
 */
void output_before(struct output *output, const char *json, const char *table)
{
	if (output->format == FORMAT_TABLE)
		table_before(&output->table, table);
	else
		output->json.before = json;
}

/**
 * output_row() - print or count a row
 * @context: the output
 * @row: the row
 *
 * Return: 0, or -1 with an error.
 */
int output_row(void *context, const struct row *row)
{
	struct output *output = context;

	if (!output->counts)
		return print_row(output, row);
	output->out_of_memory = count_row(&output->count, row);
	return output->out_of_memory ? -1 : 0;
}

static int output_error(const struct output *output)
{
	return output->format == FORMAT_TABLE ? output->table.error :
						output->json.error;
}

static int print_counts(struct output *output)
{
	int result = count_each(&output->count, print_row, output);

	output->out_of_memory = result && !output_error(output);
	return result;
}

/**
 * output_end() - print what is left
 * @output: no row follows
 * @complete: these were all; if not, nothing is said of how many there are
 *
 * Return: 0, or -1 with an error.
 */
int output_end(struct output *output, bool complete)
{
	int result = 0;

	if (output->counts) {
		if (complete)
			result = print_counts(output);
		count_end(&output->count);
	}
	if (result)
		return -1;
	return output->format == FORMAT_TABLE ?
		       table_end(&output->table) :
		       json_end(&output->json, complete);
}

/**
 * output_fail() - say what went wrong
 * @output: an error was returned
 *
 * Return: the exit status.
 */
int output_fail(const struct output *output)
{
	if (!output->out_of_memory)
		return report_write_error(output_error(output));
	report("cannot count: %s; count by fewer columns (-o)",
	       strerror(ENOMEM));
	return STATUS_ERROR;
}

/**
 * output_rows() - how many there were
 * @output: the output
 */
uint64_t output_rows(const struct output *output)
{
	return output->format == FORMAT_TABLE ? output->table.rows :
						output->json.rows;
}
