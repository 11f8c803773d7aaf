// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <stdio.h>

#include "json.h"
#include "output.h"
#include "table.h"

#ifndef OUTPUT_BUFFER
#define OUTPUT_BUFFER (64 * 1024)
#endif

struct output {
	enum format format;
	struct json json;
	struct table table;
};

/**
 * output_buffer() - print much at once
 *
 * To be called before anything is printed.
 */
void output_buffer(void)
{
	static char buffer[OUTPUT_BUFFER];

	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
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
	static struct output output;

	output.format = options->format;
	if (output.format == FORMAT_TABLE) {
		table_start(&output.table, &options->columns,
			    !options->no_header);
		table_wish(&output.table, wish);
	} else {
		json_start(&output.json, &options->columns,
			   output.format == FORMAT_NDJSON, !options->from);
		columns_wish(&options->columns, wish);
	}
	return &output;
}

/**
 * output_row() - print a row
 * @context: the output
 * @row: the row
 *
 * Return: 0, or -1 with an error.
 */
int output_row(void *context, const struct row *row)
{
	struct output *output = context;

	return output->format == FORMAT_TABLE ? table_row(&output->table, row) :
						json_row(&output->json, row);
}

/**
 * output_end() - print what is left
 * @output: no row follows
 * @complete: these were all
 *
 * Return: 0, or -1 with an error.
 */
int output_end(struct output *output, bool complete)
{
	return output->format == FORMAT_TABLE ?
		       table_end(&output->table) :
		       json_end(&output->json, complete);
}

/**
 * output_error() - errno of the write that failed
 * @output: the output
 */
int output_error(const struct output *output)
{
	return output->format == FORMAT_TABLE ? output->table.error :
						output->json.error;
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
