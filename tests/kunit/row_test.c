// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * From a socket to a row, on sockets that the test makes in the kernel.
 */
#include "suites.h"
#include "../../module/look.h"
#include "../../module/row.h"

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/inet.h>
#include <linux/net.h>
#include <linux/rcupdate.h>
#include <net/inet_sock.h>
#include <net/inet_timewait_sock.h>
#include <net/ipv6.h>
#include <net/net_namespace.h>
#include <net/request_sock.h>
#include <net/sock.h>

static void state_follows_the_kind_of_socket(struct kunit *test)
{
	static const struct {
		u16 type, protocol;
		u8 state;
		u16 num;
		u8 want;
	} cases[] = {
		{ SOCK_STREAM, IPPROTO_TCP, TCP_CLOSE, 0, TCP_CLOSE },
		{ SOCK_STREAM, IPPROTO_TCP, TCP_CLOSE, 80, SKO_STATE_BOUND },
		{ SOCK_STREAM, IPPROTO_TCP, TCP_LISTEN, 80, TCP_LISTEN },
		{ SOCK_STREAM, IPPROTO_TCP, TCP_SYN_SENT, 80, TCP_SYN_SENT },
		{ SOCK_STREAM, IPPROTO_TCP, TCP_ESTABLISHED, 80, TCP_ESTABLISHED },
		{ SOCK_STREAM, IPPROTO_TCP, TCP_FIN_WAIT1, 80, TCP_FIN_WAIT1 },
		{ SOCK_STREAM, IPPROTO_TCP, TCP_FIN_WAIT2, 80, TCP_FIN_WAIT2 },
		{ SOCK_STREAM, IPPROTO_TCP, TCP_CLOSE_WAIT, 80, TCP_CLOSE_WAIT },
		{ SOCK_STREAM, IPPROTO_TCP, TCP_LAST_ACK, 80, TCP_LAST_ACK },
		{ SOCK_STREAM, IPPROTO_TCP, TCP_CLOSING, 80, TCP_CLOSING },
		{ SOCK_STREAM, IPPROTO_MPTCP, TCP_CLOSE, 80, SKO_STATE_BOUND },
		{ SOCK_SEQPACKET, IPPROTO_SCTP, TCP_CLOSE, 80, SKO_STATE_BOUND },
		{ SOCK_DGRAM, IPPROTO_UDP, TCP_CLOSE, 0, SKO_STATE_UNCONNECTED },
		{ SOCK_DGRAM, IPPROTO_UDP, TCP_CLOSE, 53, SKO_STATE_UNCONNECTED },
		{ SOCK_DGRAM, IPPROTO_UDP, TCP_ESTABLISHED, 53, TCP_ESTABLISHED },
		{ SOCK_RAW, IPPROTO_ICMP, TCP_CLOSE, 1, SKO_STATE_UNCONNECTED },
		{ SOCK_RAW, IPPROTO_ICMP, TCP_ESTABLISHED, 1, TCP_ESTABLISHED },
		{ SOCK_DCCP, IPPROTO_DCCP, TCP_CLOSE, 80, SKO_STATE_BOUND },
		{ SOCK_DCCP, IPPROTO_DCCP, TCP_ESTABLISHED, 80, TCP_ESTABLISHED },
		{ SOCK_DCCP, IPPROTO_DCCP, TCP_MAX_STATES, 80, TCP_ESTABLISHED },
		{ SOCK_DCCP, IPPROTO_DCCP, TCP_MAX_STATES + 1, 80, TCP_CLOSE_WAIT },
		{ SOCK_STREAM, 256, 1, 0, TCP_ESTABLISHED },
		{ SOCK_STREAM, 256, 2, 0, TCP_CLOSE },
		{ SOCK_STREAM, 256, 10, 0, TCP_LISTEN },
		{ SOCK_STREAM, 256, 20, 0, TCP_FIN_WAIT1 },
		{ SOCK_STREAM, 256, 21, 0, TCP_FIN_WAIT2 },
		{ SOCK_STREAM, 256, 22, 0, TCP_CLOSE_WAIT },
		{ SOCK_STREAM, 256, 24, 0, TCP_LAST_ACK },
		{ SOCK_STREAM, 256, 25, 0, TCP_CLOSING },
		{ SOCK_STREAM, 256, 27, 0, TCP_CLOSE },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, cases[i].want,
				    sko_row_state(cases[i].type,
						  cases[i].protocol,
						  cases[i].state, cases[i].num),
				    "case %zu", i);
}

static struct socket *make(struct kunit *test, int family, int type, int proto)
{
	struct socket *sock;

	KUNIT_ASSERT_EQ(test, 0, sock_create_kern(&init_net, family, type,
						  proto, &sock));
	return sock;
}

static struct sko_row row_of(const struct sock *sk)
{
	struct sko_row row;

	memset(&row, 0xaa, sizeof(row));
	rcu_read_lock();
	sko_row_from_sock(&row, sk);
	rcu_read_unlock();
	return row;
}

static struct sockaddr_in v4(u32 addr, u16 port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(addr),
		.sin_port = htons(port),
	};
}

static void bind_v4(struct kunit *test, struct socket *sock, u32 addr)
{
	struct sockaddr_in sin = v4(addr, 0);

	KUNIT_ASSERT_EQ(test, 0, kernel_bind(sock, (void *)&sin,
					     sizeof(sin)));
}

static void unbound_tcp_socket_is_closed(struct kunit *test)
{
	struct socket *sock = make(test, AF_INET, SOCK_STREAM, IPPROTO_TCP);
	struct sko_row row = row_of(sock->sk);

	KUNIT_EXPECT_EQ(test, (u8)TCP_CLOSE, row.state);
	KUNIT_EXPECT_EQ(test, (u16)0, row.lport);
	KUNIT_EXPECT_FALSE(test, row.has_peer);
	KUNIT_EXPECT_EQ(test, (u16)AF_INET, row.family);
	KUNIT_EXPECT_EQ(test, (u16)SOCK_STREAM, row.type);
	KUNIT_EXPECT_EQ(test, (u16)IPPROTO_TCP, row.protocol);
	KUNIT_EXPECT_EQ(test, (u32)init_net.ns.inum, row.netns);
	KUNIT_EXPECT_STREQ(test, "", row.dev);
	sock_release(sock);
}

static void bound_tcp_socket_has_its_port(struct kunit *test)
{
	struct socket *sock = make(test, AF_INET, SOCK_STREAM, IPPROTO_TCP);
	struct sockaddr_in name;
	struct sko_row row;

	bind_v4(test, sock, INADDR_LOOPBACK);
	row = row_of(sock->sk);
	kernel_getsockname(sock, (void *)&name);
	KUNIT_EXPECT_EQ(test, (u8)SKO_STATE_BOUND, row.state);
	KUNIT_EXPECT_EQ(test, ntohs(name.sin_port), row.lport);
	KUNIT_EXPECT_EQ(test, name.sin_addr.s_addr, row.laddr.v4);
	KUNIT_EXPECT_FALSE(test, row.has_peer);
	sock_release(sock);
}

static void connection_has_both_ends(struct kunit *test)
{
	struct socket *listener = make(test, AF_INET, SOCK_STREAM, IPPROTO_TCP);
	struct socket *client = make(test, AF_INET, SOCK_STREAM, IPPROTO_TCP);
	struct sockaddr_in local, remote;
	struct socket *server;
	struct sko_row row;

	bind_v4(test, listener, INADDR_LOOPBACK);
	KUNIT_ASSERT_EQ(test, 0, kernel_listen(listener, 1));
	KUNIT_EXPECT_EQ(test, (u8)TCP_LISTEN, row_of(listener->sk).state);
	KUNIT_EXPECT_FALSE(test, row_of(listener->sk).has_peer);

	kernel_getsockname(listener, (void *)&remote);
	KUNIT_ASSERT_EQ(test, 0, kernel_connect(client,
						(void *)&remote,
						sizeof(remote), 0));
	KUNIT_ASSERT_EQ(test, 0, kernel_accept(listener, &server, 0));
	kernel_getsockname(client, (void *)&local);

	row = row_of(client->sk);
	KUNIT_EXPECT_EQ(test, (u8)TCP_ESTABLISHED, row.state);
	KUNIT_EXPECT_TRUE(test, row.has_peer);
	KUNIT_EXPECT_EQ(test, local.sin_addr.s_addr, row.laddr.v4);
	KUNIT_EXPECT_EQ(test, ntohs(local.sin_port), row.lport);
	KUNIT_EXPECT_EQ(test, remote.sin_addr.s_addr, row.raddr.v4);
	KUNIT_EXPECT_EQ(test, remote.sin_port, row.rport);

	row = row_of(server->sk);
	KUNIT_EXPECT_EQ(test, (u8)TCP_ESTABLISHED, row.state);
	KUNIT_EXPECT_EQ(test, remote.sin_addr.s_addr, row.laddr.v4);
	KUNIT_EXPECT_EQ(test, ntohs(remote.sin_port), row.lport);
	KUNIT_EXPECT_EQ(test, local.sin_addr.s_addr, row.raddr.v4);
	KUNIT_EXPECT_EQ(test, local.sin_port, row.rport);

	sock_release(server);
	sock_release(client);
	sock_release(listener);
}

static void datagram_socket_is_connected_or_not(struct kunit *test)
{
	struct socket *sock = make(test, AF_INET, SOCK_DGRAM, IPPROTO_UDP);
	struct sockaddr_in remote = v4(INADDR_LOOPBACK, 53);
	struct sko_row row;

	bind_v4(test, sock, INADDR_ANY);
	row = row_of(sock->sk);
	KUNIT_EXPECT_EQ(test, (u8)SKO_STATE_UNCONNECTED, row.state);
	KUNIT_EXPECT_FALSE(test, row.has_peer);
	KUNIT_EXPECT_EQ(test, htonl(INADDR_ANY), row.laddr.v4);

	KUNIT_ASSERT_EQ(test, 0, kernel_connect(sock,
						(void *)&remote,
						sizeof(remote), 0));
	row = row_of(sock->sk);
	KUNIT_EXPECT_EQ(test, (u8)TCP_ESTABLISHED, row.state);
	KUNIT_EXPECT_TRUE(test, row.has_peer);
	KUNIT_EXPECT_EQ(test, htonl(INADDR_LOOPBACK), row.raddr.v4);
	KUNIT_EXPECT_EQ(test, htons(53), row.rport);
	sock_release(sock);
}

static void raw_socket_has_its_protocol_as_port(struct kunit *test)
{
	struct socket *sock = make(test, AF_INET, SOCK_RAW, IPPROTO_ICMP);
	struct sko_row row = row_of(sock->sk);

	KUNIT_EXPECT_EQ(test, (u16)SOCK_RAW, row.type);
	KUNIT_EXPECT_EQ(test, (u16)IPPROTO_ICMP, row.lport);
	KUNIT_EXPECT_EQ(test, (u8)SKO_STATE_UNCONNECTED, row.state);
	sock_release(sock);
}

static void ipv6_socket_has_ipv6_addresses(struct kunit *test)
{
	struct socket *sock = make(test, AF_INET6, SOCK_DGRAM, IPPROTO_UDP);
	struct sockaddr_in6 sin6 = {
		.sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT,
	};
	struct in6_addr mapped;
	struct sko_row row;

	KUNIT_ASSERT_EQ(test, 0, kernel_bind(sock, (void *)&sin6,
					     sizeof(sin6)));
	row = row_of(sock->sk);
	KUNIT_EXPECT_EQ(test, (u16)AF_INET6, row.family);
	KUNIT_EXPECT_TRUE(test, ipv6_addr_equal(&row.laddr.v6,
						&sin6.sin6_addr));
	sock_release(sock);

	sock = make(test, AF_INET6, SOCK_DGRAM, IPPROTO_UDP);
	ipv6_addr_set_v4mapped(htonl(INADDR_LOOPBACK), &mapped);
	sin6.sin6_addr = mapped;
	sin6.sin6_port = htons(53);
	KUNIT_ASSERT_EQ(test, 0, kernel_connect(sock, (void *)&sin6,
						sizeof(sin6), 0));
	row = row_of(sock->sk);
	KUNIT_EXPECT_TRUE(test, ipv6_addr_equal(&row.laddr.v6, &mapped));
	KUNIT_EXPECT_TRUE(test, ipv6_addr_equal(&row.raddr.v6, &mapped));
	KUNIT_EXPECT_EQ(test, htons(53), row.rport);
	sock_release(sock);
}

static void only_inet_families_are_listed(struct kunit *test)
{
	static const struct {
		int family, type;
		bool want;
	} cases[] = {
		{ AF_INET, SOCK_STREAM, true },
		{ AF_INET, SOCK_DGRAM, true },
		{ AF_INET6, SOCK_STREAM, true },
		{ AF_UNIX, SOCK_STREAM, false },
		{ AF_NETLINK, SOCK_RAW, false },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct socket *sock = make(test, cases[i].family,
					   cases[i].type, 0);

		KUNIT_EXPECT_EQ_MSG(test, cases[i].want,
				    sko_row_is_inet(sock->sk), "family %d",
				    cases[i].family);
		sock_release(sock);
	}
}

static void device_is_named_also_when_it_is_gone(struct kunit *test)
{
	struct socket *sock = make(test, AF_INET, SOCK_DGRAM, IPPROTO_UDP);
	struct sko_row row;

	sock->sk->sk_bound_dev_if = init_net.loopback_dev->ifindex;
	row = row_of(sock->sk);
	KUNIT_EXPECT_STREQ(test, "lo", row.dev);
	sock->sk->sk_bound_dev_if = INT_MAX;
	row = row_of(sock->sk);
	KUNIT_EXPECT_STREQ(test, "if2147483647", row.dev);
	sock->sk->sk_bound_dev_if = 0;
	sock_release(sock);
}

static struct sko_row row_of_timewait(const struct inet_timewait_sock *tw)
{
	struct sko_row row;

	memset(&row, 0xaa, sizeof(row));
	rcu_read_lock();
	sko_row_from_timewait(&row, tw, IPPROTO_TCP);
	rcu_read_unlock();
	return row;
}

static void timewait_has_a_tuple_and_nobody(struct kunit *test)
{
	struct inet_timewait_sock *tw;
	struct sko_row row;

	tw = kunit_kzalloc(test, sizeof(*tw), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, tw);
	write_pnet(&tw->tw_net, &init_net);
	tw->tw_family = AF_INET;
	tw->tw_state = TCP_TIME_WAIT;
	tw->tw_substate = TCP_FIN_WAIT2;
	tw->tw_rcv_saddr = htonl(0x0a000001);
	tw->tw_daddr = htonl(0x0a000002);
	tw->tw_num = 80;
	tw->tw_dport = htons(50000);
	row = row_of_timewait(tw);
	KUNIT_EXPECT_EQ(test, (int)SKO_HOLDER_TIMEWAIT, (int)row.held.holder);
	KUNIT_EXPECT_NULL(test, row.held.process);
	KUNIT_EXPECT_EQ(test, (u64)0, row.held.via);
	KUNIT_EXPECT_EQ(test, -1, row.fd);
	KUNIT_EXPECT_EQ(test, (u64)0, row.inode);
	KUNIT_EXPECT_EQ(test, (u8)TCP_FIN_WAIT2, row.state);
	KUNIT_EXPECT_EQ(test, htonl(0x0a000001), row.laddr.v4);
	KUNIT_EXPECT_EQ(test, htonl(0x0a000002), row.raddr.v4);
	KUNIT_EXPECT_EQ(test, (u16)80, row.lport);
	KUNIT_EXPECT_EQ(test, htons(50000), row.rport);
	KUNIT_EXPECT_TRUE(test, row.has_peer);
	KUNIT_EXPECT_EQ(test, (u32)init_net.ns.inum, row.netns);
	KUNIT_EXPECT_STREQ(test, "", row.dev);

	tw->tw_substate = TCP_TIME_WAIT;
	tw->tw_family = AF_INET6;
	in6_pton("2001:db8::1", -1, tw->tw_v6_rcv_saddr.s6_addr, -1, NULL);
	in6_pton("2001:db8::2", -1, tw->tw_v6_daddr.s6_addr, -1, NULL);
	tw->tw_bound_dev_if = init_net.loopback_dev->ifindex;
	row = row_of_timewait(tw);
	KUNIT_EXPECT_EQ(test, (u8)TCP_TIME_WAIT, row.state);
	KUNIT_EXPECT_TRUE(test, ipv6_addr_equal(&row.laddr.v6,
						&tw->tw_v6_rcv_saddr));
	KUNIT_EXPECT_TRUE(test, ipv6_addr_equal(&row.raddr.v6,
						&tw->tw_v6_daddr));
	KUNIT_EXPECT_STREQ(test, "lo", row.dev);
}

static struct sko_row row_of_request(const struct request_sock *req)
{
	struct sko_row row;

	memset(&row, 0xaa, sizeof(row));
	rcu_read_lock();
	sko_row_from_request(&row, req, IPPROTO_TCP);
	rcu_read_unlock();
	return row;
}

static void request_has_a_tuple_and_a_listener(struct kunit *test)
{
	struct socket *listener = make(test, AF_INET, SOCK_STREAM, IPPROTO_TCP);
	struct inet_request_sock *ireq;
	struct sko_row row;

	ireq = kunit_kzalloc(test, sizeof(*ireq), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ireq);
	write_pnet(&ireq->ireq_net, &init_net);
	ireq->req.rsk_listener = listener->sk;
	ireq->ireq_family = AF_INET;
	ireq->ir_loc_addr = htonl(0x0a000001);
	ireq->ir_rmt_addr = htonl(0x0a000002);
	ireq->ir_num = 80;
	ireq->ir_rmt_port = htons(50000);
	row = row_of_request(&ireq->req);
	KUNIT_EXPECT_EQ(test, (int)SKO_HOLDER_SYNRECV, (int)row.held.holder);
	KUNIT_EXPECT_NULL(test, row.held.process);
	KUNIT_EXPECT_EQ(test, (u64)SOCK_INODE(listener)->i_ino, row.held.via);
	KUNIT_EXPECT_NULL(test, row.key);
	KUNIT_EXPECT_FALSE(test, row.doubtful);
	KUNIT_EXPECT_EQ(test, -1, row.fd);
	KUNIT_EXPECT_EQ(test, (u64)0, row.inode);
	KUNIT_EXPECT_EQ(test, (u8)TCP_SYN_RECV, row.state);
	KUNIT_EXPECT_EQ(test, htonl(0x0a000001), row.laddr.v4);
	KUNIT_EXPECT_EQ(test, htonl(0x0a000002), row.raddr.v4);
	KUNIT_EXPECT_EQ(test, (u16)80, row.lport);
	KUNIT_EXPECT_EQ(test, htons(50000), row.rport);
	KUNIT_EXPECT_TRUE(test, row.has_peer);
	KUNIT_EXPECT_STREQ(test, "", row.dev);

	ireq->ireq_family = AF_INET6;
	in6_pton("2001:db8::1", -1, ireq->ir_v6_loc_addr.s6_addr, -1, NULL);
	in6_pton("2001:db8::2", -1, ireq->ir_v6_rmt_addr.s6_addr, -1, NULL);
	ireq->ir_iif = init_net.loopback_dev->ifindex;
	row = row_of_request(&ireq->req);
	KUNIT_EXPECT_TRUE(test, ipv6_addr_equal(&row.laddr.v6,
						&ireq->ir_v6_loc_addr));
	KUNIT_EXPECT_TRUE(test, ipv6_addr_equal(&row.raddr.v6,
						&ireq->ir_v6_rmt_addr));
	KUNIT_EXPECT_STREQ(test, "lo", row.dev);

	/* The listener was closed. */
	ireq->req.rsk_listener = NULL;
	row = row_of_request(&ireq->req);
	KUNIT_EXPECT_EQ(test, (u64)0, row.held.via);
	sock_release(listener);
}

/* Nobody has accepted it: a whole socket without a struct socket. */
static void listener_child_has_a_tuple_and_no_inode(struct kunit *test)
{
	struct tcp_sock *child = kunit_kzalloc(test, sizeof(*child), GFP_KERNEL);
	struct sock *sk = (struct sock *)child;
	struct sko_row row;

	KUNIT_ASSERT_NOT_NULL(test, child);
	sock_net_set(sk, &init_net);
	sk->sk_family = AF_INET;
	sk->sk_type = SOCK_STREAM;
	sk->sk_protocol = IPPROTO_TCP;
	sk->sk_state = TCP_ESTABLISHED;
	sk->sk_rcv_saddr = htonl(0x0a000001);
	sk->sk_daddr = htonl(0x0a000002);
	sk->sk_num = 80;
	sk->sk_dport = htons(50000);
	row = row_of(sk);
	KUNIT_EXPECT_EQ(test, (u8)TCP_ESTABLISHED, row.state);
	KUNIT_EXPECT_EQ(test, htonl(0x0a000001), row.laddr.v4);
	KUNIT_EXPECT_EQ(test, htonl(0x0a000002), row.raddr.v4);
	KUNIT_EXPECT_EQ(test, (u16)80, row.lport);
	KUNIT_EXPECT_EQ(test, htons(50000), row.rport);
	rcu_read_lock();
	KUNIT_EXPECT_EQ(test, (u64)0, sko_look_inode(sk));
	rcu_read_unlock();
}

static struct kunit_case cases[] = {
	KUNIT_CASE(state_follows_the_kind_of_socket),
	KUNIT_CASE(unbound_tcp_socket_is_closed),
	KUNIT_CASE(bound_tcp_socket_has_its_port),
	KUNIT_CASE(connection_has_both_ends),
	KUNIT_CASE(datagram_socket_is_connected_or_not),
	KUNIT_CASE(raw_socket_has_its_protocol_as_port),
	KUNIT_CASE(ipv6_socket_has_ipv6_addresses),
	KUNIT_CASE(only_inet_families_are_listed),
	KUNIT_CASE(device_is_named_also_when_it_is_gone),
	KUNIT_CASE(timewait_has_a_tuple_and_nobody),
	KUNIT_CASE(request_has_a_tuple_and_a_listener),
	KUNIT_CASE(listener_child_has_a_tuple_and_no_inode),
	{}
};

struct kunit_suite sko_row_suite = {
	.name = "sockowners-row",
	.test_cases = cases,
};
