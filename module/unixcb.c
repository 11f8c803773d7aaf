// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (C) The sockowners authors
 *
 * Where a queued message of a unix socket has its descriptors is no interface:
 * see UNIXCB in compat.h. So a message is sent when the module is loaded, and
 * looked at. The sender's credentials come before the descriptors and are
 * checked first, so that no pointer is followed that may be something else.
 */
#include "inflight.h"
#include "compat.h"

#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/net.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/socket.h>
#include <linux/uidgid.h>
#include <net/scm.h>

#if SKO_UNIXCB

struct control {
	struct cmsghdr creds_header;
	struct ucred creds;
	struct cmsghdr rights_header __aligned(sizeof(long));
	int fd;
} __aligned(sizeof(long));

static int send(struct socket *sock, int fd)
{
	struct control control = {
		.creds_header = {
			.cmsg_level = SOL_SOCKET,
			.cmsg_type = SCM_CREDENTIALS,
			.cmsg_len = CMSG_LEN(sizeof(struct ucred)),
		},
		.creds = {
			.pid = task_tgid_vnr(current),
			.uid = from_kuid_munged(current_user_ns(),
						current_uid()),
			.gid = from_kgid_munged(current_user_ns(),
						current_gid()),
		},
		.rights_header = {
			.cmsg_level = SOL_SOCKET,
			.cmsg_type = SCM_RIGHTS,
			.cmsg_len = CMSG_LEN(sizeof(int)),
		},
		.fd = fd,
	};
	struct kvec byte = { .iov_base = "", .iov_len = 1 };
	struct msghdr message = {
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};

	return kernel_sendmsg(sock, &message, &byte, 1, 1);
}

static bool is_right(struct sk_buff *skb, const struct file *file)
{
	const struct scm_fp_list *fp;

	if (!skb || UNIXCB(skb).pid != task_tgid(current) ||
	    !uid_eq(UNIXCB(skb).uid, current_uid()) ||
	    !gid_eq(UNIXCB(skb).gid, current_gid()))
		return false;
	fp = UNIXCB(skb).fp;
	return fp && IS_ALIGNED((unsigned long)fp, sizeof(void *)) &&
	       virt_addr_valid(fp) && fp->count == 1 && fp->fp[0] == file;
}

/* The file of @to itself is what is sent. */
static bool try_pair(struct socket *from, struct socket *to, struct file *file)
{
	bool right = false;
	int fd;

	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return false;
	fd_install(fd, get_file(file));
	if (send(from, fd) == 1)
		right = is_right(skb_peek(&to->sk->sk_receive_queue), file);
	close_fd(fd);
	return right;
}

static bool probe(void)
{
	struct socket *from, *to;
	struct file *file;
	bool right = false;

	if (sock_create_kern(&init_net, AF_UNIX, SOCK_DGRAM, 0, &from))
		return false;
	if (sock_create_kern(&init_net, AF_UNIX, SOCK_DGRAM, 0, &to))
		goto release;
	file = sock_alloc_file(to, O_CLOEXEC, NULL);
	if (IS_ERR(file))	/* and @to is released */
		goto release;
	if (!from->ops->socketpair(from, to))
		right = try_pair(from, to, file);
	/* A message to itself would keep it until the garbage collector comes. */
	kernel_sock_shutdown(to, SHUT_RDWR);
	skb_queue_purge(&to->sk->sk_receive_queue);
	fput(file);
release:
	sock_release(from);
	return right;
}

#else

static bool probe(void)
{
	return false;
}

#endif

/**
 * sko_inflight_probe() - can descriptors in flight be seen on this kernel?
 *
 * If not, the sockets among them are listed as held elsewhere.
 *
 * Context: may sleep.
 */
void sko_inflight_probe(void)
{
	sko_inflight_visible = probe();
	if (!sko_inflight_visible)
		pr_info("descriptors in flight cannot be seen on this kernel\n");
}
