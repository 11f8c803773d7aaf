/* SPDX-License-Identifier: GPL-2.0-only */
/* Copyright (C) The sockowners authors */
/* Sockets in the state a situation asks for; what fails ends the test. */
#ifndef SCENARIOS_SOCK_H
#define SCENARIOS_SOCK_H

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/socket.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

struct address {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	};
	socklen_t length;
};

/* @text is an IPv4 or IPv6 address, without a scope. */
struct address address_of(const char *text, unsigned int port);

int sock_open(int family, int type, int protocol);
void sock_bind(int sock, const char *text, unsigned int port);
void sock_connect(int sock, const char *text, unsigned int port);
/* connect() to AF_UNSPEC: forget the peer. */
void sock_disconnect(int sock);
void sock_option(int sock, int level, int name, int value);
/* The program of its SO_REUSEPORT group, in place of what the kernel does by itself. */
void sock_choose_first(int sock);
unsigned int sock_port(int sock);
unsigned long sock_inode(int sock);
void sock_nonblocking(int sock);

/* On a port that the kernel chooses. */
int tcp_listen(const char *text, int backlog);
int tcp_connect(const char *text, unsigned int port);
int tcp_accept(int listener);
/* close() will reset the connection. */
void tcp_reset_on_close(int sock);

/* A UDP socket on a port that the kernel chooses. */
int udp_open(const char *text);

int tcp_state(int sock);
void tcp_wait_state(int sock, int state);
/* How many connections wait to be accepted. */
unsigned int tcp_waiting(int listener);
void tcp_wait_waiting(int listener, unsigned int number);
/*
 * Until it waits to be accepted: connect() returns before the last packet of the
 * handshake has come to the listener.
 */
int tcp_connect_waiting(const char *text, int listener);
/* Sends until nothing more fits; afterwards @sock does not block. */
void tcp_fill(int sock);

/* A connection through @listener. */
struct connection {
	int client;
	int server;
};

struct connection tcp_connection(int listener, const char *text);

#endif
