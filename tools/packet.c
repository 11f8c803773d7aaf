// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "escape.h"
#include "names.h"
#include "numbers.h"
#include "packet.h"
#include "report.h"

#define FORM "PROTO,SRC:PORT,DST:PORT[,IFNAME]"

/* One end of it, as the kernel reads it. */
struct end {
	struct address address;
	char text[INET6_ADDRSTRLEN + sizeof("[]:65535")];
};

static unsigned int parse_port(const char *text, const char *protocol)
{
	uint64_t number;
	uint16_t port;

	if (number_parse(&number, text, UINT16_MAX))
		return (unsigned int)number;
	if (!service_port(text, protocol, &port))
		usage_error("'%s' is no port", text);
	return port;
}

/* ADDR:PORT, or [ADDR]:PORT as it must be if the address has colons. */
static void parse_end(struct end *end, char *text, const char *protocol)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	char *port = strrchr(text, ':'), *address = text;
	char again[INET6_ADDRSTRLEN];
	size_t length;
	bool ipv6;

	if (!port)
		usage_error("'%s' lacks a port", text);
	*port++ = '\0';
	length = strlen(address);
	if (*address == '[' && length && address[length - 1] == ']') {
		address[length - 1] = '\0';
		address++;
	}
	if (!address_parse(&end->address, address))
		usage_error("'%s' is no address", address);
	ipv6 = end->address.ipv6;
	/* No packet has one: an AF_INET6 socket shows IPv4 packets so. */
	if (ipv6 && !memcmp(end->address.bytes, mapped, sizeof(mapped)))
		usage_error("'%s' is IPv4 in a packet: write it so", address);
	inet_ntop(ipv6 ? AF_INET6 : AF_INET,
		  end->address.bytes + (ipv6 ? 0 : 12), again, sizeof(again));
	snprintf(end->text, sizeof(end->text), "%s%s%s:%u", ipv6 ? "[" : "",
		 again, ipv6 ? "]" : "", parse_port(port, protocol));
}

/**
 * packet_parse() - understand what --packet is asked
 * @text: is filled in, with what the kernel is asked by "packet="
 * @argument: "PROTO,SRC:PORT,DST:PORT[,IFNAME]"; the program ends with an error if
 *	it is none
 */
void packet_parse(char text[PACKET_TEXT_MAX], const char *argument)
{
	char device[ESCAPED_BYTE * IF_NAMESIZE + 1] = "";
	char copy[256], *rest = copy;
	const char *protocol;
	char *source, *destination;
	struct end from, to;

	if (strlen(argument) >= sizeof(copy))
		usage_error("'%s' is not " FORM, argument);
	strcpy(copy, argument);
	protocol = strsep(&rest, ",");
	source = strsep(&rest, ",");
	destination = strsep(&rest, ",");
	if (!destination)
		usage_error("'%s' is not " FORM, argument);
	if (strcmp(protocol, "tcp") && strcmp(protocol, "udp"))
		usage_error("--packet knows tcp and udp, not '%s'", protocol);
	parse_end(&from, source, protocol);
	parse_end(&to, destination, protocol);
	if (from.address.ipv6 != to.address.ipv6)
		usage_error("a packet is IPv4 or IPv6 at both ends");
	if (rest) {
		if (!*rest || strlen(rest) >= IF_NAMESIZE)
			usage_error("'%s' is no interface", rest);
		escape(device, rest);
	}
	snprintf(text, PACKET_TEXT_MAX, "%s,%s,%s%s%s", protocol, from.text,
		 to.text, rest ? "," : "", device);
}
