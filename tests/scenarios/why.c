// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors
/*
 * "Address already in use, but nothing is listed": sockowners --why says what is
 * in the way of a bind(), and bind() agrees. Which rows conflict with which
 * addresses and options is the matter of bind_conflict.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/ask.h"
#include "lib/child.h"
#include "lib/command.h"
#include "lib/link.h"
#include "lib/net.h"
#include "lib/sock.h"
#include "lib/syn.h"
#include "lib/tap.h"

#define PORT 8080
#define LOW_PORT \
	"bind() to tcp 0.0.0.0:80 fails: permission denied: ports below 1024 need CAP_NET_BIND_SERVICE, as root has it\n"

/* What it prints, and its exit status. */
struct answer {
	char text[8192];
	int status;
};

static void ask_why(struct answer *answer, const char *arguments)
{
	struct command command;
	char line[512];
	size_t length;
	char *status;

	snprintf(line, sizeof(line), "sockowners %s 2>&1; echo status $?",
		 arguments);
	command_start(&command, line);
	length = fread(answer->text, 1, sizeof(answer->text) - 1,
		       command.output);
	answer->text[length] = '\0';
	command_end(&command);
	status = strstr(answer->text, "status ");
	if (!status)
		tap_bail("no status: %s", answer->text);
	answer->status = atoi(status + strlen("status "));
	*status = '\0';
}

/* @option of SOL_SOCKET, 0 for none. Returns 0 or errno. */
static int try_bind(int type, const char *text, unsigned int port, int option)
{
	struct address address = address_of(text, port);
	int sock = sock_open(address.any.sa_family, type, 0);
	int error;

	if (option)
		sock_option(sock, SOL_SOCKET, option, 1);
	error = bind(sock, &address.any, address.length) ? errno : 0;
	close(sock);
	return error;
}

/*
 * @arguments are answered with lines that begin with @verdict, and have @part in
 * one of them, if there is one.
 */
static void check(const char *claim, const char *arguments, const char *verdict,
		  const char *part, int status)
{
	struct answer answer;
	bool right;

	ask_why(&answer, arguments);
	right = !strncmp(answer.text, verdict, strlen(verdict)) &&
		(!part || strstr(answer.text, part)) && answer.status == status;
	if (!tap_ok(right, "%s", claim))
		tap_diag("status %d: %s", answer.status, answer.text);
}

static void check_bind(int error, int expected, const char *claim)
{
	tap_is_text(error ? strerror(error) : "works",
		    expected ? strerror(expected) : "works", "bind(): %s",
		    claim);
}

static void check_free(void)
{
	check("nobody has the port", "--why=tcp,:8080",
	      "bind() to tcp 0.0.0.0:8080 works: nothing is in the way\n", NULL,
	      1);
	check_bind(try_bind(SOCK_STREAM, "0.0.0.0", PORT, 0), 0, "so it is");
}

/* A server that was restarted too soon. */
static void check_time_wait(void)
{
	int listener = sock_open(AF_INET, SOCK_STREAM, 0);
	struct connection c;

	sysctl_set("net/ipv4/tcp_rfc1337", "1");
	sock_option(listener, SOL_SOCKET, SO_REUSEADDR, 1);
	sock_bind(listener, "0.0.0.0", PORT);
	if (listen(listener, 8))
		tap_bail_errno("listen");
	c = tcp_connection(listener, "127.0.0.1");
	close(listener);
	shutdown(c.server, SHUT_WR);
	tcp_wait_state(c.server, TCP_FIN_WAIT2);
	close(c.server);
	close(c.client);
	check("time-wait", "--why=tcp,:8080",
	      "bind() to tcp 0.0.0.0:8080 fails: address already in use; with SO_REUSEADDR it works\n",
	      " s to go ", 0);
	check_bind(try_bind(SOCK_STREAM, "0.0.0.0", PORT, 0), EADDRINUSE,
		   "without SO_REUSEADDR");
	check_bind(try_bind(SOCK_STREAM, "0.0.0.0", PORT, SO_REUSEADDR), 0,
		   "with SO_REUSEADDR");
}

/* No process has a descriptor of it. */
static void check_in_flight(void)
{
	int ends[2], sock = udp_open("127.0.0.1");
	char arguments[64], verdict[128];
	unsigned int port = sock_port(sock);

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		tap_bail_errno("socketpair");
	send_descriptor(ends[0], sock);
	close(sock);
	snprintf(arguments, sizeof(arguments), "--why=udp,127.0.0.1:%u", port);
	snprintf(verdict, sizeof(verdict),
		 "bind() to udp 127.0.0.1:%u fails: address already in use",
		 port);
	check("in flight", arguments, verdict, "in flight to why", 0);
	check_bind(try_bind(SOCK_DGRAM, "127.0.0.1", port, 0), EADDRINUSE,
		   "in flight");
	close(ends[0]);
	close(ends[1]);
	check_bind(try_bind(SOCK_DGRAM, "127.0.0.1", port, 0), 0,
		   "in flight no more");
}

static void check_queued(void)
{
	int listener = sock_open(AF_INET6, SOCK_STREAM, 0);
	int client;

	sock_bind(listener, "::", PORT);
	if (listen(listener, 8))
		tap_bail_errno("listen");
	client = tcp_connect("127.0.0.1", PORT);
	check("another family's listener, and a connection in its queue",
	      "--why=tcp,127.0.0.1:8080",
	      "bind() to tcp 127.0.0.1:8080 fails: address already in use; no option helps\n",
	      "in the accept queue of why", 0);
	check("what the listener means", "--why=tcp,127.0.0.1:8080 -o why",
	      "bind() to tcp 127.0.0.1:8080 fails", "listens, takes IPv4 too",
	      0);
	check_bind(try_bind(SOCK_STREAM, "127.0.0.1", PORT, SO_REUSEADDR),
		   EADDRINUSE, "the other family");
	close(client);
	close(listener);
}

static void check_kernel(void)
{
	if (!link_add("tunnel", "vxlan")) {
		tap_skip("no such device", "vxlan");
		tap_skip("no such device", "bind(): vxlan");
		return;
	}
	net_bring_up("tunnel");
	check("the kernel's own", "--why=udp,:8472",
	      "bind() to udp 0.0.0.0:8472 fails: address already in use",
	      " kernel ", 0);
	check_bind(try_bind(SOCK_DGRAM, "0.0.0.0", 8472, 0), EADDRINUSE,
		   "vxlan");
}

static void live_elsewhere(int control, void *arg)
{
	int sock = sock_open(AF_INET, SOCK_STREAM, 0);

	(void)arg;
	net_enter_new();
	close(sock);
	sock = sock_open(AF_INET, SOCK_STREAM, 0);
	sock_bind(sock, "0.0.0.0", 9090);
	tell(control, 0);
	stay(control);
}

static void check_other_netns(void)
{
	struct child child;

	child_start(&child, live_elsewhere, NULL);
	hear(child.control);
	check("another network namespace", "--why=tcp,:9090",
	      "bind() to tcp 0.0.0.0:9090 works: nothing is in the way\n",
	      "in another network namespace", 1);
	check_bind(try_bind(SOCK_STREAM, "0.0.0.0", 9090, 0), 0,
		   "there it does not matter");
	child_stop(&child);
}

static void be_user(int control, void *arg)
{
	struct answer answer;

	(void)arg;
	if (setresuid(1234, 1234, 1234))
		tap_bail_errno("setresuid");
	tell(control, try_bind(SOCK_STREAM, "0.0.0.0", 80, 0));
	ask_why(&answer, "--why=tcp,:80");
	tell(control, answer.status);
	tell_text(control, answer.text);
}

static void check_low_port(void)
{
	struct child child;
	char text[512];

	child_start(&child, be_user, NULL);
	check_bind((int)hear(child.control), EACCES, "a low port");
	tap_is_number(hear(child.control), 0, "a low port: something is wrong");
	if (!hear_text(child.control, text, sizeof(text)))
		tap_bail("no answer");
	tap_is_text(text, LOW_PORT, "what it is");
	child_finish(&child);
}

static void check_addresses(void)
{
	int sock = sock_open(AF_INET, SOCK_STREAM, 0);
	struct address address = address_of("192.0.2.77", PORT + 1);

	check("an address of nobody", "--why=tcp,192.0.2.77:8081",
	      "bind() to tcp 192.0.2.77:8081 fails: cannot assign the address: 192.0.2.77 is none of this host; with IP_FREEBIND it works\n",
	      NULL, 0);
	check_bind(try_bind(SOCK_STREAM, "192.0.2.77", PORT + 1, 0),
		   EADDRNOTAVAIL, "it is not");
	sock_option(sock, IPPROTO_IP, IP_FREEBIND, 1);
	check_bind(bind(sock, &address.any, address.length) ? errno : 0, 0,
		   "with IP_FREEBIND");
	close(sock);
	sysctl_set("net/ipv4/ip_nonlocal_bind", "1");
	check("ip_nonlocal_bind", "--why=tcp,192.0.2.77:8081",
	      "bind() to tcp 192.0.2.77:8081 works: nothing is in the way\n",
	      NULL, 1);
	sysctl_set("net/ipv4/ip_nonlocal_bind", "0");
	check("a link-local one", "--why=udp,[fe80::1]:8081",
	      "bind() to udp [fe80::1]:8081 fails: a link-local address needs its interface",
	      NULL, 0);
	check_bind(try_bind(SOCK_DGRAM, "fe80::1", PORT + 1, 0), EINVAL,
		   "a link-local one");
}

/* Its listener was closed, and nobody has the port. */
static void check_half_open(void)
{
	int listener = sock_open(AF_INET, SOCK_STREAM, 0);

	if (!link_add("void", "dummy"))
		tap_bail("no dummy device");
	net_bring_up("void");
	link_set_address4("void", "10.99.0.1");
	sock_bind(listener, "10.99.0.1", 9999);
	if (listen(listener, 8))
		tap_bail_errno("listen");
	send_syn("10.99.0.7", 1000, "10.99.0.1", 9999);
	wait_for_answers(1);
	close(listener);
	check("half-open", "--why=tcp,10.99.0.1:9999",
	      "bind() to tcp 10.99.0.1:9999 works: nothing is in the way\n",
	      NULL, 1);
	check_bind(try_bind(SOCK_STREAM, "10.99.0.1", 9999, 0), 0, "half-open");
	tap_is_number(ask_count("holder=synrecv lport=9999"), 1,
		      "half-open: it is there all the time");
}

int main(void)
{
	tap_plan(2 + 3 + 3 + 3 + 3 + 2 + 2 + 6 + 3);
	net_enter_new();
	check_free();
	check_time_wait();
	check_in_flight();
	check_low_port();
	net_enter_new();
	check_queued();
	check_kernel();
	check_other_netns();
	check_addresses();
	check_half_open();
	return tap_done();
}
