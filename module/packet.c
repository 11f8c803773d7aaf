// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 */
#include "packet.h"
#include "parse.h"

#include <linux/errno.h>
#include <linux/in.h>
#include <linux/limits.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <net/ipv6.h>

/* One end of it. */
struct end {
	u16 family;
	u16 port;
	__be32 v4;
	struct in6_addr v6;
};

/* [ADDR]:PORT or ADDR:PORT, where ADDR has no colon. */
static int parse_end(struct end *end, char *text)
{
	bool bracket = *text == '[';
	char *addr = text + bracket, *port;
	u64 value;

	port = strchr(addr, bracket ? ']' : ':');
	if (!port)
		return -EINVAL;
	*port++ = '\0';
	if (bracket && *port++ != ':')
		return -EINVAL;
	if (sko_parse_number(port, 0, U16_MAX, &value))
		return -EINVAL;
	end->port = value;
	end->family = bracket ? AF_INET6 : AF_INET;
	if (!bracket)
		return sko_parse_ipv4(addr, &end->v4) ? 0 : -EINVAL;
	if (!sko_parse_ipv6(addr, &end->v6) || ipv6_addr_v4mapped(&end->v6))
		return -EINVAL;
	return 0;
}

static int parse_protocol(struct sko_packet *packet, const char *text)
{
	if (!strcmp(text, "tcp"))
		packet->protocol = IPPROTO_TCP;
	else if (!strcmp(text, "udp"))
		packet->protocol = IPPROTO_UDP;
	else
		return -EINVAL;
	return 0;
}

/* In here a NUL would end it, and no interface is without a name. */
static int parse_dev(struct sko_packet *packet, const char *text)
{
	int len = sko_parse_name(text, packet->dev, sizeof(packet->dev) - 1);

	return len > 0 && *packet->dev ? 0 : -EINVAL;
}

/**
 * sko_packet_parse() - understand what is asked for
 * @packet: zeroed memory; its family is set if it is understood
 * @text: what stands behind "packet="; cut up
 *
 * Return: 0, or -EINVAL.
 */
int sko_packet_parse(struct sko_packet *packet, char *text)
{
	const char *protocol = strsep(&text, ",");
	char *source = strsep(&text, ","), *destination = strsep(&text, ",");
	struct end from, to;
	int err;

	if (!source || !destination)
		return -EINVAL;
	err = parse_protocol(packet, protocol) ?: parse_end(&from, source) ?:
	      parse_end(&to, destination);
	if (err || from.family != to.family)
		return -EINVAL;
	/* A comma in a name is written \054. */
	if (text && (strchr(text, ',') || parse_dev(packet, text)))
		return -EINVAL;
	packet->sport = htons(from.port);
	packet->dport = to.port;
	if (from.family == AF_INET6) {
		packet->v6.saddr = from.v6;
		packet->v6.daddr = to.v6;
	} else {
		packet->v4.saddr = from.v4;
		packet->v4.daddr = to.v4;
	}
	packet->family = from.family;
	return 0;
}
