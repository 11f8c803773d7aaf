// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// What the rows add up to, in Prometheus' text format, for the textfile collector
// of its node exporter.

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "metrics.h"
#include "prometheus.h"
#include "replace.h"
#include "screen.h"

#define PREFIX "sockowners_"

static const char *const sockets_labels[] = { "unit", "command", "proto",
					      "state", "holder" };
static const char *const totals_labels[] = { "proto", "state" };
static const char *const processes_labels[] = { "unit", "command" };
static const char *const listeners_labels[] = { "unit", "proto", "port" };

/* A stream in memory does not remember what there was none for. */
struct page {
	FILE *to;
	bool lost;
};

static __printf(2, 3) void put(struct page *page, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	if (vfprintf(page->to, format, arguments) < 0)
		page->lost = true;
	va_end(arguments);
}

static void put_char(struct page *page, char c)
{
	if (putc(c, page->to) == EOF)
		page->lost = true;
}

static void put_family(struct page *page, const char *name, const char *type,
		       const char *help)
{
	put(page, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s %s\n", name,
	    help, name, type);
}

/*
 * A label's value is what the table shows of a name, where bytes outside of
 * printable ASCII are \ooo: so it is UTF-8, and it is the name.
 */
static void put_value(struct page *page, const char *value)
{
	put_char(page, '"');
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			put_char(page, '\\');
		put_char(page, *value);
	}
	put_char(page, '"');
}

static void put_labels(struct page *page, const char *const *names,
		       size_t count, const char *labels)
{
	put_char(page, '{');
	for (size_t i = 0; i < count; i++) {
		put(page, "%s%s=", i ? "," : "", names[i]);
		put_value(page, labels);
		labels += strlen(labels) + 1;
	}
	put_char(page, '}');
}

static void put_groups(struct page *page, const char *name,
		       const struct groups *groups, const char *const *names,
		       size_t count, int value)
{
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->list[i];

		put(page, PREFIX "%s", name);
		put_labels(page, names, count, group->key);
		put(page, " %llu\n", (unsigned long long)group->value[value]);
	}
}

static void put_fullest(struct page *page, const struct groups *groups)
{
	static const char name[] = "accept_queue_fullest_ratio";

	put_family(page, name, "gauge",
		   "Accept queue of the fullest listener, 1 is full.");
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->list[i];

		put(page, PREFIX "%s", name);
		put_labels(page, listeners_labels, LISTENERS_LABELS,
			   group->key);
		put(page, " %llu.%06llu\n",
		    (unsigned long long)group->value[LISTENERS_FULLEST] /
			    1000000,
		    (unsigned long long)group->value[LISTENERS_FULLEST] %
			    1000000);
	}
}

static void put_queues(struct page *page, const struct groups *groups)
{
	put_family(page, "accept_queue_length", "gauge",
		   "Connections that wait to be accepted.");
	put_groups(page, "accept_queue_length", groups, listeners_labels,
		   LISTENERS_LABELS, LISTENERS_LENGTH);
	put_family(page, "accept_queue_limit", "gauge",
		   "Limits that listen() has set; one more may wait.");
	put_groups(page, "accept_queue_limit", groups, listeners_labels,
		   LISTENERS_LABELS, LISTENERS_LIMIT);
	put_fullest(page, groups);
	/* No counter: it falls when one of several listeners goes. */
	put_family(page, "listen_drops", "gauge",
		   "Packets dropped at listeners that are there now.");
	put_groups(page, "listen_drops", groups, listeners_labels,
		   LISTENERS_LABELS, LISTENERS_DROPS);
}

static void put_metrics(struct page *page, const struct metrics *metrics,
			unsigned long long hidden)
{
	put_family(page, "holders", "gauge",
		   "Holders of sockets: one with three counts three times.");
	put_groups(page, "holders", &metrics->sockets, sockets_labels,
		   SOCKETS_LABELS, SOCKETS_HOLDERS);
	put_family(page, "sockets", "gauge",
		   "Sockets, each once in every group that holds it.");
	put_groups(page, "sockets", &metrics->sockets, sockets_labels,
		   SOCKETS_LABELS, SOCKETS_DISTINCT);
	put_family(page, "distinct_sockets", "gauge",
		   "Sockets, each once, whoever holds it.");
	put_groups(page, "distinct_sockets", &metrics->totals, totals_labels,
		   TOTALS_LABELS, TOTALS_DISTINCT);
	put_family(page, "process_descriptors_max", "gauge",
		   "Descriptors for sockets of the process that has most.");
	put_groups(page, "process_descriptors_max", &metrics->processes,
		   processes_labels, PROCESSES_LABELS, PROCESSES_DESCRIPTORS);
	put_family(page, "hidden_sockets", "gauge",
		   "Sockets whose holder the reader may not see.");
	put(page, PREFIX "hidden_sockets %llu\n", hidden);
	if (metrics->has_queues)
		put_queues(page, &metrics->listeners);
}

static void put_scan(struct page *page, const struct reading *reading,
		     bool success, uint64_t nanoseconds)
{
	put_family(page, "build_info", "gauge",
		   "Version of the reader, the value is always 1.");
	put(page, PREFIX "build_info{version=\"" SOCKOWNERS_VERSION "\"} 1\n");
	/* A saved listing does not tell. */
	if (!reading->options->from) {
		put_family(page, "module_loaded", "gauge",
			   "Whether /proc/sockowners is there.");
		put(page, PREFIX "module_loaded %d\n",
		    reading->status != STATUS_NO_MODULE);
	}
	put_family(page, "scan_success", "gauge",
		   "Whether the listing was read; if not, nothing is counted.");
	put(page, PREFIX "scan_success %d\n", success);
	put_family(page, "scan_duration_seconds", "gauge",
		   "Time that it took to read the listing.");
	put(page, PREFIX "scan_duration_seconds %llu.%09llu\n",
	    (unsigned long long)(nanoseconds / 1000000000),
	    (unsigned long long)(nanoseconds % 1000000000));
}

static int out_of_memory(void)
{
	report("cannot count: %s; count less (sockowners -t --prometheus)",
	       strerror(ENOMEM));
	return STATUS_ERROR;
}

static int put_out(const struct options *options, const char *text,
		   size_t length)
{
	if (!options->prometheus_file) {
		int error;

		fwrite(text, 1, length, stdout);
		error = finish_output();
		return error ? report_write_error(error) : STATUS_LISTED;
	}
	if (!replace_file(options->prometheus_file, text, length))
		return STATUS_LISTED;
	if (errno == ENOTSUP)
		report("cannot replace '%s': it is no regular file; name one, or a new file",
		       options->prometheus_file);
	else
		report("cannot write '%s': %s; %s", options->prometheus_file,
		       strerror(errno),
		       errno == ENOSPC || errno == EDQUOT ?
			       "make room there, or name a file elsewhere" :
			       "name a file in a directory that you may write to");
	return STATUS_ERROR;
}

/**
 * prometheus_run() - print metrics, or put them into a file
 * @reading: to read with
 * @options: what was asked for
 *
 * Also if the listing cannot be read, which is one of the metrics.
 *
 * Return: the exit status; nothing to count is no failure.
 */
int prometheus_run(struct reading *reading, struct options *options)
{
	static struct metrics metrics;
	struct wish wish = { 0 };
	int result, status, written;
	uint64_t start;
	char *text = NULL;
	size_t length = 0;
	struct page page;

	if (metrics_start(&metrics))
		return out_of_memory();
	reading->begun = false;
	metrics_wish(&wish);
	reading_start(reading, options, &wish);
	start = screen_clock();
	result = reading_each(reading, metrics_row, &metrics);
	status = STATUS_LISTED;
	if (result == READING_STOPPED || metrics_end(&metrics)) {
		status = out_of_memory();
	} else if (result == READING_FAILED) {
		report("%s", reading->problem);
		status = reading->status;
	} else {
		listing_report_lacks(reading->lacks);
	}

	page = (struct page){ .to = open_memstream(&text, &length) };
	if (!page.to)
		return out_of_memory();
	put_scan(&page, reading, !status, screen_clock() - start);
	if (!status)
		put_metrics(&page, &metrics, reading->hidden);
	if (fclose(page.to) || page.lost)
		return out_of_memory();
	written = put_out(options, text, length);
	free(text);
	return status ? status : written;
}
