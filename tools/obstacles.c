// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
//
// What a bind() needs but for a free port: the right to a low one, and an address
// of this host. The latter is asked of the kernel, by a bind() that takes no port
// (IP_BIND_ADDRESS_NO_PORT) and so is in nobody's way.

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/nsfs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "obstacles.h"

/* Of <linux/in.h> and <linux/in6.h>, which <netinet/in.h> does not like. */
#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif
#ifndef IPV6_FREEBIND
#define IPV6_FREEBIND 78
#endif

/* Of <linux/if_addr.h>. */
#define ADDRESS_TENTATIVE 0x40
#define ADDRESS_DUPLICATE 0x08

/* PROC_USER_INIT_INO of <linux/proc_ns.h>. */
#define INITIAL_USER_NAMESPACE 0xeffffffd

#define NOT_OURS "cannot assign the address: %s is "
#define LOW_PORT \
	"permission denied: ports below %u need CAP_NET_BIND_SERVICE, as root has it"

static unsigned int first_unprivileged_port(void)
{
	FILE *file =
		fopen("/proc/sys/net/ipv4/ip_unprivileged_port_start", "re");
	unsigned int port = 1024;

	if (file) {
		if (fscanf(file, "%u", &port) != 1)
			port = 1024;
		fclose(file);
	}
	return port;
}

/*
 * Capabilities count in the user namespace that the network namespace belongs
 * to. One outside of ours cannot even be opened.
 */
static bool rules_network_namespace(void)
{
	int netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	int owner;

	if (netns < 0)
		return true;
	owner = ioctl(netns, NS_GET_USERNS);
	close(netns);
	if (owner < 0)
		return errno != EPERM;
	close(owner);
	return true;
}

static bool has_capability(int capability)
{
	FILE *file = fopen("/proc/self/status", "re");
	unsigned long long capabilities = 0;
	char line[256];

	if (!file)
		return true;
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "CapEff: %llx", &capabilities) == 1)
			break;
	}
	fclose(file);
	return capabilities >> capability & 1;
}

static bool may_bind_low_ports(void)
{
	return has_capability(CAP_NET_BIND_SERVICE) &&
	       rules_network_namespace();
}

static bool find_low_port(const struct wanted *wanted,
			  struct obstacle *obstacle)
{
	unsigned int first = first_unprivileged_port();

	if (wanted->port >= first || may_bind_low_ports())
		return false;
	obstacle->error = EACCES;
	snprintf(obstacle->text, sizeof(obstacle->text), LOW_PORT, first);
	return true;
}

/* Returns errno of bind(), or 0. */
static int try_address(const struct wanted *wanted, bool freebind)
{
	const struct claim *claim = &wanted->claim;
	int family = claim->ipv6 ? AF_INET6 : AF_INET;
	int type = wanted_is_tcp(wanted) ? SOCK_STREAM : SOCK_DGRAM;
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	int sock = socket(family, type | SOCK_CLOEXEC, 0);
	int error = 0, yes = 1;

	if (sock < 0)
		return errno;
	/* If it is not known a free port is taken, until close(). */
	setsockopt(sock, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes,
		   sizeof(yes));
	memcpy(&v6.sin6_addr, claim->address, sizeof(v6.sin6_addr));
	memcpy(&v4.sin_addr, claim->address + 12, sizeof(v4.sin_addr));
	if (claim->v6only)
		setsockopt(sock, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof(yes));
	if (freebind)
		setsockopt(sock, claim->ipv6 ? IPPROTO_IPV6 : IPPROTO_IP,
			   claim->ipv6 ? IPV6_FREEBIND : IP_FREEBIND, &yes,
			   sizeof(yes));
	if (claim->device &&
	    setsockopt(sock, SOL_SOCKET, SO_BINDTODEVICE, claim->device,
		       (socklen_t)strlen(claim->device)))
		error = errno;
	else if (claim->ipv6 ? bind(sock, (struct sockaddr *)&v6, sizeof(v6)) :
			       bind(sock, (struct sockaddr *)&v4, sizeof(v4)))
		error = errno;
	close(sock);
	return error;
}

/* Flags of an address that some interface has, 0 also if none has it. */
static unsigned int flags_of_address(const struct claim *claim)
{
	FILE *file = fopen("/proc/self/net/if_inet6", "re");
	unsigned int flags = 0;
	char line[256];
	char hex[33];

	if (!file)
		return 0;
	for (int i = 0; i < 16; i++)
		sprintf(hex + 2 * i, "%02x", claim->address[i]);
	while (fgets(line, sizeof(line), file)) {
		unsigned int found;

		if (!strncmp(line, hex, 32) &&
		    sscanf(line + 32, " %*x %*x %*x %x", &found) == 1)
			flags |= found;
	}
	fclose(file);
	return flags;
}

static void explain_missing(const struct wanted *wanted, char *text,
			    size_t size)
{
	unsigned int flags =
		wanted->claim.ipv6 ? flags_of_address(&wanted->claim) : 0;

	if (flags & ADDRESS_DUPLICATE)
		snprintf(text, size, NOT_OURS "another host's too",
			 wanted->address);
	else if (flags & ADDRESS_TENTATIVE)
		snprintf(text, size,
			 NOT_OURS "tentative; try again in a second",
			 wanted->address);
	else
		snprintf(text, size, NOT_OURS "none of this host%s%s%s",
			 wanted->address, wanted->claim.device ? "'s " : "",
			 wanted->claim.device ?: "",
			 try_address(wanted, true) ?
				 "" :
				 "; with IP_FREEBIND it works");
}

static bool is_link_local(const struct claim *claim)
{
	return claim->address[0] == 0xfe && (claim->address[1] & 0xc0) == 0x80;
}

static bool find_address(const struct wanted *wanted, struct obstacle *obstacle)
{
	char *text = obstacle->text;
	size_t size = sizeof(obstacle->text);

	obstacle->error = try_address(wanted, false);
	switch (obstacle->error) {
	case 0:
		return false;
	case EADDRNOTAVAIL:
		explain_missing(wanted, text, size);
		return true;
	case EAFNOSUPPORT:
		snprintf(text, size, "there is no %s here",
			 wanted->claim.ipv6 ? "IPv6" : "IPv4");
		return true;
	case ENODEV:
		snprintf(text, size, "no interface is named %s",
			 wanted->claim.device ?: "so");
		return true;
	default:
		break;
	}
	if (obstacle->error == EINVAL && is_link_local(&wanted->claim))
		snprintf(text, size,
			 "a link-local address needs its interface: %%DEV");
	else
		snprintf(text, size, "%s", strerror(obstacle->error));
	return true;
}

/**
 * obstacles_find() - what is in the way of a bind() here, but for sockets
 * @wanted: where to
 * @obstacles: is filled in, in the order in which the kernel looks
 *
 * Return: how many there are.
 */
size_t obstacles_find(const struct wanted *wanted,
		      struct obstacle obstacles[OBSTACLES_MAX])
{
	size_t count = 0;

	if (wanted->claim.ipv6 && find_low_port(wanted, &obstacles[count]))
		count++;
	if (find_address(wanted, &obstacles[count]))
		count++;
	if (!wanted->claim.ipv6 && find_low_port(wanted, &obstacles[count]))
		count++;
	return count;
}

/**
 * obstacles_sees_every_netns() - whether the listing has all sockets of all of them
 *
 * Of a network namespace that is not the reader's own, others see those whose holder
 * they may see.
 */
bool obstacles_sees_every_netns(void)
{
	struct stat status;

	return !stat("/proc/self/ns/user", &status) &&
	       status.st_ino == INITIAL_USER_NAMESPACE &&
	       has_capability(CAP_NET_ADMIN);
}
