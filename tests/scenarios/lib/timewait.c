// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "timewait.h"

#include <stdio.h>
#include <unistd.h>

#include "net.h"
#include "sock.h"
#include "tap.h"

static void end(struct connection *c)
{
	shutdown(c->client, SHUT_WR);
	/* If the two FINs crossed, both ends would wait. */
	tcp_wait_state(c->server, TCP_CLOSE_WAIT);
	close(c->server);
	/* The last thing that happens to it. */
	tcp_wait_state(c->client, TCP_CLOSE);
	close(c->client);
}

/*
 * On a starved machine the last FIN may be sent twice. The second answer to it
 * finds nobody, and the reset that follows would end the time-wait.
 */
static void ignore_resets(void)
{
	sysctl_set("net/ipv4/tcp_rfc1337", "1");
}

void timewait_make(struct expected_row *row, int listener, const char *address)
{
	struct connection c = tcp_connection(listener, address);

	ignore_resets();
	row_of_timewait(row, "TIME_WAIT", c.client);
	end(&c);
}

void timewaits_make(struct expect *expect, const char *address,
		    unsigned int number)
{
	int listener = tcp_listen(address, 8);
	struct expected_row row;

	ignore_resets();
	sysctl_set("net/ipv4/tcp_max_tw_buckets", "262144");
	/* connect() must not take the tuple of an older one. */
	sysctl_set("net/ipv4/tcp_tw_reuse", "0");
	for (unsigned int i = 0; i < number; i++) {
		struct connection c = tcp_connection(listener, address);

		if (i == 0) {
			row_of_timewait(&row, "TIME_WAIT", c.client);
		} else {
			row_set_tuple(&row, c.client);
			row_set(&row, INODE, "-");
		}
		expect_row(expect, &row);
		end(&c);
	}
	close(listener);
}

size_t tcp_count(unsigned int state)
{
	static const char *const paths[] = { "/proc/thread-self/net/tcp",
					     "/proc/thread-self/net/tcp6" };
	char line[512];
	size_t count = 0;

	for (int i = 0; i < 2; i++) {
		FILE *table = fopen(paths[i], "re");
		unsigned int found;

		if (!table)
			tap_bail_errno("%s", paths[i]);
		while (fgets(line, sizeof(line), table))
			if (sscanf(line, "%*d: %*s %*s %x", &found) == 1 &&
			    found == state)
				count++;
		fclose(table);
	}
	return count;
}
