// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * As far as ip_route_input() and ip6_route_input() would look: at the routing
 * tables and rules. Source address, reverse path and firewall are not judged.
 */
#include "arrival.h"
#include "packet.h"

#include <linux/errno.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/socket.h>
#include <net/addrconf.h>
#include <net/flow.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/ip_fib.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/net_namespace.h>
#include <net/route.h>

/*
 * A packet for an interface that is enslaved to a VRF arrives by the VRF, as
 * vrf_l3_rcv() has it.
 */
static void set_interface(struct sko_arrival *arrival, struct net_device *dev)
{
	int master;

	arrival->dif = dev->ifindex;
	master = l3mdev_master_ifindex_rcu(dev);
	if (master && master != dev->ifindex) {
		arrival->dif = master;
		arrival->sdif = dev->ifindex;
	}
}

/* What the rules for arriving packets are asked about. */
static int input_interface(const struct sko_arrival *arrival)
{
	return arrival->dif ? arrival->dif : LOOPBACK_IFINDEX;
}

/*
 * The tables have neither 255.255.255.255 nor 0.0.0.0, which a packet from 0.0.0.0 is
 * broadcast to: ip_route_input_slow(). Else nobody gets what is sent to 0.0.0.0/8.
 */
static int find_destination4(struct sko_arrival *arrival,
			     const struct sko_packet *packet, struct net *net)
{
	__be32 daddr = packet->v4.daddr;
	struct flowi4 fl4 = {
		.flowi4_iif = input_interface(arrival),
		.saddr = packet->v4.saddr,
		.daddr = daddr,
	};
	struct fib_result result;

	if (ipv4_is_multicast(daddr) || ipv4_is_lbcast(daddr) ||
	    (!daddr && !packet->v4.saddr))
		return -EOPNOTSUPP;
	if (ipv4_is_zeronet(daddr) || fib_lookup(net, &fl4, &result, 0))
		return 0;
	if (result.type == RTN_BROADCAST)
		return -EOPNOTSUPP;
	arrival->local = result.type == RTN_LOCAL;
	return 0;
}

#if IS_ENABLED(CONFIG_IPV6)
/*
 * An anycast address, or one of a prefix that a route makes local. A link-local one
 * is that of a single interface. Without memory for the route there would be none
 * for the packet's either.
 */
static bool is_routed_here(const struct sko_arrival *arrival,
			   const struct sko_packet *packet, struct net *net)
{
	struct flowi6 fl6 = {
		.flowi6_iif = input_interface(arrival),
		.saddr = packet->v6.saddr,
		.daddr = packet->v6.daddr,
	};
	int flags = RT6_LOOKUP_F_HAS_SADDR;
	struct dst_entry *dst;
	struct rt6_info *rt;
	bool local;

	if (ipv6_addr_type(&fl6.daddr) & IPV6_ADDR_LINKLOCAL && arrival->dif) {
		fl6.flowi6_oif = arrival->sdif ? arrival->sdif : arrival->dif;
		flags |= RT6_LOOKUP_F_IFACE;
	}
	dst = ip6_route_lookup(net, &fl6, NULL, flags);
	rt = container_of(dst, struct rt6_info, dst);
	local = !dst->error && rt->rt6i_flags & (RTF_LOCAL | RTF_ANYCAST);
	dst_release(dst);
	return local;
}

/* Booted with ipv6.disable=1 there is nothing to ask. */
static int find_destination6(struct sko_arrival *arrival,
			     const struct sko_packet *packet, struct net *net,
			     const struct net_device *dev)
{
	const struct in6_addr *daddr = &packet->v6.daddr;

	if (ipv6_addr_is_multicast(daddr))
		return -EOPNOTSUPP;
	if (net->ipv6.fib6_null_entry)
		arrival->local = ipv6_chk_addr(net, daddr, dev, 0) ||
				 is_routed_here(arrival, packet, net);
	return 0;
}
#else
static int find_destination6(struct sko_arrival *arrival,
			     const struct sko_packet *packet, struct net *net,
			     const struct net_device *dev)
{
	return ipv6_addr_is_multicast(&packet->v6.daddr) ? -EOPNOTSUPP : 0;
}
#endif

/**
 * sko_arrival() - where does a packet arrive?
 * @arrival: is set
 * @packet: the packet
 * @net: in which network namespace
 *
 * Context: inside rcu_read_lock(), which keeps the interface. May be in a softirq.
 * Return: 0; -ENODEV if there is no such interface; -EOPNOTSUPP if many sockets
 *	may get it: the destination is a multicast or broadcast address.
 */
int sko_arrival(struct sko_arrival *arrival, const struct sko_packet *packet,
		struct net *net)
{
	struct net_device *dev = NULL;

	*arrival = (struct sko_arrival){};
	if (*packet->dev) {
		dev = dev_get_by_name_rcu(net, packet->dev);
		if (!dev)
			return -ENODEV;
		set_interface(arrival, dev);
	}
	return packet->family == AF_INET6 ?
		       find_destination6(arrival, packet, net, dev) :
		       find_destination4(arrival, packet, net);
}
