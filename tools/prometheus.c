// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// What the rows add up to, in Prometheus' text format, for the textfile collector
// of its node exporter.

#include <errno.h>
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

static void put_family(FILE *to, const char *name, const char *type,
		       const char *help)
{
	fprintf(to, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s %s\n", name,
		help, name, type);
}

/*
 * A label's value is what the table shows of a name, where bytes outside of
 * printable ASCII are \ooo: so it is UTF-8, and it is the name.
 */
static void put_value(FILE *to, const char *value)
{
	putc('"', to);
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			putc('\\', to);
		putc(*value, to);
	}
	putc('"', to);
}

static void put_labels(FILE *to, const char *const *names, size_t count,
		       const char *labels)
{
	putc('{', to);
	for (size_t i = 0; i < count; i++) {
		fprintf(to, "%s%s=", i ? "," : "", names[i]);
		put_value(to, labels);
		labels += strlen(labels) + 1;
	}
	putc('}', to);
}

static void put_groups(FILE *to, const char *name, const struct groups *groups,
		       const char *const *names, size_t count, int value)
{
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->list[i];

		fprintf(to, PREFIX "%s", name);
		put_labels(to, names, count, group->key);
		fprintf(to, " %llu\n", (unsigned long long)group->value[value]);
	}
}

static void put_fullest(FILE *to, const struct groups *groups)
{
	static const char name[] = "accept_queue_fullest_ratio";

	put_family(to, name, "gauge",
		   "Accept queue of the fullest listener, 1 is full.");
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->list[i];

		fprintf(to, PREFIX "%s", name);
		put_labels(to, listeners_labels, LISTENERS_LABELS, group->key);
		fprintf(to, " %llu.%06llu\n",
			(unsigned long long)group->value[LISTENERS_FULLEST] /
				1000000,
			(unsigned long long)group->value[LISTENERS_FULLEST] %
				1000000);
	}
}

static void put_queues(FILE *to, const struct groups *groups)
{
	put_family(to, "accept_queue_length", "gauge",
		   "Connections that wait to be accepted.");
	put_groups(to, "accept_queue_length", groups, listeners_labels,
		   LISTENERS_LABELS, LISTENERS_LENGTH);
	put_family(to, "accept_queue_limit", "gauge",
		   "Limits that listen() has set; one more may wait.");
	put_groups(to, "accept_queue_limit", groups, listeners_labels,
		   LISTENERS_LABELS, LISTENERS_LIMIT);
	put_fullest(to, groups);
	/* No counter: it falls when one of several listeners goes. */
	put_family(to, "listen_drops", "gauge",
		   "Packets dropped at listeners that are there now.");
	put_groups(to, "listen_drops", groups, listeners_labels,
		   LISTENERS_LABELS, LISTENERS_DROPS);
}

static void put_metrics(FILE *to, const struct metrics *metrics,
			unsigned long long hidden)
{
	put_family(to, "holders", "gauge",
		   "Holders of sockets: one with three counts three times.");
	put_groups(to, "holders", &metrics->sockets, sockets_labels,
		   SOCKETS_LABELS, SOCKETS_HOLDERS);
	put_family(to, "sockets", "gauge",
		   "Sockets, each once in every group that holds it.");
	put_groups(to, "sockets", &metrics->sockets, sockets_labels,
		   SOCKETS_LABELS, SOCKETS_DISTINCT);
	put_family(to, "distinct_sockets", "gauge",
		   "Sockets, each once, whoever holds it.");
	put_groups(to, "distinct_sockets", &metrics->totals, totals_labels,
		   TOTALS_LABELS, TOTALS_DISTINCT);
	put_family(to, "process_descriptors_max", "gauge",
		   "Descriptors for sockets of the process that has most.");
	put_groups(to, "process_descriptors_max", &metrics->processes,
		   processes_labels, PROCESSES_LABELS, PROCESSES_DESCRIPTORS);
	put_family(to, "hidden_sockets", "gauge",
		   "Sockets whose holder the reader may not see.");
	fprintf(to, PREFIX "hidden_sockets %llu\n", hidden);
	if (metrics->has_queues)
		put_queues(to, &metrics->listeners);
}

static void put_scan(FILE *to, const struct reading *reading, bool success,
		     uint64_t nanoseconds)
{
	put_family(to, "build_info", "gauge",
		   "Version of the reader, the value is always 1.");
	fprintf(to,
		PREFIX "build_info{version=\"" SOCKOWNERS_VERSION "\"} 1\n");
	/* A saved listing does not tell. */
	if (!reading->options->from) {
		put_family(to, "module_loaded", "gauge",
			   "Whether /proc/sockowners is there.");
		fprintf(to, PREFIX "module_loaded %d\n",
			reading->status != STATUS_NO_MODULE);
	}
	put_family(to, "scan_success", "gauge",
		   "Whether the listing was read; if not, nothing is counted.");
	fprintf(to, PREFIX "scan_success %d\n", success);
	put_family(to, "scan_duration_seconds", "gauge",
		   "Time that it took to read the listing.");
	fprintf(to, PREFIX "scan_duration_seconds %llu.%09llu\n",
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
		report("cannot write '%s': %s; name a file in a directory that you may write to",
		       options->prometheus_file, strerror(errno));
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
	FILE *to;

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

	to = open_memstream(&text, &length);
	if (!to)
		return out_of_memory();
	put_scan(to, reading, !status, screen_clock() - start);
	if (!status)
		put_metrics(to, &metrics, reading->hidden);
	if (fclose(to))
		return out_of_memory();
	written = put_out(options, text, length);
	free(text);
	return status ? status : written;
}
