/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */

#ifndef SOCKOWNERS_OPTIONS_H
#define SOCKOWNERS_OPTIONS_H

#include "columns.h"
#include "filter.h"
#include "order.h"
#include "packet.h"
#include "wanted.h"

enum format {
	FORMAT_TABLE,
	FORMAT_JSON,
	FORMAT_NDJSON,
};

/**
 * struct source - a saved listing
 * @path: of the file
 * @host: that it was saved on, NULL if nobody has said so
 */
struct source {
	const char *path;
	const char *host;
};

/**
 * struct options - the command line
 * @format: how to print
 * @no_header: rows without a heading
 * @resolve: names of hosts and services
 * @from: the first saved listing to read, NULL for the live one
 * @sources: all saved listings
 * @source_count: how many
 * @cgroups: @netns: @users: what is to be in the filter when all listings are known
 * @graph: draw instead of listing
 * @group: a row for each socket
 * @peer: show who holds the other end
 * @watch: nanoseconds until the next listing, 0 to list once
 * @columns_list: what was asked for, NULL if nothing was
 * @columns: what to show of them
 * @order: the order to show them in
 * @count: how many rows there are of each kind, instead of the rows
 * @prometheus: metrics instead of the rows
 * @prometheus_file: where to put them, NULL for stdout
 * @count_order: the order to show these numbers in
 * @why: the bind() that --why asks about
 * @packet: the packet that --packet asks about, in the kernel's words; or ""
 * @habits: options that a habit puts a word behind, see habits.h
 * @filter: which rows to show
 */
struct options {
	enum format format;
	bool no_header;
	bool resolve;
	const char *from;
	struct source *sources;
	size_t source_count;
	struct words cgroups, netns, users;
	bool graph;
	bool group;
	bool peer;
	uint64_t watch;
	const char *columns_list;
	struct columns columns;
	struct order order;
	bool count;
	struct order count_order;
	struct wanted why;
	char packet[PACKET_TEXT_MAX];
	bool prometheus;
	const char *prometheus_file;
	unsigned int habits;
	struct filter filter;
};

void options_parse(struct options *options, int argc, char **argv);

#endif
