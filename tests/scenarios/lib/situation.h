/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/*
 * A socket, and what each of those that can be asked answers when it is looked
 * for: one line of the table in the README.
 */
#ifndef SCENARIOS_SITUATION_H
#define SCENARIOS_SITUATION_H

/*
 * A peer answers "owner" (it names the process), "another owner", "no owner" (it
 * has the socket, without a process) or "nothing"; behind it stands ", as PROTO"
 * if it takes the socket for one of another protocol.
 */
struct situation {
	const char *name;
	const char *proto; /* without a 6 */
	/* Its ends; 0: a socket without a port, the only one that is here. */
	unsigned int port;
	unsigned int peer_port; /* 0: whichever */
	int owner; /* 0: the caller */
	unsigned long netns; /* 0: the caller's */
	const char *ss;
	const char *lsof;
	const char *netstat;
	const char *ours; /* the holders, with commas between them */
};

/* The claim is the whole line; what was answered is in a line "# |". */
void situation(struct situation situation);

/* As the line of the situation @name, if it cannot be set up: with no @what. */
void situation_skip(const char *name, const char *what);

#endif
