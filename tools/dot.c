// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// A graph in the language of Graphviz. Names are quoted: whatever a process calls
// itself is text in a label.

#include <stdio.h>
#include <string.h>

#include "dot.h"

static const char *const shapes[] = {
	[SHAPE_PROCESS] = "shape=box, style=filled, fillcolor=white",
	[SHAPE_SOCKET] = "shape=ellipse, style=filled, fillcolor=lightyellow",
	[SHAPE_REMOTE] = "shape=plaintext",
};

static void put_quoted(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		if (*text == '\n') {
			fputs("\\n", stdout);
			continue;
		}
		if (*text == '"' || *text == '\\')
			putchar('\\');
		putchar(*text);
	}
	putchar('"');
}

static void put_node(const struct node *node, size_t at, const char *indent)
{
	printf("%sn%zu [%s, label=", indent, at, shapes[node->shape]);
	put_quoted(node->label);
	puts("];");
}

static void put_cluster(const char *label, size_t at, const char *indent)
{
	printf("%ssubgraph cluster_%zu {\n%s  label=", indent, at, indent);
	put_quoted(label);
	puts(";");
}

/* Whether an earlier node is of the same host, and of the same unit. */
static bool comes_earlier(const struct node *nodes, size_t at, bool of_unit)
{
	for (size_t i = 0; i < at; i++) {
		if (nodes[i].shape != SHAPE_REMOTE &&
		    !strcmp(nodes[i].host, nodes[at].host) &&
		    (!of_unit || !strcmp(nodes[i].unit, nodes[at].unit)))
			return true;
	}
	return false;
}

static void put_unit(const struct node *nodes, size_t count, size_t first,
		     const char *indent)
{
	const struct node *of = &nodes[first];
	bool cluster = strcmp(of->unit, "-");
	char deeper[8];

	snprintf(deeper, sizeof(deeper), "%s%s", indent, cluster ? "  " : "");
	if (cluster)
		put_cluster(of->unit, 2 * first + 1, indent);
	for (size_t i = first; i < count; i++) {
		if (nodes[i].shape != SHAPE_REMOTE &&
		    !strcmp(nodes[i].host, of->host) &&
		    !strcmp(nodes[i].unit, of->unit))
			put_node(&nodes[i], i, deeper);
	}
	if (cluster)
		printf("%s}\n", indent);
}

static void put_host(const struct node *nodes, size_t count, size_t first)
{
	const char *host = nodes[first].host;
	bool cluster = strcmp(host, "-");

	if (cluster)
		put_cluster(host, 2 * first, "  ");
	for (size_t i = first; i < count; i++) {
		if (nodes[i].shape != SHAPE_REMOTE &&
		    !strcmp(nodes[i].host, host) &&
		    !comes_earlier(nodes, i, true))
			put_unit(nodes, count, i, cluster ? "    " : "  ");
	}
	if (cluster)
		puts("  }");
}

static void put_edge(const struct edge *edge)
{
	char label[128];

	printf("  n%zu -> n%zu", edge->from, edge->to);
	if (edge->holds) {
		puts(" [dir=none];");
		return;
	}
	if (edge->count > 1)
		snprintf(label, sizeof(label), "%.64s%sx%llu", edge->label,
			 *edge->label ? " " : "",
			 (unsigned long long)edge->count);
	else
		snprintf(label, sizeof(label), "%.64s", edge->label);
	if (*label) {
		fputs(" [label=", stdout);
		put_quoted(label);
		putchar(']');
	}
	puts(";");
}

/**
 * dot_print() - print a graph on stdout
 * @nodes: its nodes
 * @node_count: how many
 * @edges: its edges
 * @edge_count: how many
 */
void dot_print(const struct node *nodes, size_t node_count,
	       const struct edge *edges, size_t edge_count)
{
	puts("digraph sockowners {");
	puts("  rankdir=LR;");
	puts("  graph [fontname=\"sans-serif\", fontsize=11];");
	puts("  graph [style=filled, color=gray, fillcolor=gray95];");
	puts("  node [fontname=\"sans-serif\", fontsize=10];");
	puts("  edge [fontname=\"sans-serif\", fontsize=9];");
	for (size_t i = 0; i < node_count; i++) {
		if (nodes[i].shape != SHAPE_REMOTE &&
		    !comes_earlier(nodes, i, false))
			put_host(nodes, node_count, i);
	}
	for (size_t i = 0; i < node_count; i++) {
		if (nodes[i].shape == SHAPE_REMOTE)
			put_node(&nodes[i], i, "  ");
	}
	for (size_t i = 0; i < edge_count; i++)
		put_edge(&edges[i]);
	puts("}");
}
