// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * Numbers, addresses and names against what the kernel's own printf() says.
 */
#include "suites.h"
#include "../../module/text.h"

#include <linux/inet.h>
#include <linux/kernel.h>
#include <linux/prandom.h>
#include <linux/string.h>

#define RANDOM_VALUES	5000
#define SEED		20260101

/* Written text, and bytes behind its limit that must stay as they are. */
struct paper {
	char text[128];
};

static void blank(struct paper *paper)
{
	memset(paper->text, '#', sizeof(paper->text));
}

static void expect_text(struct kunit *test, struct paper *paper, char *end,
			size_t max, const char *want)
{
	size_t len = end - paper->text;

	KUNIT_ASSERT_LE_MSG(test, len, max, "for %s", want);
	KUNIT_EXPECT_EQ_MSG(test, (char)'#', end[SKO_TEXT_SLACK], "for %s", want);
	*end = '\0';
	KUNIT_EXPECT_STREQ(test, paper->text, want);
}

static void expect_number(struct kunit *test, u64 value)
{
	struct paper paper;
	char want[32];

	snprintf(want, sizeof(want), "%llu", value);
	blank(&paper);
	expect_text(test, &paper, sko_put_number(paper.text, value),
		    SKO_NUMBER_MAX, want);
}

static void number_is_what_printk_says(struct kunit *test)
{
	struct rnd_state random;
	u64 power = 1;
	int i;

	for (i = 0; i < 20; i++) {
		expect_number(test, power - 1);
		expect_number(test, power);
		expect_number(test, power + 1);
		power *= 10;
	}
	for (i = 0; i < 64; i++) {
		expect_number(test, BIT_ULL(i) - 1);
		expect_number(test, BIT_ULL(i));
	}
	expect_number(test, U64_MAX);

	prandom_seed_state(&random, SEED);
	for (i = 0; i < RANDOM_VALUES; i++) {
		u64 value = prandom_u32_state(&random);

		value = value << 32 | prandom_u32_state(&random);
		expect_number(test, value >> (i % 64));
	}
}

static void expect_ipv4(struct kunit *test, __be32 addr)
{
	struct paper paper;
	char want[32];

	snprintf(want, sizeof(want), "%pI4", &addr);
	blank(&paper);
	expect_text(test, &paper, sko_put_ipv4(paper.text, addr), SKO_IPV4_MAX,
		    want);
}

static void ipv4_is_what_printk_says(struct kunit *test)
{
	static const u32 edges[] = {
		0, 1, 0x7f000001, 0x7fffffff, 0x80000000, 0xffffffff,
		0x0a000001, 0x0a0a0a0a, 0x64646464, 0x09636409, 0xc0a80101,
		0xe0000001, 0xff0000ff, 0x00ff00ff,
	};
	struct rnd_state random;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(edges); i++)
		expect_ipv4(test, htonl(edges[i]));
	prandom_seed_state(&random, SEED);
	for (i = 0; i < RANDOM_VALUES; i++)
		expect_ipv4(test, htonl(prandom_u32_state(&random)));
}

static void expect_ipv6(struct kunit *test, const struct in6_addr *addr)
{
	struct paper paper;
	char want[64];

	snprintf(want, sizeof(want), "%pI6c", addr);
	blank(&paper);
	expect_text(test, &paper, sko_put_ipv6(paper.text, addr), SKO_IPV6_MAX,
		    want);
}

static void ipv6_is_what_printk_says(struct kunit *test)
{
	static const char * const edges[] = {
		"::", "::1", "1::", "1::1", "fe80::1", "ff02::1:ff00:0",
		"2001:db8::", "2001:db8:0:0:1::1", "2001:db8:0:1:1:1:1:1",
		"0:1:0:1:0:1:0:1", "1:0:1:0:1:0:1:0", "0:0:1::1:0:0",
		"1:0:0:2:0:0:0:3", "1:0:0:0:2:0:0:3", "0:0:0:1::",
		"::ffff:1.2.3.4", "::ffff:0:0", "::ffff:255.255.255.255",
		"::1.2.3.4", "::ffff:0:1.2.3.4", "64:ff9b::1.2.3.4",
		"fe80::5efe:10.0.0.1", "fe80::200:5efe:10.0.0.1",
		"2001:db8::5efe:1.2.3.4", "::5efe:0:0",
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		"2001:db8:1:2:0:5efe:255.255.255.255",
		"2001:1db8:1111:2222:200:5efe:255.255.255.255",
		"f:ff:fff:ffff:0:a:ab:abc", "1:2:3:4:5:6:7:0", "0:2:3:4:5:6:7:8",
	};
	struct in6_addr addr;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(edges); i++) {
		KUNIT_ASSERT_EQ_MSG(test, 1, in6_pton(edges[i], -1, addr.s6_addr,
						      -1, NULL), "%s", edges[i]);
		expect_ipv6(test, &addr);
	}
}

/* Random groups, most of which are zero or short: where compression is hard. */
static void random_ipv6_is_what_printk_says(struct kunit *test)
{
	struct rnd_state random;
	struct in6_addr addr;
	int i, group;

	prandom_seed_state(&random, SEED);
	for (i = 0; i < RANDOM_VALUES; i++) {
		u32 zero = prandom_u32_state(&random);
		u32 shift = prandom_u32_state(&random);

		for (group = 0; group < 8; group++) {
			u16 word = prandom_u32_state(&random);

			word >>= (shift >> (4 * group)) & 0xf;
			if (zero & BIT(group))
				word = 0;
			addr.s6_addr16[group] = htons(word);
		}
		expect_ipv6(test, &addr);
	}
}

static void expect_name(struct kunit *test, const char *name, size_t len,
			const char *want)
{
	size_t max = max_t(size_t, SKO_NAME_MAX(len), 4);
	struct paper paper;

	blank(&paper);
	expect_text(test, &paper, sko_put_name(paper.text, name, len), max,
		    want);
}

static void name_is_escaped(struct kunit *test)
{
	static const struct {
		const char *name, *want;
	} cases[] = {
		{ "sshd", "sshd" },
		{ "a-b", "a-b" },
		{ "--", "--" },
		{ "-", "\\055" },
		{ "", "\\000" },
		{ " ", "\\040" },
		{ "a b", "a\\040b" },
		{ "\t\n\r", "\\011\\012\\015" },
		{ "\\", "\\134" },
		{ "\\040", "\\134040" },
		{ "\033[2J", "\\033[2J" },
		{ "\177", "\\177" },
		{ "\303\244", "\\303\\244" },
		{ "\377\200\001", "\\377\\200\\001" },
		{ "!\"#$%&'()*+,./", "!\"#$%&'()*+,./" },
		{ "~}|{`_^][@?>=<", "~}|{`_^][@?>=<" },
		{ "\377\377\377\377\377\377\377\377\377\377\377\377\377\377\377",
		  "\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377\\377" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		expect_name(test, cases[i].name, strlen(cases[i].name) + 1,
			    cases[i].want);
}

static void name_ends_at_its_size(struct kunit *test)
{
	expect_name(test, "abcdef", 3, "abc");
	expect_name(test, "-bcdef", 1, "\\055");
	expect_name(test, "ab\0def", 6, "ab");
}

/* Every byte: printable as it is, or \ooo with its octal value. */
static void every_byte_is_harmless(struct kunit *test)
{
	int byte;

	for (byte = 1; byte < 256; byte++) {
		char name[2] = { byte, 'x' };
		char want[8];

		if (byte > ' ' && byte < 127 && byte != '\\')
			snprintf(want, sizeof(want), "%cx", byte);
		else
			snprintf(want, sizeof(want), "\\%03ox", byte);
		expect_name(test, name, sizeof(name), want);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(number_is_what_printk_says),
	KUNIT_CASE(ipv4_is_what_printk_says),
	KUNIT_CASE(ipv6_is_what_printk_says),
	KUNIT_CASE(random_ipv6_is_what_printk_says),
	KUNIT_CASE(name_is_escaped),
	KUNIT_CASE(name_ends_at_its_size),
	KUNIT_CASE(every_byte_is_harmless),
	{}
};

struct kunit_suite sko_text_suite = {
	.name = "sockowners-text",
	.test_cases = cases,
};
