// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#include <ctype.h>
#include <stdlib.h>

#include "endpoint.h"
#include "names.h"
#include "numbers.h"
#include "protocols.h"

static void *allocate(size_t size)
{
	void *memory = calloc(1, size);

	if (!memory)
		no_memory();
	return memory;
}

static void add_ports(struct endpoint *endpoint, uint64_t first, uint64_t last)
{
	for (uint64_t port = first; port <= last; port++)
		endpoint->ports[port / 8] |= (uint8_t)(1U << port % 8);
}

static void add_service(struct endpoint *endpoint, const char *name)
{
	uint16_t ports[SERVICE_PORTS_MAX];
	size_t count = service_ports(name, ports);

	if (!count)
		usage_error("no service is named '%s'", name);
	for (size_t i = 0; i < count; i++)
		add_ports(endpoint, ports[i], ports[i]);
}

/* A number, a range of them, or a name, which may have digits and "-" too. */
static void add_port_item(struct endpoint *endpoint, char *item)
{
	char *last_text = strchr(item, '-');
	uint64_t first, last;

	if (item[strspn(item, "0123456789-")]) {
		add_service(endpoint, item);
		return;
	}
	if (last_text)
		*last_text++ = '\0';
	if (number_parse(&first, item, UINT16_MAX) &&
	    number_parse(&last, last_text ? last_text : item, UINT16_MAX) &&
	    first <= last) {
		add_ports(endpoint, first, last);
		return;
	}
	if (last_text)
		last_text[-1] = '-';
	usage_error("'%s' is no port or range of ports", item);
}

static void parse_ports(struct endpoint *endpoint, char *list)
{
	char *item;

	endpoint->ports = allocate(PORT_BYTES);
	while ((item = strsep(&list, ",")))
		add_port_item(endpoint, item);
}

static char *copy(const char *text)
{
	char *copied = strdup(text);

	if (!copied)
		no_memory();
	return copied;
}

/* Names are not looked up, but somebody may mean the address of a host. */
static noreturn void refuse_address(const char *text)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

	if (!text[strcspn(text, letters)] || strchr(text, ':') ||
	    !isalnum((unsigned char)*text))
		usage_error("'%s' is no address", text);
	usage_error("'%s' is no address; for a host's ask 'getent hosts %s'",
		    text, text);
}

/* ADDR[%DEV][/PREFIX]; @device and @bits are those that stand elsewhere, or NULL. */
static void parse_address(struct endpoint *endpoint, char *text, char *device,
			  char *bits)
{
	struct prefix prefix = { .bits = 128 }, *prefixes;
	char *slash = strchr(text, '/'), *percent;
	uint64_t length;

	if (slash) {
		*slash = '\0';
		if (bits)
			usage_error("'%s' has two prefixes", text);
		bits = slash + 1;
	}
	percent = strchr(text, '%');
	if (percent) {
		*percent = '\0';
		if (device)
			usage_error("'%s' has two interfaces", text);
		device = percent + 1;
	}
	if (device && !*device)
		usage_error("'%s' lacks an interface behind the '%%'", text);
	prefix.any = !strcmp(text, "*") && !bits;
	if (prefix.any && !device)
		return;
	if (!prefix.any && !address_parse(&prefix.address, text))
		refuse_address(text);
	if (device)
		prefix.device = copy(device);
	if (bits) {
		unsigned int max = prefix.address.ipv6 ? 128 : 32;

		if (!number_parse(&length, bits, max))
			usage_error("'/%s' is no prefix of %s", bits, text);
		prefix.bits = (unsigned int)length + 128 - max;
	}
	prefixes = reallocarray(endpoint->prefixes, endpoint->prefix_count + 1,
				sizeof(prefix));
	if (!prefixes)
		no_memory();
	endpoint->prefixes = prefixes;
	endpoint->prefixes[endpoint->prefix_count++] = prefix;
}

/* [ADDR], what belongs to it in the brackets or behind. Return: what follows. */
static char *parse_bracketed(struct endpoint *endpoint, char *text)
{
	char *end = strchr(text, ']');
	char *device = NULL, *bits = NULL;
	char after;

	if (!end)
		usage_error("'%s' lacks a ']'", text);
	*end++ = '\0';
	if (*end == '%') {
		device = ++end;
		end += strcspn(end, "/,:");
	}
	if (*end == '/') {
		*end++ = '\0';
		bits = end;
		end += strcspn(end, ",:");
	}
	after = *end;
	if (after && after != ',' && after != ':')
		usage_error("unknown filter '%s'", end);
	*end = '\0';
	parse_address(endpoint, text + 1, device, bits);
	*end = after;
	return end;
}

static size_t count_colons(const char *text, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += text[i] == ':';
	return count;
}

/*
 * With two colons it is an IPv6 address, with one the port is behind it; and so it is with
 * one behind an interface, whose name has none.
 */
static char *parse_bare(struct endpoint *endpoint, char *text)
{
	size_t length = strcspn(text, ","), device = strcspn(text, "%");
	char after;

	if (device < length)
		length = device + strcspn(text + device, ":,");
	else if (count_colons(text, length) == 1)
		length = strcspn(text, ":");
	after = text[length];
	text[length] = '\0';
	parse_address(endpoint, text, NULL, NULL);
	text[length] = after;
	return text + length;
}

/* ADDR[,ADDR...][:PORT[,PORT...]], or ports alone. */
static void parse_ends(struct endpoint *endpoint, char *text)
{
	bool any = false;

	while (*text != ':' || text[1] == ':') {
		if (*text == '*' && (!text[1] || strchr(",:", text[1])))
			any = true;
		text = *text == '[' ? parse_bracketed(endpoint, text) :
				      parse_bare(endpoint, text);
		if (*text != ',')
			break;
		text++;
	}
	/* One that is any makes all of them any. */
	if (any)
		endpoint->prefix_count = 0;
	if (*text == ':')
		parse_ports(endpoint, text + 1);
}

/**
 * endpoint_parse() - understand a FILTER
 * @argument: "[!][ADDR[%DEV][/PREFIX][,...]][:PORT[-PORT][,...]]"; the program ends
 *	with an error if it is not
 *
 * Return: what it asks for.
 */
struct endpoint *endpoint_parse(const char *argument)
{
	struct endpoint *endpoint = allocate(sizeof(*endpoint));
	const char *rest = argument;
	char *text;

	if (*rest == '!') {
		endpoint->exclude = true;
		rest++;
	}
	if (!strpbrk(rest, ".:*[/"))
		usage_error("unknown filter '%s'", argument);
	text = copy(rest);
	parse_ends(endpoint, text);
	free(text);
	return endpoint;
}

/**
 * endpoint_parse_lsof() - understand what lsof takes behind -i
 * @argument: "[46][PROTO][@ADDR][:PORT]"; the program ends with an error if it
 *	is not
 *
 * Return: what it asks for.
 */
struct endpoint *endpoint_parse_lsof(const char *argument)
{
	struct endpoint *endpoint = allocate(sizeof(*endpoint));
	char *text = copy(argument), *rest = text;
	size_t length;

	if (*rest == '4' || *rest == '6') {
		endpoint->ipv4 = *rest == '4';
		endpoint->ipv6 = *rest == '6';
		rest++;
	}
	length = strcspn(rest, "@:");
	if (length) {
		endpoint->protocols = protocol_find(rest, length);
		if (!endpoint->protocols)
			usage_error("'%.*s' is no protocol of -i", (int)length,
				    rest);
		rest += length;
	}
	if (*rest == '@' && (!rest[1] || (rest[1] == ':' && rest[2] != ':')))
		usage_error("'%s' lacks an address behind the '@'", argument);
	if (*rest)
		parse_ends(endpoint, rest + (*rest == '@'));
	free(text);
	return endpoint;
}

/**
 * endpoint_wish() - which fields endpoint_matches() needs
 * @endpoint: what is asked for
 * @wish: is added to
 */
void endpoint_wish(const struct endpoint *endpoint, struct wish *wish)
{
	if (endpoint->ipv4 != endpoint->ipv6)
		wish->needed |= FIELD_BIT(FIELD_LADDR);
	if (endpoint->protocols || endpoint->ports)
		wish->needed |= FIELD_BIT(FIELD_PROTO);
	if (endpoint->ports)
		wish->needed |= FIELD_BIT(FIELD_LPORT) | FIELD_BIT(FIELD_RPORT);
	if (endpoint->prefix_count)
		wish->needed |= FIELD_BIT(FIELD_LADDR) | FIELD_BIT(FIELD_RADDR);
	for (size_t i = 0; i < endpoint->prefix_count; i++) {
		if (endpoint->prefixes[i].device)
			wish->needed |= FIELD_BIT(FIELD_DEV);
	}
}

static bool is_in_prefix(const struct prefix *prefix,
			 const struct address *address)
{
	size_t bytes = prefix->bits / 8, bits = prefix->bits % 8;
	const uint8_t *a = prefix->address.bytes, *b = address->bytes;

	if (prefix->any)
		return true;
	if (prefix->address.ipv6 && !address->ipv6)
		return false;
	return !memcmp(a, b, bytes) &&
	       (!bits || !((a[bytes] ^ b[bytes]) >> (8 - bits)));
}

static bool is_on_device(const struct prefix *prefix, const struct row *row)
{
	return !prefix->device ||
	       text_is(&row->text[FIELD_DEV], prefix->device);
}

static bool matches_address(const struct endpoint *endpoint,
			    const struct row *row, enum field field)
{
	struct address address;

	if (!endpoint->prefix_count)
		return true;
	if (!address_parse(&address, row->text[field].start))
		return false;
	for (size_t i = 0; i < endpoint->prefix_count; i++) {
		const struct prefix *prefix = &endpoint->prefixes[i];

		if (is_in_prefix(prefix, &address) && is_on_device(prefix, row))
			return true;
	}
	return false;
}

static bool matches_end(const struct endpoint *endpoint, const struct row *row,
			enum field address, enum field port)
{
	if (endpoint->ports && !ports_have(endpoint->ports, row->number[port]))
		return false;
	return matches_address(endpoint, row, address);
}

/**
 * endpoint_matches() - decide whether one end of a socket is what is asked for
 * @endpoint: what is asked for; whether to exclude it is not looked at
 * @row: the socket
 */
bool endpoint_matches(const struct endpoint *endpoint, const struct row *row)
{
	unsigned int protocol = 0;

	if (endpoint->ipv4 != endpoint->ipv6 &&
	    row_is_ipv6(row) != endpoint->ipv6)
		return false;
	if (endpoint->protocols || endpoint->ports)
		protocol = protocol_of(row->text[FIELD_PROTO].start);
	if (endpoint->protocols && !(endpoint->protocols & protocol))
		return false;
	/* What a raw socket has in the place of a port is its protocol. */
	if (endpoint->ports && protocol == PROTOCOL_RAW)
		return false;
	return matches_end(endpoint, row, FIELD_LADDR, FIELD_LPORT) ||
	       matches_end(endpoint, row, FIELD_RADDR, FIELD_RPORT);
}
