// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "scene.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "expect.h"
#include "net.h"
#include "ring.h"
#include "sock.h"
#include "tap.h"
#include "timewait.h"

#define READ_SIZE 65536

/* Reads the file as often as it is told a path. */
static void live(int control, void *arg)
{
	char path[128];

	(void)arg;
	tell(control, 0);
	while (hear_text(control, path, sizeof(path))) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		int copy = memfd_create("listing", MFD_CLOEXEC);
		size_t length;
		char *text;

		if (fd < 0)
			tap_bail_errno("open %s", path);
		text = slurp(fd, READ_SIZE, &length);
		if (!text)
			tap_bail_errno("read %s", path);
		if (write(copy, text, length) != (ssize_t)length)
			tap_bail_errno("passing the listing on");
		send_descriptor(control, copy);
		free(text);
		close(copy);
		close(fd);
	}
}

unsigned int scene_netns(struct scene *scene)
{
	if (scene->nr_netns == SCENE_ROOM)
		tap_bail("too many network namespaces");
	scene->netns[scene->nr_netns] = net_inode();
	return scene->nr_netns++;
}

static bool is_inet(int fd)
{
	socklen_t length = sizeof(int);
	int domain;

	return !getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) &&
	       (domain == AF_INET || domain == AF_INET6);
}

/* What is bound to no port and no protocol is in no hash table. */
static bool in_table(const struct expected_row *row)
{
	const char *proto = row->field[PROTO];

	return strcmp(row->field[LPORT], "-") && strncmp(proto, "mptcp", 5) &&
	       strncmp(proto, "icmp", 4);
}

static void add_socket(struct scene *scene, int sock)
{
	struct expected_row row;

	row_of_nobody(&row, "hidden", sock);
	for (unsigned int i = 0; i < scene->nr_sockets; i++)
		if (!strcmp(scene->socket[i].hidden.field[INODE],
			    row.field[INODE]))
			return;
	if (scene->nr_sockets == SCENE_ROOM)
		tap_bail("too many sockets");
	scene->socket[scene->nr_sockets].hidden = row;
	scene->socket[scene->nr_sockets++].in_table = in_table(&row);
}

static void add_row(struct scene *scene, unsigned int holders,
		    const struct expected_row *row)
{
	if (scene->nr_rows == 2 * SCENE_ROOM)
		tap_bail("too many rows");
	scene->row[scene->nr_rows].row = *row;
	scene->row[scene->nr_rows++].holders = holders;
}

void scene_give(struct scene *scene, unsigned int process, int fd)
{
	/* One place is for the end of the list. */
	if (scene->nr_given[process] == SCENE_ROOM - 1)
		tap_bail("too many descriptors");
	scene->given[process][scene->nr_given[process]++] = fd;
}

/* What the kernel says of the process outside of its namespaces. */
static void identify(struct scene_process *process)
{
	char path[64], line[256];
	int uids = 0, numbers = 0;
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%d/status", process->child.pid);
	status = fopen(path, "re");
	if (!status)
		tap_bail_errno("%s", path);
	while (fgets(line, sizeof(line), status)) {
		if (!strncmp(line, "Uid:", 4))
			uids = sscanf(line, "Uid: %*u %u", &process->uid);
		if (!strncmp(line, "NSpid:", 6))
			numbers = sscanf(line, "NSpid: %d %d %d",
					 &process->number[0],
					 &process->number[1],
					 &process->number[2]);
	}
	fclose(status);
	if (uids != 1 || numbers < 1)
		tap_bail("no user or no numbers in %s", path);
}

unsigned int scene_process(struct scene *scene, const struct person *person)
{
	unsigned int number = scene->nr_processes++;
	struct scene_process *process = &scene->process[number];
	int *fds;

	if (number == SCENE_ROOM)
		tap_bail("too many processes");
	fds = scene->given[number];
	fds[scene->nr_given[number]] = -1;
	*process = (struct scene_process){ .name = person->name };
	person_start(&process->child, person, fds, live, NULL);
	hear(process->child.control);
	identify(process);
	for (; *fds >= 0; fds++) {
		struct expected_row row;

		if (!is_inet(*fds))
			continue;
		add_socket(scene, *fds);
		row_of_socket(&row, process->child.pid, *fds, *fds);
		add_row(scene, BIT(number), &row);
	}
	return number;
}

void scene_hand_over(struct scene *scene)
{
	for (unsigned int i = 0; i < SCENE_ROOM; i++) {
		for (unsigned int j = 0; j < scene->nr_given[i]; j++)
			close(scene->given[i][j]);
		scene->nr_given[i] = 0;
	}
}

void scene_waits(struct scene *scene, unsigned int holders, unsigned long queue,
		 int sock)
{
	struct expected_row row;

	add_socket(scene, sock);
	row_of_scm(&row, getpid(), queue, sock);
	add_row(scene, holders, &row);
}

void scene_in_flight(struct scene *scene, unsigned int holders, int sock)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		tap_bail_errno("socketpair");
	send_descriptor(ends[0], sock);
	scene_waits(scene, holders, sock_inode(ends[1]), sock);
	for (unsigned int i = 0; i < SCENE_ROOM; i++)
		if (holders & BIT(i))
			scene_give(scene, i, ends[1]);
	close(ends[0]);
	close(sock);
}

void scene_nobody(struct scene *scene, const struct expected_row *row)
{
	add_row(scene, NOBODY, row);
}

void scene_timewait(struct scene *scene, int listener)
{
	struct expected_row row;

	timewait_make(&row, listener, "127.0.0.1");
	scene_nobody(scene, &row);
}

void scene_not_accepted(struct scene *scene, unsigned int process, int listener)
{
	int client = tcp_connect_waiting("127.0.0.1", listener);
	struct expected_row row;

	row_of_accept(&row, client, listener, "ESTABLISHED");
	scene_nobody(scene, &row);
	scene_give(scene, process, client);
}

void scene_elsewhere(struct scene *scene, unsigned int process)
{
	int sock = udp_open("127.0.0.1");
	struct expected_row row;

	row_of_nobody(&row, "elsewhere", sock);
	scene_nobody(scene, &row);
	scene_give(scene, process, ring_keep(&sock, 1));
	close(sock);
}

/* @uid in the user namespace of the reader. */
static unsigned int uid_for(const struct scene_process *reader,
			    unsigned int uid)
{
	unsigned int inside, outside, count, found = 65534;
	char path[64];
	FILE *map;

	snprintf(path, sizeof(path), "/proc/%d/uid_map", reader->child.pid);
	map = fopen(path, "re");
	if (!map)
		tap_bail_errno("%s", path);
	while (fscanf(map, "%u %u %u", &inside, &outside, &count) == 3)
		if (uid >= outside && uid - outside < count)
			found = uid - outside + inside;
	fclose(map);
	return found;
}

/* The one of @holders with the lowest number, NULL for NOBODY. */
static const struct scene_process *
lowest(const struct scene *scene, const struct view *view, unsigned int holders)
{
	const struct scene_process *found = NULL;

	for (unsigned int i = 0; i < scene->nr_processes; i++) {
		const struct scene_process *process = &scene->process[i];

		if ((holders & BIT(i)) &&
		    (!found ||
		     process->number[view->level] < found->number[view->level]))
			found = process;
	}
	return found;
}

static bool is_in_view(const struct scene *scene, const struct view *view,
		       const struct expected_row *row)
{
	unsigned long netns = strtoul(row->field[NETNS], NULL, 10);

	for (unsigned int i = 0; i < scene->nr_netns; i++)
		if (scene->netns[i] == netns)
			return view->netns & BIT(i);
	tap_bail("network namespace %lu is none of the scene", netns);
}

static bool is_of(const struct scene_row *row,
		  const struct scene_socket *socket)
{
	return row->holders &&
	       !strcmp(row->row.field[INODE], socket->hidden.field[INODE]);
}

static void expect_holder(struct expect *expect, const struct scene *scene,
			  const struct view *view, const struct scene_row *from,
			  unsigned int seen)
{
	const struct scene_process *holder =
		lowest(scene, view, from->holders & seen);
	struct expected_row row = from->row;

	if (!holder)
		return;
	row_set(&row, PID, "%d", holder->number[view->level]);
	row_set(&row, OWNER, "%u",
		uid_for(&scene->process[view->reader], holder->uid));
	row_set(&row, COMM, "%s", holder->name);
	expect_row(expect, &row);
}

static void expect_view(struct expect *expect, const struct scene *scene,
			const struct view *view)
{
	unsigned int seen = view->sees | BIT(view->reader);

	for (unsigned int i = 0; i < scene->nr_processes; i++)
		if (!scene->process[i].number[view->level])
			seen &= ~BIT(i);
	for (unsigned int i = 0; i < scene->nr_rows; i++) {
		const struct scene_row *from = &scene->row[i];
		struct expected_row row = from->row;

		if (from->holders) {
			expect_holder(expect, scene, view, from, seen);
		} else if (is_in_view(scene, view, &row)) {
			if (!strcmp(row.field[HOLDER], "elsewhere") &&
			    !view->everything)
				row_set(&row, HOLDER, "hidden");
			expect_row(expect, &row);
		}
	}
	for (unsigned int i = 0; i < scene->nr_sockets; i++) {
		const struct scene_socket *socket = &scene->socket[i];
		unsigned int holders = 0;

		for (unsigned int j = 0; j < scene->nr_rows; j++)
			if (is_of(&scene->row[j], socket))
				holders |= scene->row[j].holders;
		if (!(holders & seen) && socket->in_table &&
		    is_in_view(scene, view, &socket->hidden))
			expect_row(expect, &socket->hidden);
	}
	for (unsigned int i = 0; i < scene->nr_netns; i++)
		expect_whole(expect, scene->netns[i]);
	expect_processes(expect);
}

char *scene_read(const struct scene *scene, const struct view *view,
		 size_t *length)
{
	int control = scene->process[view->reader].child.control;
	char *text;
	int copy;

	tell_text(control, view->path ? view->path : LISTING_PATH);
	copy = receive_descriptor(control);
	if (lseek(copy, 0, SEEK_SET))
		tap_bail_errno("lseek");
	text = slurp(copy, READ_SIZE, length);
	if (!text)
		tap_bail_errno("reading what was passed on");
	close(copy);
	return text;
}

bool scene_is_seen(const struct scene *scene, const struct view *view,
		   const char *claim, ...)
{
	struct expect expect = { 0 };
	struct listing listing;
	size_t length;
	char text[256], *whole = scene_read(scene, view, &length);
	va_list args;
	bool passed;

	va_start(args, claim);
	vsnprintf(text, sizeof(text), claim, args);
	va_end(args);
	expect_view(&expect, scene, view);
	listing_parse(&listing, whole, length);
	passed = expect_in(&expect, &listing, "%s", text);
	listing_free(&listing);
	expect_clear(&expect);
	return passed;
}

void scene_end(struct scene *scene)
{
	scene_hand_over(scene);
	for (unsigned int i = 0; i < scene->nr_processes; i++)
		child_stop(&scene->process[i].child);
	*scene = (struct scene){ 0 };
}
