// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * Addresses whose text is kept, and those that displace each other, against what the
 * kernel's own printf() says.
 */
#include "suites.h"
#include "../../module/addresses.h"

#include <linux/prandom.h>
#include <linux/slab.h>
#include <linux/string.h>

#define ADDRESSES	40	/* more than are kept */
#define LINES		5000
#define SEED		20260101

static void expect_address(struct kunit *test, u16 family,
			   const union sko_addr *addr)
{
	struct sko_addresses *addresses = test->priv;
	char text[SKO_IPV6_MAX + SKO_IPV6_TEXT + 1], want[64];
	char *end;

	if (family == AF_INET6)
		snprintf(want, sizeof(want), "%pI6c", &addr->v6);
	else
		snprintf(want, sizeof(want), "%pI4", &addr->v4);
	memset(text, '#', sizeof(text));
	end = sko_addresses_put(addresses, text, family, addr);
	KUNIT_ASSERT_LE_MSG(test, end - text, (ptrdiff_t)SKO_IPV6_MAX,
			    "for %s", want);
	KUNIT_EXPECT_EQ_MSG(test, (char)'#', end[SKO_IPV6_TEXT], "for %s", want);
	*end = '\0';
	KUNIT_EXPECT_STREQ(test, text, want);
}

/* Zeros are an address, too: it is not there before it was asked for. */
static void nothing_is_kept_at_first(struct kunit *test)
{
	static const union sko_addr none;
	int i;

	for (i = 0; i < 2; i++) {
		expect_address(test, AF_INET, &none);
		expect_address(test, AF_INET6, &none);
	}
}

/* Some often, some now and then, and those of both families by turns. */
static void kept_is_what_printk_says(struct kunit *test)
{
	union sko_addr *addrs = kunit_kcalloc(test, ADDRESSES, sizeof(*addrs),
					      GFP_KERNEL);
	struct rnd_state random;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, addrs);
	prandom_seed_state(&random, SEED);
	for (i = 0; i < ADDRESSES; i++)
		prandom_bytes_state(&random, &addrs[i], sizeof(*addrs));
	for (i = 0; i < LINES; i++) {
		unsigned int of = i % 2 ? ADDRESSES : 3;
		unsigned int which = prandom_u32_state(&random) % of;

		expect_address(test, i % 5 < 2 ? AF_INET6 : AF_INET,
			       &addrs[which]);
	}
}

/* Of two that differ in one half, which have one place as often as not. */
static void halves_are_told_apart(struct kunit *test)
{
	union sko_addr addr = {};
	int i;

	for (i = 0; i < 200; i++) {
		addr.v6.s6_addr32[0] = htonl(i / 2 % 2 ? 0x20010db8 : 0xfe800000);
		addr.v6.s6_addr32[3] = htonl(i % 2);
		expect_address(test, AF_INET6, &addr);
		/* Both halves alike: no hash tells it from another such one. */
		addr.v6.s6_addr32[0] = htonl(i % 3);
		addr.v6.s6_addr32[2] = addr.v6.s6_addr32[0];
		addr.v6.s6_addr32[3] = addr.v6.s6_addr32[1];
		expect_address(test, AF_INET6, &addr);
		memset(&addr, 0, sizeof(addr));
	}
}

static int set_up(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct sko_addresses),
				   GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static struct kunit_case cases[] = {
	KUNIT_CASE(nothing_is_kept_at_first),
	KUNIT_CASE(kept_is_what_printk_says),
	KUNIT_CASE(halves_are_told_apart),
	{}
};

struct kunit_suite sko_addresses_suite = {
	.name = "sockowners-addresses",
	.init = set_up,
	.test_cases = cases,
};
