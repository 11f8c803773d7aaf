// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// Preloaded into the reader, writes to RESOLVER_LOG which address it asks a name
// for.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>

int getnameinfo(const struct sockaddr *address, socklen_t length, char *host,
		socklen_t host_size, char *service, socklen_t service_size,
		int flags)
{
	typeof(getnameinfo) *next =
		(typeof(getnameinfo) *)dlsym(RTLD_NEXT, __func__);
	FILE *log = fopen(getenv("RESOLVER_LOG"), "ae");
	char text[64];

	if (!log)
		abort();
	next(address, length, text, sizeof(text), NULL, 0, NI_NUMERICHOST);
	fprintf(log, "%s\n", text);
	fclose(log);
	return next(address, length, host, host_size, service, service_size,
		    flags);
}
