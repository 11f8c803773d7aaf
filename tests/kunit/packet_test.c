// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * What is a packet that may be asked about, and whose rows are those of the socket
 * that was found.
 */
#include "ask.h"
#include "suites.h"
#include "../../module/lookup.h"

#include <linux/errno.h>
#include <linux/in.h>
#include <linux/inet.h>
#include <linux/kernel.h>
#include <linux/net.h>
#include <linux/socket.h>
#include <net/ipv6.h>
#include <net/sock.h>

struct packet_case {
	const char *text;
	u16 family, protocol, sport, dport;
	const char *saddr, *daddr, *dev;
};

static const struct packet_case good[] = {
	{ "packet=tcp,1.2.3.4:5,6.7.8.9:10", AF_INET, IPPROTO_TCP, 5, 10,
	  "1.2.3.4", "6.7.8.9", "" },
	{ "packet=udp,0.0.0.0:0,255.255.255.254:65535", AF_INET, IPPROTO_UDP, 0,
	  65535, "0.0.0.0", "255.255.255.254", "" },
	{ "packet=udp,1.2.3.4:5,6.7.8.9:10,eth0", AF_INET, IPPROTO_UDP, 5, 10,
	  "1.2.3.4", "6.7.8.9", "eth0" },
	{ "packet=tcp,[::1]:65535,[::]:0", AF_INET6, IPPROTO_TCP, 65535, 0,
	  "::1", "::", "" },
	{ "packet=udp,[fe80::1:2]:1,[2001:DB8:0:0:1:0:0:1]:2,123456789012345",
	  AF_INET6, IPPROTO_UDP, 1, 2, "fe80::1:2", "2001:db8::1:0:0:1",
	  "123456789012345" },
	{ "packet=tcp,[::1.2.3.4]:1,[64:ff9b::1.2.3.4]:2,a\\054b\\134\\303=!",
	  AF_INET6, IPPROTO_TCP, 1, 2, "::102:304", "64:ff9b::102:304",
	  "a,b\\\303=!" },
	{ "pid!=1 packet=tcp,1.2.3.4:5,6.7.8.9:10,\\055 columns=pid", AF_INET,
	  IPPROTO_TCP, 5, 10, "1.2.3.4", "6.7.8.9", "-" },
};

static void expect_address(struct kunit *test, const struct packet_case *c,
			   const void *addr, const char *text)
{
	u8 want[16] = {};

	if (c->family == AF_INET)
		in4_pton(text, -1, want, '\0', NULL);
	else
		in6_pton(text, -1, want, '\0', NULL);
	KUNIT_EXPECT_EQ_MSG(test, 0,
			    memcmp(addr, want, c->family == AF_INET ? 4 : 16),
			    "'%s': %s", c->text, text);
}

static void packet_is_understood(struct kunit *test)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		const struct packet_case *c = &good[i];
		struct sko_query *query = ask(test, c->text);
		const struct sko_packet *packet = &query->packet;

		KUNIT_EXPECT_EQ_MSG(test, (int)c->family, (int)packet->family,
				    "'%s'", c->text);
		KUNIT_EXPECT_EQ_MSG(test, (int)c->protocol,
				    (int)packet->protocol, "'%s'", c->text);
		KUNIT_EXPECT_EQ_MSG(test, (int)c->sport,
				    (int)ntohs(packet->sport), "'%s'", c->text);
		KUNIT_EXPECT_EQ_MSG(test, (int)c->dport, (int)packet->dport,
				    "'%s'", c->text);
		KUNIT_EXPECT_STREQ_MSG(test, c->dev, packet->dev, "'%s'",
				       c->text);
		if (c->family == AF_INET6) {
			expect_address(test, c, &packet->v6.saddr, c->saddr);
			expect_address(test, c, &packet->v6.daddr, c->daddr);
		} else {
			expect_address(test, c, &packet->v4.saddr, c->saddr);
			expect_address(test, c, &packet->v4.daddr, c->daddr);
		}
		sko_query_free(query);
	}
}

static void other_queries_have_no_packet(struct kunit *test)
{
	struct sko_query *query = ask(test, "proto=tcp lport=80");

	KUNIT_EXPECT_EQ(test, 0, (int)query->packet.family);
	sko_query_free(query);
}

#define V4 "1.2.3.4:5,6.7.8.9:10"
#define V6 "[::1]:5,[::2]:10"

static void malformed_packet_is_refused(struct kunit *test)
{
	static const char * const bad[] = {
		/* fields */
		"", ",", ",,", ",,,", "tcp", "tcp,", "tcp,,", "tcp,1.2.3.4:5",
		"tcp,1.2.3.4:5,", "tcp,,6.7.8.9:10", "," V4, V4, "tcp " V4,
		"tcp," V4 ",", "tcp," V4 ",,", "tcp," V4 ",lo,", "tcp," V4 ",lo,lo",
		"tcp," V4 ",,lo", ",tcp," V4, "tcp," V4 "," V4, "tcp:" V4,
		/* protocols */
		"TCP," V4, "tcp6," V6, "tcp4," V4, "udplite," V4, "6," V4,
		"icmp," V4, "raw," V4, "sctp," V4, "mptcp," V4, "-," V4,
		/* families */
		"tcp,1.2.3.4:5,[::2]:10", "tcp,[::1]:5,6.7.8.9:10",
		"tcp,[::ffff:1.2.3.4]:5,[::2]:10", "tcp,[::1]:5,[::ffff:6.7.8.9]:10",
		"tcp,[::ffff:1.2.3.4]:5,6.7.8.9:10",
		"udp,[::ffff:0:0]:5,[::2]:10",
		/* ports */
		"tcp,1.2.3.4,6.7.8.9:10", "tcp,1.2.3.4:5,6.7.8.9",
		"tcp,1.2.3.4:,6.7.8.9:10", "tcp,1.2.3.4:5,6.7.8.9:",
		"tcp,1.2.3.4:65536,6.7.8.9:10", "tcp,1.2.3.4:5,6.7.8.9:65536",
		"tcp,1.2.3.4:05,6.7.8.9:10", "tcp,1.2.3.4:5,6.7.8.9:010",
		"tcp,1.2.3.4:-5,6.7.8.9:10", "tcp,1.2.3.4:+5,6.7.8.9:10",
		"tcp,1.2.3.4:5-6,6.7.8.9:10", "tcp,1.2.3.4:http,6.7.8.9:10",
		"tcp,1.2.3.4:0x5,6.7.8.9:10", "tcp,1.2.3.4:*,6.7.8.9:10",
		"tcp,1.2.3.4:5:6,6.7.8.9:10", "tcp,[::1]:5,[::2]:10:11",
		"tcp,[::1]5,[::2]:10", "tcp,[::1]:,[::2]:10", "tcp,[::1],[::2]:10",
		"tcp,[::1]::5,[::2]:10", "tcp,[::1]:5,[::2]:99999",
		"tcp,1.2.3.4::5,6.7.8.9:10", "tcp,:5,6.7.8.9:10",
		"tcp,1.2.3.4:18446744073709551621,6.7.8.9:10",
		/* addresses */
		"tcp,1.2.3:5,6.7.8.9:10", "tcp,1.2.3.256:5,6.7.8.9:10",
		"tcp,01.2.3.4:5,6.7.8.9:10", "tcp,1.2.3.4:5,6.7.8:10",
		"tcp,1.2.3.4.5:5,6.7.8.9:10", "tcp,*:5,6.7.8.9:10",
		"tcp,1.2.3.4/32:5,6.7.8.9:10", "tcp,-:5,6.7.8.9:10",
		"tcp,localhost:5,6.7.8.9:10", "tcp,[1.2.3.4]:5,[::2]:10",
		"tcp,[1.2.3.4]:5,[6.7.8.9]:10", "tcp,::1:5,::2:10",
		"tcp,[::1:5,[::2]:10", "tcp,::1]:5,[::2]:10", "tcp,[]:5,[::2]:10",
		"tcp,[[::1]]:5,[::2]:10", "tcp,[::1]:5,[:::2]:10",
		"tcp,[::1%lo]:5,[::2]:10", "tcp,[fe80::1]:5,[fe80::2%2]:10",
		"tcp,[::1/128]:5,[::2]:10", "tcp,[::g]:5,[::2]:10",
		"tcp,[1:2:3]:5,[::2]:10", "tcp,[::1]:5,[1:2:3:4:5:6:7:8:9]:10",
		"tcp,1.2.3.4:5!,6.7.8.9:10", "tcp,!1.2.3.4:5,6.7.8.9:10",
		/* interfaces */
		"tcp," V4 ",1234567890123456", "tcp," V4 ",\\000",
		"tcp," V4 ",a\\000", "tcp," V4 ",\\", "tcp," V4 ",\\05",
		"tcp," V4 ",\\400", "udp," V6 ",a\\x41",
		"tcp," V4 ",a,b",
	};
	static const char * const bad_queries[] = {
		"packet", "packet!=tcp," V4, "packet==tcp," V4,
		"packet=tcp," V4 " packet=tcp," V4,
		"packet=tcp," V4 " packet=udp," V6, "Packet=tcp," V4,
		"packet=tcp,1.2.3.4:5 6.7.8.9:10", "packets=tcp," V4,
		"packet=tcp," V4 " nonsense=1", "nonsense=1 packet=tcp," V4,
	};
	char text[128];
	int i;

	for (i = 0; i < ARRAY_SIZE(bad) + ARRAY_SIZE(bad_queries); i++) {
		struct sko_query *query;

		if (i < ARRAY_SIZE(bad))
			snprintf(text, sizeof(text), "packet=%s", bad[i]);
		else
			strscpy(text, bad_queries[i - ARRAY_SIZE(bad)],
				sizeof(text));
		query = ask_bytes(test, text, strlen(text));
		KUNIT_EXPECT_EQ_MSG(test, (long)-EINVAL, PTR_ERR(query), "'%s'",
				    text);
		if (!IS_ERR(query))
			sko_query_free(query);
	}
}

static void only_its_protocol_is_walked(struct kunit *test)
{
	struct sko_query *query = ask(test, "packet=udp," V4);

	KUNIT_EXPECT_TRUE(test, sko_query_wants_proto(query, SOCK_DGRAM,
						      IPPROTO_UDP));
	KUNIT_EXPECT_FALSE(test, sko_query_wants_proto(query, SOCK_DGRAM,
						       IPPROTO_UDPLITE));
	KUNIT_EXPECT_FALSE(test, sko_query_wants_proto(query, SOCK_STREAM,
						       IPPROTO_TCP));
	KUNIT_EXPECT_FALSE(test, sko_query_wants_proto(query, SOCK_RAW,
						       IPPROTO_UDP));
	sko_query_free(query);
	query = ask(test, "packet=tcp," V6 " proto=udp");
	KUNIT_EXPECT_FALSE(test, sko_query_wants_proto(query, SOCK_STREAM,
						       IPPROTO_TCP));
	sko_query_free(query);
}

/* What has no cookie is nobody, also where nobody was found. */
static void found_sockets_are_known_by_their_cookie(struct kunit *test)
{
	struct sock *sk = kunit_kzalloc(test, sizeof(*sk), GFP_KERNEL);
	const struct sko_value cookies[] = { { .low = 9 }, { .low = 4 } };
	struct sko_lookup lookup = {};
	int i;

	KUNIT_ASSERT_NOT_NULL(test, sk);
	KUNIT_EXPECT_TRUE(test, sko_lookup_has(NULL, sk));
	KUNIT_EXPECT_FALSE(test, sko_lookup_has(&lookup, sk));
	KUNIT_ASSERT_EQ(test, 0, sko_ranges_init(&lookup.cookies, 2));
	for (i = 0; i < ARRAY_SIZE(cookies); i++)
		sko_ranges_add(&lookup.cookies, &cookies[i], &cookies[i]);
	sko_ranges_settle(&lookup.cookies);
	for (i = 0; i < 12; i++) {
		atomic64_set(&sk->sk_cookie, i);
		KUNIT_EXPECT_EQ_MSG(test, i == 4 || i == 9,
				    sko_lookup_has(&lookup, sk), "%d", i);
	}
	sko_lookup_destroy(&lookup);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(packet_is_understood),
	KUNIT_CASE(other_queries_have_no_packet),
	KUNIT_CASE(malformed_packet_is_refused),
	KUNIT_CASE(only_its_protocol_is_walked),
	KUNIT_CASE(found_sockets_are_known_by_their_cookie),
	{}
};

struct kunit_suite sko_packet_suite = {
	.name = "sockowners-packet",
	.test_cases = cases,
};
