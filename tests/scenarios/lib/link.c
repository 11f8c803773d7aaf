// SPDX-License-Identifier: GPL-2.0-only
// Copyright (C) The sockowners authors

#define _GNU_SOURCE
#include "link.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "deadline.h"
#include "sock.h"
#include "tap.h"

struct request {
	struct nlmsghdr header;
	struct ifinfomsg link;
	char attributes[128];
};

static struct rtattr *put(struct request *request, int type, const void *data,
			  size_t length)
{
	struct rtattr *attribute =
		(void *)((char *)request +
			 NLMSG_ALIGN(request->header.nlmsg_len));

	attribute->rta_type = type;
	attribute->rta_len = RTA_LENGTH(length);
	if (length)
		memcpy(RTA_DATA(attribute), data, length);
	request->header.nlmsg_len = NLMSG_ALIGN(request->header.nlmsg_len) +
				    RTA_ALIGN(attribute->rta_len);
	return attribute;
}

/* Returns 0 or a negative errno, as the kernel answers. */
static int ask(struct request *request)
{
	int sock = sock_open(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char rest[1024];
	} answer;

	if (send(sock, request, request->header.nlmsg_len, 0) < 0 ||
	    recv(sock, &answer, sizeof(answer), 0) < (ssize_t)sizeof(int))
		tap_bail_errno("asking for a link");
	close(sock);
	if (answer.header.nlmsg_type != NLMSG_ERROR)
		tap_bail("the kernel did not answer about a link");
	return answer.error.error;
}

static struct request request_of(int type, int flags)
{
	return (struct request){
		.header = {
			.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)),
			.nlmsg_type = type,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags,
		},
	};
}

static void end(struct request *request, struct rtattr *nest)
{
	nest->rta_len =
		(char *)request + request->header.nlmsg_len - (char *)nest;
}

bool link_add(const char *name, const char *kind)
{
	struct request request =
		request_of(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	struct rtattr *info, *data = NULL;
	int error;

	put(&request, IFLA_IFNAME, name, strlen(name) + 1);
	info = put(&request, IFLA_LINKINFO, NULL, 0);
	put(&request, IFLA_INFO_KIND, kind, strlen(kind));
	if (!strcmp(kind, "vxlan")) {
		unsigned int id = 42;

		data = put(&request, IFLA_INFO_DATA, NULL, 0);
		put(&request, IFLA_VXLAN_ID, &id, sizeof(id));
	}
	if (!strcmp(kind, "vrf")) {
		unsigned int table = 100;

		data = put(&request, IFLA_INFO_DATA, NULL, 0);
		put(&request, IFLA_VRF_TABLE, &table, sizeof(table));
	}
	if (data)
		end(&request, data);
	end(&request, info);
	error = ask(&request);
	if (error == -EOPNOTSUPP)
		return false;
	if (error) {
		errno = -error;
		tap_bail_errno("a %s device", kind);
	}
	return true;
}

void link_add_pair(const char *name, int netns)
{
	struct request request =
		request_of(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	const struct ifinfomsg peer_link = { 0 };
	struct rtattr *info, *data, *peer;

	put(&request, IFLA_IFNAME, name, strlen(name) + 1);
	info = put(&request, IFLA_LINKINFO, NULL, 0);
	put(&request, IFLA_INFO_KIND, "veth", strlen("veth"));
	data = put(&request, IFLA_INFO_DATA, NULL, 0);
	peer = put(&request, VETH_INFO_PEER, &peer_link, sizeof(peer_link));
	put(&request, IFLA_IFNAME, name, strlen(name) + 1);
	put(&request, IFLA_NET_NS_FD, &netns, sizeof(netns));
	end(&request, peer);
	end(&request, data);
	end(&request, info);
	errno = -ask(&request);
	if (errno)
		tap_bail_errno("a pair of veth");
}

void link_delete(int index)
{
	struct request request = request_of(RTM_DELLINK, 0);
	int error;

	request.link.ifi_index = index;
	error = ask(&request);
	if (error) {
		errno = -error;
		tap_bail_errno("deleting a device");
	}
}

void link_set_master(const char *name, const char *master)
{
	struct request request = request_of(RTM_SETLINK, 0);
	unsigned int index = if_nametoindex(master);

	request.link.ifi_index = if_nametoindex(name);
	put(&request, IFLA_MASTER, &index, sizeof(index));
	errno = -ask(&request);
	if (errno)
		tap_bail_errno("%s in %s", name, master);
}

void link_rename(const char *from, const char *to)
{
	int sock = sock_open(AF_INET, SOCK_DGRAM, 0);
	struct ifreq request = { 0 };

	strncpy(request.ifr_name, from, IFNAMSIZ - 1);
	strncpy(request.ifr_newname, to, IFNAMSIZ - 1);
	if (ioctl(sock, SIOCSIFNAME, &request))
		tap_bail_errno("renaming %s", from);
	close(sock);
}

/* The kernel finishes adding an address in a work queue. */
static bool can_bind(void *arg)
{
	struct address *address = arg;
	int sock = sock_open(AF_INET6, SOCK_DGRAM, 0);
	bool bound;

	/* The address of a VRF is one for those alone who are bound to it. */
	sock_option(sock, SOL_SOCKET, SO_BINDTOIFINDEX,
		    address->v6.sin6_scope_id);
	bound = bind(sock, &address->any, address->length) == 0;
	close(sock);
	return bound;
}

void link_add_address(const char *name, const char *text)
{
	struct address address = address_of(text, 0);
	/* struct in6_ifreq, whose header does not go with the C library's. */
	struct {
		struct in6_addr address;
		unsigned int prefix_length;
		int index;
	} request = {
		.address = address.v6.sin6_addr,
		.prefix_length = 64,
		.index = if_nametoindex(name),
	};
	int sock = sock_open(AF_INET6, SOCK_DGRAM, 0);

	if (ioctl(sock, SIOCSIFADDR, &request))
		tap_bail_errno("address %s for %s", text, name);
	close(sock);
	address.v6.sin6_scope_id = request.index;
	if (!wait_until(can_bind, &address))
		tap_bail("%s cannot be used", text);
}

void link_set_address4(const char *name, const char *text)
{
	int sock = sock_open(AF_INET, SOCK_DGRAM, 0);
	struct address address = address_of(text, 0);
	struct ifreq request = { 0 };

	strncpy(request.ifr_name, name, IFNAMSIZ - 1);
	memcpy(&request.ifr_addr, &address.v4, sizeof(address.v4));
	if (ioctl(sock, SIOCSIFADDR, &request))
		tap_bail_errno("address %s for %s", text, name);
	close(sock);
}
