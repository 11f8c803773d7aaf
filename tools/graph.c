// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// Who talks to whom. Processes of one name and unit are a box, a socket that waits for
// others is the hub between its holders and those who talk to it, with its queue; an
// address that is on no host of the listing is a node, and connections between two
// nodes are a line with their number.

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "address.h"
#include "cgroups.h"
#include "dot.h"
#include "graph.h"
#include "protocols.h"
#include "tally.h"

#define PIDS_SHOWN 3
#define PORTS	   (UINT16_MAX + 1)

/* Of what is longer the beginning has to do. */
#define TEXT_MAX 1000
#define KEY_MAX	 (4 * TEXT_MAX)

/**
 * struct waiting - a socket that waits for others, or several on one address
 * @host: @netns: @protocol: @address: @port: where
 * @any: the address is any
 * @listens: connections come in through it
 * @drawn: it is of interest
 * @node: its node, from 1
 * @queued: @half_open: connections that wait there
 * @most: that may wait, NO_NUMBER if nobody knows
 * @next: another one on the port, from 1
 */
struct waiting {
	char *host;
	uint64_t netns;
	unsigned int protocol;
	struct address address;
	bool any, listens, drawn;
	size_t node;
	uint64_t queued, half_open, most;
	size_t next;
};

/**
 * struct drawn - a node
 * @node: as it is printed; its label is the first line until then
 * @pids: the lowest of the processes
 * @count: how many
 * @last: the one that was counted last
 */
struct drawn {
	struct node node;
	uint64_t pids[PIDS_SHOWN];
	size_t count;
	uint64_t last;
};

struct line {
	size_t from, to;
	char *label;
	bool holds;
};

static struct graph {
	const struct filter *filter;
	struct peers rows;
	bool out_of_memory;
	struct tally waiting_keys, node_keys, line_keys, counted;
	struct waiting *waiting;
	size_t *on_port;
	char *cell;
	struct drawn *nodes;
	struct line *lines;
} graph;

/**
 * graph_wish() - which fields it takes
 * @wish: is added to
 */
void graph_wish(struct wish *wish)
{
	peers_wish(wish);
	wish->needed |= FIELD_BIT(FIELD_STATE);
	wish->useful |= FIELD_BIT(FIELD_VIA) | FIELD_BIT(FIELD_DEV) |
			FIELD_BIT(FIELD_FLAGS) | FIELD_BIT(FIELD_CGROUP) |
			FIELD_BIT(FIELD_SOCKCGROUP) | FIELD_BIT(FIELD_SENDQ);
}

static char *copy(const char *text)
{
	char *result = strdup(text);

	if (!result)
		no_memory();
	return result;
}

/* A structure for each key, as the key is. */
static void *extend(void *list, size_t count, size_t size)
{
	list = reallocarray(list, count, size);
	if (!list)
		no_memory();
	return list;
}

/* Return: the place of the node. */
static size_t add_node(const char *key, enum shape shape, const char *host,
		       const char *unit, const char *label)
{
	size_t count = graph.node_keys.count;
	struct tallied *tallied = tally_add(&graph.node_keys, key);

	if (graph.node_keys.count == count)
		return (size_t)(tallied - graph.node_keys.list);
	graph.nodes = extend(graph.nodes, count + 1, sizeof(*graph.nodes));
	graph.nodes[count] = (struct drawn){
		.node = { .shape = shape,
			  .host = copy(host),
			  .unit = copy(unit),
			  .label = copy(label) },
		.last = NO_NUMBER,
	};
	return count;
}

static struct line *add_line(size_t from, size_t to, const char *label,
			     uint64_t connections)
{
	size_t count = graph.line_keys.count;
	struct tallied *tallied;
	char key[128];

	snprintf(key, sizeof(key), "%zu %zu %.60s", from, to, label);
	tallied = tally_add(&graph.line_keys, key);
	tallied->number += connections;
	if (graph.line_keys.count == count)
		return &graph.lines[tallied - graph.line_keys.list];
	graph.lines = extend(graph.lines, count + 1, sizeof(*graph.lines));
	graph.lines[count] =
		(struct line){ .from = from, .to = to, .label = copy(label) };
	return &graph.lines[count];
}

/* The lowest ones are kept. */
static void add_pid(struct drawn *drawn, uint64_t pid)
{
	for (size_t i = 0; i < PIDS_SHOWN; i++) {
		uint64_t higher = drawn->pids[i];

		if (i >= drawn->count) {
			drawn->pids[i] = pid;
			break;
		}
		if (pid < higher) {
			drawn->pids[i] = pid;
			pid = higher;
		}
	}
	drawn->count++;
}

/* Who holds the socket of a row; what is said of it, if that is no process. */
static size_t add_process(const struct row *row)
{
	static char unit[CGROUP_MAX + 1];
	char key[KEY_MAX], name[TEXT_MAX];
	uint64_t pid = row->number[FIELD_PID];
	const char *host = row->text[FIELD_HOST].start;
	struct drawn *drawn;
	size_t at;

	strcpy(unit, "-");
	if (pid != NO_NUMBER)
		*unit_write(unit, row) = '\0';
	snprintf(name, sizeof(name), "%s",
		 row->text[pid == NO_NUMBER ? FIELD_EXPLAINED : FIELD_COMM]
			 .start);
	snprintf(key, sizeof(key), "process %s %.2000s %s", host, unit, name);
	at = add_node(key, SHAPE_PROCESS, host, unit, name);
	drawn = &graph.nodes[at];
	if (pid == NO_NUMBER || pid == drawn->last)
		return at;
	drawn->last = pid;
	snprintf(key, sizeof(key), "pid %zu %llu", at, (unsigned long long)pid);
	if (tally_add(&graph.counted, key)->count == 1)
		add_pid(drawn, pid);
	return at;
}

static bool is_waiting(const struct row *row)
{
	const char *state = row->text[FIELD_STATE].start;

	return row->number[FIELD_LPORT] != NO_NUMBER &&
	       (!strcmp(state, "LISTEN") || !strcmp(state, "UNCONNECTED"));
}

/* Return: the local end, in at most TEXT_MAX bytes. */
static const char *local_of(const struct row *row)
{
	char *end = columns_write_cell(graph.cell, COLUMN_LOCAL, row);

	if (end - graph.cell > TEXT_MAX)
		end = graph.cell + TEXT_MAX;
	*end = '\0';
	return graph.cell;
}

/* The socket of a row that waits for others. */
static struct waiting *add_waiting(const struct row *row)
{
	char key[KEY_MAX];
	size_t count = graph.waiting_keys.count;
	uint64_t port = row->number[FIELD_LPORT];
	struct waiting *waiting;
	struct tallied *tallied;

	snprintf(key, sizeof(key), "%s %s %.20s %s",
		 row->text[FIELD_HOST].start, row->text[FIELD_NETNS].start,
		 row->text[FIELD_PROTO].start, local_of(row));
	tallied = tally_add(&graph.waiting_keys, key);
	if (graph.waiting_keys.count == count)
		return &graph.waiting[tallied - graph.waiting_keys.list];
	graph.waiting =
		extend(graph.waiting, count + 1, sizeof(*graph.waiting));
	waiting = &graph.waiting[count];
	*waiting = (struct waiting){
		.host = copy(row->text[FIELD_HOST].start),
		.netns = row->number[FIELD_NETNS],
		.protocol = protocol_of(row->text[FIELD_PROTO].start),
		.listens = text_is(&row->text[FIELD_STATE], "LISTEN"),
		.any = text_is(&row->text[FIELD_LADDR], "0.0.0.0") ||
		       text_is(&row->text[FIELD_LADDR], "::"),
		.most = NO_NUMBER,
		.next = graph.on_port[port],
	};
	address_parse(&waiting->address, row->text[FIELD_LADDR].start);
	graph.on_port[port] = count + 1;
	return waiting;
}

/* An address that every host has, or the one that the other end has, too. */
static bool is_own(const struct row *row)
{
	const char *remote = row->text[FIELD_RADDR].start;

	return !strncmp(remote, "127.", 4) || !strcmp(remote, "::1") ||
	       !strncmp(remote, "::ffff:127.", 11) ||
	       text_is(&row->text[FIELD_LADDR], remote);
}

/* The socket that waits at one end of a connection, on this host. */
static struct waiting *find_at(const struct row *row, enum field at,
			       enum field port_at)
{
	unsigned int protocol = protocol_of(row->text[FIELD_PROTO].start);
	bool remote = at == FIELD_RADDR;
	uint64_t port = row->number[port_at];
	struct address address;
	size_t next;

	if (port == NO_NUMBER || !protocol ||
	    !address_parse(&address, row->text[at].start))
		return NULL;
	for (next = graph.on_port[port]; next;
	     next = graph.waiting[next - 1].next) {
		struct waiting *waiting = &graph.waiting[next - 1];

		if ((waiting->listens || remote) &&
		    waiting->protocol == protocol &&
		    waiting->address.ipv6 >= address.ipv6 &&
		    waiting->netns == row->number[FIELD_NETNS] &&
		    !strcmp(waiting->host, row->text[FIELD_HOST].start) &&
		    ((waiting->any && (!remote || is_own(row))) ||
		     !memcmp(waiting->address.bytes, address.bytes,
			     sizeof(address.bytes))))
			return waiting;
	}
	return NULL;
}

/* The socket that a connection came in through. */
static struct waiting *find_waiting(const struct row *row)
{
	return find_at(row, FIELD_LADDR, FIELD_LPORT);
}

/* Where one goes to that has no other end, yet or ever: UDP, or half-open. */
static struct waiting *find_target(const struct row *row)
{
	return find_at(row, FIELD_RADDR, FIELD_RPORT);
}

static size_t node_of(struct waiting *waiting)
{
	size_t at = (size_t)(waiting - graph.waiting);
	char key[32];

	/* The label and the cluster come with the row. */
	waiting->drawn = true;
	if (!waiting->node) {
		snprintf(key, sizeof(key), "socket %zu", at);
		waiting->node =
			1 + add_node(key, SHAPE_SOCKET, waiting->host, "-", "");
	}
	return waiting->node - 1;
}

static size_t add_remote(const struct row *row)
{
	char key[TEXT_MAX] = "remote ", *name = key + strlen(key);

	snprintf(name, TEXT_MAX - strlen(key), "%s",
		 row->text[FIELD_RADDR].start);
	return add_node(key, SHAPE_REMOTE, "-", "-",
			resolve_host(name) ?: name);
}

/* A socket that several hold is one connection. */
static bool is_counted(const struct row *row)
{
	char key[HOST_MAX + 32];

	if (row->number[FIELD_INODE] == NO_NUMBER)
		return false;
	snprintf(key, sizeof(key), "%s %llu", row->text[FIELD_HOST].start,
		 (unsigned long long)row->number[FIELD_INODE]);
	return tally_add(&graph.counted, key)->count > 1;
}

/*
 * An address that is on no host of the listing. Whose port is the lower one is taken
 * for who offers something there.
 */
static void draw_remote(const struct row *row, uint64_t connections)
{
	bool offers = row->number[FIELD_LPORT] < row->number[FIELD_RPORT];
	enum field port = offers ? FIELD_LPORT : FIELD_RPORT;
	size_t process = add_process(row), remote = add_remote(row);
	char label[64];

	snprintf(label, sizeof(label), "%.20s :%.20s",
		 row->text[FIELD_PROTO].start, row->text[port].start);
	add_line(offers ? remote : process, offers ? process : remote, label,
		 connections);
}

/* Neither end came in through a socket that waits there. */
static void draw_direct(const struct row *row, const struct row *peer,
			uint64_t connections)
{
	size_t from = add_process(row), to = add_process(peer);
	char key[64], label[64];
	size_t hub;

	snprintf(label, sizeof(label), "%.20s", row->text[FIELD_PROTO].start);
	snprintf(key, sizeof(key), "hub %zu %zu %.20s", from < to ? from : to,
		 from < to ? to : from, label);
	hub = add_node(key, SHAPE_SOCKET, "-", "-", label);
	add_line(from, hub, "", connections);
	add_line(hub, to, "", connections);
}

/* A connection, each one once. */
static void draw_connection(const struct row *row, size_t at)
{
	struct waiting *here = find_waiting(row), *there = NULL;
	struct peer found;
	struct row peer;
	bool is_held, peer_drawn;
	uint64_t connections;
	size_t from;

	row_init(&peer);
	peers_find(&graph.rows, at, &found);
	if (found.at != NO_PEER) {
		store_get(&graph.rows.store, found.at, &peer);
		there = find_waiting(&peer);
	} else if (!here) {
		there = find_target(row);
	}
	is_held = found.at != NO_PEER && peer.number[FIELD_PID] != NO_NUMBER;
	peer_drawn = is_held && filter_matches(graph.filter, &peer);
	/* Drawn from the end that has connected, or the first. */
	if (peer_drawn &&
	    (here ? !there || found.at < at : !there && found.at < at))
		return;
	connections = !is_counted(row);
	if (here && (!there || found.at == NO_PEER)) {
		from = is_held ? add_process(&peer) : add_remote(row);
		add_line(from, node_of(here), "", connections);
	} else if (there) {
		add_line(add_process(row), node_of(there), "", connections);
	} else if (found.at != NO_PEER && peer.number[FIELD_PID] != NO_NUMBER) {
		draw_direct(row, &peer, connections);
	} else {
		draw_remote(row, connections);
	}
}

static void draw_row(const struct row *row, size_t at)
{
	struct waiting *waiting;

	if (is_waiting(row)) {
		node_of(add_waiting(row));
		return;
	}
	if (text_is(&row->text[FIELD_HOLDER], "accept") ||
	    text_is(&row->text[FIELD_HOLDER], "synrecv")) {
		waiting = find_waiting(row);
		if (!waiting)
			return;
		node_of(waiting);
		if (text_is(&row->text[FIELD_HOLDER], "accept"))
			waiting->queued++;
		else
			waiting->half_open++;
		return;
	}
	if (row->number[FIELD_PID] != NO_NUMBER &&
	    row->number[FIELD_RPORT] != NO_NUMBER)
		draw_connection(row, at);
}

/* A socket that waits, where it is drawn: in the cluster of its first holder. */
static void draw_holder(const struct row *row)
{
	char label[TEXT_MAX + 256];
	struct waiting *waiting = add_waiting(row);
	struct node *node;
	size_t at, holder;

	if (!waiting->drawn)
		return;
	at = node_of(waiting);
	holder = add_process(row);
	node = &graph.nodes[at].node;
	if (text_is(&row->text[FIELD_STATE], "LISTEN"))
		waiting->most = row->number[FIELD_SENDQ];
	if (!*node->label) {
		char *to = label + sprintf(label, "%.20s %s",
					   row->text[FIELD_PROTO].start,
					   local_of(row));

		if (waiting->queued)
			to += sprintf(to, "\n%llu waiting",
				      (unsigned long long)waiting->queued);
		if (waiting->queued && waiting->most != NO_NUMBER)
			to += sprintf(to, " of %llu",
				      (unsigned long long)waiting->most);
		if (waiting->half_open)
			sprintf(to, "\n%llu half-open",
				(unsigned long long)waiting->half_open);
		node->label = copy(label);
		node->unit = graph.nodes[holder].node.unit;
	}
	add_line(at, holder, "", 0)->holds = true;
}

static void label_processes(void)
{
	for (size_t i = 0; i < graph.node_keys.count; i++) {
		struct drawn *drawn = &graph.nodes[i];
		char label[TEXT_MAX + 256], *to = label;

		if (!drawn->count)
			continue;
		to += sprintf(to, "%s\n", drawn->node.label);
		for (size_t j = 0; j < drawn->count && j < PIDS_SHOWN; j++)
			to += sprintf(to, "%s%llu", j ? " " : "",
				      (unsigned long long)drawn->pids[j]);
		if (drawn->count > PIDS_SHOWN)
			sprintf(to, " and %zu more", drawn->count - PIDS_SHOWN);
		drawn->node.label = copy(label);
	}
}

static void print(void)
{
	size_t nodes = graph.node_keys.count, lines = graph.line_keys.count;
	struct node *list = extend(NULL, nodes + 1, sizeof(*list));
	struct edge *edges = extend(NULL, lines + 1, sizeof(*edges));

	for (size_t i = 0; i < nodes; i++)
		list[i] = graph.nodes[i].node;
	for (size_t i = 0; i < lines; i++)
		edges[i] = (struct edge){
			.from = graph.lines[i].from,
			.to = graph.lines[i].to,
			.label = graph.lines[i].label,
			.count = graph.line_keys.list[i].number,
			.holds = graph.lines[i].holds,
		};
	dot_print(list, nodes, edges, lines);
}

/* Return: whether a row was asked for. */
static bool draw(void)
{
	size_t count = graph.rows.store.count;
	bool any = false;
	struct row row;

	row_init(&row);
	for (size_t i = 0; i < count; i++) {
		store_get(&graph.rows.store, i, &row);
		if (is_waiting(&row))
			add_waiting(&row);
	}
	for (size_t i = 0; i < count; i++) {
		store_get(&graph.rows.store, i, &row);
		if (!filter_matches(graph.filter, &row))
			continue;
		any = true;
		draw_row(&row, i);
	}
	for (size_t i = 0; i < count; i++) {
		store_get(&graph.rows.store, i, &row);
		if (is_waiting(&row))
			draw_holder(&row);
	}
	label_processes();
	return any;
}

static int keep(void *context, const struct row *row)
{
	struct graph *to = context;

	to->out_of_memory = peers_keep(&to->rows, row);
	return to->out_of_memory;
}

/**
 * graph_run() - draw the listing
 * @reading: started before, with graph_wish()
 *
 * Return: the exit status.
 */
int graph_run(struct reading *reading)
{
	int result, error;
	bool any;

	memset(&graph, 0, sizeof(graph));
	graph.filter = &reading->options->filter;
	graph.rows.store.fields = wish_fields(&reading->wish);
	graph.cell = extend(NULL, CELLS_MAX, 1);
	graph.on_port = calloc(PORTS, sizeof(*graph.on_port));
	if (!graph.on_port)
		no_memory();
	result = reading_each(reading, keep, &graph);
	if (result == READING_FAILED) {
		report("%s", reading->problem);
		return reading->status;
	}
	if (result == READING_STOPPED || peers_match(&graph.rows)) {
		report("cannot draw: %s; draw less", strerror(errno));
		return STATUS_ERROR;
	}
	any = draw();
	if (any)
		print();
	error = finish_output();
	if (error)
		return report_write_error(error);
	return any ? STATUS_LISTED : STATUS_NOTHING;
}
