// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#ifdef __GLIBC__
#include <nss.h>
#endif

#include "names.h"

#define USER_CACHE_BITS 12

/* More than an entry can sensibly need; getpwuid_r() is not asked again. */
#define PASSWD_ENTRY_MAX (64 * 1024)

static struct {
	bool known;
	uint32_t uid;
	char *name; /* NULL: it has none that can be shown */
} user_cache[1U << USER_CACHE_BITS];

static bool users_elsewhere;

/**
 * names_start() - say whose users are named
 * @elsewhere: those of another host, of which this one knows no names
 */
void names_start(bool elsewhere)
{
	users_elsewhere = elsewhere;
}

/**
 * names_know_users() - whether the users are those of this host
 */
bool names_know_users(void)
{
	return !users_elsewhere;
}

/**
 * names_avoid_plugins() - to be called before any name is asked for
 *
 * In a static program, which has no dynamic linker at its base, the plugins
 * of glibc's name service may crash (nss_systemd does). /etc/passwd,
 * /etc/services, /etc/hosts and DNS need none.
 */
void names_avoid_plugins(void)
{
#ifdef __GLIBC__
	if (getauxval(AT_BASE))
		return;
	__nss_configure_lookup("passwd", "files");
	__nss_configure_lookup("services", "files");
	__nss_configure_lookup("hosts", "files dns");
#endif
}

/* A name comes from a network as often as from /etc/passwd. */
static bool is_safe_name(const char *name)
{
	size_t length = strlen(name);

	if (!length || length > USER_NAME_MAX || !strcmp(name, "-"))
		return false;
	for (const char *p = name; *p; p++) {
		if (*p <= ' ' || *p > '~')
			return false;
	}
	return true;
}

static char *look_up_user(uint32_t uid)
{
	struct passwd entry, *found = NULL;
	size_t size = 1024;
	char *buffer = NULL;
	char *name = NULL;
	int error;

	names_avoid_plugins();
	do {
		char *larger;

		size *= 2;
		larger = realloc(buffer, size);
		if (!larger)
			break;
		buffer = larger;
		error = getpwuid_r(uid, &entry, buffer, size, &found);
	} while (error == ERANGE && size < PASSWD_ENTRY_MAX);

	if (found && is_safe_name(found->pw_name))
		name = strdup(found->pw_name);
	free(buffer);
	return name;
}

/**
 * user_name() - name a user
 * @uid: user id
 *
 * Return: the name, valid until the next call; NULL if the user has none, is of
 * another host, or has one with bytes that are better not printed.
 */
const char *user_name(uint32_t uid)
{
	/* Fibonacci hashing: ids of containers differ in their high bits. */
	uint32_t slot = (uid * 2654435769U) >> (32 - USER_CACHE_BITS);

	if (users_elsewhere)
		return NULL;
	if (!user_cache[slot].known || user_cache[slot].uid != uid) {
		free(user_cache[slot].name);
		user_cache[slot].name = look_up_user(uid);
		user_cache[slot].uid = uid;
		user_cache[slot].known = true;
	}
	return user_cache[slot].name;
}

/**
 * user_id() - the id of a user
 * @name: of the user
 * @uid: is filled in
 *
 * Return: whether there is one of that name.
 */
bool user_id(const char *name, uint32_t *uid)
{
	const struct passwd *entry;

	names_avoid_plugins();
	entry = getpwnam(name);
	if (entry)
		*uid = entry->pw_uid;
	return entry;
}

/**
 * service_ports() - the ports of a service, which need not be the same for
 * each protocol
 * @name: as in /etc/services
 * @ports: is filled in
 *
 * Return: how many; 0 if the service is unknown.
 */
size_t service_ports(const char *name, uint16_t ports[SERVICE_PORTS_MAX])
{
	static const char *const protocols[SERVICE_PORTS_MAX] = { "tcp", "udp",
								  "sctp",
								  "dccp" };
	size_t count = 0;

	names_avoid_plugins();
	for (size_t i = 0; i < SERVICE_PORTS_MAX; i++) {
		const struct servent *entry = getservbyname(name, protocols[i]);

		if (entry)
			ports[count++] = ntohs((uint16_t)entry->s_port);
	}
	return count;
}

/**
 * service_port() - the port of a service
 * @name: as in /etc/services
 * @protocol: "tcp" or "udp"
 * @port: is filled in
 *
 * Return: whether the service is known there.
 */
bool service_port(const char *name, const char *protocol, uint16_t *port)
{
	const struct servent *entry;

	names_avoid_plugins();
	entry = getservbyname(name, protocol);
	if (entry)
		*port = ntohs((uint16_t)entry->s_port);
	return entry;
}
