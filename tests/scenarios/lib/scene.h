/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * Processes that hold sockets, and what each of them must see when it reads the
 * file: the whole listing, row by row. Who sees whom is what a scenario claims;
 * here that becomes rows.
 */
#ifndef SCENARIOS_SCENE_H
#define SCENARIOS_SCENE_H

#include <stdbool.h>

#include "listing.h"
#include "person.h"
#include "row.h"

#define BIT(number) (1U << (number))
#define NOBODY	    0U
#define EVERYBODY   (~0U)
#define EVERYWHERE  (~0U)

#define SCENE_ROOM 32
/* Pid namespaces one inside the other. */
#define SCENE_LEVELS 3

struct scene_process {
	struct child child;
	const char *name;
	unsigned int uid; /* in the user namespace of the test */
	pid_t number[SCENE_LEVELS];
};

struct scene_socket {
	struct expected_row hidden;
	bool in_table; /* found without its holder */
};

/* Under the lowest number of @holders that is seen; of NOBODY as it is. */
struct scene_row {
	struct expected_row row;
	unsigned int holders;
};

/* All zeroes to begin with. */
struct scene {
	struct scene_process process[SCENE_ROOM];
	unsigned int nr_processes;
	struct scene_socket socket[SCENE_ROOM];
	unsigned int nr_sockets;
	struct scene_row row[2 * SCENE_ROOM];
	unsigned int nr_rows;
	unsigned long netns[SCENE_ROOM];
	unsigned int nr_netns;
	/* Descriptors of the caller, for the processes to come. */
	int given[SCENE_ROOM][SCENE_ROOM];
	unsigned int nr_given[SCENE_ROOM];
};

/* The present network namespace belongs to it; returns the number of its bit. */
unsigned int scene_netns(struct scene *scene);

/*
 * The process that will have the number @process is going to hold @fd, as the
 * caller does now.
 */
void scene_give(struct scene *scene, unsigned int process, int fd);

/* Starts the next process with what it was given; returns its number. */
unsigned int scene_process(struct scene *scene, const struct person *person);

/* From now on only the processes hold what they were given. */
void scene_hand_over(struct scene *scene);

/* @sock waits in the unix socket @queue, which @holders hold. */
void scene_waits(struct scene *scene, unsigned int holders, unsigned long queue,
		 int sock);

/* The same with a new unix socket. The caller no longer has @sock. */
void scene_in_flight(struct scene *scene, unsigned int holders, int sock);

/* A row without a process. */
void scene_nobody(struct scene *scene, const struct expected_row *row);

/* Such rows: a connection through @listener that is over. */
void scene_timewait(struct scene *scene, int listener);

/* One that is not accepted; @process has the other end. */
void scene_not_accepted(struct scene *scene, unsigned int process,
			int listener);

/* A socket in an io_uring of @process. */
void scene_elsewhere(struct scene *scene, unsigned int process);

/* Who reads, and what for. */
struct view {
	unsigned int reader; /* a process; it sees itself */
	unsigned int sees; /* these, as far as they have a number there */
	unsigned int netns; /* where it sees also what nobody it sees holds */
	bool everything; /* nobody is hidden from it */
	unsigned int level; /* of the procfs it reads; 0 is the outermost */
	const char *path; /* of the file, NULL for the usual one */
};

/* Everything that the reader gets. */
char *scene_read(const struct scene *scene, const struct view *view,
		 size_t *length);

/* Compares the whole of that with what it must be. */
__printf(3, 4) bool scene_is_seen(const struct scene *scene,
				  const struct view *view, const char *claim,
				  ...);

void scene_end(struct scene *scene);

#endif
