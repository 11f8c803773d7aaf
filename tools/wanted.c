// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "names.h"
#include "numbers.h"
#include "protocols.h"
#include "report.h"
#include "wanted.h"

static const struct address any6 = { .ipv6 = true };

/* One of those whose bind() is known here. */
static void parse_protocol(struct wanted *wanted, const char *name,
			   size_t length)
{
	static const unsigned int known[] = { PROTOCOL_TCP, PROTOCOL_UDP,
					      PROTOCOL_UDPLITE };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		for (int bit = 0; bit < PROTOCOLS; bit++) {
			if (known[i] == 1U << bit &&
			    strlen(protocol_names[bit]) == length &&
			    !strncmp(protocol_names[bit], name, length))
				wanted->protocol = known[i];
		}
	}
	if (!wanted->protocol)
		usage_error("--why knows tcp, udp and udplite, not '%.*s'",
			    (int)length, name);
}

static void parse_port(struct wanted *wanted, const char *text)
{
	const char *protocol = wanted_is_tcp(wanted) ? "tcp" : "udp";
	uint64_t number;
	uint16_t port;

	if (number_parse(&number, text, UINT16_MAX)) {
		wanted->port = (unsigned int)number;
	} else {
		if (!service_port(text, protocol, &port))
			usage_error("'%s' is no port", text);
		wanted->port = port;
	}
	if (!wanted->port)
		usage_error("port 0 lets the kernel choose a free one");
}

static void take_device(struct wanted *wanted, const char *name)
{
	if (!*name || strlen(name) >= sizeof(wanted->device))
		usage_error("'%s' is no interface", name);
	/* The listing would have it with escapes, and so would a terminal. */
	for (const char *p = name; *p; p++) {
		if (*p <= ' ' || *p > '~' || *p == '\\' || *p == '"')
			usage_error("'%s' is too odd an interface", name);
	}
	strcpy(wanted->device, name);
	wanted->claim.device = wanted->device;
}

static void take_address(struct wanted *wanted, const struct address *address)
{
	bool is_ipv6 = address->ipv6;

	wanted->claim.ipv6 = is_ipv6;
	memcpy(wanted->claim.address, address->bytes, sizeof(address->bytes));
	inet_ntop(is_ipv6 ? AF_INET6 : AF_INET,
		  address->bytes + (is_ipv6 ? 0 : 12), wanted->address,
		  sizeof(wanted->address));
}

/* net.ipv6.bindv6only: what a socket is if nobody says otherwise. */
static bool is_v6only_by_default(void)
{
	FILE *file = fopen("/proc/sys/net/ipv6/bindv6only", "re");
	int character = '0';

	if (file) {
		character = getc(file);
		fclose(file);
	}
	return character == '1';
}

/* ADDR, [ADDR], * or nothing, with %DEV inside or behind. */
static void parse_address(struct wanted *wanted, char *text)
{
	struct address address = { 0 };
	char *device = strchr(text, '%');
	size_t length;

	if (device) {
		size_t name = strcspn(device + 1, "]");
		bool inside = device[1 + name] == ']';

		*device++ = '\0';
		if (inside) {
			if (device[name + 1] || *text != '[')
				usage_error("'%s' is no interface", device);
			device[name] = '\0';
		}
		take_device(wanted, device);
		if (inside)
			text++;
	}
	length = strlen(text);
	if (*text == '[' && length && text[length - 1] == ']') {
		text[length - 1] = '\0';
		text++;
	}
	if (!strcmp(text, "*")) {
		take_address(wanted, &any6);
		return;
	}
	if (!*text) {
		address_parse(&address, "0.0.0.0");
		take_address(wanted, &address);
		return;
	}
	if (!address_parse(&address, text))
		usage_error("'%s' is no address", text);
	take_address(wanted, &address);
	if (!memcmp(address.bytes, any6.bytes, sizeof(any6.bytes)))
		wanted->claim.v6only = is_v6only_by_default();
}

/**
 * wanted_parse() - understand what --why is asked
 * @wanted: is filled in, but for the user
 * @argument: "PROTO,[ADDR][%DEV]:PORT"; the program ends with an error if it is
 *	none
 *
 * No address is 0.0.0.0, and "*" the any-address of both families.
 */
void wanted_parse(struct wanted *wanted, const char *argument)
{
	char text[256];
	size_t length = strcspn(argument, ",");
	char *port;

	*wanted = (struct wanted){ .given = true };
	if (!argument[length] || strlen(argument) >= sizeof(text))
		usage_error("'%s' is not PROTO,[ADDR]:PORT", argument);
	parse_protocol(wanted, argument, length);
	strcpy(text, argument + length + 1);
	port = strrchr(text, ':');
	if (!port)
		usage_error("'%s' lacks a port", argument);
	*port++ = '\0';
	parse_port(wanted, port);
	parse_address(wanted, text);
}

/**
 * wanted_choose_family() - take -6 for an address that is not said
 * @wanted: parsed before
 * @ipv4: -4 was given
 * @ipv6: -6 was given
 */
void wanted_choose_family(struct wanted *wanted, bool ipv4, bool ipv6)
{
	if (ipv4 == ipv6 || wanted->claim.ipv6 == ipv6)
		return;
	if (ipv4 || strcmp(wanted->address, "0.0.0.0"))
		usage_error("%s is no address of -%c", wanted->address,
			    ipv4 ? '4' : '6');
	take_address(wanted, &any6);
	wanted->claim.v6only = is_v6only_by_default();
}

/**
 * wanted_is_dual_stack() - whether it is the any-address of both families
 * @wanted: parsed before
 */
bool wanted_is_dual_stack(const struct wanted *wanted)
{
	return !wanted->claim.v6only &&
	       !memcmp(wanted->claim.address, any6.bytes, sizeof(any6.bytes));
}

/**
 * wanted_text() - say where to
 * @text: is filled in
 * @wanted: parsed before
 */
void wanted_text(char text[WANTED_TEXT_MAX], const struct wanted *wanted)
{
	bool brackets = wanted->claim.ipv6;
	int bit = 0;

	while (wanted->protocol >> bit != 1)
		bit++;
	snprintf(text, WANTED_TEXT_MAX, "%s %s%s%s%s%s:%u", protocol_names[bit],
		 brackets ? "[" : "", wanted->address, brackets ? "]" : "",
		 wanted->claim.device ? "%" : "",
		 wanted->claim.device ? wanted->device : "", wanted->port);
}
