// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// The input is a listing. Bytes in front of it choose the world and the options;
// the last of them is a newline, for people.

#include "world.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* FORM, COLUMNS, SORT, FILTER and the newline. */
#define CHOICES	  5
#define WORDS_MAX 3

static const char *const forms[][WORDS_MAX] = {
	{ NULL },
	{ "-J" },
	{ "--ndjson" },
	{ "-H" },
};

static const enum form form_of[] = { FORM_TABLE, FORM_JSON, FORM_JSON,
				     FORM_TABLE };

#define ALL                                                                   \
	"user,command,pid,fd,proto,state,local,remote,holder,via,laddr,lport" \
	",raddr,rport,dev,inode,uid"
#define ON_REQUEST                                                        \
	"start,cookie,sockuid,cgroup,sockcgroup,recvq,sendq,drops,flags," \
	"timer"

static const char *const columns[][WORDS_MAX] = {
	{ NULL },
	{ "-o", "+" ON_REQUEST },
	{ "-o", ALL "," ON_REQUEST ",netns" },
	{ "-o", ALL },
	{ "-o", "+netns" },
	{ "-o", "command" },
	{ "-o", "flags,comm,dev" },
	{ "-o", "pid" },
	{ "-o", "local,remote,user" },
	{ "-o", "holder,via" },
};

static const char *const sorts[] = {
	NULL,	  "user",    "command", "pid",	    "fd",     "proto",
	"state",  "local",   "remote",	"holder",   "netns",  "via",
	"laddr",  "lport",   "raddr",	"rport",    "dev",    "inode",
	"uid",	  "start",   "cookie",	"sockuid",  "cgroup", "sockcgroup",
	"recvq",  "sendq",   "drops",	"flags",    "timer",  "-user",
	"-local", "-remote", "-inode",	"-command", "-pid",   "-flags",
};

static const char *const filters[][WORDS_MAX] = {
	{ NULL },
	{ "-4" },
	{ "-6" },
	{ "-t" },
	{ "-u" },
	{ "-w" },
	{ "-l" },
	{ "-s", "established,closed" },
	{ "-s", "big" },
	{ "--pid", "1,2,2147483647" },
	{ "-U", "root,1000,4294967295" },
	{ "--inode", "1,1001,18446744073709551614" },
	{ "-N", "4026531840" },
	{ "--cgroup", "1,system.slice" },
	{ "-c", "sshd,a-name-of-fifteen-and-more,-" },
	{ "-c", "*[!a-z]?\\*" },
	{ "--holder", "fd,hidden,scm" },
	{ ":22" },
	{ ":1-65535", "!:http" },
	{ "10.0.0.0/8" },
	{ "[fe80::]/10", "!127.0.0.1" },
	{ "::ffff:0:0/96:80,443" },
	{ "!*:53" },
	{ "-i", "4tcp@192.0.2.1:22" },
	{ "-i", "6udp" },
	{ "0.0.0.0/0", "::/0" },
};

static int add(const char **argv, int argc, const char *const *words)
{
	for (int i = 0; i < WORDS_MAX && words[i]; i++)
		argv[argc++] = words[i];
	return argc;
}

int take_input(const unsigned char *data, size_t size)
{
	const unsigned char *choices = data + WORLD_BYTES;
	const char *argv[4 * WORDS_MAX + 3] = { "sockowners" };
	struct world world = { .bytes = data };
	size_t form, sort;
	int argc = 1;

	if (size < WORLD_BYTES + CHOICES)
		return 0;
	world.listing = (const char *)choices + CHOICES;
	world.length = size - WORLD_BYTES - CHOICES;

	form = world_choice(choices[0], ARRAY_SIZE(forms));
	world.form = form_of[form];
	argc = add(argv, argc, forms[form]);
	argc = add(argv, argc,
		   columns[world_choice(choices[1], ARRAY_SIZE(columns))]);
	sort = world_choice(choices[2], ARRAY_SIZE(sorts));
	if (sorts[sort]) {
		argv[argc++] = "--sort";
		argv[argc++] = sorts[sort];
	}
	argc = add(argv, argc,
		   filters[world_choice(choices[3], ARRAY_SIZE(filters))]);
	/* Half of them are saved. */
	if (!(choices[3] & 0x20))
		argv[argc++] = "--from=saved";

	world_run(&world, argc, argv);
	return 0;
}
