// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "syn.h"

#include <netinet/tcp.h>
#include <stdio.h>
#include <unistd.h>

#include "deadline.h"
#include "effort.h"
#include "sock.h"
#include "tap.h"

static unsigned int sum16(const void *data, size_t length, unsigned int sum)
{
	const unsigned char *byte = data;

	for (size_t i = 0; i + 1 < length; i += 2)
		sum += byte[i] << 8 | byte[i + 1];
	return sum;
}

static unsigned short fold(unsigned int sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

void send_syn(const char *from, unsigned int from_port, const char *to,
	      unsigned int port)
{
	struct address source = address_of(from, from_port);
	struct address target = address_of(to, port);
	int six = target.any.sa_family == AF_INET6;
	int sock = sock_open(target.any.sa_family, SOCK_RAW, IPPROTO_TCP);
	struct tcphdr syn = {
		.source = htons(from_port),
		.dest = htons(port),
		.seq = htonl(1),
		.doff = 5,
		.syn = 1,
		.window = htons(65535),
	};
	unsigned int sum = IPPROTO_TCP + sizeof(syn);

	if (six) {
		struct address any = source;

		sum = sum16(&source.v6.sin6_addr, 16, sum);
		sum = sum16(&target.v6.sin6_addr, 16, sum);
		any.v6.sin6_port = 0;
		target.v6.sin6_port = 0;
		sock_option(sock, IPPROTO_IPV6, IPV6_TRANSPARENT, 1);
		if (bind(sock, &any.any, any.length))
			tap_bail_errno("bind to %s", from);
	} else {
		struct address any = source;

		sum = sum16(&source.v4.sin_addr, 4, sum);
		sum = sum16(&target.v4.sin_addr, 4, sum);
		any.v4.sin_port = 0;
		sock_option(sock, IPPROTO_IP, IP_TRANSPARENT, 1);
		if (bind(sock, &any.any, any.length))
			tap_bail_errno("bind to %s", from);
	}
	syn.check = fold(sum16(&syn, sizeof(syn), sum));
	if (sendto(sock, &syn, sizeof(syn), 0, &target.any, target.length) !=
	    sizeof(syn))
		tap_bail_errno("sending a SYN from %s", from);
	close(sock);
}

/* Where all takes longer, so does what is asked before the kernel forgets. */
static unsigned int answers(void)
{
	return access(SLOW_PATH, F_OK) ? 3 : 4;
}

static unsigned int count_answered(const char *path)
{
	FILE *table = fopen(path, "re");
	unsigned int nr = 0, answered;
	char line[512];

	while (table && fgets(line, sizeof(line), table))
		if (sscanf(line, "%*d: %*s %*s 03 %*x:%*x %*x:%*x %x",
			   &answered) == 1)
			nr += answered >= answers();
	if (table)
		fclose(table);
	return nr;
}

static bool are_answered(void *arg)
{
	unsigned int *nr = arg;

	return count_answered("/proc/thread-self/net/tcp") +
		       count_answered("/proc/thread-self/net/tcp6") >=
	       *nr;
}

void wait_for_answers(unsigned int nr)
{
	if (!wait_until(are_answered, &nr))
		tap_bail("no SYN-ACK is sent again");
}
